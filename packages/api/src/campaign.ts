import Type, { type Static } from "typebox";
import { Place, TemplateContent } from "./content.ts";
import { ListQuery, Maybe, MaybeTimestamp, Timestamp } from "./list.ts";
import { Audience, EventFilter } from "./segment.ts";

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
  "frequencyCap", "campaignGap", "quietHours", "localTimePassed", "cutOff", "targetCap", "outsideTier", "controlGroup", "notMatching", "stopped", "removed",
]);
export type LossReason = Static<typeof LossReason>;

/** A text in which Liquid is filled with `profile`, `event` (live campaigns) and `coupon`. */
const Liquid = (most: number) => Type.String({ maxLength: most });
const LiquidText = Type.Object({ name: Type.Optional(Type.String({ maxLength: 120 })), text: Liquid(4096) });

/** A file's address, in which Liquid is filled, or the provider's media id. */
const LiquidMedia = Type.Object({ link: Type.Optional(Liquid(2000)), id: Type.Optional(Type.String({ maxLength: 255 })), filename: Type.Optional(Liquid(240)) });

const LiquidHeader = Type.Union([
  Type.Object({ kind: Type.Literal("text"), name: Type.Optional(Type.String({ maxLength: 120 })), text: Liquid(1024) }),
  Type.Object({ kind: Type.Enum(["image", "video", "document"]), media: LiquidMedia }),
  Type.Object({ kind: Type.Literal("location"), location: Place }),
]);

const index = Type.Integer({ minimum: 0, maximum: 9 });
/** `suffix: null` on a url button makes it a tracked short link to `target`. */
const LiquidButton = Type.Union([
  Type.Object({ kind: Type.Literal("quickReply"), index, payload: Liquid(1000) }),
  Type.Object({ kind: Type.Literal("url"), index, suffix: Maybe(Liquid(2000)), target: Type.Optional(Liquid(2000)) }),
  Type.Object({ kind: Type.Literal("copyCode"), index, code: Liquid(1000) }),
]);

const LiquidCard = Type.Object({
  header: Type.Optional(LiquidHeader),
  body: Type.Optional(Type.Array(LiquidText, { maxItems: 20 })),
  buttons: Type.Optional(Type.Array(LiquidButton, { maxItems: 2 })),
});

/** When a limited-time offer ends: at one time for all, at a date property of the person, or some minutes after sending. */
const OfferEnd = Type.Union([
  Type.Object({ kind: Type.Literal("at"), at: Timestamp }),
  Type.Object({ kind: Type.Literal("property"), property: Type.String({ minLength: 1, maxLength: 120 }) }),
  Type.Object({ kind: Type.Literal("after"), minutes: Type.Integer({ minimum: 1, maximum: 43_200 }) }),
]);

/** Values for everything variable in a template, to be filled per person. */
export const CampaignValues = Type.Object({
  header: Type.Optional(LiquidHeader),
  body: Type.Optional(Type.Array(LiquidText, { maxItems: 100 })),
  buttons: Type.Optional(Type.Array(LiquidButton, { maxItems: 10 })),
  cards: Type.Optional(Type.Array(LiquidCard, { maxItems: 10 })),
  offerEnds: Type.Optional(OfferEnd),
});
export type CampaignValues = Static<typeof CampaignValues>;

/** `share` (percent) is for A/B, `equals` for a split by property: the variant without one is the default. */
export const Variant = Type.Object({
  key: Type.String({ minLength: 1, maxLength: 40 }),
  template: Type.Object({ name: Type.String({ minLength: 1, maxLength: 512 }), language: Type.String({ minLength: 2, maxLength: 20 }) }),
  values: CampaignValues,
  share: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  equals: Type.Optional(Type.String({ maxLength: 512 })),
});
export type Variant = Static<typeof Variant>;

/**
 * single: one variant. ab: two or three with shares that add up to 100; with `test` a part of the audience gets them, and the winner goes to
 * the rest. split: a variant per value of `property`, up to 50 and a default (CleverTap: message by user property).
 */
