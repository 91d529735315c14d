import type { FreeFormContent, HeaderValue, MessageContent, Template, TemplateButton, TemplateComponent, TemplateContent, TextValue } from "@tincan/api";
import { fillVariables } from "@tincan/whatsapp/templates";

/** What a chat bubble shows, whatever it was made from. */
export interface Bubble {
  header?: BubbleHeader;
  text?: string;
  footer?: string;
  offer?: { text: string; code?: string; expiresAtMs?: number };
  buttons: BubbleButton[];
  cards?: Bubble[];
}

export type BubbleHeader =
  | { kind: "text"; text: string }
  | { kind: "image" | "video" | "document" | "audio" | "sticker"; url?: string; filename?: string }
  | { kind: "location"; name?: string; address?: string; latitude?: string; longitude?: string };

export interface BubbleButton {
  kind: "reply" | "url" | "phone" | "copy" | "list" | "flow" | "other";
  text: string;
  /** Where it leads or what it copies, shown on hover. */
  detail?: string;
}

type Values = Pick<TemplateContent, "header" | "body" | "buttons" | "cards" | "expiresAtMs">;

/** Puts values into `{{1}}` (by place) and `{{name}}` (by name); what has no value stays as it is. */
export function fill(text: string, values: TextValue[] = []): string {
  return fillVariables(text, (key) => {
    const named = values.find((value) => value.name === key);
    const placed = /^\d+$/.test(key) ? values[Number(key) - 1] : undefined;
    return (named ?? placed)?.text;
  });
}

const texts = (values: unknown): TextValue[] =>
  Array.isArray(values) ? values.filter((value) => typeof value === "string").map((text) => ({ text })) : [];

const named = (values: unknown): TextValue[] =>
  Array.isArray(values)
    ? values.flatMap((value: unknown) => {
        if (typeof value !== "object" || value === null || !("param_name" in value) || !("example" in value)) return [];
        return [{ name: String(value.param_name), text: String(value.example) }];
      })
    : [];

/** The sample values a template was submitted with. */
function examples(component: TemplateComponent): TextValue[] {
  const { body_text: body, body_text_named_params: bodyNamed, header_text: header, header_text_named_params: headerNamed } = component.example ?? {};
  const places = Array.isArray(body) && Array.isArray(body[0]) ? body[0] : body;
  return [...texts(places), ...texts(header), ...named(bodyNamed), ...named(headerNamed)];
}

function sampleUrl(component: TemplateComponent): string | undefined {
  const handles = component.example?.["header_handle"];
  const first: unknown = Array.isArray(handles) ? handles[0] : undefined;
  return typeof first === "string" && /^https?:/.test(first) ? first : undefined;
}

function headerOf(component: TemplateComponent, value: HeaderValue | undefined, withExamples: boolean): BubbleHeader | undefined {
  const format = (component.format ?? "TEXT").toUpperCase();
  if (format === "TEXT") {
    const given = value?.kind === "text" && value.text !== undefined ? [{ text: value.text }] : withExamples ? examples(component) : [];
    return { kind: "text", text: fillAny(component.text ?? "", given) };
  }
  if (format === "LOCATION") return { kind: "location", ...(value?.kind === "location" ? value.location : {}) };
  const kind = format === "VIDEO" || format === "GIF" ? "video" : format === "DOCUMENT" ? "document" : format === "IMAGE" ? "image" : undefined;
  if (!kind) return undefined;
  const media = value && "media" in value ? value.media : undefined;
  const url = media?.link ?? (withExamples ? sampleUrl(component) : undefined);
  return { kind, ...(url ? { url } : {}), ...(media?.filename ? { filename: media.filename } : {}) };
}

/** A header has one variable, whatever it is called. */
function fillAny(text: string, values: TextValue[]): string {
  return fillVariables(text, () => values[0]?.text);
}

function buttonOf(button: TemplateButton, index: number, values: Values, withExamples: boolean): BubbleButton {
  const value = values.buttons?.find((given) => given.index === index);
  const example = Array.isArray(button.example) ? button.example[0] : button.example;
  switch (button.type.toUpperCase()) {
    case "QUICK_REPLY":
      return { kind: "reply", text: button.text ?? "", ...(value?.kind === "quickReply" ? { detail: value.payload } : {}) };
    case "URL": {
      const address = value?.kind === "url" ? (button.url ?? "").replace(/\{\{[^{}]*\}\}$/, () => value.suffix) : withExamples && example?.startsWith("http") ? example : button.url;
      return { kind: "url", text: button.text ?? "Open", ...(address ? { detail: address } : {}) };
    }
    case "PHONE_NUMBER":
      return { kind: "phone", text: button.text ?? "Call", ...(button.phone_number ? { detail: button.phone_number } : {}) };
    case "OTP":
      return oneTimeButton(button, values);
    case "COPY_CODE": {
      const code = value?.kind === "copyCode" ? value.code : withExamples ? example : undefined;
      return { kind: "copy", text: button.text ?? "Copy offer code", ...(code ? { detail: code } : {}) };
    }
    case "FLOW":
      return { kind: "flow", text: button.text ?? "Open form" };
    default:
      return { kind: "other", text: button.text ?? button.type.toLowerCase().replaceAll("_", " ") };
  }
}

