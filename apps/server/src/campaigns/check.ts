/** What stands against launching a campaign: everything that can be known before the first person is looked at. */
import type { Campaign, CampaignDefinition, CampaignProblem, Content, Template } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";
import { findTemplateOf } from "../templates/store.ts";
import { pageOfAudience } from "../segments/audience.ts";
import { valueProblems, type ValueSources } from "./check-values.ts";
import { nextRun } from "./schedule.ts";
import { findSender } from "./sender.ts";
import { isTimeZone } from "./settings.ts";

type Report = (path: string, message: string) => void;
type Given = Campaign["definition"];

/** Every problem, in the order of the wizard's steps; empty when it can be launched. */
export async function checkDefinition(db: Database, workspaceId: string, definition: Given, now: Date): Promise<CampaignProblem[]> {
  const problems: CampaignProblem[] = [];
  const report: Report = (path, message) => void problems.push({ path, message });
  if (!definition.audience) report("audience", "Choose who gets it.");
  else {
    const problem = await audienceProblem(db, workspaceId, definition.audience);
    if (problem) report(problem.path, problem.message);
  }
  const provider = definition.provider === undefined ? undefined : await findSender(db, workspaceId, definition.provider);
  if (!provider) report("provider", definition.provider === undefined ? "Choose the number it is sent from." : "This provider is not there any more.");
  else if (provider.archived) report("provider", "This provider is archived and sends nothing.");
  if (!definition.content) report("content", "Choose a template.");
  else {
    checkShares(definition.content, report);
    if (provider) await checkVariants(db, workspaceId, definition, provider.id, report);
  }
  if (definition.couponPool && (await findPool.run(db, [workspaceId, definition.couponPool])).length === 0) report("couponPool", "This pool of codes is not there any more.");
  if (provider?.kind === "cloud-api" && Object.keys(definition.customProps ?? {}).length > 0) report("customProps", "Custom key-values go to generic providers only.");
  checkTime(definition, now, report);
  checkTogether(definition, report);
  return problems;
}

/** An audience that cannot be: its list is gone, or a property has another type. Reading one person of it tells. */
async function audienceProblem(db: Database, workspaceId: string, audience: NonNullable<Given["audience"]>): Promise<CampaignProblem | null> {
  try {
    await pageOfAudience(db, workspaceId, audience, null, 1);
    return null;
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.status >= 500) throw cause;
    const { field } = cause.details;
    return { path: field === undefined ? "audience" : `audience.${field}`, message: cause.details.detail ?? cause.message };
  }
}

function checkShares(content: Content, report: Report): void {
  const keys = content.variants.map(({ key }) => key);
  if (new Set(keys).size < keys.length || keys.includes("control")) report("content.variants", "Each variant needs a name of its own, and none may be called control.");
  if (content.mode === "ab") {
    const sum = content.variants.reduce((total, { share = 0 }) => total + share, 0);
    if (sum !== 100) report("content.variants", `The shares add up to ${sum}, not to 100.`);
  }
  if (content.mode === "split") {
    const values = content.variants.flatMap(({ equals }) => (equals === undefined ? [] : [equals.trim().toLowerCase()]));
    if (new Set(values).size < values.length) report("content.variants", "Two variants are for the same value.");
    if (content.variants.length - values.length > 1) report("content.variants", "Only one variant can be the default.");
  }
}

async function checkVariants(db: Database, workspaceId: string, definition: Given, providerId: string, report: Report): Promise<void> {
  const { couponPool, links, schedule } = definition;
  const sources: ValueSources = { coupons: Boolean(couponPool), trackedLinks: links?.track === true, event: schedule?.kind === "event" };
  for (const [i, variant] of (definition.content?.variants ?? []).entries()) {
    const path = `content.variants[${i}]`;
    const { name, language } = variant.template;
    const template: Template | null = await findTemplateOf(db, workspaceId, providerId, name, language);
    if (!template || template.status === "DELETED") report(`${path}.template`, `This provider has no template ${name} in ${language}.`);
    else if (template.status !== "APPROVED") report(`${path}.template`, `The template ${name} (${language}) cannot be sent: its status is ${template.status}.`);
    else for (const problem of valueProblems(template, variant.values, sources)) report(`${path}.${problem.path}`, problem.message);
  }
}

function checkTime({ schedule, timing, pace, content }: Given, now: Date, report: Report): void {
  if (!schedule) return report("schedule", "Choose when it is sent.");
  if (schedule.kind === "recurring" && !isTimeZone(schedule.timeZone)) return report("schedule.timeZone", "This time zone is not known.");
  const first = nextRun(schedule, 0, now);
  if (schedule.kind === "at" && new Date(schedule.at) < now) report("schedule.at", "This time has passed.");
  if ((schedule.kind === "recurring" || schedule.kind === "event") && schedule.from !== undefined && schedule.until !== undefined && new Date(schedule.from) >= new Date(schedule.until))
    report("schedule.until", "The end must lie after the beginning.");
  else if ((schedule.kind === "event" && schedule.until !== undefined && new Date(schedule.until) < now) || first === null)
    report("schedule", "None of its times lies in the future.");
  if (pace?.cutOff && first !== null && new Date(pace.cutOff) < first) report("pace.cutOff", "Nothing could be sent: the cut-off lies before the first time.");
  for (const [i, { values: { offerEnds } }] of (content?.variants ?? []).entries()) {
    if (offerEnds?.kind === "at" && first !== null && new Date(offerEnds.at) <= first) report(`content.variants[${i}].values.offerEnds`, "Nothing could be sent: the offer ends before the first time.");
  }
  if (schedule.kind === "event" && timing && timing.kind !== "together") report("timing", "A live campaign is sent when its event comes; use quiet hours to keep the night free.");
}

/** Choices that do not go together. */
function checkTogether({ content, schedule, timing, pace, goal, links, controlShare = 0 }: Given, report: Report): void {
  if (controlShare === 1) report("controlShare", "A control group has 2 to 99 percent.");
  if (timing && timing.kind !== "together" && pace?.perMinute) report("pace.perMinute", "A limit per minute cannot be kept when each person has a time of their own.");
  if (content?.mode !== "ab" || !content.test) return;
  const { winnerBy } = content.test;
  if (schedule?.kind === "event") report("content.test", "A live campaign keeps its shares; it has no rest of the audience to send a winner to.");
  if (timing && timing.kind !== "together") report("timing", "A test needs everybody of it to get the message at the same time.");
  if (winnerBy === "goal" && !goal) report("goal", "The winner is chosen by the goal, and there is none.");
  if (winnerBy === "click" && !links?.track) report("links.track", "The winner is chosen by clicks, and they are not tracked.");
}

/** A definition with every member that may be left out. */
export function withDefaults(given: Given): Given {
  const { name: _, ...defaults } = empty;
  return { ...defaults, ...given };
}

const empty: Pick<CampaignDefinition, "name" | "labels" | "timing" | "quietHours" | "pace" | "goal" | "controlShare" | "retryCapped" | "links" | "couponPool" | "customProps"> = {
  name: "", labels: [], timing: { kind: "together" }, quietHours: null, pace: {}, goal: null, controlShare: 0, retryCapped: null, links: { track: false }, couponPool: null, customProps: {},
};

const findPool = statement<{ id: string }>("campaigns_find_pool", `select id from coupon_pools where workspace_id = $1 and id::text = $2`);
