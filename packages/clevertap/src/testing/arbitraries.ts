import * as fc from "fast-check";
import type { CallbackCode } from "../codes.ts";
import { callbackCodes } from "../codes.ts";
import type { InboundContent, InboundDraft } from "../inbound-callback.ts";
import type { Button, ButtonKind, Card, FreeFormContent, Header, SendRequestDraft } from "../send-request.ts";
import type { StatusDraft } from "../status-callback.ts";
import type { ImportedComponent, ImportedTemplate, TemplatePage } from "../template-page.ts";
import type { UploadRecord } from "../upload.ts";

/** Any text that can be stored; `word` is never empty. */
const text = fc.string({ unit: "grapheme", maxLength: 40 }).filter((value) => value.isWellFormed() && !value.includes("\0"));
const word = text.filter((value) => value !== "");
const url = fc.webUrl({ size: "small" });
const digits = fc.integer({ min: 1_000_000, max: 999_999_999_999 }).map(String);
const seconds = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 });
const msgId = fc.oneof(word, fc.tuple(digits, seconds, digits).map((parts) => parts.join("|")));
const place = fc.record(
  { latitude: word, longitude: word, name: word, address: word },
  { requiredKeys: ["latitude", "longitude"] },
);
const filledText = fc.record({ text, parameters: fc.array(text, { maxLength: 4 }) });

const mediaHeader = fc.record({ kind: fc.constantFrom("image" as const, "video" as const), mediaUrl: url });
const header: fc.Arbitrary<Header> = fc.oneof(
  filledText.map((value) => ({ kind: "text" as const, ...value })),
  mediaHeader,
  fc.record({ kind: fc.constant("document" as const), mediaUrl: url, filename: word }, { requiredKeys: ["kind", "mediaUrl"] }),
  place.map((value) => ({ kind: "location" as const, ...value })),
);

const buttonKinds: ButtonKind[] = ["quickReply", "dynamicUrl", "staticUrl", "callPhone", "copyCode"];
const buttons = (maxLength: number): fc.Arbitrary<Button[]> =>
  fc.uniqueArray(
    fc.record(
      { index: fc.nat({ max: 20 }), kind: fc.constantFrom(...buttonKinds), text, value: text },
      { requiredKeys: ["index", "kind"] },
    ),
    { maxLength, selector: (button) => button.index },
  );

const card: fc.Arbitrary<Card> = fc.record({ header: mediaHeader, body: filledText, buttons: buttons(2) }, { requiredKeys: ["buttons"] });

/** Keys include `__proto__` and its kin: fast-check's dictionary produces them. */
const customProps = fc.dictionary(fc.oneof(word, fc.constantFrom("constructor", "__proto__", "toString")), text, { maxKeys: 3, noNullPrototype: true });

const envelope = { msgId, to: digits, wabaNumber: digits, customProps };

const templateDraft = fc.record(
  {
    kind: fc.constant("template" as const),
    ...envelope,
    template: fc.record({ name: word, language: fc.constantFrom("en", "en_US", "en_GB", "hi", "pt_BR", "zh_CN", "fil") }),
    header,
    body: filledText,
    footer: text,
    buttons: buttons(10),
    limitedTimeOffer: fc.record({ text, expiresAtMs: fc.nat({ max: 4_000_000_000_000 }) }, { requiredKeys: [] }),
    carousel: fc.array(card, { maxLength: 10 }),
  },
  { requiredKeys: ["kind", "msgId", "to", "wabaNumber", "customProps", "template", "buttons"] },
);

const content: fc.Arbitrary<FreeFormContent> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text: word }),
  fc.record(
    { kind: fc.constantFrom("image" as const, "video" as const), mediaUrl: url, caption: word },
    { requiredKeys: ["kind", "mediaUrl"] },
  ),
  fc.record({ kind: fc.constant("audio" as const), mediaUrl: url }),
  fc.record(
    { kind: fc.constant("document" as const), mediaUrl: url, caption: word, filename: word },
    { requiredKeys: ["kind", "mediaUrl"] },
  ),
  place.map((value) => ({ kind: "location" as const, ...value })),
);

const freeFormDraft = fc.record({ kind: fc.constant("freeForm" as const), ...envelope, content });

export const sendRequestDraft: fc.Arbitrary<SendRequestDraft> = fc.oneof(templateDraft, freeFormDraft);

const callbackCode = fc.constantFrom(...(Object.keys(callbackCodes).map(Number) as CallbackCode[]));

export const statusDraft: fc.Arbitrary<StatusDraft> = fc.oneof(
  fc.record({ msgId, timestamp: seconds, status: fc.constantFrom("sent" as const, "delivered" as const, "read" as const) }),
  fc.record({
    msgId,
    timestamp: seconds,
    status: fc.constant("failed" as const),
    error: fc.record({ code: callbackCode, title: word }),
  }),
  fc.record(
    { msgId, timestamp: seconds, status: fc.constant("clicked" as const), url, shortUrl: url, userAgent: word },
    { requiredKeys: ["msgId", "timestamp", "status", "url", "shortUrl"] },
  ),
);

