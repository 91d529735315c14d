/**
 * Whether the components of a send fit a template, answered as Meta would refuse it.
 *
 * All mistakes are collected and the one that Meta would name first wins: shape of the request (100), required values
 * (131008), counts (132000), formats (132012, 132018, 131009), length after substitution (132005).
 *
 * Sources: Meta, "Template components" and "Error codes" (132000, 132005, 132012, 131008); texts as seen in live answers.
 */
import { metaError, type MetaErrorInfo } from "../errors.ts";
import { asList, asObject, asObjects, asText, upperCase, type JsonObject } from "../json.ts";
import { fillVariables, templateVariables, type AnyTemplate, type ButtonNeed, type CardVariables, type TemplateVariables } from "./variables.ts";

const order = [100, 131008, 132000, 132012, 132018, 131009, 132005];
const componentTypes = [
  "HEADER", "BODY", "FOOTER", "BUTTON", "CAROUSEL", "LIMITED_TIME_OFFER", "ORDER_STATUS", "TAP_TARGET_CONFIGURATION",
];
/** Characters; header and body after substitution. */
const limits = { header: 60, body: 1024, couponCode: 20, oneTimeCode: 15, payload: 256, unbrokenSpaces: 4 };

/** Where in the send a value stands, as Meta's details name it: empty at the top, `carousel card 0 ` in a card. */
interface Place {
  label: string;
  named: boolean;
  refuse: (code: number, details: string) => void;
}

/**
 * The refusal Meta would answer for these `components` of a template send, or null if they fit.
 *
 * @param sendComponents `template.components` of the send request; any JSON is judged, never an exception.
 * @param needs `templateVariables(template)`, if the caller keeps it for many sends.
 */
export function checkSend(
  template: AnyTemplate,
  sendComponents: unknown,
  needs: TemplateVariables = templateVariables(template),
): MetaErrorInfo | null {
  const errors: MetaErrorInfo[] = [];
  const place: Place = {
    label: "",
    named: needs.format === "named",
    refuse: (code, details) => errors.push(metaError(code, { details })),
  };
  if (sendComponents !== undefined && sendComponents !== null && !Array.isArray(sendComponents)) {
    return metaError(100, { details: "Param template['components'] must be an array." });
  }
  const sent = asList(sendComponents);
  for (const [index, each] of sent.entries()) {
    const type = upperCase(asObject(each)?.["type"]);
    if (!componentTypes.includes(type)) {
      errors.push(
        metaError(100, {
          message: `(#100) Param template['components'][${index}]['type'] must be one of {${componentTypes.join(", ")}} - got "${type}".`,
        }),
      );
    }
  }
  const texts = textsOf(template.components);
  checkPart(place, asObjects(sent), needs, texts, needs.authentication);
  checkOffer(place, asObjects(sent), needs.limitedTimeOffer);
  checkCarousel(place, asObjects(sent), template, needs.cards);
  return errors.toSorted((a, b) => order.indexOf(a.code) - order.indexOf(b.code))[0] ?? null;
}

interface Texts {
  header: string;
  body: string;
}

/** Header, body and buttons of the message itself or of one card. */
function checkPart(place: Place, sent: JsonObject[], needs: CardVariables, texts: Texts, authentication: boolean): void {
  checkHeader(place, parametersOf(sent, "HEADER"), needs, texts.header);
  const body = parametersOf(sent, "BODY");
  checkTexts(place, "body", body, needs.body, texts.body, limits.body);
  checkButtons(place, sent, needs.buttons, authentication);
  if (authentication && [...(asText(body[0]?.["text"]) ?? "")].length > limits.oneTimeCode) {
    place.refuse(131009, `body: a one-time password has at most ${limits.oneTimeCode} characters`);
  }
}

function checkHeader(place: Place, sent: JsonObject[], { header }: CardVariables, text: string): void {
  if (header === undefined || header.kind === "text") {
    checkTexts(place, "header", sent, header?.params ?? [], text, limits.header);
    return;
  }
  const expected = header.kind.toUpperCase();
  const received = upperCase(sent[0]?.["type"]) || "UNKNOWN";
  if (received !== expected) {
    place.refuse(132012, `${place.label}header: Format mismatch, expected ${expected}, received ${received}`);
    return;
  }
  if (sent.length > 1) refuseCount(place, "header", sent.length, 1);
  const value = asObject(sent[0]?.[header.kind]);
  if (!value) {
    place.refuse(131008, `${place.label}header: Parameter of type ${header.kind} is missing ${header.kind} value`);
  } else if (header.kind === "location") {
    if (!isDegrees(value["latitude"], 90) || !isDegrees(value["longitude"], 180)) {
      place.refuse(131009, `${place.label}header: location needs a latitude and a longitude in degrees`);
    }
  } else if (header.kind === "product") {
    if (!asText(value["product_retailer_id"])) place.refuse(131008, `${place.label}header: product_retailer_id is required`);
  } else if (!asText(value["id"]) === !asText(value["link"])) {
    place.refuse(131008, `${place.label}header: ${header.kind} needs either an id or a link`);
  }
}

