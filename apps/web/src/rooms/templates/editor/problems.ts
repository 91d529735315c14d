import { templateProblems, type Problem, type TemplateDestination } from "@tincan/whatsapp/templates";
import { definitionOf } from "./definition.ts";
import type { Draft } from "./draft.ts";

/*
 * The rules speak of Meta's components; the form has fields. Here a broken rule finds its field.
 *
 * Fields: name, language, category, timeToLiveSeconds, header, header.samples, header.file, body, samples, footer, offer, buttons, cards, code;
 * with a place buttons.0.text, cards.1.body, cards.1.buttons.0.url. "" is the template as a whole.
 */

interface Placed {
  field: string;
  message: string;
  /** Nothing is wrong yet, something is only not there: said once somebody wants to save. */
  missing: boolean;
}

/** Rules about what is not there yet. */
const missingRules = new Set([
  "body.text", "header.text", "footer.text", "offer.text", "button.text", "button.url", "button.phone", "button.code_example", "button.url_example",
  "example.missing", "example.text", "example.count", "header.handle", "components.body", "button.zero_tap_terms", "button.apps", "components.list",
  "header.handle_address", "carousel.layout",
]);

const headings: Record<string, string> = { HEADER: "header", BODY: "body", FOOTER: "footer", LIMITED_TIME_OFFER: "offer", BUTTONS: "buttons", CAROUSEL: "cards" };

interface Typed {
  type?: string;
  components?: Typed[];
  cards?: { components: Typed[] }[];
}

/** `components[2].buttons[0].url` → `buttons.0.url`. */
export function fieldOf(path: string, components: Typed[]): string {
  const match = /^components\[(\d+)\]\.?(.*)$/.exec(path);
  if (!match) return /^(name|language|category|timeToLiveSeconds)$/.test(path) ? path : path === "parameterFormat" ? "body" : "";
  const component = components[Number(match[1])];
  const heading = headings[component?.type ?? ""] ?? "";
  const rest = match[2] ?? "";
  if (heading === "header") return rest.startsWith("example.header_handle") ? "header.file" : rest.startsWith("example") ? "header.samples" : "header";
  if (heading === "body") return rest.startsWith("example") ? "samples" : "body";
  if (heading === "buttons") {
    const button = /^buttons\[(\d+)\](?:\.(\w+))?/.exec(rest);
    return button ? `buttons.${button[1]}.${button[2] ?? "text"}` : "buttons";
  }
  if (heading === "cards") {
    const card = /^cards\[(\d+)\](?:\.(.*))?$/.exec(rest);
    if (!card) return "cards";
    const inside = fieldOf(card[2] ?? "", component?.cards?.[Number(card[1])]?.components ?? []);
    return inside ? `cards.${card[1]}.${inside}` : `cards.${card[1]}`;
  }
  return heading;
}

/** Everything that stands against submitting the draft, each beside its field. */
export function problemsOf(draft: Draft, destination: TemplateDestination): Placed[] {
  const written = definitionOf(draft);
  const { components, buttonSettings = [] } = written;
  const authentication = draft.category === "AUTHENTICATION";
  const found = templateProblems(written, destination).filter((problem) => !uploadsOnSave(problem, draft));
  return found.map(({ path, rule, message }) => {
    const setting = /^buttonSettings\[(\d+)\]\.?(\w*)/.exec(path);
    const entry = setting ? buttonSettings[Number(setting[1])] : undefined;
    const place = entry ? `${entry.card === undefined ? "" : `cards.${entry.card}.`}buttons.${entry.index}.${setting?.[2] === "payload" ? "payload" : "text"}` : fieldOf(path, components);
    const field = authentication && !/^(name|language|category)$/.test(place) ? "code" : place;
    const missing = missingRules.has(rule) || (field === "name" && draft.name === "");
    return { field, message, missing };
  });
}

/** A sample that is chosen but not uploaded yet gets its handle when the template is saved. */
function uploadsOnSave({ path, rule }: Problem, draft: Draft): boolean {
  if (rule !== "header.handle" && rule !== "header.handle_address") return false;
  const card = /cards\[(\d+)\]/.exec(path);
  const header = card ? draft.cards[Number(card[1])]?.header : draft.header;
  return header?.file !== null && header?.file !== undefined;
}
