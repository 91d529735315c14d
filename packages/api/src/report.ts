import Type, { type Static } from "typebox";
import { CampaignCounts } from "./campaign.ts";
import { Maybe, MaybeTimestamp, Timestamp } from "./list.ts";
import { Name } from "./name.ts";

/*
 * Reports add up the counters that campaigns keep. Rates are shares of messages handed over unless their name says otherwise; a
 * percentage is a number from 0 to 1.
 */

/** internal: we did not send · dispatch: the provider did not take it, or could not be reached · delivery: it was taken and did not arrive. */
export const FailureFamily = Type.Enum(["internal", "dispatch", "delivery"]);
export type FailureFamily = Static<typeof FailureFamily>;

/** `failure` is who refused and the code, as in `GET /campaigns/:id/people?failure=`; for people left out it is the reason. */
export const FailureRow = Type.Object({ family: FailureFamily, failure: Type.String(), title: Type.String(), meaning: Maybe(Type.String()), fix: Maybe(Type.String()), messages: Type.Integer() });
export type FailureRow = Static<typeof FailureRow>;

/** An amount in the rate card's currency; null when there is no price for some of it. `messages` are those that were billed. */
export const Cost = Type.Object({ currency: Type.String(), amount: Maybe(Type.Number()), messages: Type.Integer(), withoutPrice: Type.Integer() });
export type Cost = Static<typeof Cost>;

/** A point of a trend; `at` is where it begins. */
export const TrendPoint = Type.Object({ at: Timestamp, queued: Type.Integer(), sent: Type.Integer(), delivered: Type.Integer(), read: Type.Integer(), clicked: Type.Integer(), replied: Type.Integer(), converted: Type.Integer(), failed: Type.Integer() });
export type TrendPoint = Static<typeof TrendPoint>;

/**
 * `significance` compares the variant's rate with the best one's: the chance that a difference as large as this is an accident (two-sided
 * z-test of two shares); null for the best one itself and while there are fewer than 30 messages of either.
 */
export const VariantReport = Type.Object({ variant: Type.String(), template: Type.String(), counts: CampaignCounts, rate: Maybe(Type.Number()), best: Type.Boolean(), significance: Maybe(Type.Number()) });
export type VariantReport = Static<typeof VariantReport>;

/** The control group beside those who got a message. `uplift` is the relative difference of the conversion rates, `chance` as in significance. */
export const ControlReport = Type.Object({
  people: Type.Integer(),
  converted: Type.Integer(),
  revenue: Type.Number(),
  rate: Maybe(Type.Number()),
  messagesRate: Maybe(Type.Number()),
  uplift: Maybe(Type.Number()),
  revenueUplift: Maybe(Type.Number()),
  chance: Maybe(Type.Number()),
});
export type ControlReport = Static<typeof ControlReport>;

/** `GET /reports/campaigns/:id`. `measure` is what variants are compared by. */
export const CampaignReport = Type.Object({
  counts: CampaignCounts,
  losses: Type.Array(Type.Object({ reason: Type.String(), people: Type.Integer() })),
  failures: Type.Array(FailureRow),
  trend: Type.Object({ by: Type.Enum(["hour", "day"]), points: Type.Array(TrendPoint) }),
  measure: Type.Enum(["read", "clicked", "replied", "converted"]),
  variants: Type.Array(VariantReport),
  control: Maybe(ControlReport),
  cost: Cost,
  /** When the numbers were read. */
  at: Timestamp,
});
export type CampaignReport = Static<typeof CampaignReport>;
/** `run`: one run only. */
export const CampaignReportQuery = Type.Object({ run: Type.Optional(Type.String({ maxLength: 64 })) });
export type CampaignReportQuery = Static<typeof CampaignReportQuery>;

/**
 * `GET /reports/overview`: what happened in the period, by campaign, template, number or day (UTC hours that begin in the period,
 * put together in the workspace's zone). Costs are counted by day of UTC, each of which stands for the zone's day of the same date.
 */
