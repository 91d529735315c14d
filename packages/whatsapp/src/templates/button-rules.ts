/**
 * Rules for the buttons of a template.
 *
 * Source: Meta, "Template components", "Authentication templates", "Limited-time offer templates"; refused link hosts as
 * reported by template creators.
 */
import { asList, asObjects, asText, upperCase, type JsonObject } from "../json.ts";
import { templateLimits as limits } from "./limits.ts";
import { variablesIn } from "./variables.ts";
import type { Report } from "./variable-rules.ts";

/** How many buttons of a kind one template may have. */
const most: Record<string, number> = {
  QUICK_REPLY: 10, URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1, OTP: 1, FLOW: 1, CATALOG: 1, MPM: 1, SPM: 1, VOICE_CALL: 1, REQUEST_CONTACT_INFO: 1, APP: 1,
};
const labelled = ["QUICK_REPLY", "URL", "PHONE_NUMBER", "FLOW", "VOICE_CALL", "APP"];
const marketingOnly = ["CATALOG", "MPM", "SPM"];
const refusedHosts = ["wa.me", "chat.whatsapp.com", "bit.ly", "tinyurl.com", "goo.gl", "t.co", "is.gd", "ow.ly", "cutt.ly", "rebrand.ly"];

export interface ButtonSetting {
  category: string;
  /** Variables have names. */
  named: boolean;
  /** Inside a carousel card there are at most two. */
  card: boolean;
  offer: boolean;
  /** Characters of a coupon code, at most. */
  code: number;
}

/** All rules of one BUTTONS component at `path`. */
export function checkButtons(report: Report, path: string, component: JsonObject, setting: ButtonSetting): void {
  const buttons = asObjects(component["buttons"]);
  if (buttons.length === 0 || buttons.length !== asList(component["buttons"]).length) {
    report(`${path}.buttons`, "buttons.list", "buttons is a list of at least one button, each an object.");
    return;
  }
  const types = buttons.map((button) => upperCase(button["type"]));
  const limit = setting.card ? limits.cardButtons : limits.buttons;
  if (buttons.length > limit) {
    report(`${path}.buttons`, "buttons.count", `At most ${limit} buttons are allowed here; there are ${buttons.length}.`);
  }
  for (const [type, count] of Object.entries(most)) {
    const found = types.filter((each) => each === type).length;
    if (found > count) {
      const allowed = `${count} ${type} ${count === 1 ? "button is" : "buttons are"}`;
      report(`${path}.buttons`, "buttons.count_of_type", `At most ${allowed} allowed; there are ${found}.`);
    }
  }
  checkGrouping(report, path, types);
  checkTogether(report, path, types, setting);
  for (const [index, button] of buttons.entries()) checkButton(report, `${path}.buttons[${index}]`, button, types[index]!, setting);
}

/** Quick replies stand together, before or after all other buttons. */
function checkGrouping(report: Report, path: string, types: string[]): void {
  const changes = types.filter((type, index) => index > 0 && (type === "QUICK_REPLY") !== (types[index - 1] === "QUICK_REPLY")).length;
  if (changes > 1) report(`${path}.buttons`, "buttons.grouping", "Quick replies stand together, before or after all other buttons.");
}

function checkTogether(report: Report, path: string, types: string[], setting: ButtonSetting): void {
  if (setting.category === "AUTHENTICATION" && (types.length !== 1 || types[0] !== "OTP")) {
    report(`${path}.buttons`, "buttons.authentication", "An authentication template has exactly one button, of type OTP.");
  }
  if (types.includes("REQUEST_CONTACT_INFO") && types.length > 1) {
    report(`${path}.buttons`, "buttons.alone", "A REQUEST_CONTACT_INFO button stands alone.");
  }
  if (setting.offer && types.indexOf("COPY_CODE") > 0) {
    report(`${path}.buttons`, "buttons.offer_order", "In a limited-time offer the copy code button comes first.");
  }
}

