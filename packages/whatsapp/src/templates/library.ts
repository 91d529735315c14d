/**
 * Meta's template library: ready-made utility and authentication templates. Their words are fixed; a business adds its own links,
 * phone numbers and, for one-time codes, what goes with the code.
 *
 * Source: Meta, WhatsApp Business Platform, "Template Library". What that page leaves open is told in docs/templates.md: entries are
 * therefore read tolerantly, and what is written follows the page's tables rather than its examples where the two differ.
 */
import { asId, asList, asObject, asObjects, asText, defined, upperCase, type JsonObject } from "../json.ts";
import { templateProblems } from "./authoring.ts";
import type { LibraryTemplateDefinition, SupportedApp, TemplateCategory } from "./types.ts";
import { malformedComponent, type Problem } from "./variable-rules.ts";

/** An entry of the library, in one language. Words in capitals are Meta's and open-ended. */
export interface LibraryTemplate {
  id: string;
  name: string;
  language: string;
  category: string;
  topic?: string;
  usecase?: string;
  industry: string[];
  header?: string;
  body: string;
  footer?: string;
  /** A sample for each variable of the body, in order. */
  bodyParams: string[];
  /** What each variable takes when it is sent, such as TEXT, DATE or AMOUNT; Meta checks it then. */
  bodyParamTypes: string[];
  buttons: LibraryButton[];
}

/** A button of an entry; its address and its number are samples that the business replaces. */
export interface LibraryButton {
  type: string;
  text?: string;
  url?: string;
  phone_number?: string;
  otp_type?: string;
}

/** What the business adds to an entry. */
export interface LibraryInputs {
  buttons?: readonly LibraryButtonInput[] | undefined;
  body?: LibraryBodyInputs | undefined;
}

export interface LibraryButtonInput {
  /** Zero-based place among the entry's buttons. */
  index: number;
  /** May end in a variable; `urlExample` is then the whole address as one message will have it. */
  url?: string | undefined;
  urlExample?: string | undefined;
  phoneNumber?: string | undefined;
  otpType?: string | undefined;
  supportedApps?: readonly { packageName: string; signatureHash: string }[] | undefined;
  zeroTapTermsAccepted?: boolean | undefined;
}

/** The last two are "not widely available" and ignored where they are not. */
export interface LibraryBodyInputs {
  addContactNumber?: boolean | undefined;
  addSecurityRecommendation?: boolean | undefined;
  codeExpirationMinutes?: number | undefined;
  addLearnMoreLink?: boolean | undefined;
  addTrackPackageLink?: boolean | undefined;
}

/** Filters of `GET /message_template_library`. */
export interface LibraryFilter {
  /** Part of a name or of a text. */
  search?: string | undefined;
  /** Whether Meta matches it as a whole is not documented: compare exactly afterwards. */
  name?: string | undefined;
  topic?: string | undefined;
  usecase?: string | undefined;
  industry?: string | undefined;
  language?: string | undefined;
}

/** Undefined for what has no name, language or text: nothing could be made from it. */
export function readLibraryTemplate(value: unknown): LibraryTemplate | undefined {
  const given = asObject(value);
  const [name, language, body] = [asText(given?.["name"]), asText(given?.["language"]), asText(given?.["body"])];
  if (!given || !name || !language || body === undefined) return undefined;
  return defined({
    id: asId(given["id"]) ?? `${name} ${language}`,
    name,
    language,
    category: upperCase(given["category"]) || "UTILITY",
    topic: asText(given["topic"]),
    usecase: asText(given["usecase"]),
    industry: texts(typeof given["industry"] === "string" ? [given["industry"]] : given["industry"]),
    header: asText(given["header"]),
    body,
    footer: asText(given["footer"]),
    bodyParams: texts(given["body_params"]),
    bodyParamTypes: texts(given["body_param_types"]),
    buttons: asObjects(given["buttons"]).map((button) =>
      defined({
        type: upperCase(button["type"]) || "QUICK_REPLY",
        text: asText(button["text"]),
        url: asText(button["url"]),
        phone_number: asText(button["phone_number"]),
        otp_type: asText(button["otp_type"]),
      } as LibraryButton),
    ),
  } as LibraryTemplate);
}

const texts = (value: unknown): string[] => asList(value).flatMap((each) => asText(each) ?? []);