export const Content = Type.Union([
  Type.Object({ mode: Type.Literal("single"), variants: Type.Array(Variant, { minItems: 1, maxItems: 1 }) }),
  Type.Object({
    mode: Type.Literal("ab"),
    variants: Type.Array(Variant, { minItems: 2, maxItems: 3 }),
    test: Type.Optional(
      Type.Object({
        /** Percent of the audience that the test is sent to. */
        share: Type.Integer({ minimum: 1, maximum: 99 }),
        winnerBy: Type.Enum(["read", "click", "reply", "goal"]),
        /** Minutes from the start of the run until the winner is chosen. */
        decideAfter: Type.Integer({ minimum: 1, maximum: 10_080 }),
      }),
    ),
  }),
  Type.Object({ mode: Type.Literal("split"), property: Type.String({ minLength: 1, maxLength: 120 }), variants: Type.Array(Variant, { minItems: 1, maxItems: 51 }) }),
]);
export type Content = Static<typeof Content>;

/** Local time of day, `HH:MM`. */
const TimeOfDay = Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" });
/** 1 is Monday, 7 Sunday. */
const Weekday = Type.Integer({ minimum: 1, maximum: 7 });
const TimeZone = Type.String({ minLength: 1, maxLength: 64 });

/** Somebody did `event` with properties that pass all of `filters`. */
export const EventTrigger = Type.Object({
  event: Type.String({ minLength: 1, maxLength: 120 }),
  filters: Type.Optional(Type.Array(EventFilter, { maxItems: 20 })),
});
export type EventTrigger = Static<typeof EventTrigger>;

/**
 * When people are reached. `dates` and `recurring` make a run each time. `event` is a live campaign: the person gets it `delay` seconds after
 * the event, unless they did `unless` meanwhile, and not again before `reentry` minutes have passed (null: once only). `from` and `until`
 * bound a live or recurring campaign.
 */
export const Schedule = Type.Union([
  Type.Object({ kind: Type.Literal("now") }),
  Type.Object({ kind: Type.Literal("at"), at: Timestamp }),
  Type.Object({ kind: Type.Literal("dates"), dates: Type.Array(Timestamp, { minItems: 1, maxItems: 50 }) }),
  Type.Object({
    kind: Type.Literal("recurring"),
    every: Type.Enum(["day", "week", "month"]),
    weekdays: Type.Optional(Type.Array(Weekday, { minItems: 1, maxItems: 7 })),
    /** Days of the month; 0 is its last. */
    days: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 31 }), { minItems: 1, maxItems: 31 })),
    time: TimeOfDay,
    timeZone: TimeZone,
    from: Type.Optional(Timestamp),
    until: Type.Optional(Timestamp),
  }),
  Type.Object({
    kind: Type.Literal("event"),
    trigger: EventTrigger,
    /** Seconds. */
    delay: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_592_000 })),
    unless: Type.Optional(EventTrigger),
    /** Minutes. */
    reentry: Type.Optional(Maybe(Type.Integer({ minimum: 0, maximum: 525_600 }))),
    from: Type.Optional(Timestamp),
    until: Type.Optional(Timestamp),
  }),
]);
export type Schedule = Static<typeof Schedule>;

/**
 * At what time of the person's day, for campaigns that are not live. `zone`: at `time` in each person's own zone. `best`: in the two-hour part
 * of the day in which the person reads most, within 24 hours; `fallback` for those we know too little of.
 */
export const Timing = Type.Union([
  Type.Object({ kind: Type.Literal("together") }),
  Type.Object({ kind: Type.Literal("zone"), time: TimeOfDay, ifPassed: Type.Enum(["drop", "nextDay"]) }),
  Type.Object({ kind: Type.Literal("best"), fallback: TimeOfDay }),
]);
export type Timing = Static<typeof Timing>;

/** No message between `from` and `to` (past midnight when `to` is earlier), on days when it begins, in the person's zone. */
export const QuietHours = Type.Object({
  ranges: Type.Array(Type.Object({ days: Type.Array(Weekday, { minItems: 1, maxItems: 7 }), from: TimeOfDay, to: TimeOfDay }), { minItems: 1, maxItems: 14 }),
  action: Type.Enum(["discard", "delay"]),
});
export type QuietHours = Static<typeof QuietHours>;

