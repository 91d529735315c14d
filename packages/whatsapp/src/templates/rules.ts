/**
 * The rules a template must keep to be created, as one validator.
 *
 * Source: Meta, "Template components", "Template review", "Limited-time offer", "Media card carousel" and "Authentication"
 * templates, "Time-to-live". Not here, because they need the account's other templates: unique name and language, and the
 * rule that no other template has the same body and footer.
 */
import { asList, asObject, asObjects, asText, upperCase, type JsonObject } from "../json.ts";
import { checkButtons } from "./button-rules.ts";
import { templateLimits as limits } from "./limits.ts";
import { checkExamples, checkVariables, malformedComponent, type Problem, type Report } from "./variable-rules.ts";

const subcodes = { tooLong: 2388040, name: 2388046, header: 2388047, body: 2388072, footer: 2388073 };
const componentTypes = ["HEADER", "BODY", "FOOTER", "BUTTONS", "LIMITED_TIME_OFFER", "CAROUSEL", "CALL_PERMISSION_REQUEST"];
const headerFormats = ["TEXT", "IMAGE", "VIDEO", "DOCUMENT", "GIF", "LOCATION", "PRODUCT"];
/** Seconds a message may wait for delivery, by category; -1 (30 days) only where noted. */
const timeToLive: Record<string, { least: number; most: number; unlimited: boolean }> = {
  AUTHENTICATION: { least: 30, most: 900, unlimited: true },
  UTILITY: { least: 30, most: 43_200, unlimited: true },
  MARKETING: { least: 43_200, most: 2_592_000, unlimited: false },
};
/** One emoji with all its parts, or a flag; ©, ® and ™ are letters unless they ask to be drawn (U+FE0F). */
const emoji = /(?![©®™](?!\uFE0F))\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic})*|\p{Regional_Indicator}{2}/gu;

interface Setting {
  category: string;
  named: boolean;
  offer: boolean;
  /** Characters of a coupon code, at most. */
  code: number;
}

/**
 * Every rule that a template breaks, in the order of its fields; an empty list means Meta's automatic checks should pass.
 *
 * @param template the body of `POST /{WABA id}/message_templates`; any JSON is judged, never an exception.
 * @param code how many characters a coupon code may have
 */
export function validateTemplate(template: unknown, code: number = limits.couponCodeAtMeta): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, rule, message, subcode = malformedComponent) => problems.push({ path, rule, message, subcode });
  const body = asObject(template);
  if (!body) {
    report("", "template.object", "A template is a JSON object.");
    return problems;
  }
  const setting = { ...checkFrame(report, body), code };
  if (body["components"] === undefined && asText(body["library_template_name"])) return problems;
  const components = asObjects(body["components"]);
  if (components.length === 0 || components.length !== asList(body["components"]).length) {
    report("components", "components.list", "components is a list of objects with at least a body.");
    return problems;
  }
  setting.offer = components.some((each) => upperCase(each["type"]) === "LIMITED_TIME_OFFER");
  checkSet(report, components, setting);
  for (const [index, component] of components.entries()) checkComponent(report, `components[${index}]`, component, setting);
  return problems;
}

/** Name, language, category, parameter format, time to live. */
function checkFrame(report: Report, template: JsonObject): Omit<Setting, "code"> {
  const name = asText(template["name"]) ?? "";
  if (!/^[a-z0-9_]+$/.test(name)) {
    report("name", "name.format", "A name has lowercase letters, digits and underscores only.", subcodes.name);
  }
  else if (name.length > limits.name) report("name", "name.length", `A name has at most ${limits.name} characters.`, subcodes.tooLong);
  if (!/^[a-z]{2,3}(_[A-Z]{2,3})?$/.test(asText(template["language"]) ?? "")) {
    report("language", "language.format", "A language is a code such as en or en_US.");
  }
  const category = upperCase(template["category"]);
  if (!(category in timeToLive)) report("category", "category.value", "The category is MARKETING, UTILITY or AUTHENTICATION.");
  const format = upperCase(template["parameter_format"]);
  if (template["parameter_format"] !== undefined && format !== "POSITIONAL" && format !== "NAMED") {
    report("parameter_format", "parameter_format.value", "parameter_format is positional or named.");
  }
  const seconds = template["message_send_ttl_seconds"];
  const allowed = timeToLive[category];
  if (seconds !== undefined && allowed && !(allowed.unlimited && seconds === -1)) {
    if (!Number.isInteger(seconds) || Number(seconds) < allowed.least || Number(seconds) > allowed.most) {
      const unlimited = allowed.unlimited ? ", or -1 for 30 days" : "";
      const range = `${allowed.least} to ${allowed.most} seconds${unlimited}`;
      report("message_send_ttl_seconds", "ttl.range", `For ${category} the time to live is ${range}.`);
    }
  }
  return { category, named: format === "NAMED", offer: false };
}

