import Type, { type Static } from "typebox";
import { ConsentSource, ConsentState, ContactConsent } from "./consent.ts";
import { ListQuery, Maybe, MaybeTimestamp, Timestamp } from "./list.ts";

/** How we came to know a person. */
export const ContactSource = Type.Enum(["form", "api", "csv", "upload", "inbound", "demo"]);
export type ContactSource = Static<typeof ContactSource>;

/** A property keeps the type of its first value in the workspace. */
export const PropertyType = Type.Enum(["text", "number", "boolean", "date", "list"]);
export type PropertyType = Static<typeof PropertyType>;

/** A date is a text such as `2026-11-22T00:00:00.000Z`; its property's type tells it from other texts. */
export const PropertyValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())]);
export type PropertyValue = Static<typeof PropertyValue>;

/**
 * A value to store, or null to remove the property. `{date}` makes a new property a date; `{add}` and `{remove}` change a list, `{increment}`
 * a number. A list keeps its newest 100 items.
 */
export const PropertyInput = Type.Union([
  PropertyValue,
  Type.Null(),
  Type.Object({ date: Type.String({ maxLength: 40 }) }, { additionalProperties: false }),
  Type.Object({ add: Type.Array(Type.String()) }, { additionalProperties: false }),
  Type.Object({ remove: Type.Array(Type.String()) }, { additionalProperties: false }),
  Type.Object({ increment: Type.Number() }, { additionalProperties: false }),
]);
export type PropertyInput = Static<typeof PropertyInput>;

/**
 * A person. `identity` is the id your own systems know them by; `identities` are further ones, of people merged into this one. `phone` is
 * E.164 with "+". `lastSeenAt` is when they last wrote or did something.
 */
export const Contact = Type.Object({
  id: Type.String(),
  identity: Maybe(Type.String()),
  identities: Type.Array(Type.String()),
  name: Maybe(Type.String()),
  phone: Maybe(Type.String()),
  email: Maybe(Type.String()),
  language: Maybe(Type.String()),
  timeZone: Maybe(Type.String()),
  properties: Type.Record(Type.String(), PropertyValue),
  consent: ContactConsent,
  source: ContactSource,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  lastSeenAt: MaybeTimestamp,
});
export type Contact = Static<typeof Contact>;

const fields = {
  identity: Type.Optional(Maybe(Type.String({ maxLength: 200 }))),
  name: Type.Optional(Maybe(Type.String({ maxLength: 512 }))),
  phone: Type.Optional(Maybe(Type.String({ maxLength: 40 }))),
  email: Type.Optional(Maybe(Type.String({ maxLength: 254 }))),
  language: Type.Optional(Maybe(Type.String({ maxLength: 20 }))),
  timeZone: Type.Optional(Maybe(Type.String({ maxLength: 60 }))),
  properties: Type.Optional(Type.Record(Type.String(), PropertyInput)),
};

/**
 * `POST /contacts`: makes a person, or changes the one with that identity or phone number (the merge rule). An identity or a phone number is
 * needed. `country` (ISO 3166) reads a number written without one. Fields left out stay, null empties them.
 */
export const ContactInput = Type.Object({ ...fields, country: Type.Optional(Type.String({ pattern: "^[A-Z]{2}$" })), optIn: Type.Optional(Type.Boolean()), proof: Type.Optional(Type.String({ maxLength: 500 })) });
export type ContactInput = Static<typeof ContactInput>;

/** The answer to `POST /contacts`: the person as they are now. `problems` names what was not taken, such as an opt-in of somebody who had stopped by themselves. */
export const ContactSaved = Type.Object({ ...Contact.properties, problems: Type.Array(Type.Object({ code: Type.String(), field: Type.String(), message: Type.String() })) });
export type ContactSaved = Static<typeof ContactSaved>;

/** `PATCH /contacts/:id`. */
export const ContactPatch = Type.Object({ ...fields, country: Type.Optional(Type.String({ pattern: "^[A-Z]{2}$" })) });
export type ContactPatch = Static<typeof ContactPatch>;

/** newest and oldest go by when the person was added; -lastSeenAt begins with who was seen last, and ends with who never was. */
export const ContactSort = Type.Enum(["newest", "oldest", "name", "lastSeenAt", "-lastSeenAt"]);
export type ContactSort = Static<typeof ContactSort>;

/**
 * `q` finds people by the beginning of any word of their name, of their e-mail address, identity or phone number (with or without its country).
 * `consent`: `in` are those who may get marketing messages, `out`
 * all others. `property` finds those who have that property, `value` those of them who have that value (of a list: among its items; of a
 * date: that day). A page may hold fewer than `limit` and still have a `next`.
 */
export const ContactQuery = Type.Interface([ListQuery], {
  consent: Type.Optional(ConsentState),
  source: Type.Optional(ContactSource),
  property: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  value: Type.Optional(Type.String({ maxLength: 512 })),
  sort: Type.Optional(ContactSort),
});
export type ContactQuery = Static<typeof ContactQuery>;

/** `POST /contacts/delete`: these people and everything about them. */
export const ContactsDelete = Type.Object({ ids: Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 1000 }) });
export type ContactsDelete = Static<typeof ContactsDelete>;

export const ContactsDeleted = Type.Object({ deleted: Type.Integer() });
export type ContactsDeleted = Static<typeof ContactsDeleted>;

/** `POST /contacts/:id/merge`: `with` is the id of a person who becomes part of this one and is gone afterwards. */
export const ContactMerge = Type.Object({ with: Type.String({ maxLength: 64 }) });
export type ContactMerge = Static<typeof ContactMerge>;

/** A property of the workspace's people. `contacts` is how many have it. */
export const ContactProperty = Type.Object({ key: Type.String(), type: PropertyType, contacts: Type.Integer(), createdAt: Timestamp });
export type ContactProperty = Static<typeof ContactProperty>;

export const TimelineKind = Type.Enum(["message", "inbound", "event", "consent", "profile"]);
export type TimelineKind = Static<typeof TimelineKind>;

/** Something a message went through. */
export const TimelineReceipt = Type.Object({ status: Type.Enum(["sent", "delivered", "read", "clicked", "failed"]), at: Timestamp });
export type TimelineReceipt = Static<typeof TimelineReceipt>;

/**
 * One thing in a person's history. `title` is a short sentence, `detail` more of it. A message has its `messageId`, `state` and `receipts`; an
 * inbound message its `messageId`, both the `provider` whose number it went through, while that is there; an event its `properties`; a consent
 * change its `consent`; a profile change what changed in `properties`.
 */
export const TimelineItem = Type.Object({
  id: Type.String(),
  kind: TimelineKind,
  at: Timestamp,
  title: Type.String(),
  detail: Maybe(Type.String()),
  messageId: Type.Optional(Type.String()),
  provider: Type.Optional(Type.Object({ id: Type.String(), nickname: Type.String() })),
  state: Type.Optional(Type.String()),
  receipts: Type.Optional(Type.Array(TimelineReceipt)),
  properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  consent: Type.Optional(
    Type.Object({
      scope: Type.Enum(["all", "marketing", "utility", "authentication", "doNotDisturb"]),
      state: ConsentState,
      source: ConsentSource,
      proof: Maybe(Type.String()),
      by: Maybe(Type.String()),
    }),
  ),
});
export type TimelineItem = Static<typeof TimelineItem>;

/** `GET /contacts/:id/timeline`, newest first. */
export const TimelineQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  after: Type.Optional(Type.String({ maxLength: 500 })),
  kind: Type.Optional(TimelineKind),
});
export type TimelineQuery = Static<typeof TimelineQuery>;
