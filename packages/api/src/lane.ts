import Type, { type Static } from "typebox";
import { Maybe, MaybeTimestamp, Timestamp } from "./list.ts";

/** `open`: nothing leaves, `why` and `since` say the reason; `probing`: one request at a time tries whether it is over. */
export const Breaker = Type.Object({
  state: Type.Enum(["closed", "open", "probing"]),
  why: Maybe(Type.String()),
  since: MaybeTimestamp,
  nextProbeAt: MaybeTimestamp,
});
export type Breaker = Static<typeof Breaker>;

/**
 * The way out to one endpoint: a provider's, or a deployment's callbacks (`platform`). `ownerId` is the provider's or deployment's id,
 * `rate` messages per second over the last seconds, `rateLimit` the most it may be (null: none), `inFlight` of `limit` requests under way.
 */
export const LaneStatus = Type.Object({
  id: Type.String(),
  kind: Type.Enum(["provider", "platform"]),
  ownerId: Type.String(),
  name: Type.String(),
  rate: Type.Number(),
  rateLimit: Maybe(Type.Number()),
  inFlight: Type.Integer(),
  limit: Type.Integer(),
  queued: Type.Integer(),
  oldestQueuedAt: MaybeTimestamp,
  lastReceiptAt: MaybeTimestamp,
  breaker: Breaker,
  paused: Type.Boolean(),
  pausedAt: MaybeTimestamp,
  pausedBy: Maybe(Type.String()),
});
export type LaneStatus = Static<typeof LaneStatus>;

/** One minute of the last hour: messages that reached each state in that minute. */
export const MinuteCounts = Type.Object({
  at: Timestamp,
  accepted: Type.Integer(),
  sent: Type.Integer(),
  delivered: Type.Integer(),
  read: Type.Integer(),
  failed: Type.Integer(),
});
export type MinuteCounts = Static<typeof MinuteCounts>;
