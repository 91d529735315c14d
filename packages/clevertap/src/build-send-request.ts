import type { Button, Card, FilledText, FreeFormContent, Header, LimitedTimeOffer, SendRequestDraft, TemplateDraft } from "./send-request.ts";

/** The body of a send request as it goes over the wire, ready for JSON. */
export interface WireSendRequest {
  payloadVersion: 0.1;
  to: string;
  wabaNumber: string;
  isTemplate: boolean;
  msgId: string;
  template?: { namespace: string; languageCode: string };
  components?: WireComponent[];
  customProps?: Record<string, string>[];
  type?: "text" | "image" | "video" | "audio" | "file" | "location";
  [content: string]: unknown;
}

/** One element of `components`: `type` decides the other keys; the element with `customProps` has no type. */
export interface WireComponent {
  type?: "header" | "body" | "footer" | "button" | "limited_time_offer" | "carousel";
  [key: string]: unknown;
}

/**
 * Builds the body of a send request by the strictest reading of the contract: `payloadVersion` a number, `msgId` in one
 * word, indexes from 0, sub-types spelled as in the current table, custom props where the samples have them.
 * Parsing the result gives the draft again.
 */
export function buildSendRequest(draft: SendRequestDraft): WireSendRequest {
  const { to, wabaNumber, msgId } = draft;
  if (draft.kind === "template") {
    const { name, language } = draft.template;
    return {
      payloadVersion: 0.1,
      to,
      wabaNumber,
      isTemplate: true,
      msgId,
      template: { namespace: name, languageCode: language },
      components: [...components(draft), ...(hasEntries(draft.customProps) ? [{ customProps: props(draft.customProps) }] : [])],
    };
  }
  return {
    payloadVersion: 0.1,
    to,
    wabaNumber,
    isTemplate: false,
    msgId,
    ...freeForm(draft.content),
    ...(hasEntries(draft.customProps) && { customProps: props(draft.customProps) }),
  };
}

function components(draft: TemplateDraft): WireComponent[] {
  return [
    ...(draft.header ? [headerComponent(draft.header)] : []),
    ...(draft.limitedTimeOffer ? [offerComponent(draft.limitedTimeOffer)] : []),
    ...(draft.body ? [bodyComponent(draft.body)] : []),
    ...(draft.footer === undefined ? [] : [{ type: "footer" as const, footer: draft.footer }]),
    ...draft.buttons.map(buttonComponent),
    ...(draft.carousel ? [{ type: "carousel" as const, cards: draft.carousel.map(wireCard) }] : []),
  ];
}

function wireCard(card: Card): { components: WireComponent[] } {
  return {
    components: [
      ...(card.header ? [headerComponent(card.header)] : []),
      ...(card.body ? [bodyComponent(card.body)] : []),
      ...card.buttons.map(buttonComponent),
    ],
  };
}

function headerComponent(header: Header): WireComponent {
  switch (header.kind) {
    case "text":
      return { type: "header", header: { type: "text", text: wireText(header) } };
    case "document": {
      const { mediaUrl, filename } = header;
      return { type: "header", header: { type: "file", file: { mediaURL: mediaUrl, ...(filename && { filename }) } } };
    }
    case "location": {
      const { kind, ...location } = header;
      return { type: "header", header: { type: kind, location } };
    }
    default:
      return { type: "header", header: { type: header.kind, [header.kind]: { mediaURL: header.mediaUrl } } };
  }
}

function bodyComponent(body: FilledText): WireComponent {
  return { type: "body", body: wireText(body) };
}

function wireText({ text, parameters }: FilledText): Record<string, unknown> {
  return { text, ...(parameters.length > 0 && { parameters: parameters.map((value) => ({ type: "text", text: value })) }) };
}

function offerComponent({ text, expiresAtMs }: LimitedTimeOffer): WireComponent {
  return {
    type: "limited_time_offer",
    ...(text !== undefined && { text }),
    ...(expiresAtMs !== undefined && {
      parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: expiresAtMs } }],
    }),
  };
}

function buttonComponent({ index, kind, text, value }: Button): WireComponent {
  return {
    type: "button",
    index,
    ...(text !== undefined && { buttonText: text }),
    subType: kind === "copyCode" ? "copy_code" : kind,
    ...(value !== undefined && { parameters: [buttonParameter(kind, value)] }),
  };
}

function buttonParameter(kind: Button["kind"], value: string): Record<string, string> {
  if (kind === "quickReply") return { type: "payload", payload: value };
  if (kind === "copyCode") return { type: "coupon_code", coupon_code: value };
  return { type: "text", text: value };
}

function freeForm(content: FreeFormContent): Pick<WireSendRequest, "type"> & Record<string, unknown> {
  switch (content.kind) {
    case "text":
      return { type: "text", text: { body: content.text } };
    case "location": {
      const { kind, ...location } = content;
      return { type: kind, location };
    }
    case "document": {
      const { mediaUrl, caption, filename } = content;
      return { type: "file", file: { mediaURL: mediaUrl, ...(caption && { caption }), ...(filename && { filename }) } };
    }
    case "audio":
      return { type: "audio", audio: { mediaURL: content.mediaUrl } };
    default: {
      const { kind, mediaUrl, caption } = content;
      return { type: kind, [kind]: { mediaURL: mediaUrl, ...(caption && { caption }) } };
    }
  }
}

function hasEntries(customProps: Record<string, string>): boolean {
  return Object.keys(customProps).length > 0;
}

/** The contract's form: a list of objects with one key each. */
function props(customProps: Record<string, string>): Record<string, string>[] {
  return Object.entries(customProps).map(([key, value]) => ({ [key]: value }));
}