function isDegrees(value: unknown, most: number): boolean {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return false;
  return Math.abs(Number(value)) <= most;
}

/** Count, names, kinds and length of the values of a text. */
function checkTexts(place: Place, part: "header" | "body", sent: JsonObject[], expected: string[], template: string, limit: number): void {
  if (sent.length !== expected.length) {
    refuseCount(place, part, sent.length, expected.length);
    return;
  }
  const values = new Map<string, string>();
  for (const [index, parameter] of sent.entries()) {
    const name = asText(parameter["parameter_name"]);
    if (place.named && !name) {
      place.refuse(100, "Parameter name is missing or empty");
      return;
    }
    if (place.named && !expected.includes(name!)) {
      place.refuse(132012, `${place.label}${part}: parameter_name (${name}) is not a variable of the template`);
      return;
    }
    const value = readTextValue(place, part, parameter);
    if (value === undefined) return;
    values.set(place.named ? name! : expected[index]!, value);
  }
  if (values.size !== expected.length) {
    place.refuse(132012, `${place.label}${part}: a parameter_name is given twice`);
    return;
  }
  const hydrated = fillVariables(template, (name) => values.get(name));
  const length = [...hydrated].length;
  if (length > limit) place.refuse(132005, `${place.label}${part}: hydrated text has ${length} characters, at most ${limit} are allowed`);
}

