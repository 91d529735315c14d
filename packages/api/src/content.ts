import Type, { type Static } from "typebox";

/*
 * What a message says, in neutral words: a template with its values, or free-form. No wire's field names live here;
 * a provider's adapter renders this into the Cloud API's or the generic contract's request when it sends.
 */

/** A file a message shows. `link` is an http(s) URL; `id` a media id of the provider; exactly one of them is set. */
export const Media = Type.Object({
  link: Type.Optional(Type.String({ maxLength: 2000 })),
  id: Type.Optional(Type.String({ maxLength: 255 })),
  caption: Type.Optional(Type.String({ maxLength: 1024 })),
  filename: Type.Optional(Type.String({ maxLength: 240 })),
  voice: Type.Optional(Type.Boolean()),
});
export type Media = Static<typeof Media>;

/** Coordinates are decimal degrees as text, as both wires print them. */
export const Place = Type.Object({
  latitude: Type.String({ maxLength: 32 }),
  longitude: Type.String({ maxLength: 32 }),
  name: Type.Optional(Type.String({ maxLength: 1000 })),
  address: Type.Optional(Type.String({ maxLength: 1000 })),
});
export type Place = Static<typeof Place>;

const MediaKind = Type.Union([Type.Literal("image"), Type.Literal("video"), Type.Literal("document")]);

/** The value a template's header needs: text for its one variable (with its name where variables are named), a file, or a place. */
export const HeaderValue = Type.Union([
  Type.Object({ kind: Type.Literal("text"), name: Type.Optional(Type.String()), text: Type.Optional(Type.String({ maxLength: 1024 })) }),
  Type.Object({ kind: MediaKind, media: Media }),
  Type.Object({ kind: Type.Literal("location"), location: Place }),
]);
export type HeaderValue = Static<typeof HeaderValue>;

/** A button's value. `index` is its zero-based place in the template's list of buttons. */
export const ButtonValue = Type.Union([
  Type.Object({ kind: Type.Literal("quickReply"), index: Type.Integer({ minimum: 0 }), payload: Type.String({ maxLength: 256 }) }),
  Type.Object({ kind: Type.Literal("url"), index: Type.Integer({ minimum: 0 }), suffix: Type.String({ maxLength: 2000 }) }),
  Type.Object({ kind: Type.Literal("copyCode"), index: Type.Integer({ minimum: 0 }), code: Type.String({ maxLength: 20 }) }),
  Type.Object({ kind: Type.Literal("flow"), index: Type.Integer({ minimum: 0 }), token: Type.Optional(Type.String()), data: Type.Optional(Type.Unknown()) }),
]);
export type ButtonValue = Static<typeof ButtonValue>;

/** A text value of the body; `name` only for templates with named variables. */
export const TextValue = Type.Object({ name: Type.Optional(Type.String()), text: Type.String({ maxLength: 4096 }) });
export type TextValue = Static<typeof TextValue>;

export const CardValue = Type.Object({
  header: Type.Optional(HeaderValue),
  body: Type.Optional(Type.Array(TextValue)),
  buttons: Type.Optional(Type.Array(ButtonValue)),
});
export type CardValue = Static<typeof CardValue>;

/**
 * An approved template with the values of one person. `expiresAtMs` ends a limited-time offer, in Unix milliseconds. `customProps` are passed on to a
 * generic provider, beside those of its own settings.
 */
export const TemplateContent = Type.Object({
  type: Type.Literal("template"),
  name: Type.String({ minLength: 1, maxLength: 512 }),
  language: Type.String({ minLength: 2, maxLength: 20 }),
  header: Type.Optional(HeaderValue),
  body: Type.Optional(Type.Array(TextValue)),
  buttons: Type.Optional(Type.Array(ButtonValue)),
  expiresAtMs: Type.Optional(Type.Integer()),
  cards: Type.Optional(Type.Array(CardValue, { maxItems: 10 })),
  customProps: Type.Optional(Type.Record(Type.String(), Type.String())),
});
export type TemplateContent = Static<typeof TemplateContent>;

/** Everything a person may be sent inside an open customer service window. `replyTo` is our id of the message answered. */
export const FreeFormContent = Type.Union([
  Type.Object({ type: Type.Literal("text"), text: Type.String({ minLength: 1, maxLength: 4096 }), previewUrl: Type.Optional(Type.Boolean()), replyTo: Type.Optional(Type.String()) }),
  Type.Object({
    type: Type.Union([MediaKind, Type.Literal("audio"), Type.Literal("sticker")]),
    media: Media,
    replyTo: Type.Optional(Type.String()),
  }),
  Type.Object({ type: Type.Literal("location"), location: Place, replyTo: Type.Optional(Type.String()) }),
  Type.Object({ type: Type.Literal("contacts"), contacts: Type.Array(Type.Unknown(), { minItems: 1 }), replyTo: Type.Optional(Type.String()) }),
  Type.Object({ type: Type.Literal("interactive"), interactive: Type.Record(Type.String(), Type.Unknown()), replyTo: Type.Optional(Type.String()) }),
  Type.Object({ type: Type.Literal("reaction"), emoji: Type.String({ maxLength: 32 }), replyTo: Type.String() }),
]);
export type FreeFormContent = Static<typeof FreeFormContent>;

export const MessageContent = Type.Union([TemplateContent, FreeFormContent]);
export type MessageContent = Static<typeof MessageContent>;
