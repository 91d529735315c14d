import type { ButtonSetting, Template, TemplateButton, TemplateComponent } from "@tincan/api";
import { variablesIn } from "@tincan/whatsapp/templates";

/*
 * A template while somebody writes it: flat, one field per input. `draftOf` reads a saved template into it, `draft-definition.ts` makes
 * Meta's components of it. What this form cannot write (a Flow button, a product header) is carried along as it is.
 */

export type Category = "MARKETING" | "UTILITY" | "AUTHENTICATION";
export type Shape = "basic" | "offer" | "carousel";
export type HeaderFormat = "NONE" | "TEXT" | "IMAGE" | "VIDEO" | "DOCUMENT" | "LOCATION" | "KEPT";
export type ButtonKind = "QUICK_REPLY" | "OPT_OUT" | "URL" | "PHONE_NUMBER" | "COPY_CODE" | "KEPT";
export type CodeKind = "COPY_CODE" | "ONE_TAP" | "ZERO_TAP";

/** Sample values by the variable's name or number. */
export type Samples = Record<string, string>;

export interface DraftHeader {
  format: HeaderFormat;
  text: string;
  samples: Samples;
  /** Meta's handle of the uploaded sample, or the address Meta lists it under. */
  handle: string;
  /** Where the file can be fetched: for previews and tests. */
  link: string;
  /** Chosen, and uploaded when the template is saved. */
  file: File | null;
  /** Under which this page can show the chosen file. */
  fileAddress: string;
  place: { latitude: string; longitude: string; name: string; address: string };
  kept?: TemplateComponent;
}

export interface DraftButton {
  id: number;
  kind: ButtonKind;
  text: string;
  url: string;
  /** What an open address or a code is tried with: the whole address, as Meta wants it. */
  example: string;
  phone: string;
  payload: string;
  tracked: boolean;
  kept?: TemplateButton;
}

export interface DraftCard {
  id: number;
  header: DraftHeader;
  body: string;
  samples: Samples;
  buttons: DraftButton[];
}

export interface SupportedApp {
  id: number;
  packageName: string;
  signatureHash: string;
}

export interface Draft {
  provider: string;
  name: string;
  language: string;
  category: Category;
  shape: Shape;
  header: DraftHeader;
  body: string;
  samples: Samples;
  footer: string;
  buttons: DraftButton[];
  offer: { text: string; expires: boolean };
  cards: DraftCard[];
  code: { kind: CodeKind; label: string; autofill: string; advice: boolean; minutes: number | ""; apps: SupportedApp[]; terms: boolean };
  /** For how long Meta tries to deliver, in s; empty for as long as Meta does by itself. */
  timeToLive: number | "";
  /** Components the form does not know. */
  kept: TemplateComponent[];
}

let last = 0;
const nextId = () => ++last;

const newHeader = (format: HeaderFormat = "NONE"): DraftHeader => ({
  format,
  text: "",
  samples: {},
  handle: "",
  link: "",
  file: null,
  fileAddress: "",
  place: { latitude: "", longitude: "", name: "", address: "" },
});

/** Meta's own words for its opt-out button. */
const optOutText = "Stop promotions";

export const newButton = (kind: ButtonKind): DraftButton => ({
  id: nextId(),
  kind,
  text: kind === "OPT_OUT" ? optOutText : "",
  url: "",
  example: "",
  phone: "",
  payload: "",
  tracked: false,
});

/** A card like the others: all have the same header and the same buttons. */
export const newCard = (like?: DraftCard): DraftCard => ({
  id: nextId(),
  header: newHeader(like?.header.format ?? "IMAGE"),
  body: "",
  samples: {},
  buttons: (like?.buttons ?? [newButton("QUICK_REPLY")]).map((button) => ({ ...button, id: nextId(), payload: "" })),
});

export const newApp = (): SupportedApp => ({ id: nextId(), packageName: "", signatureHash: "" });

export const newDraft = (provider: string): Draft => ({
  provider,
  name: "",
  language: "en",
  category: "MARKETING",
  shape: "basic",
  header: newHeader(),
  body: "",
  samples: {},
  footer: "",
  buttons: [],
  offer: { text: "", expires: true },
  cards: [newCard(), newCard()],
  code: { kind: "COPY_CODE", label: "", autofill: "", advice: true, minutes: 10, apps: [newApp()], terms: false },
  timeToLive: "",
  kept: [],
});

const find = (components: TemplateComponent[], type: string) => components.find((component) => component.type.toUpperCase() === type);
const written = ["HEADER", "BODY", "FOOTER", "BUTTONS", "LIMITED_TIME_OFFER", "CAROUSEL"];