export const OverviewReportQuery = Type.Object({
  from: Timestamp,
  to: Timestamp,
  by: Type.Enum(["campaign", "template", "provider", "day"]),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
});
export type OverviewReportQuery = Static<typeof OverviewReportQuery>;
export const OverviewRow = Type.Object({ key: Type.String(), name: Type.String(), counts: CampaignCounts, cost: Cost });
export type OverviewRow = Static<typeof OverviewRow>;
export const OverviewReport = Type.Object({ total: CampaignCounts, cost: Cost, rows: Type.Array(OverviewRow), more: Type.Boolean() });
export type OverviewReport = Static<typeof OverviewReport>;

/** `GET /reports/best-hours`: reads and clicks by weekday (1 Monday) and hour in the workspace's zone, of the last 90 days unless told otherwise. */
export const BestHoursQuery = Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365, default: 90 })) });
export type BestHoursQuery = Static<typeof BestHoursQuery>;
export const BestHours = Type.Object({ timeZone: Type.String(), hours: Type.Array(Type.Object({ weekday: Type.Integer(), hour: Type.Integer(), delivered: Type.Integer(), read: Type.Integer(), clicked: Type.Integer() })) });
export type BestHours = Static<typeof BestHours>;

/** Prices per delivered message: the newest `from` (a day) that is not later than the message counts. `market` is a calling code such as "91", or "*" for all others. */
export const RatePrice = Type.Object({
  market: Type.String({ pattern: "^(\\*|[1-9][0-9]{0,3})$" }),
  category: Type.String({ minLength: 1, maxLength: 60 }),
  from: Type.String({ format: "date" }),
  price: Type.Number({ minimum: 0, maximum: 1000 }),
});
export type RatePrice = Static<typeof RatePrice>;
/** `PUT /rate-card` replaces it. */
export const RateCard = Type.Object({ currency: Type.String({ pattern: "^[A-Z]{3}$" }), prices: Type.Array(RatePrice, { maxItems: 5000 }) });
export type RateCard = Static<typeof RateCard>;

/** An export of a campaign's messages, one row each, as a file that is made in the background. */
export const ReportExport = Type.Object({
  id: Type.String(),
  campaign: Type.Object({ id: Type.String(), name: Type.String() }),
  format: Type.Enum(["csv", "parquet"]),
  state: Type.Enum(["waiting", "running", "done", "failed", "cancelled"]),
  rows: Type.Integer(),
  expected: Maybe(Type.Integer()),
  /** Bytes; null until it is done. */
  size: Maybe(Type.Integer()),
  failure: Maybe(Type.String()),
  createdBy: Type.String(),
  createdAt: Timestamp,
  finishedAt: MaybeTimestamp,
  /** The file is removed then. */
  expiresAt: MaybeTimestamp,
});
export type ReportExport = Static<typeof ReportExport>;
export const ReportExportInput = Type.Object({ campaign: Type.String({ minLength: 1, maxLength: 64 }), format: Type.Enum(["csv", "parquet"]) });
export type ReportExportInput = Static<typeof ReportExportInput>;

const schedule = {
  name: Name(120),
  every: Type.Enum(["day", "week", "month"]),
  /** 1 Monday to 7 Sunday, for weekly ones. */
  weekday: Type.Optional(Type.Integer({ minimum: 1, maximum: 7 })),
  time: Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" }),
  by: Type.Enum(["campaign", "template", "provider", "day"]),
  to: Type.Union([
    Type.Object({ kind: Type.Literal("email"), addresses: Type.Array(Type.String({ format: "email", maxLength: 254 }), { minItems: 1, maxItems: 20 }) }),
    Type.Object({ kind: Type.Literal("webhook"), url: Type.String({ minLength: 8, maxLength: 2000 }) }),
  ]),
};
/**
 * A report of the day, week or month before, sent by itself in the workspace's zone. `secret` is what a webhook's header `X-Tincan-Signature` is
 * made with (`sha256=` and the HMAC of the body); null for e-mail, and for those who may not write reports, who
 * see a webhook's host alone.
 */
export const ReportSchedule = Type.Object({ id: Type.String(), ...schedule, secret: Maybe(Type.String()), nextAt: Timestamp, lastAt: MaybeTimestamp, lastFailure: Maybe(Type.String()), createdBy: Type.String() });
export type ReportSchedule = Static<typeof ReportSchedule>;
export const ReportScheduleInput = Type.Object(schedule);
export type ReportScheduleInput = Static<typeof ReportScheduleInput>;