function readTextValue(place: Place, part: "header" | "body", parameter: JsonObject): string | undefined {
  const type = asText(parameter["type"])?.toLowerCase();
  if (type === "text") {
    const text = asText(parameter["text"]);
    if (!text) {
      place.refuse(131008, "Parameter of type text is missing text value");
      return undefined;
    }
    if (/[\n\r\t]/.test(text) || text.includes(" ".repeat(limits.unbrokenSpaces + 1))) {
      place.refuse(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces");
      return undefined;
    }
    return text;
  }
  if (part === "body" && (type === "currency" || type === "date_time")) {
    const fallback = asText(asObject(parameter[type])?.["fallback_value"]);
    if (!fallback) place.refuse(131008, `Parameter of type ${type} is missing fallback_value`);
    return fallback || undefined;
  }
  place.refuse(132012, `${place.label}${part}: Format mismatch, expected TEXT, received ${(type ?? "").toUpperCase() || "UNKNOWN"}`);
  return undefined;
}

function checkButtons(place: Place, sent: JsonObject[], needs: ButtonNeed[], authentication: boolean): void {
  const given = new Set<number>();
  for (const component of sent) {
    if (upperCase(component["type"]) !== "BUTTON") continue;
    const index = readIndex(component["index"]);
    if (index === undefined) {
      place.refuse(131008, `${place.label}buttons: index of a button component is required, a number from 0 to 9`);
      continue;
    }
    const need = needs[index];
    const subType = upperCase(component["sub_type"]);
    if (need === undefined || need.need === "none" || given.has(index)) {
      const why = need === undefined ? "does not exist in the template" : given.has(index) ? "is given twice" : "takes no parameter";
      place.refuse(132018, `${place.label}buttons: Button at index ${index} ${why}`);
    } else if (subType !== need.subType.toUpperCase()) {
      refuseButtonFormat(place, index, need.subType, subType);
    } else {
      checkButtonValue(place, need, asObjects(component["parameters"]));
    }
    given.add(index);
  }
  for (const need of needs) {
    if (need.need !== "required" || given.has(need.index)) continue;
    if (authentication) refuseCount(place, "buttons", 0, 1);
    else refuseMissing(place, need.type);
  }
}

function readIndex(value: unknown): number | undefined {
  return (typeof value === "number" || typeof value === "string") && /^\d$/.test(String(value)) ? Number(value) : undefined;
}

function checkButtonValue(place: Place, need: ButtonNeed, parameters: JsonObject[]): void {
  const [parameter, second] = parameters;
  if (second) {
    refuseCount(place, "buttons", parameters.length, 1);
    return;
  }
  if (!parameter) {
    if (need.need === "required") refuseMissing(place, need.type);
    return;
  }
  const expected = valueKinds[need.subType] ?? "text";
  const received = asText(parameter["type"])?.toLowerCase();
  if (received !== expected) {
    refuseButtonFormat(place, need.index, expected, received ?? "");
    return;
  }
  if (expected === "action") {
    if (!asObject(parameter["action"])) place.refuse(131008, "Parameter of type action is missing action value");
    return;
  }
  const value = asText(parameter[expected]);
  if (!value) {
    place.refuse(131008, `Parameter of type ${expected} is missing ${expected} value`);
  } else if (expected === "coupon_code" && value.length > limits.couponCode) {
    place.refuse(131009, `${place.label}buttons: coupon_code has at most ${limits.couponCode} characters`);
  } else if (expected === "payload" && value.length > limits.payload) {
    place.refuse(131009, `${place.label}buttons: payload has at most ${limits.payload} characters`);
  }
}

/** Type of the one parameter a button component carries, by its `sub_type`. */
const valueKinds: Record<string, string> = {
  quick_reply: "payload", url: "text", copy_code: "coupon_code", flow: "action", catalog: "action", mpm: "action",
};

function checkOffer(place: Place, sent: JsonObject[], offer: { expires: boolean } | undefined): void {
  const parameters = parametersOf(sent, "LIMITED_TIME_OFFER");
  if (!offer) {
    if (parameters.length > 0) refuseCount(place, "limited_time_offer", parameters.length, 0);
    return;
  }
  if (parameters.length === 0) {
    if (offer.expires) refuseMissing(place, "LIMITED_TIME_OFFER");
    return;
  }
  const at = asObject(parameters[0]?.["limited_time_offer"])?.["expiration_time_ms"];
  if (at === undefined) place.refuse(131008, "limited_time_offer: expiration_time_ms is required");
  else if (!Number.isInteger(Number(at)) || Number(at) <= 0) {
    place.refuse(131009, "limited_time_offer: expiration_time_ms is a time in Unix milliseconds");
  }
}

function checkCarousel(place: Place, sent: JsonObject[], template: AnyTemplate, needs: CardVariables[]): void {
  const component = sent.find((each) => upperCase(each["type"]) === "CAROUSEL");
  if (!component && needs.length === 0) return;
  const cards = asObjects(component?.["cards"]);
  if (cards.length !== needs.length) {
    place.refuse(132000, `carousel: number of cards (${cards.length}) does not match the expected number of cards (${needs.length})`);
    return;
  }
  const templateCards = asObjects(asObjects(template.components).find((each) => upperCase(each["type"]) === "CAROUSEL")?.["cards"]);
  const given = new Set<number>();
  for (const [position, card] of cards.entries()) {
    const index = readIndex(card["card_index"]) ?? position;
    const need = needs[index];
    if (!need || given.has(index)) {
      place.refuse(132018, `carousel: card_index ${index} ${need ? "is given twice" : "does not exist in the template"}`);
      continue;
    }
    given.add(index);
    const inCard: Place = { ...place, label: `carousel card ${index} ` };
    checkPart(inCard, asObjects(card["components"]), need, textsOf(templateCards[index]?.["components"]), false);
  }
}

function refuseCount(place: Place, part: string, given: number, expected: number): void {
  place.refuse(
    132000,
    `${place.label}${part}: number of localizable_params (${given}) does not match the expected number of params (${expected})`,
  );
}

function refuseMissing(place: Place, type: string): void {
  place.refuse(131008, `${place.label}Parameter value for ${type} was expected but was not found`);
}

function refuseButtonFormat(place: Place, index: number, expected: string, received: string): void {
  const got = received.toUpperCase() || "UNKNOWN";
  place.refuse(132012, `${place.label}buttons: Format mismatch at index ${index}, expected ${expected.toUpperCase()}, received ${got}`);
}

function parametersOf(sent: JsonObject[], type: string): JsonObject[] {
  return asObjects(sent.find((each) => upperCase(each["type"]) === type)?.["parameters"]);
}

function textsOf(components: unknown): Texts {
  const text = (type: string) => asText(asObjects(components).find((each) => upperCase(each["type"]) === type)?.["text"]) ?? "";
  return { header: text("HEADER"), body: text("BODY") };
}
