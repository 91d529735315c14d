import { fillVariables, templateVariables, variablesIn, type AnyTemplate, type TemplateVariables } from "@tincan/whatsapp";
import type { Category } from "../ledger/types.ts";
import type { RegisteredTemplate, TemplateRegistry } from "../templates/registry.ts";

/** A template made ready for checking many requests against it: read once, then only compared. */
export interface KnownTemplate {
  name: string;
  language: string;
  status: string;
  category: Exclude<Category, "service">;
  needs: TemplateVariables;
  /** The header's text with its variable, empty for other headers. */
  headerText: string;
  headerSize: TextSize;
  bodySize: TextSize;
  /** The URL of each button, by its place; undefined for buttons of another kind. */
  urls: (string | undefined)[];
  /** The same for each card. */
  cardUrls: (string | undefined)[][];
  cardBodySizes: TextSize[];
}

/** How long a text gets: its characters beside the variables, and how often it uses each of them, in the order of the values. */
export interface TextSize {
  fixed: number;
  uses: number[];
}

const known = new WeakMap<RegisteredTemplate, KnownTemplate>();

/**
 * The approved template a request names, or a sentence that says why there is none. The registry's list must have been loaded.
 * CleverTap may show a template under a prefix ("ACME:order_ready"); Meta's names hold no colon.
 */
export function findTemplate(registry: TemplateRegistry, workspaceId: string, providerId: string, name: string, language: string): KnownTemplate | string {
  const bare = name.includes(":") ? name.slice(name.lastIndexOf(":") + 1) : name;
  const found = registry.find(workspaceId, providerId, name, language) ?? registry.find(workspaceId, providerId, bare, language);
  if (!found) {
    const languages = registry.named(workspaceId, providerId, bare).map((template) => template.language);
    if (languages.length === 0) return `There is no template "${short(name)}" on this number.`;
    return `Template "${short(name)}" does not exist in ${short(language)}; it exists in ${languages.sort().join(", ")}.`;
  }
  if (found.status !== "APPROVED") return `Template ${found.name} (${found.language}) cannot be sent: its status at Meta is ${found.status}.`;
  let ready = known.get(found);
  if (!ready) known.set(found, (ready = knowTemplate(found)));
  return ready;
}

export function knowTemplate(template: RegisteredTemplate): KnownTemplate {
  const category = template.category.toLowerCase();
  const components = objects(template.components);
  const header = components.find((each) => is(each, "HEADER"));
  const headerText = textOf(header);
  const cards = objects(components.find((each) => is(each, "CAROUSEL"))?.["cards"]).map((card) => objects(card["components"]));
  // The registry holds what Meta listed, with every member optional; templateVariables reads any JSON at all.
  const listed = { ...template, parameter_format: template.parameterFormat } as unknown as AnyTemplate;
  return {
    name: template.name,
    language: template.language,
    status: template.status,
    category: category === "utility" || category === "authentication" ? category : "marketing",
    needs: templateVariables(listed),
    headerText,
    headerSize: sizeOf(headerText),
    bodySize: bodySizeOf(components),
    urls: urlsOf(components),
    cardUrls: cards.map(urlsOf),
    cardBodySizes: cards.map(bodySizeOf),
  };
}

function bodySizeOf(components: Record<string, unknown>[]): TextSize {
  return sizeOf(textOf(components.find((each) => is(each, "BODY"))));
}

function sizeOf(text: string): TextSize {
  const uses = new Map(variablesIn(text).map((name) => [name, 0]));
  const fixed = fillVariables(text, (name) => {
    uses.set(name, (uses.get(name) ?? 0) + 1);
    return "";
  });
  return { fixed: [...fixed].length, uses: [...uses.values()] };
}

function textOf(component: Record<string, unknown> | undefined): string {
  return typeof component?.["text"] === "string" ? component["text"] : "";
}

function urlsOf(components: Record<string, unknown>[]): (string | undefined)[] {
  const buttons = objects(components.find((each) => is(each, "BUTTONS"))?.["buttons"]);
  return buttons.map((button) => (typeof button["url"] === "string" ? button["url"] : undefined));
}

function is(component: Record<string, unknown>, type: string): boolean {
  return typeof component["type"] === "string" && component["type"].toUpperCase() === type;
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((each): each is Record<string, unknown> => typeof each === "object" && each !== null) : [];
}

/** A stranger's word inside a sentence of ours. */
function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text;
}
