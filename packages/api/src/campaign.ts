import Type, { type Static } from "typebox";
import { Content } from "./campaign-content.ts";
import { Goal, Pace, QuietHours, Schedule, TimeZone, Timing } from "./campaign-schedule.ts";
import { ListQuery, Maybe, MaybeTimestamp, Timestamp } from "./list.ts";
import { Name } from "./name.ts";
import { Audience } from "./segment.ts";

/*
 * A campaign sends one template, in up to three variants or one per value of a property, to an audience or to whoever does something.
 * Its definition may change while it is a draft; launching it makes runs, each with a snapshot of the definition and its templates.
 */

/**
 * draft → awaitingApproval → scheduled → running ⇄ paused → completed; or stopped, expired (never approved in time) or failed. A recurring
 * campaign is `scheduled` between its runs; a live one is `running` until it is stopped or its end comes.
 */
export const CampaignState = Type.Enum(["draft", "awaitingApproval", "rejected", "scheduled", "running", "paused", "completed", "stopped", "expired", "failed"]);
export type CampaignState = Static<typeof CampaignState>;

/**
 * Why a person of the audience gets no message, or not yet. missingValue: a value of the text is empty for them. valueInvalid: one does not
 * fit the template, being too long, no web address or a time gone by. valueAborted: the text itself says to leave them out.
 */
export const LossReason = Type.Enum([
  "notOptedIn", "optedOut", "doNotDisturb", "noNumber", "invalidNumber", "duplicateNumber", "missingValue", "valueInvalid", "valueAborted", "noCoupon",
  "frequencyCap", "campaignGap", "quietHours", "localTimePassed", "cutOff", "targetCap", "safetyLimit", "outsideTier", "controlGroup", "notMatching", "stopped", "removed",
]);
export type LossReason = Static<typeof LossReason>;

const definition = {
  name: Name(120),
  labels: Type.Array(Type.String({ minLength: 1, maxLength: 40, pattern: '^\\s*[^"\\\\%><!\\s][^"\\\\%><!]*$' }), { maxItems: 20 }),
  provider: Type.String({ minLength: 1, maxLength: 64, description: "A provider's id." }),
  /** Who gets it; for a live campaign, who of those that do the event. */
  audience: Audience,
  content: Content,
  schedule: Schedule,
  timing: Timing,
  quietHours: Maybe(QuietHours),
  pace: Pace,
  goal: Maybe(Goal),
  controlShare: Type.Integer({ minimum: 0, maximum: 99, description: "Percent of the audience that gets nothing, to compare with." }),
  /** Meta's limit of marketing messages per person (131049): try again after `hours`, up to `times`. */
  retryCapped: Maybe(Type.Object({ times: Type.Integer({ minimum: 1, maximum: 3 }), hours: Type.Integer({ minimum: 6, maximum: 168 }), until: Type.Optional(Timestamp) })),
  links: Type.Object({ track: Type.Boolean(), utm: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 200 }))) }),
  /** A pool of coupon codes; `{{ coupon }}` gives each person one. */
  couponPool: Maybe(Type.String({ minLength: 1, maxLength: 64 })),
  customProps: Type.Record(Type.String({ minLength: 1, maxLength: 120 }), Type.String({ maxLength: 512 }), { description: "Passed on to a generic provider." }),
};

/** A whole definition, as it is launched. */
export const CampaignDefinition = Type.Object(definition);
export type CampaignDefinition = Static<typeof CampaignDefinition>;

/** `POST /campaigns` makes a draft, which may be unfinished; `PATCH /campaigns/:id` replaces what is given, in drafts and rejected ones. */
export const CampaignInput = Type.Interface([Type.Partial(Type.Object(definition))], { name: definition.name });
export type CampaignInput = Static<typeof CampaignInput>;
export const CampaignPatch = Type.Partial(Type.Object(definition));
export type CampaignPatch = Static<typeof CampaignPatch>;

/** What still stands against launching: `path` as in the definition, such as `content.variants[0].values.body[1]`. */
export const CampaignProblem = Type.Object({ path: Type.String(), message: Type.String() });
export type CampaignProblem = Static<typeof CampaignProblem>;