/** A saved template as the form shows it. */
export function draftOf(template: Pick<Template, "provider" | "name" | "language" | "category" | "components" | "buttonSettings" | "samples" | "timeToLiveSeconds">): Draft {
  const { components, samples } = template;
  const blank = newDraft(template.provider.id);
  const category = template.category.toUpperCase();
  const carousel = find(components, "CAROUSEL");
  const offer = find(components, "LIMITED_TIME_OFFER")?.limited_time_offer;
  const body = find(components, "BODY");
  return {
    ...blank,
    name: template.name,
    language: template.language,
    category: category === "UTILITY" || category === "AUTHENTICATION" ? category : "MARKETING",
    shape: carousel ? "carousel" : offer ? "offer" : "basic",
    header: headerOf(find(components, "HEADER"), samples.header),
    body: body?.text ?? "",
    samples: samplesOf(body, "body", samples.body?.map(({ text }) => text)),
    footer: find(components, "FOOTER")?.text ?? "",
    buttons: buttonsOf(find(components, "BUTTONS"), template.buttonSettings.filter((setting) => setting.card === undefined)),
    offer: { text: offer?.text ?? "", expires: offer ? offer.has_expiration === true : true },
    cards: carousel
      ? (carousel.cards ?? []).map((card, index) => {
          const text = find(card.components, "BODY");
          const given = samples.cards?.[index];
          return {
            id: nextId(),
            header: headerOf(find(card.components, "HEADER"), given?.header),
            body: text?.text ?? "",
            samples: samplesOf(text, "body", given?.body?.map((value) => value.text)),
            buttons: buttonsOf(find(card.components, "BUTTONS"), template.buttonSettings.filter((setting) => setting.card === index)),
          };
        })
      : blank.cards,
    code: category === "AUTHENTICATION" ? codeOf(components, blank.code) : blank.code,
    timeToLive: template.timeToLiveSeconds ?? "",
    kept: components.filter((component) => !written.includes(component.type.toUpperCase())),
  };
}

function headerOf(component: TemplateComponent | undefined, sample: Template["samples"]["header"]): DraftHeader {
  if (!component) return newHeader();
  const format = (component.format ?? "TEXT").toUpperCase();
  if (!["TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"].includes(format)) return { ...newHeader("KEPT"), kept: component };
  const handles = component.example?.["header_handle"];
  const handle: unknown = Array.isArray(handles) ? handles[0] : undefined;
  const blank = newHeader(format as HeaderFormat);
  return {
    ...blank,
    text: component.text ?? "",
    samples: samplesOf(component, "header", sample?.kind === "text" && sample.text ? [sample.text] : undefined),
    handle: typeof handle === "string" ? handle : "",
    link: sample && "media" in sample ? (sample.media.link ?? "") : "",
    place: sample?.kind === "location" ? { ...blank.place, ...sample.location } : blank.place,
  };
}

/** Sample values by variable: those Meta has, else those kept beside the template. */
function samplesOf(component: TemplateComponent | undefined, part: "header" | "body", kept: string[] = []): Samples {
  const { [`${part}_text`]: places, [`${part}_text_named_params`]: named } = component?.example ?? {};
  const first: unknown = Array.isArray(places) && Array.isArray(places[0]) ? places[0] : places;
  const byPlace: unknown[] = Array.isArray(first) ? first : [];
  const byName: unknown[] = Array.isArray(named) ? named : [];
  return Object.fromEntries(
    variablesIn(component?.text ?? "").map((name, index) => {
      const entry = byName.find((each) => typeof each === "object" && each !== null && "param_name" in each && each.param_name === name);
      const sample: unknown = typeof entry === "object" && entry !== null && "example" in entry ? entry.example : byPlace[index];
      return [name, typeof sample === "string" ? sample : (kept[index] ?? "")];
    }),
  );
}

function buttonsOf(component: TemplateComponent | undefined, settings: ButtonSetting[]): DraftButton[] {
  return (component?.buttons ?? []).map((button, index) => {
    const setting = settings.find((each) => each.index === index);
    const type = button.type.toUpperCase();
    const known = type === "QUICK_REPLY" || type === "URL" || type === "PHONE_NUMBER" || type === "COPY_CODE";
    const example = Array.isArray(button.example) ? button.example[0] : button.example;
    return {
      ...newButton(known ? (type === "QUICK_REPLY" && setting?.optOut ? "OPT_OUT" : type) : "KEPT"),
      text: button.text ?? "",
      url: button.url ?? "",
      example: example ?? "",
      phone: button.phone_number ?? "",
      payload: setting?.payload ?? "",
      tracked: setting?.tracked ?? false,
      ...(known ? {} : { kept: button }),
    };
  });
}

function codeOf(components: TemplateComponent[], blank: Draft["code"]): Draft["code"] {
  // Members that only authentication templates have.
  const button: Record<string, unknown> = { ...find(components, "BUTTONS")?.buttons?.[0] };
  const footer: Record<string, unknown> = { ...find(components, "FOOTER") };
  const body: Record<string, unknown> = { ...find(components, "BODY") };
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const kind = text(button["otp_type"]).toUpperCase();
  const minutes = footer["code_expiration_minutes"];
  const apps: unknown[] = Array.isArray(button["supported_apps"]) ? button["supported_apps"] : [];
  return {
    kind: kind === "ONE_TAP" || kind === "ZERO_TAP" ? kind : "COPY_CODE",
    label: text(button["text"]),
    autofill: text(button["autofill_text"]),
    advice: body["add_security_recommendation"] === true,
    minutes: typeof minutes === "number" ? minutes : "",
    apps: apps.length > 0 ? apps.map(appOf) : blank.apps,
    terms: button["zero_tap_terms_accepted"] === true,
  };
}

function appOf(app: unknown): SupportedApp {
  const names = typeof app === "object" && app !== null ? app : {};
  return {
    id: nextId(),
    packageName: "package_name" in names ? String(names.package_name) : "",
    signatureHash: "signature_hash" in names ? String(names.signature_hash) : "",
  };
}
