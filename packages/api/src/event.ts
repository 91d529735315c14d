import Type, { type Static } from "typebox";
import { Maybe, Timestamp } from "./list.ts";

/** A property of an event: a text, a number, true or false, or a list of these. */
export const EventValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]))]);
export type EventValue = Static<typeof EventValue>;

/**
 * Something a person did. One of `contactId`, `identity` and `phone` says who; somebody not known yet becomes a contact. `at` is now when
 * left out. An event whose `id` came before is ignored.
 */
export const EventInput = Type.Object({
  contactId: Type.Optional(Type.String({ maxLength: 64 })),
  identity: Type.Optional(Type.String({ maxLength: 200 })),
  phone: Type.Optional(Type.String({ maxLength: 40 })),
  name: Type.String({ minLength: 1, maxLength: 120 }),
  at: Type.Optional(Timestamp),
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  properties: Type.Optional(Type.Record(Type.String(), EventValue)),
});
export type EventInput = Static<typeof EventInput>;

/** `POST /events`. */
export const EventsInput = Type.Object({ events: Type.Array(EventInput, { minItems: 1, maxItems: 1000 }) });
export type EventsInput = Static<typeof EventsInput>;

/** `index` is the event's place in the request, from 0. */
export const EventProblem = Type.Object({ index: Type.Integer(), code: Type.String(), field: Maybe(Type.String()), message: Type.String() });
export type EventProblem = Static<typeof EventProblem>;

/** What became of them; `duplicates` had come before. */
export const EventsResult = Type.Object({ stored: Type.Integer(), duplicates: Type.Integer(), problems: Type.Array(EventProblem) });
export type EventsResult = Static<typeof EventsResult>;