/** What must be there, may be there once, and may stand together. */
function checkSet(report: Report, components: JsonObject[], setting: Setting): void {
  const types = components.map((component) => upperCase(component["type"]));
  if (!types.includes("BODY")) report("components", "components.body", "A template has a body.", subcodes.body);
  for (const type of componentTypes) {
    if (types.filter((each) => each === type).length > 1) report("components", "components.once", `A template has at most one ${type}.`);
  }
  const marketing = ["LIMITED_TIME_OFFER", "CAROUSEL"].find((type) => types.includes(type));
  if (marketing !== undefined && setting.category !== "MARKETING") {
    report(`components[${types.indexOf(marketing)}].type`, "components.marketing", `${marketing} is for marketing templates.`);
  }
  if (setting.offer && types.includes("FOOTER")) {
    report(`components[${types.indexOf("FOOTER")}]`, "offer.footer", "A limited-time offer has no footer.", subcodes.footer);
  }
  if (setting.category === "AUTHENTICATION") {
    if (types.includes("HEADER")) {
      report(
        `components[${types.indexOf("HEADER")}]`, "authentication.header", "An authentication template has no header.", subcodes.header,
      );
    }
    if (!types.includes("BUTTONS")) report("components", "authentication.button", "An authentication template has one OTP button.");
  }
  const header = upperCase(components[types.indexOf("HEADER")]?.["format"]);
  const buttons = asObjects(components[types.indexOf("BUTTONS")]?.["buttons"]).map((button) => upperCase(button["type"]));
  if (header === "PRODUCT" && !buttons.includes("SPM")) {
    report(`components[${types.indexOf("HEADER")}].format`, "header.product", "A product header needs an SPM button.", subcodes.header);
  }
}

function checkComponent(report: Report, path: string, component: JsonObject, setting: Setting): void {
  switch (upperCase(component["type"])) {
    case "HEADER":
      checkHeader(report, path, component, setting);
      break;
    case "BODY":
      checkBody(report, path, component, setting, setting.offer ? limits.offerBody : limits.body);
      break;
    case "FOOTER":
      checkFooter(report, path, component, setting);
      break;
    case "BUTTONS":
      checkButtons(report, path, component, { ...setting, card: false });
      break;
    case "LIMITED_TIME_OFFER":
      checkOffer(report, path, component);
      break;
    case "CAROUSEL":
      checkCarousel(report, path, component, setting);
      break;
    case "CALL_PERMISSION_REQUEST":
      break;
    default:
      report(`${path}.type`, "component.type", `type is one of ${componentTypes.join(", ")}.`);
  }
}

function checkHeader(report: Report, path: string, header: JsonObject, setting: Setting): void {
  const format = upperCase(header["format"]);
  if (!headerFormats.includes(format)) {
    report(`${path}.format`, "header.format", `A header's format is one of ${headerFormats.join(", ")}.`, subcodes.header);
  } else if (setting.offer && format !== "IMAGE" && format !== "VIDEO") {
    report(`${path}.format`, "offer.header", "The header of a limited-time offer is an image or a video.", subcodes.header);
  } else if (format === "TEXT") {
    checkHeaderText(report, path, header, setting);
  } else if (["IMAGE", "VIDEO", "DOCUMENT", "GIF"].includes(format)) {
    if (!asText(asList(asObject(header["example"])?.["header_handle"])[0])) {
      report(`${path}.example.header_handle`, "header.handle", "A header with a file needs a sample of it.");
    }
  }
}

