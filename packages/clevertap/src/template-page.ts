import { Fields, isJsonObject, type JsonObject } from "./fields.ts";
import { attempt, type Parsed, type ParseError } from "./parsed.ts";
import { isStorableJson } from "./storable.ts";

/*
 * Template import: CleverTap pulls a provider's templates page by page, in exactly the shape of Meta's template list
 * (Meta: message_templates). Names inside a template are therefore Meta's own, and keys not named here stay as they are.
 */

export interface ImportedButton {
  type: string;
  text?: string;
  url?: string;
  phone_number?: string;
  [more: string]: unknown;
}

export interface ImportedComponent {
  /** HEADER, BODY, FOOTER, BUTTONS, LIMITED_TIME_OFFER, CAROUSEL, or one newer than this code. */
  type: string;
  /** Of a header: TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION. */
  format?: string;
  text?: string;
  limited_time_offer?: { text?: string; has_expiration?: boolean };
  buttons?: ImportedButton[];
  cards?: { components: ImportedComponent[] }[];
  [more: string]: unknown;
}

export interface ImportedTemplate {
  id: string;
  name: string;
  language: string;
  /** APPROVED, or another of Meta's words; CleverTap imports approved templates only. */
  status: string;
  /** MARKETING, UTILITY or AUTHENTICATION. */
  category: string;
  components: ImportedComponent[];
  parameter_format?: string;
  message_send_ttl_seconds?: number;
  previous_category?: string;
}

/** A page of templates. `after` asks for the next page and is absent on the last; `next` is that page's full URL. */
export interface TemplatePage {
  templates: ImportedTemplate[];
  before?: string;
  after?: string;
  next?: string;
}

/** A page as received. A template that cannot be read does not spoil the others: it is listed in `rejected`, with the name it has all the same. */
export interface ReceivedTemplatePage extends TemplatePage {
  rejected: (ParseError & { name?: string; language?: string })[];
}

/**
 * Reads a page of templates. An empty page gives no `after`, whatever it says, so that following cursors always ends.
 * An error carries the code 400.
 */
export function parseTemplatePage(json: unknown): Parsed<ReceivedTemplatePage> {
  return attempt(() => {
    const body = Fields.of(json, 400);
    const templates: ImportedTemplate[] = [];
    const rejected: ReceivedTemplatePage["rejected"] = [];
    const data = body.list("data");
    for (const [index, element] of data.entries()) {
      const template = attempt(() => readTemplate(body.element("data", index, element)));
      if (template.ok) templates.push(template.value);
      else rejected.push({ ...template.error, ...nameOf(element) });
    }
    return { templates, rejected, ...readPaging(body, data.length) };
  });
}

function nameOf(element: unknown): { name?: string; language?: string } {
  const { name, language } = isJsonObject(element) ? element : {};
  return { ...(typeof name === "string" && { name }), ...(typeof language === "string" && { language }) };
}

function readPaging(body: Fields, found: number): Pick<TemplatePage, "before" | "after" | "next"> {
  const paging = body.optionalObject("paging");
  const cursors = paging?.optionalObject("cursors");
  const before = cursors?.optionalText("before");
  const after = found === 0 ? undefined : cursors?.optionalText("after");
  const next = paging?.optionalText("next");
  return { ...(before && { before }), ...(after && { after }), ...(next && { next }) };
}

function readTemplate(template: Fields): ImportedTemplate {
  const parameterFormat = template.optionalText("parameter_format");
  const ttlSeconds = readTtl(template);
  const previousCategory = template.optionalText("previous_category");
  return {
    id: template.optionalText("id") ?? "",
    name: template.text("name", "the template's name"),
    language: template.text("language", "a language code"),
    status: (template.optionalText("status") ?? "APPROVED").toUpperCase(),
    category: (template.optionalText("category") ?? "").toUpperCase(),
    components: readable(template).elements("components").map((component) => readComponent(component, false)),
    ...(parameterFormat && { parameter_format: parameterFormat }),
    ...(ttlSeconds !== undefined && { message_send_ttl_seconds: ttlSeconds }),
    ...(previousCategory && { previous_category: previousCategory }),
  };
}

/** Components are kept as they are, so what cannot be kept is refused first. */
function readable(template: Fields): Fields {
  const storable = isStorableJson(template.source.components);
  return storable ? template : template.refuse("components", "values without NUL, nested at most 64 levels deep");
}

/** Meta writes -1 for "its default time to live". */
function readTtl(template: Fields): number | undefined {
  const seconds = template.source.message_send_ttl_seconds;
  return seconds === -1 ? -1 : template.optionalCount("message_send_ttl_seconds");
}

function readComponent(component: Fields, inCard: boolean): ImportedComponent {
  const type = component.text("type", "HEADER, BODY, FOOTER, BUTTONS, LIMITED_TIME_OFFER or CAROUSEL").toUpperCase();
  const format = component.optionalText("format")?.toUpperCase();
  const text = component.optionalText("text");
  const offer = component.optionalObject("limited_time_offer");
  // Only the first level of cards is read as cards: Meta knows no cards in cards, and a body may nest them without end.
  const cards = inCard || !component.has("cards") ? undefined : component.elements("cards");
  return {
    ...component.source,
    type,
    ...(format && { format }),
    ...(text !== undefined && { text }),
    ...(offer && { limited_time_offer: readOffer(offer) }),
    ...(component.has("buttons") && { buttons: component.elements("buttons").map(readButton) }),
    ...(cards && { cards: cards.map(readCard) }),
  };
}

function readOffer(offer: Fields): NonNullable<ImportedComponent["limited_time_offer"]> {
  const text = offer.optionalText("text");
  return {
    ...offer.source,
    ...(text !== undefined && { text }),
    ...(offer.has("has_expiration") && { has_expiration: offer.boolean("has_expiration") }),
  };
}

function readButton(button: Fields): ImportedButton {
  const type = button.text("type", "a button type such as URL or QUICK_REPLY").toUpperCase();
  const known: JsonObject = {};
  for (const key of ["text", "url", "phone_number"] as const) {
    const text = button.optionalText(key);
    if (text !== undefined) known[key] = text;
  }
  return { ...button.source, type, ...known };
}

function readCard(card: Fields): { components: ImportedComponent[] } {
  return { components: card.elements("components").map((component) => readComponent(component, true)) };
}

export interface WireTemplatePage {
  data: ImportedTemplate[];
  paging: { cursors: { before?: string; after?: string }; next?: string };
}

/**
 * Builds a page of templates. CleverTap asks on while a page has `after`; Meta's own rule is `next`. The last page therefore
 * has neither, and ends the import under either reading.
 */
export function buildTemplatePage(page: TemplatePage): WireTemplatePage {
  const { templates, before, after, next } = page;
  return {
    data: templates,
    paging: { cursors: { ...(before && { before }), ...(after && { after }) }, ...(next && { next }) },
  };
}
