import type { ButtonSetting, HeaderValue, TemplateButton, TemplateComponent, TemplateInput, TemplateValues, TextValue } from "@tincan/api";
import { variablesIn } from "@tincan/whatsapp/templates";
import type { Draft, DraftButton, DraftHeader, Samples } from "./draft.ts";

/** Variables are named as soon as one of them is; Meta wants to know which. */
function isNamed(draft: Draft): boolean {
  const texts = [draft.body, draft.header.text, ...(draft.shape === "carousel" ? draft.cards.map((card) => card.body) : [])];
  return texts.flatMap(variablesIn).some((name) => !/^\d+$/.test(name));
}

/** What is saved: the components in Meta's shape, and beside them what only Tincan keeps. */
export function definitionOf(draft: Draft): Omit<TemplateInput, "provider" | "submit"> {
  return {
    name: draft.name,
    language: draft.language,
    category: draft.category,
    parameterFormat: isNamed(draft) ? "NAMED" : "POSITIONAL",
    components: componentsOf(draft),
    timeToLiveSeconds: draft.timeToLive === "" ? null : draft.timeToLive,
    buttonSettings: settingsOf(draft),
    samples: valuesOf(draft),
  };
}

function componentsOf(draft: Draft): TemplateComponent[] {
  const named = isNamed(draft);
  if (draft.category === "AUTHENTICATION") return codeComponents(draft);
  const body = bodyOf(draft.body, draft.samples, named);
  if (draft.shape === "carousel") {
    const cards = draft.cards.map((card) => ({
      components: [
        ...headerOf(card.header, named),
        ...(card.body.trim() ? [bodyOf(card.body, card.samples, named)] : []),
        ...(card.buttons.length > 0 ? [{ type: "BUTTONS", buttons: card.buttons.map(buttonOf) }] : []),
      ],
    }));
    return [body, { type: "CAROUSEL", cards }, ...draft.kept];
  }
  return [
    ...headerOf(draft.header, named),
    ...(draft.shape === "offer" ? [{ type: "LIMITED_TIME_OFFER", limited_time_offer: { text: draft.offer.text, has_expiration: draft.offer.expires } }] : []),
    body,
    ...(draft.footer.trim() && draft.shape !== "offer" ? [{ type: "FOOTER", text: draft.footer }] : []),
    ...(draft.buttons.length > 0 ? [{ type: "BUTTONS", buttons: draft.buttons.map(buttonOf) }] : []),
    ...draft.kept,
  ];
}

function headerOf(header: DraftHeader, named: boolean): TemplateComponent[] {
  switch (header.format) {
    case "NONE":
      return [];
    case "KEPT":
      return header.kept ? [header.kept] : [];
    case "LOCATION":
      return [{ type: "HEADER", format: "LOCATION" }];
    case "TEXT": {
      const example = exampleOf("header", header.text, header.samples, named);
      return [{ type: "HEADER", format: "TEXT", text: header.text, ...(example ? { example } : {}) }];
    }
    default:
      return [{ type: "HEADER", format: header.format, ...(header.handle ? { example: { header_handle: [header.handle] } } : {}) }];
  }
}

function bodyOf(text: string, samples: Samples, named: boolean): TemplateComponent {
  const example = exampleOf("body", text, samples, named);
  return { type: "BODY", text, ...(example ? { example } : {}) };
}

function exampleOf(part: "header" | "body", text: string, samples: Samples, named: boolean): Record<string, unknown> | undefined {
  const names = variablesIn(text);
  if (names.length === 0) return undefined;
  if (named) return { [`${part}_text_named_params`]: names.filter((name) => samples[name]).map((name) => ({ param_name: name, example: samples[name] })) };
  const values = names.map((name) => samples[name] ?? "");
  return { [`${part}_text`]: part === "body" ? [values] : values };
}

function buttonOf(button: DraftButton): TemplateButton {
  switch (button.kind) {
    case "QUICK_REPLY":
    case "OPT_OUT":
      return { type: "QUICK_REPLY", text: button.text };
    case "URL":
      return { type: "URL", text: button.text, url: button.url.trim(), ...(isOpen(button) ? { example: [button.example.trim()] } : {}) };
    case "PHONE_NUMBER":
      return { type: "PHONE_NUMBER", text: button.text, phone_number: button.phone.trim() };
    case "COPY_CODE":
      return { type: "COPY_CODE", ...(button.text ? { text: button.text } : {}), example: button.example.trim() };
    default:
      return button.kept ?? { type: button.kind };
  }
}

/** Whether a link ends in something that each message fills in. */
export const isOpen = (button: Pick<DraftButton, "url">): boolean => variablesIn(button.url).length > 0;

