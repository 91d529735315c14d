/**
 * Who would get a message if the campaign began now, and who would not, and why: everybody is judged and their message filled, as the engine
 * does it, and nothing is stored. Of very large audiences a part is looked at, chosen by contact id.
 */
import type { CampaignFunnel, CampaignPerson, Cost, LossReason } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { callingCodeOf } from "../contacts/phone.ts";
import { countAudience, pageOfAudience } from "../segments/audience.ts";
import { findPool } from "./coupons/store.ts";
import { openDraft } from "./draft.ts";
import { judgeBatch } from "./judge/judge.ts";
import { refusalOf } from "./judge/refusal.ts";
import { fillingFor } from "./personalise/compose.ts";
import { candidateOf } from "./personalise/profile.ts";
import type { RunContext } from "./run-context.ts";
import { findCampaign } from "./store.ts";
import type { Candidate, Verdict } from "./types.ts";

/** People who are all looked at; of more, this many. */
const MOST_LOOKED_AT = 200_000;
const PAGE = 2_000;
/** What is not looked at by then is scaled up from the rest. */
const MOST_MS = 20_000;
const COUNT_MS = 30_000;
const MOST_BEHIND = 100;

export interface FunnelDeps {
  db: Database;
  publicUrl: string;
  /** What so many messages would cost by the workspace's rate card; `amount` is null when it has no price for some of them. */
  estimateCost(db: Database, workspaceId: string, planned: readonly Planned[]): Promise<Cost>;
}

/** Messages of one calling code and category. */
export interface Planned {
  market: string;
  category: string;
  messages: number;
}

/** Throws ApiError `campaign_not_found`, `campaign_unfinished`, and what an audience that cannot be throws. */
export async function funnelOf({ db, publicUrl, estimateCost }: FunnelDeps, workspaceId: string, campaignId: string): Promise<CampaignFunnel> {
  const now = new Date();
  const endAt = performance.now() + MOST_MS;
  const { id, definition } = await findCampaign(db, workspaceId, campaignId);
  const context = await openDraft(db, workspaceId, id, definition, { publicUrl }, now);
  const { audience, couponPool } = context.run.definition;
  const matched = await countAudience(db, workspaceId, audience, { now, timeoutMs: COUNT_MS });
  const tier = await context.tier.room(db, now);
  const shard = { index: 0, count: Math.ceil(matched / MOST_LOOKED_AT) };
  // Limits are of people, not of those who are looked at.
  context.standsFor = Math.max(1, shard.count);
  const tally = new Tally(couponPool === null ? Number.POSITIVE_INFINITY : (await findPool(db, workspaceId, couponPool)).free / context.standsFor);
  const refusal = await refusalOf(db, context, matched, now);
  let after: string | null = null;
  do {
    const page = await pageOfAudience(db, workspaceId, audience, after, PAGE, { now, timeoutMs: COUNT_MS, ...(shard.count > 1 && { shard }) });
    const candidates = page.contacts.map(candidateOf);
    const verdicts = await db.transaction().setAccessMode("read only").execute((tx) => judgeBatch(tx, context, candidates, now));
    const before = tally.sent;
    for (const [i, candidate] of candidates.entries()) tally.add(context, candidate, refusal && verdicts[i]!.kind !== "lost" ? { kind: "lost", reason: refusal.reason } : verdicts[i]!, now);
    context.imagined = tally.sent * context.standsFor;
    // The judge counted everybody it lets have one; some of them lack a value.
    context.tier.add((tally.sent - before - verdicts.filter(({ kind }) => kind === "send").length) * context.standsFor);
    after = page.next;
  } while (after !== null && performance.now() < endAt);
  const cost = await estimateCost(db, workspaceId, tally.planned(matched));
  return {
    refused: refusal?.words ?? null,
    ...tally.scaled(matched, tier === null ? null : { limit: context.tier.limit!, used: tier.used, room: tier.people }),
    estimatedCost: cost.amount === null || cost.messages === 0 ? null : { currency: cost.currency, amount: cost.amount, messages: cost.messages },
  };
}