/**
 * `perMinute`: no more than that leave in a minute. `cutOff`: nothing after it. `gap`: minutes between two messages of this campaign to one
 * person, 5 minutes to 30 days. `targetCap`: no more people than that, per run, per day or overall. `safetyLimit`: a run that would reach more people
 * does not start. `tier`: what to do when the number's 24-hour limit is too small: go on the next day, or not start.
 */
export const Pace = Type.Object({
  perMinute: Type.Optional(Maybe(Type.Integer({ minimum: 1, maximum: 1_000_000 }))),
  cutOff: Type.Optional(Maybe(Timestamp)),
  gap: Type.Optional(Maybe(Type.Integer({ minimum: 5, maximum: 43_200 }))),
  targetCap: Type.Optional(Maybe(Type.Object({ people: Type.Integer({ minimum: 100, maximum: 100_000_000 }), per: Type.Enum(["run", "day", "campaign"]) }))),
  safetyLimit: Type.Optional(Maybe(Type.Integer({ minimum: 1, maximum: 100_000_000 }))),
  frequencyCap: Type.Optional(Type.Enum(["respect", "ignore"])),
  tier: Type.Optional(Type.Enum(["split", "refuse"])),
});
export type Pace = Static<typeof Pace>;

/** One event within `within` minutes after the message, 1 minute to 5 months; `revenue` names a number property of it. */
export const Goal = Type.Object({
  event: Type.String({ minLength: 1, maxLength: 120 }),
  filters: Type.Optional(Type.Array(EventFilter, { maxItems: 20 })),
  within: Type.Integer({ minimum: 1, maximum: 223_200 }),
  revenue: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
});
export type Goal = Static<typeof Goal>;

const definition = {
  name: Type.String({ minLength: 1, maxLength: 120 }),
  labels: Type.Array(Type.String({ minLength: 1, maxLength: 40, pattern: '^[^"\\\\%><!]+$' }), { maxItems: 20 }),
  /** A provider's id. */
  provider: Type.String({ minLength: 1, maxLength: 64 }),
  /** Who gets it; for a live campaign, who of those that do the event. */
  audience: Audience,
  content: Content,
  schedule: Schedule,
  timing: Timing,
  quietHours: Maybe(QuietHours),
  pace: Pace,
  goal: Maybe(Goal),
  /** Percent of the audience that gets nothing, to compare with. */
  controlShare: Type.Integer({ minimum: 0, maximum: 99 }),
  /** Meta's limit of marketing messages per person (131049): try again after `hours`, up to `times`. */
  retryCapped: Maybe(Type.Object({ times: Type.Integer({ minimum: 1, maximum: 3 }), hours: Type.Integer({ minimum: 6, maximum: 168 }), until: Type.Optional(Timestamp) })),
  links: Type.Object({ track: Type.Boolean(), utm: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 200 }))) }),
  /** A pool of coupon codes; `{{ coupon }}` gives each person one. */
  couponPool: Maybe(Type.String({ minLength: 1, maxLength: 64 })),
  /** Passed on to a generic provider as customProps. */
  customProps: Type.Record(Type.String({ minLength: 1, maxLength: 120 }), Type.String({ maxLength: 512 })),
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

/** A person behind a number of the funnel or of the report. */
export const CampaignPerson = Type.Object({
  contactId: Maybe(Type.String()),
  name: Maybe(Type.String()),
  phone: Maybe(Type.String()),
  variant: Maybe(Type.String()),
  messageId: Maybe(Type.String()),
  reason: Maybe(Type.String()),
  detail: Maybe(Type.String()),
  at: MaybeTimestamp,
});
export type CampaignPerson = Static<typeof CampaignPerson>;

/**
 * `POST /campaigns/:id/funnel`: who would be reached if it started now. `matched` people of the audience (its size is exact; the losses are found by
 * looking at all of them, or at `looked` of them and scaled when the audience is larger than 200,000). `later` are those who wait for their own
 * time, for the next day or for the winner of a test. `behind` are the first hundred people that were found lost.
 */