/** What of the sample address stands in the place of the variable. */
export function sampleSuffix({ url, example }: Pick<DraftButton, "url" | "example">): string {
  const fixed = url.trim().replace(/\{\{[^{}]*\}\}$/, "");
  return example.startsWith(fixed) ? example.slice(fixed.length) : example;
}

function codeComponents({ code, kept }: Draft): TemplateComponent[] {
  const apps = code.apps.filter((app) => app.packageName.trim() || app.signatureHash.trim());
  const button = {
    type: "OTP",
    otp_type: code.kind,
    ...(code.label.trim() ? { text: code.label } : {}),
    ...(code.kind === "COPY_CODE"
      ? {}
      : {
          ...(code.autofill.trim() ? { autofill_text: code.autofill } : {}),
          supported_apps: apps.map((app) => ({ package_name: app.packageName.trim(), signature_hash: app.signatureHash.trim() })),
        }),
    ...(code.kind === "ZERO_TAP" ? { zero_tap_terms_accepted: code.terms } : {}),
  };
  const body = { type: "BODY", ...(code.advice ? { add_security_recommendation: true } : {}) };
  const footer = { type: "FOOTER", code_expiration_minutes: code.minutes };
  return [body, ...(code.minutes === "" ? [] : [footer]), { type: "BUTTONS", buttons: [button] }, ...kept];
}

function settingsOf(draft: Draft): ButtonSetting[] {
  if (draft.category === "AUTHENTICATION") return [];
  const of = (buttons: DraftButton[], card?: number): ButtonSetting[] =>
    buttons.flatMap((button, index) => {
      const replies = button.kind === "QUICK_REPLY" || button.kind === "OPT_OUT";
      const setting = {
        ...(replies && button.payload ? { payload: button.payload } : {}),
        ...(button.kind === "URL" && button.tracked ? { tracked: true } : {}),
        ...(button.kind === "OPT_OUT" ? { optOut: true } : {}),
      };
      return Object.keys(setting).length === 0 ? [] : [{ index, ...(card === undefined ? {} : { card }), ...setting }];
    });
  return draft.shape === "carousel" ? draft.cards.flatMap((card, index) => of(card.buttons, index)) : of(draft.buttons);
}

/** The samples as a message's values: what previews show and tests begin with. Only what somebody has filled in. */
function valuesOf(draft: Draft): TemplateValues {
  const named = isNamed(draft);
  if (draft.category === "AUTHENTICATION") return {};
  if (draft.shape === "carousel") {
    return { ...bodyValues(draft.body, draft.samples, named), cards: draft.cards.map((card) => ({ ...headerValue(card.header, named), ...bodyValues(card.body, card.samples, named), ...buttonValues(card.buttons) })) };
  }
  return { ...headerValue(draft.header, named), ...bodyValues(draft.body, draft.samples, named), ...buttonValues(draft.buttons) };
}

function headerValue(header: DraftHeader, named: boolean): { header?: HeaderValue } {
  const { format, place } = header;
  if (format === "TEXT") {
    const [name] = variablesIn(header.text);
    const text = name ? header.samples[name] : undefined;
    return name && text ? { header: { kind: "text", ...(named ? { name } : {}), text } } : {};
  }
  if (format === "LOCATION") {
    if (!place.latitude.trim() || !place.longitude.trim()) return {};
    const given = Object.entries(place).map(([key, value]) => [key, value.trim()] as const);
    return { header: { kind: "location", location: { latitude: "", longitude: "", ...Object.fromEntries(given.filter(([, value]) => value)) } } };
  }
  if (format === "IMAGE" || format === "VIDEO" || format === "DOCUMENT") {
    const kind = format.toLowerCase() as "image" | "video" | "document";
    return header.link.trim() ? { header: { kind, media: { link: header.link.trim() } } } : {};
  }
  return {};
}

function bodyValues(text: string, samples: Samples, named: boolean): { body?: TextValue[] } {
  const names = variablesIn(text);
  if (names.length === 0 || names.some((name) => !samples[name])) return {};
  return { body: names.map((name) => ({ ...(named ? { name } : {}), text: samples[name] ?? "" })) };
}

function buttonValues(buttons: DraftButton[]): { buttons?: NonNullable<TemplateValues["buttons"]> } {
  const values = buttons.flatMap((button, index): NonNullable<TemplateValues["buttons"]> => {
    if (button.kind === "URL" && isOpen(button) && button.example.trim()) return [{ kind: "url", index, suffix: sampleSuffix(button) }];
    if (button.kind === "COPY_CODE" && button.example.trim()) return [{ kind: "copyCode", index, code: button.example.trim() }];
    if ((button.kind === "QUICK_REPLY" || button.kind === "OPT_OUT") && button.payload) return [{ kind: "quickReply", index, payload: button.payload }];
    return [];
  });
  return values.length > 0 ? { buttons: values } : {};
}
