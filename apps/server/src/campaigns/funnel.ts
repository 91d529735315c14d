/**
 * Who would get a message if the campaign began now, and who would not, and why: everybody is judged and their message filled, as the engine
 * does it, and nothing is stored. A large audience is looked at in parts, each of them people chosen evenly over all of it by their id, as
 * many parts as there is time for. Limits are of people, not of those who are looked at: they are held against the numbers afterwards.
 */
import { setImmediate } from "node:timers/promises";
import type { CampaignFunnel, Cost } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { countAudience, pageOfAudience, type Shard } from "../segments/audience.ts";
import { findPool } from "./coupons/store.ts";
import { openDraft } from "./draft.ts";
import { FunnelTally, type Planned } from "./funnel-tally.ts";
import { judgeBatch } from "./judge/judge.ts";
import { refusalOf } from "./judge/refusal.ts";
import { targetRoom } from "./judge/target.ts";
import { TierWatch } from "./judge/tier.ts";
import { candidateOf } from "./personalise/profile.ts";
import type { RunContext } from "./run-context.ts";
import { findCampaign } from "./store.ts";

/** People who are all looked at; of more, about this many. */
const MOST_LOOKED_AT = 200_000;
/** So few that a part is done long before the time is over. */
const PART = 50_000;
const PAGE = 2_000;
/** What is not looked at by then is scaled up from the rest. */
const MOST_MS = 20_000;
const COUNT_MS = 30_000;
/** Others are answered in between. */
const TURN_MS = 50;

export interface FunnelDeps {
  db: Database;
  publicUrl: string;
  /** What so many messages would cost by the workspace's rate card; `amount` is null when it has no price for some of them. */
  estimateCost(db: Database, workspaceId: string, planned: readonly Planned[]): Promise<Cost>;
}

/** Throws ApiError `campaign_not_found`, `campaign_unfinished`, and what an audience that cannot be throws. */
export async function funnelOf({ db, publicUrl, estimateCost }: FunnelDeps, workspaceId: string, campaignId: string): Promise<CampaignFunnel> {
  const now = new Date();
  const { id, definition } = await findCampaign(db, workspaceId, campaignId);
  const context = await openDraft(db, workspaceId, id, definition, { publicUrl }, now);
  const { audience, couponPool, pace } = context.run.definition;
  const matched = await countAudience(db, workspaceId, audience, { now, timeoutMs: COUNT_MS });
  const tier = await context.tier.room(db, now);
  const refusal = await refusalOf(db, context, matched, now);
  const limits = {
    refusal,
    target: await targetRoom(db, context, now),
    targetIsDaily: pace.targetCap?.per === "day",
    tier: tier && { room: tier.people, goesOn: pace.tier !== "refuse" },
    coupons: couponPool === null ? null : (await findPool(db, workspaceId, couponPool)).free,
  };
  const tally = new FunnelTally(context.run.live);
  await lookAtAll(db, withoutLimits(context), tally, matched, now);
  const { planned, ...found } = tally.result(matched, limits);
  const cost = await estimateCost(db, workspaceId, planned);
  return {
    matched,
    refused: refusal?.words ?? null,
    ...found,
    tier: tier && { limit: context.tier.limit, used: tier.used, days: daysOf(found.willBeSent + found.later, tier.people, context.tier.limit!) },
    estimatedCost: cost.amount === null || cost.messages === 0 ? null : { currency: cost.currency, amount: cost.amount, messages: cost.messages },
  };
}

async function lookAtAll(db: Database, context: RunContext, tally: FunnelTally, matched: number, now: Date): Promise<void> {
  const endAt = performance.now() + MOST_MS;
  const { workspaceId, run } = context;
  const parts = Math.max(1, Math.ceil(matched / PART));
  for (let index = 0; index < Math.min(parts, MOST_LOOKED_AT / PART); index++) {
    const shard: Shard = { index, count: parts };
    let after: string | null = null;
    do {
      const page = await pageOfAudience(db, workspaceId, run.definition.audience, after, PAGE, { now, timeoutMs: COUNT_MS, ...(parts > 1 && { shard }) });
      const candidates = page.contacts.map(candidateOf);
      const verdicts = await db.transaction().setAccessMode("read only").execute((tx) => judgeBatch(tx, context, candidates, now));
      let began = performance.now();
      for (const [i, candidate] of candidates.entries()) {
        tally.add(context.variants, candidate, verdicts[i]!, now);
        if (performance.now() - began < TURN_MS) continue;
        if (performance.now() > endAt) return;
        await setImmediate();
        began = performance.now();
      }
      after = page.next;
      if (performance.now() > endAt) return;
    } while (after !== null);
  }
}

/** The same for the judge, without the limits on how many people there may be: each person by themselves. */
function withoutLimits(context: RunContext): RunContext {
  const { run } = context;
  const { definition } = run;
  return { ...context, tier: TierWatch.unlimited(), run: { ...run, definition: { ...definition, pace: { ...definition.pace, targetCap: null } } } };
}

/** How many days it takes until everybody has their message, today among them. */
function daysOf(reached: number, room: number, limit: number): number {
  return 1 + Math.ceil(Math.max(0, reached - room) / limit);
}
