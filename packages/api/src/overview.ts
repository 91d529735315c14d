import Type, { type Static } from "typebox";
import { LaneStatus, MinuteCounts } from "./lane.ts";
import { Timestamp } from "./list.ts";

/**
 * `GET /overview`. `numbers` count the messages accepted `since`, 24 hours ago to the minute, in every state they reached, except `waiting` (now, in all lanes),
 * `waitingMessages` (those of them that are messages) and `parkedCallbacks` (now). `lanes` is empty for whoever may not read lanes.
 * `minutes` are the last 60, oldest first, empty minutes included. `firstSteps` tell what a newcomer has already done.
 */
export const Overview = Type.Object({
  since: Timestamp,
  numbers: Type.Object({
    accepted: Type.Integer(),
    sent: Type.Integer(),
    delivered: Type.Integer(),
    read: Type.Integer(),
    clicked: Type.Integer(),
    replied: Type.Integer(),
    failed: Type.Integer(),
    unknown: Type.Integer(),
    waiting: Type.Integer(),
    waitingMessages: Type.Integer(),
    parkedCallbacks: Type.Integer(),
  }),
  lanes: Type.Array(LaneStatus),
  minutes: Type.Array(MinuteCounts),
  firstSteps: Type.Object({
    numberConnected: Type.Boolean(),
    realNumberConnected: Type.Boolean(),
    deploymentCreated: Type.Boolean(),
    testSent: Type.Boolean(),
    replyReceived: Type.Boolean(),
  }),
});
export type Overview = Static<typeof Overview>;