/** The label is WhatsApp's own unless the template has one; with one tap it fills the code into the app. */
function oneTimeButton(button: TemplateButton, values: Values): BubbleButton {
  // Members that only these buttons have.
  const { otp_type: kind, autofill_text: autofill }: Record<string, unknown> = { ...button };
  const fills = typeof kind === "string" && kind.toUpperCase() === "ONE_TAP";
  const text = fills ? (typeof autofill === "string" ? autofill : "Autofill") : (button.text ?? "Copy code");
  const code = values.body?.[0]?.text;
  return { kind: "copy", text, ...(code ? { detail: code } : {}) };
}

/** A template as a bubble. Without values it shows the samples it was submitted with (`examples`) or its open variables. */
export function bubbleOfTemplate(components: TemplateComponent[], given?: Values, options: { examples: boolean } = { examples: !given }): Bubble {
  const values = given ?? {};
  const bubble: Bubble = { buttons: [] };
  for (const component of components) {
    switch (component.type.toUpperCase()) {
      case "HEADER": {
        const header = headerOf(component, values.header, options.examples);
        if (header) bubble.header = header;
        break;
      }
      case "BODY":
        bubble.text = fill(component.text ?? securityBody(component), values.body ?? (options.examples ? examples(component) : []));
        break;
      case "FOOTER":
        bubble.footer = component.text ?? expiryFooter(component);
        break;
      case "LIMITED_TIME_OFFER":
        bubble.offer = { text: component.limited_time_offer?.text ?? "", ...(values.expiresAtMs ? { expiresAtMs: values.expiresAtMs } : {}) };
        break;
      case "BUTTONS":
        bubble.buttons = (component.buttons ?? []).map((button, index) => buttonOf(button, index, values, options.examples));
        break;
      case "CAROUSEL":
        bubble.cards = (component.cards ?? []).map((card, index) => bubbleOfTemplate(card.components, values.cards?.[index] ?? (given ? {} : undefined), options));
        break;
    }
  }
  const code = bubble.buttons.find((button) => button.kind === "copy")?.detail;
  if (bubble.offer && code) bubble.offer.code = code;
  return bubble;
}

/** Authentication templates have no text of their own: WhatsApp writes it. */
function securityBody(component: TemplateComponent): string {
  const advice = "add_security_recommendation" in component && component["add_security_recommendation"] ? " For your security, do not share this code." : "";
  return `*{{1}}* is your verification code.${advice}`;
}

function expiryFooter(component: TemplateComponent): string {
  const minutes: unknown = "code_expiration_minutes" in component ? component["code_expiration_minutes"] : undefined;
  return typeof minutes === "number" ? `This code expires in ${minutes} minutes.` : "";
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : typeof value === "object" && value !== null && "text" in value ? text(value.text) : undefined;
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];
}

/** Interactive content is kept in Meta's shape: body, footer, header and an action by type. */
function interactiveBubble(interactive: Record<string, unknown>): Bubble {
  const action = (typeof interactive["action"] === "object" && interactive["action"] !== null ? interactive["action"] : {}) as Record<string, unknown>;
  const parameters = (typeof action["parameters"] === "object" && action["parameters"] !== null ? action["parameters"] : {}) as Record<string, unknown>;
  const header = text(interactive["header"]);
  const body = text(interactive["body"]);
  const footer = text(interactive["footer"]);
  const replies = list(action["buttons"]).map((button): BubbleButton => {
    const reply = button["reply"];
    const title = typeof reply === "object" && reply !== null && "title" in reply ? String(reply.title) : "Reply";
    return { kind: "reply", text: title };
  });
  const label = parameters["display_text"] ?? parameters["flow_cta"];
  const extra: BubbleButton[] =
    typeof action["button"] === "string"
      ? [{ kind: "list", text: action["button"], detail: list(action["sections"]).flatMap((section) => list(section["rows"])).map((row) => String(row["title"])).join(", ") }]
      : typeof label === "string"
        ? [{ kind: interactive["type"] === "flow" ? "flow" : "url", text: label, ...(typeof parameters["url"] === "string" ? { detail: parameters["url"] } : {}) }]
        : [];
  return {
    ...(header ? { header: { kind: "text", text: header } } : {}),
    ...(body ? { text: body } : {}),
    ...(footer ? { footer } : {}),
    buttons: [...replies, ...extra],
  };
}

function contactName(contact: unknown): string {
  const name = typeof contact === "object" && contact !== null && "name" in contact ? contact.name : undefined;
  return typeof name === "object" && name !== null && "formatted_name" in name ? String(name.formatted_name) : "Contact";
}

function freeFormBubble(content: FreeFormContent): Bubble {
  switch (content.type) {
    case "text":
      return { text: content.text, buttons: [] };
    case "location":
      return { header: { kind: "location", ...content.location }, buttons: [] };
    case "contacts":
      return { text: content.contacts.map((contact) => `👤 ${contactName(contact)}`).join("\n"), buttons: [] };
    case "interactive":
      return interactiveBubble(content.interactive);
    case "reaction":
      return { text: content.emoji || "Reaction removed", buttons: [] };
    default: {
      const { link, filename, caption } = content.media;
      const header: BubbleHeader = { kind: content.type, ...(link ? { url: link } : {}), ...(filename ? { filename } : {}) };
      return { header, ...(caption ? { text: caption } : {}), buttons: [] };
    }
  }
}

/** Any message as a bubble. A template message whose template is not known shows its values. */
export function bubbleOfContent(content: MessageContent, template: Pick<Template, "components"> | null): Bubble {
  if (content.type !== "template") return freeFormBubble(content);
  if (template) return bubbleOfTemplate(template.components, content);
  return { text: [`Template _${content.name}_ (${content.language})`, ...(content.body ?? []).map((value) => `- ${value.text}`)].join("\n"), buttons: [] };
}