/** Messages by how far they came; each number includes those that went further. `queued` is everybody handed over for sending. */
export const CampaignCounts = Type.Object({
  queued: Type.Integer(),
  submitted: Type.Integer(),
  sent: Type.Integer(),
  delivered: Type.Integer(),
  read: Type.Integer(),
  clicked: Type.Integer(),
  replied: Type.Integer(),
  converted: Type.Integer(),
  optedOut: Type.Integer(),
  failed: Type.Integer(),
  revenue: Type.Number(),
});
export type CampaignCounts = Static<typeof CampaignCounts>;

/** waiting for its time · running · paused · completed · stopped · failed (why is in `reason`). */
export const CampaignRun = Type.Object({
  id: Type.String(),
  number: Type.Integer(),
  state: Type.Enum(["waiting", "running", "paused", "completed", "stopped", "failed"]),
  reason: Maybe(Type.String()),
  dueAt: Timestamp,
  startedAt: MaybeTimestamp,
  endedAt: MaybeTimestamp,
  /** People of the audience looked at so far, and how many there were expected to be. */
  people: Type.Integer(),
  expected: Maybe(Type.Integer()),
  /** People who wait for their own time, for the winner of a test, or for the next day. */
  waiting: Type.Integer(),
  /** How many people are looked at in a second, and in how many seconds all will have been; null while nothing is being planned. */
  perSecond: Maybe(Type.Number()),
  secondsLeft: Maybe(Type.Integer()),
  /** The variant that won, once chosen. */
  winner: Maybe(Type.String()),
  decidesAt: MaybeTimestamp,
});
export type CampaignRun = Static<typeof CampaignRun>;

const summary = {
  id: Type.String(),
  name: Type.String(),
  labels: Type.Array(Type.String()),
  state: CampaignState,
  /** Why it is in its state, when somebody should know: why it failed, who rejected it and why, when it goes on. */
  reason: Maybe(Type.String()),
  mode: Type.Enum(["single", "ab", "split"]),
  live: Type.Boolean(),
  provider: Maybe(Type.Object({ id: Type.String(), nickname: Type.String() })),
  counts: CampaignCounts,
  nextRunAt: MaybeTimestamp,
  createdBy: Type.String(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  launchedAt: MaybeTimestamp,
  endedAt: MaybeTimestamp,
  archivedAt: MaybeTimestamp,
};

/** A campaign as lists show it. */
export const CampaignSummary = Type.Object(summary);
export type CampaignSummary = Static<typeof CampaignSummary>;

/** `definition` may be unfinished in a draft; `problems` says what is missing. `runs` are the newest twenty. `losses` are the people left out of all runs. */
export const Campaign = Type.Object({
  ...summary,
  definition: Type.Partial(CampaignDefinition),
  problems: Type.Array(CampaignProblem),
  runs: Type.Array(CampaignRun),
  losses: Type.Array(Type.Object({ reason: LossReason, people: Type.Integer() })),
  approvedBy: Maybe(Type.String()),
  approvedAt: MaybeTimestamp,
});
export type Campaign = Static<typeof Campaign>;

export const CampaignSort = Type.Enum(["-updatedAt", "updatedAt", "name", "-name", "-launchedAt", "launchedAt"]);
export type CampaignSort = Static<typeof CampaignSort>;
export const CampaignQuery = Type.Interface([ListQuery], {
  sort: Type.Optional(CampaignSort),
  state: Type.Optional(CampaignState),
  label: Type.Optional(Type.String({ maxLength: 40 })),
  provider: Type.Optional(Type.String({ maxLength: 64 })),
  archived: Type.Optional(Type.Boolean()),
});
export type CampaignQuery = Static<typeof CampaignQuery>;

/** `POST /campaigns/:id/launch`: scheduled, or awaiting approval for those who may not approve (when the workspace asks for it). */
export const CampaignDecision = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) });
export type CampaignDecision = Static<typeof CampaignDecision>;

/** Rules for all campaigns of a workspace. Minutes and days; the dwell is 15 minutes to 7 days (CleverTap: frequency caps). */
export const CampaignSettings = Type.Object({
  timeZone: TimeZone,
  frequencyCap: Maybe(Type.Object({ messages: Type.Integer({ minimum: 1, maximum: 1000 }), days: Type.Integer({ minimum: 1, maximum: 30 }) })),
  dwellMinutes: Maybe(Type.Integer({ minimum: 15, maximum: 10_080 })),
  quietHours: Maybe(QuietHours),
  approval: Type.Boolean(),
});
export type CampaignSettings = Static<typeof CampaignSettings>;
