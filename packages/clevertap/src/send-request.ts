/*
 * A send request in plain names: what CleverTap posts to a provider's one endpoint, template or free-form.
 * The wire spells several things in more than one way; here each has one name.
 */

/** Who gets the message, from which number, under which id. */
interface Envelope {
  /** Opaque id chosen by the sender, documented up to 60 characters; goes back byte for byte in every callback. */
  msgId: string;
  /** The recipient as written in the request. */
  to: string;
  /** The business number as its owner typed it, with or without "+". */
  wabaNumber: string;
  /** Campaign-level keys and values. */
  customProps: Record<string, string>;
}

/** The numbers of a received request in E.164 form with "+", or null where that is not possible. */
interface NormalisedNumbers {
  toE164: string | null;
  wabaNumberE164: string | null;
}

/** A place in decimal degrees, as text. */
export interface Place {
  latitude: string;
  longitude: string;
  name?: string;
  address?: string;
}

/** Text with its variables already filled in, and the values in order. `text` is empty when the sender left it out. */
export interface FilledText {
  text: string;
  parameters: string[];
}

export type Header =
  | ({ kind: "text" } & FilledText)
  | { kind: "image" | "video"; mediaUrl: string }
  | { kind: "document"; mediaUrl: string; filename?: string }
  | ({ kind: "location" } & Place);

export type ButtonKind = "quickReply" | "dynamicUrl" | "staticUrl" | "callPhone" | "copyCode";

/**
 * A button. `index` counts from 0. `value` is the quick reply's payload, the URL or its variable part, the phone number
 * or the coupon code. A dynamic URL's value may be the whole URL: see `dynamicUrlSuffix`.
 */
export interface Button {
  index: number;
  kind: ButtonKind;
  text?: string;
  value?: string;
}

/** `expiresAtMs` is in Unix milliseconds; absent when the template shows no countdown. */
export interface LimitedTimeOffer {
  text?: string;
  expiresAtMs?: number;
}

/** A carousel card; its buttons count from 0 again. */
export interface Card {
  header?: Header;
  body?: FilledText;
  buttons: Button[];
}

/** An approved template with one person's values. */
export interface TemplateDraft extends Envelope {
  kind: "template";
  /** `name` is the template's name at Meta; `language` a Meta language code such as `en_GB`. */
  template: { name: string; language: string };
  header?: Header;
  body?: FilledText;
  footer?: string;
  buttons: Button[];
  limitedTimeOffer?: LimitedTimeOffer;
  carousel?: Card[];
}

export type FreeFormContent =
  | { kind: "text"; text: string }
  | { kind: "image" | "video"; mediaUrl: string; caption?: string }
  | { kind: "audio"; mediaUrl: string }
  | { kind: "document"; mediaUrl: string; caption?: string; filename?: string }
  | ({ kind: "location" } & Place);

/** A message inside an open customer service window. */
export interface FreeFormDraft extends Envelope {
  kind: "freeForm";
  content: FreeFormContent;
}

/** What `buildSendRequest` takes. */
export type SendRequestDraft = TemplateDraft | FreeFormDraft;

export type TemplateRequest = TemplateDraft & NormalisedNumbers;
export type FreeFormRequest = FreeFormDraft & NormalisedNumbers;

/** What `parseSendRequest` gives. */
export type SendRequest = TemplateRequest | FreeFormRequest;
