/**
 * A template while somebody writes it: Meta's definition, and beside it what is kept about its buttons. One function says what
 * still stands against submitting it, for the form and for the server alike.
 */
import { asList, asObject, asObjects, asText, upperCase, type JsonObject } from "../json.ts";
import { templateLimits as limits } from "./limits.ts";
import { validateTemplate } from "./rules.ts";
import { malformedComponent, type Problem, type Report } from "./variable-rules.ts";

/** Where a template goes: to Meta for review, or it repeats one that another provider had approved. */
export type TemplateDestination = "cloud-api" | "generic";

/** A template as the management API carries it. `components` are Meta's own shape. */
export interface WrittenTemplate {
  name: string;
  language: string;
  category: string;
  parameterFormat?: "POSITIONAL" | "NAMED" | undefined;
  components: readonly unknown[];
  timeToLiveSeconds?: number | null | undefined;
  buttonSettings?: readonly WrittenButtonSetting[] | undefined;
}

export interface WrittenButtonSetting {
  /** Zero-based place among the buttons, of the card `card` or of the template itself. */
  index: number;
  card?: number | undefined;
  payload?: string | undefined;
  tracked?: boolean | undefined;
  optOut?: boolean | undefined;
}

/** Body of `POST /{WABA id}/message_templates`. */
export function templateDefinition(template: WrittenTemplate): JsonObject {
  const { name, language, category, parameterFormat, components, timeToLiveSeconds } = template;
  return {
    name,
    language,
    category,
    ...(parameterFormat !== undefined && { parameter_format: parameterFormat }),
    components,
    ...(typeof timeToLiveSeconds === "number" && { message_send_ttl_seconds: timeToLiveSeconds }),
  };
}

/**
 * Judged by Meta's review and its form, or made with its upload: nobody checks them again in a template that is approved
 * elsewhere, and older ones break them.
 */
const reviewRules = new Set([
  "name.format", "variable.edges", "variable.neighbours", "variable.ratio", "example.missing", "example.count", "example.nesting", "example.text",
  "header.handle", "button.url_example", "button.url_host", "button.url_numbering", "button.code_example", "authentication.body", "authentication.footer",
  "footer.expiration", "body.emoji", "header.emoji", "header.formatting",
]);

/** The management API's names of Meta's members. */
const memberNames: Record<string, string> = { parameter_format: "parameterFormat", message_send_ttl_seconds: "timeToLiveSeconds" };

/** Everything that stands against submitting the template, in the order of its fields; empty when nothing does. Never throws. */
export function templateProblems(template: WrittenTemplate, destination: TemplateDestination): Problem[] {
  const found = validateTemplate(templateDefinition(template), limits.couponCode).map((problem) => ({ ...problem, path: memberNames[problem.path] ?? problem.path }));
  const problems = destination === "cloud-api" ? found : found.filter(({ rule }) => !reviewRules.has(rule));
  const report: Report = (path, rule, message, subcode = malformedComponent) => problems.push({ path, rule, message, subcode });
  if (destination === "cloud-api") checkSampleHandles(report, template.components);
  else checkGeneric(report, template);
  checkButtonSettings(report, template);
  return problems;
}

/** Meta lists a sample by its address, and takes it by its handle alone. */
function checkSampleHandles(report: Report, components: readonly unknown[], path = "components"): void {
  for (const [index, component] of asObjects([...components]).entries()) {
    const at = `${path}[${index}]`;
    const handle = asText(asList(asObject(component["example"])?.["header_handle"])[0]);
    if (handle !== undefined && /^https?:/i.test(handle)) {
      report(`${at}.example.header_handle`, "header.handle_address", "This is the sample's address, not its handle; upload the sample again.");
    }
    for (const [card, each] of asObjects(component["cards"]).entries()) checkSampleHandles(report, asList(each["components"]), `${at}.cards[${card}].components`);
  }
}

/** What the generic contract cannot carry, and names as providers write them. */
function checkGeneric(report: Report, template: WrittenTemplate): void {
  if (!/^[A-Za-z0-9_:.-]+$/.test(template.name)) {
    report("name", "name.format", "A name has letters, digits and _ : . - only, exactly as the provider writes it.");
  }
  if (upperCase(template.parameterFormat) === "NAMED") {
    report("parameterFormat", "generic.named", "A generic provider takes values by position only: write {{1}}, {{2}}, and so on.");
  }
}

function checkButtonSettings(report: Report, template: WrittenTemplate): void {
  const seen = new Set<string>();
  let optOuts = 0;
  for (const [position, setting] of (template.buttonSettings ?? []).entries()) {
    const path = `buttonSettings[${position}]`;
    const key = `${setting.card ?? ""} ${setting.index}`;
    if (seen.has(key)) report(path, "settings.once", "Each button has one entry.");
    seen.add(key);
    const type = buttonType(template.components, setting);
    if (type === undefined) {
      report(`${path}.index`, "settings.button", "The template has no button at this place.");
      continue;
    }
    if (setting.payload !== undefined) {
      if (type !== "QUICK_REPLY") report(`${path}.payload`, "settings.payload_type", "Only a quick reply has a payload.");
      if ([...setting.payload].length > limits.payload) {
        report(`${path}.payload`, "settings.payload_length", `A payload has at most ${limits.payload} characters: WhatsApp cuts it there.`);
      }
    }
    if (setting.tracked === true && type !== "URL") report(`${path}.tracked`, "settings.tracked_type", "Only a link's clicks can be tracked.");
    if (setting.optOut === true) {
      optOuts++;
      if (type !== "QUICK_REPLY") report(`${path}.optOut`, "settings.opt_out_type", "Only a quick reply can be the marketing opt-out.");
      if (upperCase(template.category) !== "MARKETING") report(`${path}.optOut`, "settings.opt_out_category", "A marketing opt-out belongs to a marketing template.");
      if (optOuts === limits.optOutButtons + 1) report(`${path}.optOut`, "settings.opt_out_once", "A template has one marketing opt-out.");
    }
  }
}

function buttonType(components: readonly unknown[], { index, card }: WrittenButtonSetting): string | undefined {
  const find = (list: readonly unknown[], type: string) => list.map(asObject).find((each) => upperCase(each?.["type"]) === type);
  const place = card === undefined ? components : asList(asObjects(find(components, "CAROUSEL")?.["cards"])[card]?.["components"]);
  const button = asObject(asList(find(place, "BUTTONS")?.["buttons"])[index]);
  return button && upperCase(button["type"]);
}