/** The entry as components, with what the business adds in place of the samples. */
export function libraryComponents(entry: LibraryTemplate, inputs: LibraryInputs = {}): JsonObject[] {
  const { header, body, footer, bodyParams } = entry;
  const { addSecurityRecommendation, codeExpirationMinutes } = inputs.body ?? {};
  const buttons = entry.buttons.map((button, index) => withInput(button, inputs.buttons?.find((each) => each.index === index)));
  return [
    ...(header ? [{ type: "HEADER", format: "TEXT", text: header }] : []),
    {
      type: "BODY",
      text: body,
      ...(bodyParams.length > 0 && { example: { body_text: [bodyParams] } }),
      ...(addSecurityRecommendation === true && { add_security_recommendation: true }),
    },
    ...(footer || codeExpirationMinutes !== undefined ? [defined({ type: "FOOTER", text: footer, code_expiration_minutes: codeExpirationMinutes })] : []),
    ...(buttons.length > 0 ? [{ type: "BUTTONS", buttons }] : []),
  ];
}

function withInput(button: LibraryButton, input: LibraryButtonInput | undefined): JsonObject {
  if (!input) return button.type === "OTP" ? { ...button, otp_type: button.otp_type ?? "COPY_CODE" } : { ...button };
  const { url, urlExample, phoneNumber } = input;
  if (button.type === "URL") return defined({ ...button, url, example: urlExample ? [urlExample] : undefined });
  if (button.type === "PHONE_NUMBER") return defined({ ...button, phone_number: phoneNumber });
  return button.type === "OTP" ? { ...button, ...oneTimePassword(button, input) } : { ...button };
}

function oneTimePassword(button: LibraryButton, input: LibraryButtonInput): JsonObject {
  const supported_apps = input.supportedApps?.map(({ packageName, signatureHash }): SupportedApp => ({ package_name: packageName, signature_hash: signatureHash }));
  return defined({ otp_type: input.otpType ?? button.otp_type ?? "COPY_CODE", supported_apps, zero_tap_terms_accepted: input.zeroTapTermsAccepted });
}

/** Body of `POST /{WABA id}/message_templates`: one input for each button that takes one, in the order of the buttons. */
export function libraryDefinition(entry: LibraryTemplate, name: string, inputs: LibraryInputs = {}): LibraryTemplateDefinition {
  const buttons = entry.buttons.flatMap((button, index): JsonObject[] => {
    const input = inputs.buttons?.find((each) => each.index === index) ?? { index };
    if (button.type === "URL") return [{ type: "URL", url: defined({ base_url: input.url, url_suffix_example: input.urlExample }) }];
    if (button.type === "PHONE_NUMBER") return [{ type: "PHONE_NUMBER", phone_number: input.phoneNumber }];
    return button.type === "OTP" ? [{ type: "OTP", ...oneTimePassword(button, input) }] : [];
  });
  const { addContactNumber, addLearnMoreLink, addSecurityRecommendation, addTrackPackageLink, codeExpirationMinutes } = inputs.body ?? {};
  const body = defined({
    add_contact_number: addContactNumber,
    add_learn_more_link: addLearnMoreLink,
    add_security_recommendation: addSecurityRecommendation,
    add_track_package_link: addTrackPackageLink,
    code_expiration_minutes: codeExpirationMinutes,
  });
  return {
    name,
    language: entry.language,
    category: entry.category as TemplateCategory,
    library_template_name: entry.name,
    ...(buttons.length > 0 && { library_template_button_inputs: buttons }),
    ...(Object.keys(body).length > 0 && { library_template_body_inputs: body }),
  };
}

const memberNames: Record<string, string> = {
  url: "url", example: "urlExample", phone_number: "phoneNumber", otp_type: "otpType", supported_apps: "supportedApps", zero_tap_terms_accepted: "zeroTapTermsAccepted",
};

/** What stands against making a template of this name from the entry: the name, and what is added. The entry's own words are Meta's. */
export function libraryProblems(entry: LibraryTemplate, name: string, inputs: LibraryInputs = {}): Problem[] {
  const complete = { ...inputs, buttons: entry.buttons.map((_, index) => ({ url: "", phoneNumber: "", ...inputs.buttons?.find((each) => each.index === index), index })) };
  const components = libraryComponents(entry, complete);
  const found = templateProblems({ name, language: entry.language, category: entry.category, components }, "cloud-api").flatMap((problem) => {
    if (problem.path === "name") return [problem];
    const [, index, member = ""] = /^components\[\d+\]\.buttons\[(\d+)\]\.(\w+)/.exec(problem.path) ?? [];
    const field = memberNames[member];
    return index === undefined || field === undefined ? [] : [{ ...problem, path: `buttons[${index}].${field}` }];
  });
  const astray = (inputs.buttons ?? []).findIndex(({ index }) => index >= entry.buttons.length);
  return astray < 0 ? found : [...found, { path: `buttons[${astray}].index`, rule: "settings.button", message: "The template has no button at this place.", subcode: malformedComponent }];
}
