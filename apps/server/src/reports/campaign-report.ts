/** What became of a campaign. It reads counters alone, so it costs the same for a thousand messages and for ten million. */
import type { Campaign, CampaignCounts, CampaignReport, ControlReport, FailureRow, VariantReport } from "@tincan/api";
import { campaignSettings } from "../campaigns/settings.ts";
import { findCampaign } from "../campaigns/store.ts";
import type { Database } from "../database/connection.ts";
import { campaignCost, currencyOf, presentCost } from "./cost.ts";
import { addUp, countsOfCampaign, failuresOf, lossesOf, type Counted } from "./counters.ts";
import { failureRow, lossRow } from "./failures.ts";
import { chanceOfAccident, rateOf, uplift, type Share } from "./shares.ts";

const CONTROL = "control";

type Cells = Counted["variants"];
type Measure = CampaignReport["measure"];

/** `run`: of that run alone; all of them together when null. Throws ApiError `campaign_not_found`. */
export async function campaignReport(db: Database, workspaceId: string, id: string, run: string | null): Promise<CampaignReport> {
  const campaign = await findCampaign(db, workspaceId, id);
  const { timeZone } = await campaignSettings(db, workspaceId);
  const [{ variants: cells, trend }, losses, failures, cost, currency] = await Promise.all([
    countsOfCampaign(db, workspaceId, campaign.id, run, timeZone),
    lossesOf(db, workspaceId, campaign.id, run),
    failuresOf(db, workspaceId, campaign.id, run),
    campaignCost(db, workspaceId, campaign.id, run),
    currencyOf(db, workspaceId),
  ]);
  const sent = cells.filter(({ variant }) => variant !== CONTROL);
  const counts = addUp(sent.map((cell) => cell.counts));
  const measure = measureOf(campaign.definition);
  return {
    counts,
    losses,
    failures: rowsOf(failures, losses),
    trend,
    measure,
    variants: variantsOf(campaign.definition, sent, measure),
    control: controlOf(campaign.definition, cells, counts, losses),
    cost: presentCost(currency, cost),
    at: new Date().toISOString(),
  };
}

/** What an A/B test is decided by; else the goal, else clicks where links are followed, else reading. */
function measureOf({ content, goal, links }: Campaign["definition"]): Measure {
  const test = content?.mode === "ab" ? content.test : undefined;
  if (test) return ({ read: "read", click: "clicked", reply: "replied", goal: "converted" } as const)[test.winnerBy];
  if (goal) return "converted";
  return links?.track === true ? "clicked" : "read";
}

/** Of one family after the other, the largest first. */
function rowsOf(failures: readonly { failure: string; title: string; messages: number }[], losses: readonly { reason: string; people: number }[]): FailureRow[] {
  const rows = [
    ...failures.map(({ failure, title, messages }) => failureRow(failure, title, messages)),
    ...losses.filter(({ reason }) => reason !== "controlGroup").map(({ reason, people }) => lossRow(reason, people)),
  ];
  const families = ["internal", "dispatch", "delivery"];
  return rows.sort((a, b) => families.indexOf(a.family) - families.indexOf(b.family) || b.messages - a.messages);
}

function variantsOf({ content }: Campaign["definition"], cells: Cells, measure: Measure): VariantReport[] {
  const shares = new Map<string, Share>();
  const variants = (content?.variants ?? []).map(({ key, template }) => {
    const counts = cells.find(({ variant }) => variant === key)?.counts ?? addUp([]);
    shares.set(key, { did: counts[measure], of: counts.queued });
    return { variant: key, template: `${template.name} (${template.language})`, counts, rate: rateOf(shares.get(key)!) };
  });
  // A tie goes to the one that comes first, as the winner of a test does.
  const best = variants.length < 2 ? undefined : variants.reduce((a, b) => ((b.rate ?? -1) > (a.rate ?? -1) ? b : a));
  return variants.map((each) => ({
    ...each,
    best: each === best && each.rate !== null,
    significance: best === undefined || each === best ? null : chanceOfAccident(shares.get(each.variant)!, shares.get(best.variant)!),
  }));
}

/** Null for campaigns without a control group. */
function controlOf({ controlShare = 0 }: Campaign["definition"], cells: Cells, sent: CampaignCounts, losses: readonly { reason: string; people: number }[]): ControlReport | null {
  const people = losses.find(({ reason }) => reason === "controlGroup")?.people ?? 0;
  if (controlShare === 0 && people === 0) return null;
  const { converted, revenue } = cells.find(({ variant }) => variant === CONTROL)?.counts ?? addUp([]);
  const control = { did: converted, of: people };
  const messages = { did: sent.converted, of: sent.queued };
  const perHead = people === 0 ? null : revenue / people;
  const perMessage = sent.queued === 0 ? null : sent.revenue / sent.queued;
  return {
    people, converted, revenue,
    rate: rateOf(control),
    messagesRate: rateOf(messages),
    uplift: uplift(rateOf(messages), rateOf(control)),
    revenueUplift: uplift(perMessage, perHead),
    chance: chanceOfAccident(messages, control),
  };
}