function checkButton(report: Report, path: string, button: JsonObject, type: string, setting: ButtonSetting): void {
  if (!(type in most)) {
    report(`${path}.type`, "button.type", `type is one of ${Object.keys(most).join(", ")}.`);
    return;
  }
  const text = asText(button["text"]);
  if (labelled.includes(type) && !text?.trim()) report(`${path}.text`, "button.text", "The button needs a text.");
  if (text !== undefined && [...text].length > limits.buttonText) {
    report(`${path}.text`, "button.length", `A button text has at most ${limits.buttonText} characters.`, 2388040);
  }
  if (text !== undefined && /\{\{/.test(text)) report(`${path}.text`, "button.variable", "A button text has no variable.");
  if (marketingOnly.includes(type) && setting.category !== "MARKETING") {
    report(`${path}.type`, "button.marketing", `${type} buttons are for marketing templates.`);
  }
  if (type === "URL") checkUrl(report, path, button, setting);
  else if (type === "PHONE_NUMBER") checkPhone(report, path, button);
  else if (type === "COPY_CODE") checkCopyCode(report, path, button, setting);
  else if (type === "OTP") checkOneTimePassword(report, path, button, setting);
  else if (type === "FLOW") checkFlow(report, path, button);
}

/** Each address counts its variable from one; in a template with names it may have one as well. */
function checkUrl(report: Report, path: string, button: JsonObject, { named }: ButtonSetting): void {
  const url = asText(button["url"]);
  if (!url) {
    report(`${path}.url`, "button.url", "The button needs an address.");
    return;
  }
  if (url.length > limits.url) report(`${path}.url`, "button.url_length", `An address has at most ${limits.url} characters.`, 2388040);
  const variables = variablesIn(url);
  const fixed = url.replace(/\{\{[^{}]*\}\}$/, "");
  if (fixed.includes("{{") || variables.length > 1) {
    report(`${path}.url`, "button.url_variable", "An address has at most one variable, at its end.");
  } else if (variables.length === 1 && variables[0] !== "1" && !(named && /^[a-z0-9_]+$/.test(variables[0]!))) {
    report(`${path}.url`, "button.url_numbering", named ? "The variable of an address is {{1}} or a name in lowercase letters, digits and underscores." : "The variable of an address is {{1}}.");
  }
  const plain = fixed.replaceAll(/\{\{[^{}]*\}\}/g, "");
  const parsed = URL.canParse(plain) ? new URL(plain) : undefined;
  if (parsed?.protocol !== "https:") {
    report(`${path}.url`, "button.url_https", "The address begins with https:// and a host.");
  } else if (refusedHosts.includes(parsed.hostname.replace(/^www\./, ""))) {
    report(`${path}.url`, "button.url_host", `Meta refuses links to ${parsed.hostname}: no shorteners, no WhatsApp links.`);
  }
  const examples = typeof button["example"] === "string" ? [button["example"]] : asList(button["example"]);
  if (variables.length > 0 && !asText(examples[0])) {
    report(`${path}.example`, "button.url_example", "An address with a variable needs an example.");
  }
}

function checkPhone(report: Report, path: string, button: JsonObject): void {
  const phone = asText(button["phone_number"]) ?? "";
  if (!/^\+?[\d\s()-]{3,}$/.test(phone)) {
    report(`${path}.phone_number`, "button.phone", "The button needs a phone number with country code and no variable.");
  }
  else if (phone.length > limits.phone) {
    report(`${path}.phone_number`, "button.phone_length", `A phone number has at most ${limits.phone} characters.`, 2388040);
  }
}

function checkCopyCode(report: Report, path: string, button: JsonObject, setting: ButtonSetting): void {
  const example = asText(button["example"]) ?? asText(asList(button["example"])[0]);
  if (!example) report(`${path}.example`, "button.code_example", "A copy code button needs an example code.");
  else if ([...example].length > setting.code) {
    report(`${path}.example`, "button.code_length", `A coupon code has at most ${setting.code} characters.`, 2388040);
  }
}

function checkOneTimePassword(report: Report, path: string, button: JsonObject, setting: ButtonSetting): void {
  if (setting.category !== "AUTHENTICATION") report(`${path}.type`, "button.otp_category", "OTP buttons are for authentication templates.");
  const kind = upperCase(button["otp_type"]);
  if (!["COPY_CODE", "ONE_TAP", "ZERO_TAP"].includes(kind)) {
    report(`${path}.otp_type`, "button.otp_type", "otp_type is COPY_CODE, ONE_TAP or ZERO_TAP.");
    return;
  }
  const autofill = asText(button["autofill_text"]);
  if (autofill !== undefined && [...autofill].length > limits.buttonText) {
    report(`${path}.autofill_text`, "button.length", `A button text has at most ${limits.buttonText} characters.`, 2388040);
  }
  if (kind === "ZERO_TAP" && button["zero_tap_terms_accepted"] !== true) {
    report(`${path}.zero_tap_terms_accepted`, "button.zero_tap_terms", "A zero-tap button needs zero_tap_terms_accepted: true.");
  }
  if (kind === "COPY_CODE") return;
  // Before 2024 one app was named on the button itself; Meta still takes that form.
  const apps = button["supported_apps"] === undefined && button["package_name"] !== undefined ? [button] : asObjects(button["supported_apps"]);
  if (apps.length === 0 || apps.length > limits.apps) {
    report(`${path}.supported_apps`, "button.apps", `A ${kind} button names 1 to ${limits.apps} supported apps.`);
  }
  // A hash may come percent-encoded, as in Meta's own example.
  for (const [index, app] of apps.entries()) {
    const at = app === button ? path : `${path}.supported_apps[${index}]`;
    if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)+$/.test(asText(app["package_name"]) ?? "")) {
      report(`${at}.package_name`, "button.app_package", "package_name is an Android package such as com.example.app.");
    }
    if ((asText(app["signature_hash"]) ?? "").replace(/%[0-9A-Fa-f]{2}/g, "x").length !== limits.signatureHash) {
      report(`${at}.signature_hash`, "button.app_hash", `signature_hash has exactly ${limits.signatureHash} characters.`);
    }
  }
}

function checkFlow(report: Report, path: string, button: JsonObject): void {
  const named = ["flow_id", "flow_name", "flow_json"].filter((member) => button[member] !== undefined);
  if (named.length !== 1) report(path, "button.flow", "A Flow button has exactly one of flow_id, flow_name and flow_json.");
}
