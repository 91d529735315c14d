import type { Fields } from "./fields.ts";
import { isJsonObject, wordLookup } from "./fields.ts";
import { isStorable } from "./storable.ts";
import type { Button, ButtonKind, Card, FilledText, Header, LimitedTimeOffer, Place } from "./send-request.ts";

/** The template's parts, as found among the components. */
export interface Parts {
  header?: Header;
  body?: FilledText;
  footer?: string;
  buttons: Button[];
  limitedTimeOffer?: LimitedTimeOffer;
  carousel?: Card[];
}

type PartKind = "header" | "body" | "footer" | "button" | "limitedTimeOffer" | "carousel";

const partKind = wordLookup<PartKind>({
  header: "header",
  body: "body",
  footer: "footer",
  footertext: "footer",
  button: "button",
  limited_time_offer: "limitedTimeOffer",
  carousel: "carousel",
});

const headerKind = wordLookup<Header["kind"]>({
  text: "text",
  image: "image",
  video: "video",
  file: "document",
  document: "document",
  location: "location",
});

const buttonKind = wordLookup<ButtonKind>({
  quickReply: "quickReply",
  dynamicUrl: "dynamicUrl",
  staticUrl: "staticUrl",
  callPhone: "callPhone",
  copy_code: "copyCode",
});

/**
 * Reads the components of a template or of one card. Components of a kind the contract does not know are passed over,
 * as are elements without a type; a kind that may stand once and stands twice is refused, since either could be the wrong one.
 *
 * @param placeholders whether media URLs may be anything, as in the request of a template being saved
 */
export function readParts(components: readonly Fields[], placeholders: boolean, inCard = false): Parts {
  const parts: Parts = { buttons: [] };
  const buttons: Fields[] = [];
  for (const component of components) {
    switch (partKind(component.source.type)) {
      case "header":
        if (parts.header !== undefined) component.refuse("type", "one header only");
        parts.header = readHeader(component.object("header"), placeholders);
        break;
      case "body":
        if (parts.body !== undefined) component.refuse("type", "one body only");
        parts.body = readFilledText(component.object("body"));
        break;
      case "footer":
        parts.footer ??= component.optionalText("footer") ?? component.optionalText("footertext");
        break;
      case "button":
        buttons.push(component);
        break;
      case "limitedTimeOffer":
        if (parts.limitedTimeOffer !== undefined) component.refuse("type", "one limited-time offer only");
        parts.limitedTimeOffer = readOffer(component);
        break;
      case "carousel":
        // Cards hold no cards: without this a hostile body could nest them without end.
        if (inCard) break;
        if (parts.carousel !== undefined) component.refuse("type", "one carousel only");
        parts.carousel = component.elements("cards").map((card) => readCard(card, placeholders));
        break;
      default:
        break;
    }
  }
  parts.buttons = readButtons(buttons);
  return parts;
}

function readCard(card: Fields, placeholders: boolean): Card {
  const { header, body, buttons } = readParts(card.elements("components"), placeholders, true);
  return { ...(header && { header }), ...(body && { body }), buttons };
}

function readHeader(header: Fields, placeholders: boolean): Header {
  const kind = headerKind(header.source.type) ?? header.refuse("type", "text, image, video, file or location");
  switch (kind) {
    case "text":
      return { kind, ...readFilledText(header.object("text")) };
    case "location":
      return { kind, ...readPlace(header.object("location")) };
    case "document": {
      const file = header.has("file") ? header.object("file") : header.object("document");
      const filename = file.optionalText("filename");
      return { kind, mediaUrl: readMediaUrl(file, placeholders), ...(filename && { filename }) };
    }
    default:
      return { kind, mediaUrl: readMediaUrl(header.object(kind), placeholders) };
  }
}

/** A media link: http or https, unless the values are placeholders. Whether the host may be visited is the caller's rule. */
export function readMediaUrl(media: Fields, placeholders = false): string {
  const url = media.text("mediaURL", "an http or https URL");
  if (!placeholders && !/^https?:\/\/./i.test(url)) media.refuse("mediaURL", "an http or https URL");
  return url;
}

export function readPlace(place: Fields): Place {
  const name = place.optionalText("name");
  const address = place.optionalText("address");
  return {
    latitude: place.text("latitude", "decimal degrees as text"),
    longitude: place.text("longitude", "decimal degrees as text"),
    ...(name && { name }),
    ...(address && { address }),
  };
}

function readFilledText(part: Fields): FilledText {
  const list = part.optionalList("parameters");
  const parameters: string[] = [];
  for (let index = 0; index < list.length; index++) {
    const parameter = part.element("parameters", index, list[index]);
    parameters.push(parameter.optionalText("text") ?? parameter.refuse("text", "a text"));
  }
  return { text: part.optionalText("text") ?? "", parameters };
}

function readOffer(component: Fields): LimitedTimeOffer {
  const text = component.optionalText("text");
  const list = component.optionalList("parameters");
  const offer =
    list.length === 0 ? undefined : component.element("parameters", 0, list[0]).object("limited_time_offer");
  const expiresAtMs = offer?.optionalCount("expiration_time_ms");
  return { ...(text !== undefined && { text }), ...(expiresAtMs !== undefined && { expiresAtMs }) };
}

/**
 * Reads the buttons of one list. Their indexes are trusted when every button has its own; when one is missing or repeated,
 * as in one of CleverTap's samples, the order in the request counts.
 */
function readButtons(components: readonly Fields[]): Button[] {
  const indexes = components.map((component) => component.optionalCount("index"));
  const trusted = !indexes.includes(undefined) && new Set(indexes).size === indexes.length;
  return components.map((component, order) => readButton(component, trusted ? indexes[order]! : order));
}

function readButton(component: Fields, index: number): Button {
  const kind = buttonKind(component.source.subType) ?? component.refuse("subType", "quickReply, dynamicUrl, staticUrl, callPhone or copy_code");
  const text = component.optionalText("buttonText");
  const value = readButtonValue(component, kind);
  return { index, kind, ...(text !== undefined && { text }), ...(value !== undefined && { value }) };
}

function readButtonValue(component: Fields, kind: ButtonKind): string | undefined {
  const list = component.optionalList("parameters");
  if (list.length === 0) return undefined;
  if (list.length > 1) component.refuse("parameters", "one parameter at most");
  const parameter = component.element("parameters", 0, list[0]);
  const key = kind === "quickReply" ? "payload" : kind === "copyCode" ? "coupon_code" : "text";
  return parameter.optionalText(key) ?? parameter.optionalText("text") ?? parameter.refuse(key, "a text");
}

/**
 * Collects custom keys and values from the body and from its components (CleverTap documents the one and shows the other).
 * They never fail a request: what is not a text, number or boolean is left out.
 */
export function readCustomProps(body: Fields, components: readonly Fields[]): Record<string, string> {
  const entries: [string, string][] = [];
  collectProps(body.source.customProps, entries);
  for (const component of components) {
    if (component.has("customProps")) collectProps(component.source.customProps, entries);
  }
  // fromEntries defines own properties, so that a key such as __proto__ is only a key.
  return entries.length === 0 ? {} : Object.fromEntries(entries);
}

function collectProps(value: unknown, entries: [string, string][]): void {
  for (const item of Array.isArray(value) ? value : [value]) {
    if (!isJsonObject(item)) continue;
    for (const [key, entry] of Object.entries(item)) {
      const text = typeof entry === "string" ? entry : typeof entry === "number" || typeof entry === "boolean" ? String(entry) : undefined;
      if (text !== undefined && isStorable(text) && isStorable(key)) entries.push([key, text]);
    }
  }
}