const inboundContent: fc.Arbitrary<InboundContent> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text: word }),
  fc.record(
    { kind: fc.constantFrom("image" as const, "video" as const, "document" as const), mediaUrl: url, mimeType: word, caption: word },
    { requiredKeys: ["kind", "mediaUrl"] },
  ),
  fc.record({ kind: fc.constant("audio" as const), mediaUrl: url, mimeType: word }, { requiredKeys: ["kind", "mediaUrl"] }),
  fc.record({ place, url }, { requiredKeys: ["place"] }).map(({ place, ...rest }) => ({ kind: "location" as const, ...place, ...rest })),
  fc.record({ kind: fc.constant("button" as const), payload: text, text }),
);

export const inboundDraft: fc.Arbitrary<InboundDraft> = fc.record(
  { from: digits, wabaNumber: digits, timestamp: seconds, replyTo: msgId, content: inboundContent },
  { requiredKeys: ["from", "wabaNumber", "timestamp", "content"] },
);

const simpleComponents: fc.Arbitrary<ImportedComponent>[] = [
  fc.record({ type: fc.constant("HEADER"), format: fc.constantFrom("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"), text }),
  fc.record({ type: fc.constant("BODY"), text, example: fc.record({ body_text: fc.array(fc.array(text, { maxLength: 2 }), { maxLength: 1 }) }) }),
  fc.record({ type: fc.constant("FOOTER"), text }),
  fc.record({ type: fc.constant("LIMITED_TIME_OFFER"), limited_time_offer: fc.record({ text, has_expiration: fc.boolean() }) }),
  fc.record({
    type: fc.constant("BUTTONS"),
    buttons: fc.array(
      fc.oneof(
        fc.record({ type: fc.constant("URL"), text, url, example: fc.array(url, { maxLength: 1 }) }),
        fc.record({ type: fc.constant("PHONE_NUMBER"), text, phone_number: digits }),
        fc.record({ type: fc.constantFrom("COPY_CODE", "QUICK_REPLY", "FLOW"), text }),
      ),
      { maxLength: 4 },
    ),
  }),
];

const component: fc.Arbitrary<ImportedComponent> = fc.oneof(
  ...simpleComponents,
  fc.record({
    type: fc.constant("CAROUSEL"),
    cards: fc.array(fc.record({ components: fc.array(fc.oneof(...simpleComponents), { maxLength: 3 }) }), { maxLength: 3 }),
  }),
);

const importedTemplate: fc.Arbitrary<ImportedTemplate> = fc.record(
  {
    id: digits,
    name: word,
    language: fc.constantFrom("en", "en_US", "hi"),
    status: fc.constantFrom("APPROVED", "REJECTED", "PAUSED"),
    category: fc.constantFrom("MARKETING", "UTILITY", "AUTHENTICATION"),
    components: fc.array(component, { maxLength: 5 }),
    parameter_format: fc.constantFrom("POSITIONAL", "NAMED"),
    message_send_ttl_seconds: fc.oneof(fc.constant(-1), fc.nat({ max: 2_592_000 })),
    previous_category: fc.constantFrom("MARKETING", "UTILITY"),
  },
  { requiredKeys: ["id", "name", "language", "status", "category", "components"] },
);

/** Pages with at least one template: an empty one ends the import, so its `after` is not kept. */
export const templatePage: fc.Arbitrary<TemplatePage> = fc.record(
  { templates: fc.array(importedTemplate, { minLength: 1, maxLength: 3 }), before: word, after: word, next: url },
  { requiredKeys: ["templates"] },
);

const identifier = fc.record({ key: fc.constantFrom("identity" as const, "objectId" as const, "FBID" as const, "GPID" as const), value: word });
const properties = fc.dictionary(fc.string({ minLength: 1, maxLength: 10, unit: "grapheme-ascii" }), fc.oneof(text, fc.integer(), fc.boolean()), {
  maxKeys: 4,
  noNullPrototype: true,
});

export const uploadRecord: fc.Arbitrary<UploadRecord> = fc.oneof(
  fc.record(
    { type: fc.constant("profile" as const), identifier, ts: seconds, profileData: properties },
    { requiredKeys: ["type", "identifier", "profileData"] },
  ),
  fc.record(
    {
      type: fc.constant("event" as const),
      identifier,
      ts: seconds,
      evtName: fc.constantFrom("Parcel ready", "Basket_filled", "Charged"),
      evtData: properties,
      source: word,
    },
    { requiredKeys: ["type", "identifier", "evtName", "evtData"] },
  ),
);

/** A body with one thing changed anywhere in it: a value replaced by any JSON, a key dropped, or a hostile key added. */
export function mutated(bodies: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(bodies, fc.nat(), fc.constantFrom("replace", "drop", "add"), fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant("a\0b"), fc.constant("\uD800")))
    .map(([original, at, change, value]) => {
      const copy = JSON.parse(JSON.stringify(original)) as unknown;
      const places = placesIn(copy);
      if (places.length === 0) return value;
      const { holder, key } = places[at % places.length]!;
      if (change === "replace") Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });
      else if (change === "drop") Reflect.deleteProperty(holder, key);
      else Object.defineProperty(holder, "__proto__", { value, enumerable: true, writable: true, configurable: true });
      // A dropped list element leaves a hole, which JSON writes as null.
      return JSON.parse(JSON.stringify(copy)) as unknown;
    });
}

function placesIn(value: unknown): { holder: object; key: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [{ holder: value, key }, ...placesIn(child)]);
}