class Tally {
  sent = 0;
  #looked = 0;
  #later = 0;
  #couponsLeft: number;
  readonly #lost = new Map<LossReason, { people: number; behind: CampaignPerson[] }>();
  readonly #variants = new Map<string, number>();
  readonly #missing = new Map<string, number>();
  readonly #planned = new Map<string, Planned>();

  constructor(coupons: number) {
    this.#couponsLeft = coupons;
  }

  add(context: RunContext, candidate: Candidate, verdict: Verdict, now: Date): void {
    this.#looked++;
    if (verdict.kind === "lost") return this.#lose(candidate, verdict.reason, null, verdict.detail ?? null);
    if (verdict.kind === "held") {
      this.#later++;
      return;
    }
    const variant = verdict.variant === undefined ? undefined : context.variants.get(verdict.variant);
    if (variant) {
      const filling = fillingFor(candidate, "CODE", now);
      variant.make(filling);
      // What an event will say is not known before it happens.
      const missing = new Set(context.run.live ? filling.missing.filter((name) => !name.startsWith("event.")) : filling.missing);
      for (const name of missing) this.#missing.set(name, (this.#missing.get(name) ?? 0) + 1);
      const { lost } = filling;
      if (lost && (lost.reason !== "missingValue" || missing.size > 0)) return this.#lose(candidate, lost.reason, variant.key, lost.detail);
      if (variant.reads.has("coupon") && --this.#couponsLeft < 0) return this.#lose(candidate, "noCoupon", variant.key, null);
      this.#variants.set(variant.key, (this.#variants.get(variant.key) ?? 0) + 1);
      this.#plan(callingCodeOf(candidate.phone ?? ""), variant.category);
    }
    if (verdict.kind === "wait") this.#later++;
    else this.sent++;
  }

  #plan(market: string, category: string): void {
    const planned = this.#planned.get(`${market} ${category}`) ?? { market, category, messages: 0 };
    planned.messages++;
    this.#planned.set(`${market} ${category}`, planned);
  }

  /** Messages of which it is known what they would be, for all of the audience. */
  planned(matched: number): Planned[] {
    const factor = this.#factor(matched);
    return [...this.#planned.values()].map((planned) => ({ ...planned, messages: Math.round(planned.messages * factor) }));
  }

  /** How many people of the audience each one who was looked at stands for. */
  #factor(matched: number): number {
    return this.#looked === 0 ? 0 : Math.max(1, matched / this.#looked);
  }

  #lose({ contactId, phone, profile }: Candidate, reason: LossReason, variant: string | null, detail: string | null): void {
    const lost = this.#lost.get(reason) ?? { people: 0, behind: [] };
    this.#lost.set(reason, lost);
    lost.people++;
    const name = typeof profile["name"] === "string" ? profile["name"] : null;
    if (lost.behind.length < MOST_BEHIND) lost.behind.push({ contactId, name, phone, variant, messageId: null, reason, detail, at: null });
  }

  /** Numbers for all of the audience, as those who were looked at are. */
  scaled(matched: number, tier: { limit: number; used: number; room: number } | null): Omit<CampaignFunnel, "estimatedCost" | "refused"> {
    const factor = this.#factor(matched);
    const whole = (people: number): number => Math.round(people * factor);
    const counted = (entries: Map<string, number>) => [...entries].sort(([, a], [, b]) => b - a).map(([key, people]) => ({ key, people: whole(people) }));
    const [willBeSent, later] = [whole(this.sent), whole(this.#later)];
    return {
      matched,
      looked: this.#looked,
      willBeSent,
      later,
      losses: [...this.#lost].map(([reason, { people, behind }]) => ({ reason, people: whole(people), behind })).sort((a, b) => b.people - a.people),
      variants: counted(this.#variants),
      missing: counted(this.#missing).map(({ key, people }) => ({ variable: key, people })),
      tier: tier && { limit: tier.limit, used: tier.used, days: 1 + Math.ceil(Math.max(0, willBeSent + later - tier.room) / tier.limit) },
    };
  }
}
