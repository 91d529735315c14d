import Type, { type Static } from "typebox";
import { Maybe, MaybeTimestamp, Timestamp } from "./list.ts";
import { Name } from "./name.ts";

/** What addresses in messages are marked with, as `utm_source` and `utm_medium`, when `append` is on; the campaign adds its name. */
export const UtmDefaults = Type.Object({
  append: Type.Boolean(),
  source: Name(100),
  medium: Name(100),
});
export type UtmDefaults = Static<typeof UtmDefaults>;

/**
 * `domain` is the address that short links begin with instead of this server's own, such as `https://go.example.com`; it is checked when it
 * is saved. `expireDays` is null for links that work for good.
 */
export const LinkSettingsInput = Type.Object({
  domain: Maybe(Type.String({ minLength: 1, maxLength: 255 })),
  expireDays: Maybe(Type.Integer({ minimum: 1, maximum: 3650 })),
  utm: UtmDefaults,
});
export type LinkSettingsInput = Static<typeof LinkSettingsInput>;

/** `GET /link-settings`. `publicUrl` is this server's own address. */
export const LinkSettings = Type.Interface([LinkSettingsInput], { publicUrl: Type.String() });
export type LinkSettings = Static<typeof LinkSettings>;

export const MessageLinksQuery = Type.Object({ messageId: Type.String({ format: "uuid" }) });
export type MessageLinksQuery = Static<typeof MessageLinksQuery>;

/** A short link of one message. `place` says where in the message it stands; `contactId` is the person it was made for, when known. */
export const MessageLink = Type.Object({
  code: Type.String(),
  url: Type.String(),
  target: Type.String(),
  place: Type.String(),
  contactId: Maybe(Type.String()),
  clicks: Type.Integer(),
  firstClickedAt: MaybeTimestamp,
  lastClickedAt: MaybeTimestamp,
  createdAt: Timestamp,
});
export type MessageLink = Static<typeof MessageLink>;

/** `GET /links`: all short links of one message. */
export const MessageLinks = Type.Object({ items: Type.Array(MessageLink) });
export type MessageLinks = Static<typeof MessageLinks>;