function checkHeaderText(report: Report, path: string, header: JsonObject, setting: Setting): void {
  const text = asText(header["text"]);
  if (!text?.trim()) {
    report(`${path}.text`, "header.text", "A text header needs a text.", subcodes.header);
    return;
  }
  const refuse = (rule: string, message: string) => report(`${path}.text`, rule, message, subcodes.header);
  if ([...text].length > limits.header) {
    report(`${path}.text`, "header.length", `A header has at most ${limits.header} characters.`, subcodes.tooLong);
  }
  const fixed = text.replace(/\{\{[^{}]*\}\}/g, "");
  if (/[\n\r]/.test(text)) refuse("header.newline", "A header has no line break.");
  if (text.search(emoji) >= 0) refuse("header.emoji", "A header has no emoji.");
  if (/\*[^*]+\*|(?<![\p{L}\p{N}])_[^_]+_(?![\p{L}\p{N}])|~[^~]+~|`/u.test(fixed)) {
    refuse("header.formatting", "A header has no formatting characters.");
  }
  const names = checkVariables(report, { path: `${path}.text`, text, named: setting.named, most: 1, prose: false });
  checkExamples(report, path, "header", header, names, setting.named);
}

function checkBody(report: Report, path: string, body: JsonObject, setting: Setting, limit: number): void {
  const text = asText(body["text"]);
  if (setting.category === "AUTHENTICATION") {
    if (body["text"] !== undefined) {
      report(`${path}.text`, "authentication.body", "The text of an authentication template is Meta's own.", subcodes.body);
    }
    return;
  }
  if (!text?.trim()) {
    report(`${path}.text`, "body.text", "A body needs a text.", subcodes.body);
    return;
  }
  if ([...text].length > limit) report(`${path}.text`, "body.length", `The body has at most ${limit} characters here.`, subcodes.tooLong);
  if (body["add_security_recommendation"] !== undefined) {
    report(`${path}.add_security_recommendation`, "body.security", "add_security_recommendation is for authentication templates.", subcodes.body);
  }
  if ((text.match(emoji)?.length ?? 0) > limits.emoji) {
    report(`${path}.text`, "body.emoji", `A body has at most ${limits.emoji} emoji.`, subcodes.body);
  }
  if (/ {5}/.test(text)) report(`${path}.text`, "body.spaces", "A body has at most 4 spaces in a row.", subcodes.body);
  const names = checkVariables(report, { path: `${path}.text`, text, named: setting.named, prose: true });
  checkExamples(report, path, "body", body, names, setting.named);
}

function checkFooter(report: Report, path: string, footer: JsonObject, setting: Setting): void {
  const refuse = (member: string, rule: string, message: string) => report(`${path}.${member}`, rule, message, subcodes.footer);
  const minutes = footer["code_expiration_minutes"];
  if (setting.category === "AUTHENTICATION") {
    if (footer["text"] !== undefined) {
      refuse("text", "authentication.footer", "The footer of an authentication template holds code_expiration_minutes only.");
    }
    if (!Number.isInteger(minutes) || Number(minutes) < 1 || Number(minutes) > limits.codeMinutes) {
      refuse("code_expiration_minutes", "footer.expiration", `code_expiration_minutes is a whole number from 1 to ${limits.codeMinutes}.`);
    }
    return;
  }
  if (minutes !== undefined) {
    refuse("code_expiration_minutes", "footer.expiration", "code_expiration_minutes is for authentication templates.");
  }
  const text = asText(footer["text"]);
  if (!text?.trim()) refuse("text", "footer.text", "A footer needs a text.");
  else if ([...text].length > limits.footer) {
    report(`${path}.text`, "footer.length", `A footer has at most ${limits.footer} characters.`, subcodes.tooLong);
  }
  if (text?.includes("{{")) refuse("text", "footer.variable", "A footer has no variable.");
}

function checkOffer(report: Report, path: string, component: JsonObject): void {
  const offer = asObject(component["limited_time_offer"]);
  const text = asText(offer?.["text"]);
  if (!text?.trim()) report(`${path}.limited_time_offer.text`, "offer.text", "A limited-time offer needs a text.");
  else if ([...text].length > limits.offerText) {
    const message = `The text of a limited-time offer has at most ${limits.offerText} characters.`;
    report(`${path}.limited_time_offer.text`, "offer.length", message, subcodes.tooLong);
  }
  if (offer?.["has_expiration"] !== undefined && typeof offer["has_expiration"] !== "boolean") {
    report(`${path}.limited_time_offer.has_expiration`, "offer.expiration", "has_expiration is true or false.");
  }
}

function checkCarousel(report: Report, path: string, carousel: JsonObject, setting: Setting): void {
  const cards = asObjects(carousel["cards"]);
  if (cards.length < limits.cardsLeast || cards.length > limits.cardsMost) {
    report(`${path}.cards`, "carousel.count", `A carousel has ${limits.cardsLeast} to ${limits.cardsMost} cards; there are ${cards.length}.`);
  }
  const layouts = cards.map(layoutOf);
  for (const [index, card] of cards.entries()) {
    const at = `${path}.cards[${index}]`;
    if (layouts[index] !== layouts[0]) {
      report(at, "carousel.layout", "All cards have the same components and the same buttons as the first.");
    }
    const components = asObjects(card["components"]);
    const header = components.find((each) => upperCase(each["type"]) === "HEADER");
    if (!["IMAGE", "VIDEO", "PRODUCT"].includes(upperCase(header?.["format"]))) {
      report(`${at}.components`, "carousel.header", "Each card has an image, a video or a product as its header.", subcodes.header);
    }
    for (const [position, component] of components.entries()) {
      checkCardComponent(report, `${at}.components[${position}]`, component, setting);
    }
  }
}

function checkCardComponent(report: Report, path: string, component: JsonObject, setting: Setting): void {
  const type = upperCase(component["type"]);
  if (type === "HEADER") checkHeader(report, path, component, { ...setting, offer: false });
  else if (type === "BODY") checkBody(report, path, component, setting, limits.cardBody);
  else if (type === "BUTTONS") checkButtons(report, path, component, { ...setting, card: true });
  else report(`${path}.type`, "carousel.component", "A card has a header, a body and buttons only.");
}

/** Component and button types of a card, to compare cards. */
function layoutOf(card: JsonObject): string {
  const buttonTypes = (component: JsonObject) => asObjects(component["buttons"]).map((button) => upperCase(button["type"]));
  return asObjects(card["components"])
    .map((each) => [upperCase(each["type"]), upperCase(each["format"]), ...buttonTypes(each)].join(" "))
    .sort()
    .join("|");
}
