import Type, { type Static } from "typebox";
import { Maybe, Timestamp } from "./list.ts";
import { EventFilter } from "./segment.ts";

/* When a campaign is sent, how fast, and what it is meant to bring about. */

/** Local time of day, `HH:MM`. */
const TimeOfDay = Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" });
/** 1 is Monday, 7 Sunday. */
const Weekday = Type.Integer({ minimum: 1, maximum: 7 });
export const TimeZone = Type.String({ minLength: 1, maxLength: 64 });

/** A filter under another name is refused: without it everybody who did the event would be meant. */
const strict = { additionalProperties: false } as const;

/** Somebody did `event` with properties that pass all of `filters`. */
export const EventTrigger = Type.Object(
  {
    event: Type.String({ minLength: 1, maxLength: 120 }),
    filters: Type.Optional(Type.Array(EventFilter, { maxItems: 20 })),
  },
  strict,
);
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
export const Goal = Type.Object(
  {
    event: Type.String({ minLength: 1, maxLength: 120 }),
    filters: Type.Optional(Type.Array(EventFilter, { maxItems: 20 })),
    within: Type.Integer({ minimum: 1, maximum: 223_200 }),
    revenue: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  strict,
);
export type Goal = Static<typeof Goal>;