export const CampaignFunnel = Type.Object({
  matched: Type.Integer(),
  looked: Type.Integer(),
  willBeSent: Type.Integer(),
  later: Type.Integer(),
  losses: Type.Array(Type.Object({ reason: LossReason, people: Type.Integer(), behind: Type.Array(CampaignPerson) })),
  variants: Type.Array(Type.Object({ key: Type.String(), people: Type.Integer() })),
  missing: Type.Array(Type.Object({ variable: Type.String(), people: Type.Integer() })),
  tier: Maybe(Type.Object({ limit: Maybe(Type.Integer()), used: Type.Integer(), days: Type.Integer() })),
  estimatedCost: Maybe(Type.Object({ currency: Type.String(), amount: Type.Number(), messages: Type.Integer() })),
});
export type CampaignFunnel = Static<typeof CampaignFunnel>;

/** `GET /campaigns/:id/people`: one of a loss reason, a step, or a failure code (`source:code`). */
export const CampaignPeopleQuery = Type.Interface([ListQuery], {
  loss: Type.Optional(LossReason),
  step: Type.Optional(Type.Enum(["queued", "submitted", "sent", "delivered", "read", "clicked", "replied", "converted", "optedOut", "failed", "waiting"])),
  failure: Type.Optional(Type.String({ maxLength: 80 })),
  variant: Type.Optional(Type.String({ maxLength: 40 })),
  run: Type.Optional(Type.String({ maxLength: 64 })),
});
export type CampaignPeopleQuery = Static<typeof CampaignPeopleQuery>;

/** `POST /campaigns/preview`: what real people would get. `people` are picked from the audience unless contact ids are given. */
export const CampaignPreviewInput = Type.Object({
  definition: CampaignPatch,
  contactIds: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 10 })),
});
export type CampaignPreviewInput = Static<typeof CampaignPreviewInput>;

/**
 * The answer: what each of the people would get. `content` is filled as far as it can be, null when the text leaves them out. `missing` names
 * the values that are empty for them; `lost` says why they would get nothing, consent and limits aside.
 */
export const CampaignPreview = Type.Object({
  people: Type.Array(
    Type.Object({
      contactId: Type.String(),
      name: Maybe(Type.String()),
      phone: Maybe(Type.String()),
      variant: Maybe(Type.String()),
      content: Maybe(TemplateContent),
      missing: Type.Array(Type.String()),
      lost: Maybe(LossReason),
      detail: Maybe(Type.String()),
    }),
  ),
});
export type CampaignPreview = Static<typeof CampaignPreview>;

/** Rules for all campaigns of a workspace. Minutes and days; the dwell is 15 minutes to 7 days (CleverTap: frequency caps). */
export const CampaignSettings = Type.Object({
  timeZone: TimeZone,
  frequencyCap: Maybe(Type.Object({ messages: Type.Integer({ minimum: 1, maximum: 1000 }), days: Type.Integer({ minimum: 1, maximum: 30 }) })),
  dwellMinutes: Maybe(Type.Integer({ minimum: 15, maximum: 10_080 })),
  quietHours: Maybe(QuietHours),
  approval: Type.Boolean(),
});
export type CampaignSettings = Static<typeof CampaignSettings>;

/** `POST /send`: one template to one person, who is created if missing. The same `idempotencyKey` never sends twice. */
export const SendInput = Type.Object({
  to: Type.Object({ contactId: Type.Optional(Type.String({ maxLength: 64 })), phone: Type.Optional(Type.String({ maxLength: 40 })), identity: Type.Optional(Type.String({ maxLength: 200 })), name: Type.Optional(Type.String({ maxLength: 512 })) }),
  /** An id; the default provider when left out. */
  provider: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  template: Type.Object({ name: Type.String({ minLength: 1, maxLength: 512 }), language: Type.String({ minLength: 2, maxLength: 20 }) }),
  values: Type.Optional(CampaignValues),
  /** For `event` in Liquid. */
  data: Type.Optional(Type.Record(Type.String({ maxLength: 120 }), Type.Unknown())),
  idempotencyKey: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  customProps: Type.Optional(Type.Record(Type.String({ minLength: 1, maxLength: 120 }), Type.String({ maxLength: 512 }))),
});
export type SendInput = Static<typeof SendInput>;

/** `repeated`: the key was used before, and this is the message it made. */
export const SendResult = Type.Object({ messageId: Type.String(), contactId: Maybe(Type.String()), repeated: Type.Boolean() });
export type SendResult = Static<typeof SendResult>;
