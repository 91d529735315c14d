import Type, { type Static } from "typebox";
import { Maybe, MaybeTimestamp } from "./list.ts";

/** What a message is for, and therefore what somebody must have agreed to. */
export const ConsentCategory = Type.Enum(["marketing", "utility", "authentication"]);
export type ConsentCategory = Static<typeof ConsentCategory>;

/** One category, or `all` of them: what CleverTap's `MSG-whatsapp` says. */
export const ConsentScope = Type.Enum(["all", "marketing", "utility", "authentication"]);
export type ConsentScope = Static<typeof ConsentScope>;

export const ConsentState = Type.Enum(["in", "out"]);
export type ConsentState = Static<typeof ConsentState>;

/**
 * Who said so. The person's own word: `keyword`, `button`, `whatsapp` (stopped or resumed in WhatsApp itself). A deliberate act about one
 * person: `dashboard`, `api`, `subscribe`. In bulk: `upload`, `csv`, `demo`. A bulk source never lifts a stop by the person's own word.
 */
export const ConsentSource = Type.Enum(["keyword", "button", "whatsapp", "dashboard", "api", "subscribe", "upload", "csv", "demo"]);
export type ConsentSource = Static<typeof ConsentSource>;

/**
 * Why a person may or may not get messages of a category. allowed · notOptedIn: nobody ever said yes · optedOut: no to this category ·
 * doNotDisturb: the number takes nothing at all · unknownPerson: there is no contact with that number.
 */
export const ConsentVerdict = Type.Enum(["allowed", "notOptedIn", "optedOut", "doNotDisturb", "unknownPerson"]);
export type ConsentVerdict = Static<typeof ConsentVerdict>;

/** Consent to one category. `state` is null when nothing was said about it; then `msgWhatsapp` decides. */
export const CategoryConsent = Type.Object({
  verdict: ConsentVerdict,
  state: Maybe(ConsentState),
  source: Maybe(ConsentSource),
  at: MaybeTimestamp,
  proof: Maybe(Type.String()),
});
export type CategoryConsent = Static<typeof CategoryConsent>;

/** `msgWhatsapp` is CleverTap's MSG-whatsapp of the person, `dndWhatsapp` its MSG-dndWhatsApp of the phone number; both false at first. */
export const ContactConsent = Type.Object({
  msgWhatsapp: Type.Boolean(),
  dndWhatsapp: Type.Boolean(),
  categories: Type.Object({ marketing: CategoryConsent, utility: CategoryConsent, authentication: CategoryConsent }),
});
export type ContactConsent = Static<typeof ContactConsent>;

/** `PUT /contacts/:id/consent`. `proof` says how it is known: "paper form of 3 May", an order number, an address. */
export const ConsentInput = Type.Object({
  category: ConsentScope,
  state: ConsentState,
  proof: Type.Optional(Type.String({ maxLength: 500 })),
});
export type ConsentInput = Static<typeof ConsentInput>;

/** `PUT /contacts/:id/do-not-disturb`: MSG-dndWhatsApp of the person's phone number. */
export const DoNotDisturbInput = Type.Object({ on: Type.Boolean(), proof: Type.Optional(Type.String({ maxLength: 500 })) });
export type DoNotDisturbInput = Static<typeof DoNotDisturbInput>;

/**
 * A message that is nothing but this word (case, accents, punctuation and spaces around it aside), or a button that says it, opts the
 * sender in or out. `language` picks the confirmation.
 */
export const ConsentWord = Type.Object({
  word: Type.String({ minLength: 1, maxLength: 60 }),
  state: ConsentState,
  category: ConsentScope,
  language: Type.String({ minLength: 2, maxLength: 20 }),
});
export type ConsentWord = Static<typeof ConsentWord>;

/** `GET /consent-words`. `custom` is false while the built-in words are in use. */
export const ConsentWords = Type.Object({ words: Type.Array(ConsentWord), custom: Type.Boolean() });
export type ConsentWords = Static<typeof ConsentWords>;

/** `PUT /consent-words` replaces them all; null goes back to the built-in ones. */
export const ConsentWordsInput = Type.Object({ words: Maybe(Type.Array(ConsentWord, { maxItems: 500 })) });
export type ConsentWordsInput = Static<typeof ConsentWordsInput>;

/** What is answered to a consent word of a language; an empty text answers nothing. */
export const ConsentReply = Type.Object({
  language: Type.String({ minLength: 2, maxLength: 20 }),
  out: Type.String({ maxLength: 1024 }),
  in: Type.String({ maxLength: 1024 }),
});
export type ConsentReply = Static<typeof ConsentReply>;

/**
 * `defaultCountry` (ISO 3166, two letters) reads phone numbers written without a country. `replies` are the confirmations per language;
 * the first is used for languages that have none. `reply` switches them all on or off.
 */
export const ConsentSettings = Type.Object({
  defaultCountry: Maybe(Type.String({ pattern: "^[A-Z]{2}$" })),
  reply: Type.Boolean(),
  replies: Type.Array(ConsentReply, { maxItems: 50 }),
});
export type ConsentSettings = Static<typeof ConsentSettings>;
