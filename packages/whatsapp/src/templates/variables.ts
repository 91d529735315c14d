/**
 * What a send of a template must supply, read from the template itself.
 *
 * Works on a template as created, as listed by Meta, and on any JSON at all: what cannot be read counts as absent.
 */
import { asList, asObject, asText, upperCase, type JsonObject } from "../json.ts";
import type { TemplateDefinition, ListedTemplate } from "./types.ts";

export type AnyTemplate = TemplateDefinition | ListedTemplate;

export type HeaderKind = "text" | "image" | "video" | "document" | "gif" | "location" | "product";

export interface HeaderNeed {
  kind: HeaderKind;
  /** For a text header: `["1"]`, `["season"]` or empty. Every other kind always needs its parameter. */
  params: string[];
}

export interface ButtonNeed {
  /** Zero-based position among all buttons; what `index` names in a send. */
  index: number;
  /** Type in the template, such as `URL`. */
  type: string;
  /** `sub_type` of the component that supplies it. */
  subType: string;
  text: string;
  /** `none`: nothing can be given. `optional`: has a default. `required`: the send is refused without it. */
  need: "none" | "optional" | "required";
}

/** Needs of one carousel card. */
export interface CardVariables {
  header?: HeaderNeed;
  /** Variables of the body in order: `["1", "2"]`, or names. */
  body: string[];
  buttons: ButtonNeed[];
}

export interface TemplateVariables extends CardVariables {
  format: "positional" | "named";
  /** Cards in order, each to be supplied even if it has no variable but its header. */
  cards: CardVariables[];
  /** Present for a limited-time offer; with `expires` each send carries `expiration_time_ms`. */
  limitedTimeOffer?: { expires: boolean };
  /** One-time password template: the code goes into the body and into a `url` button at index 0. */
  authentication: boolean;
}

/** Spaces around a name are taken away afterwards: a pattern that matches them too takes time by the cube of a run of them. */
const variable = /\{\{([^{}]*)\}\}/g;

/** Variables in the order of first appearance, each once; positional ones sorted by number. */
export function variablesIn(text: string): string[] {
  const names = [...new Set(Array.from(text.matchAll(variable), (match) => match[1]!.trim()))];
  return names.every((name) => /^\d+$/.test(name)) ? names.sort((a, b) => Number(a) - Number(b)) : names;
}

/** The text with its variables replaced, each as often as it stands there; one that `valueOf` knows nothing for stays as it is written. */
export function fillVariables(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replace(variable, (whole, name: string) => valueOf(name.trim()) ?? whole);
}

/** What a send of this template must supply. */
export function templateVariables(template: AnyTemplate): TemplateVariables {
  const components = asList(template.components);
  const offer = asObject(find(components, "LIMITED_TIME_OFFER")?.["limited_time_offer"]);
  const authentication = upperCase(template.category) === "AUTHENTICATION";
  const card = readCard(components);
  if (authentication && card.body.length === 0) card.body = ["1"];
  const cards = asList(find(components, "CAROUSEL")?.["cards"]).map((each) => readCard(asList(asObject(each)?.["components"])));
  const result: TemplateVariables = {
    format: upperCase(template.parameter_format) === "NAMED" ? "named" : "positional",
    ...card,
    cards,
    authentication,
  };
  if (offer) result.limitedTimeOffer = { expires: offer["has_expiration"] === true };
  return result;
}

function readCard(components: unknown[]): CardVariables {
  const card: CardVariables = { body: variablesIn(asText(find(components, "BODY")?.["text"]) ?? ""), buttons: buttonNeeds(components) };
  const header = find(components, "HEADER");
  if (header) {
    const kind = (asText(header["format"]) ?? "").toLowerCase() || "text";
    card.header = { kind: isHeaderKind(kind) ? kind : "text", params: kind === "text" ? variablesIn(asText(header["text"]) ?? "") : [] };
  }
  return card;
}

const headerKinds = ["text", "image", "video", "document", "gif", "location", "product"];

function isHeaderKind(kind: string): kind is HeaderKind {
  return headerKinds.includes(kind);
}

function buttonNeeds(components: unknown[]): ButtonNeed[] {
  return asList(find(components, "BUTTONS")?.["buttons"]).map((each, index) => {
    const button = asObject(each) ?? {};
    const type = upperCase(button["type"]);
    const variable = variablesIn(asText(button["url"]) ?? "").length > 0;
    const [subType, need] = supply(type, variable);
    return { index, type, subType, text: asText(button["text"]) ?? "", need };
  });
}

function supply(type: string, urlVariable: boolean): [subType: string, need: ButtonNeed["need"]] {
  switch (type) {
    case "QUICK_REPLY":
      return ["quick_reply", "optional"];
    case "URL":
      return ["url", urlVariable ? "required" : "none"];
    case "OTP":
      return ["url", "required"];
    case "COPY_CODE":
      return ["copy_code", "required"];
    case "FLOW":
      return ["flow", "optional"];
    case "CATALOG":
      return ["catalog", "optional"];
    case "MPM":
      return ["mpm", "required"];
    default:
      return [type.toLowerCase(), "none"];
  }
}

/** The first component of a type, whatever the case of its name. */
function find(components: unknown[], type: string): JsonObject | undefined {
  return components.map(asObject).find((component) => upperCase(component?.["type"]) === type);
}
