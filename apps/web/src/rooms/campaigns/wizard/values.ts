/** The values a template leaves open, as fields to fill, and back into what is saved. */
import type { CampaignValues, Template } from "@tincan/api";
import { type AnyTemplate, type ButtonNeed, type CardVariables, templateVariables } from "@tincan/whatsapp/templates";

type PartValues = Pick<CampaignValues, "header" | "body" | "buttons">;
type ButtonValues = NonNullable<CampaignValues["buttons"]>;

/** One thing to fill. `path` is where it stands in the values, as problems name it. */
export interface Slot {
  path: string;
  label: string;
  hint?: string;
  value: string;
  /** Liquid is filled in it. */
  liquid: boolean;
  set: (text: string) => CampaignValues;
}

/** A url button whose address may be a tracked short link. */
export interface LinkChoice {
  index: number;
  text: string;
  path: string;
  isTracked: boolean;
  set: (tracked: boolean) => CampaignValues;
}

export interface Slots {
  own: Slot[];
  cards: Slot[][];
  links: LinkChoice[];
  /** The template has an offer that ends. */
  offer: boolean;
}

// The registry's components are Meta's own JSON; the rules read any.
const needsOf = (template: Template) => templateVariables(template as unknown as AnyTemplate);

/** Values with a place for each variable of the template; what was written before stays where it fits. */
export function fitted(template: Template, before: CampaignValues = {}): CampaignValues {
  const needs = needsOf(template);
  const named = template.parameterFormat === "NAMED";
  const part = (need: CardVariables, old: PartValues): PartValues => {
    const body = need.body.map((name, i) => ({ ...(named ? { name } : {}), text: old.body?.[i]?.text ?? "" }));
    const header = headerFor(need, old.header, named);
    const buttons = (old.buttons ?? []).filter((value) => need.buttons.some((button) => button.index === value.index && kindOf(button) === value.kind));
    return { ...(header ? { header } : {}), ...(body.length > 0 ? { body } : {}), ...(buttons.length > 0 ? { buttons } : {}) };
  };
  const cards = needs.cards.map((card, i) => part(card, before.cards?.[i] ?? {}));
  const offer = needs.limitedTimeOffer?.expires ? { offerEnds: before.offerEnds ?? { kind: "after" as const, minutes: 1440 } } : {};
  return { ...part(needs, before), ...(cards.length > 0 ? { cards } : {}), ...offer };
}

function headerFor({ header }: CardVariables, old: PartValues["header"], named: boolean): PartValues["header"] {
  if (!header || header.kind === "product") return undefined;
  if (header.kind === "text") {
    const [name] = header.params;
    return name === undefined ? undefined : { kind: "text", ...(named ? { name } : {}), text: old?.kind === "text" ? old.text : "" };
  }
  if (header.kind === "location") return old?.kind === "location" ? old : { kind: "location", location: { latitude: "", longitude: "" } };
  const kind = header.kind === "gif" ? "video" : header.kind;
  return old?.kind === kind ? old : { kind, media: {} };
}

const kindOf = ({ subType }: ButtonNeed): ButtonValues[number]["kind"] | undefined => ({ quick_reply: "quickReply" as const, url: "url" as const, copy_code: "copyCode" as const })[subType];

/** Everything to fill, with what is there now. */
export function slotsOf(template: Template, values: CampaignValues): Slots {
  const needs = needsOf(template);
  const code = needs.authentication ? codeSlot(needs, values) : null;
  const own = code ? [code] : partSlots(needs, values, "", (part) => ({ ...values, ...part }));
  const cards = needs.cards.map((card, i) => {
    const now = values.cards?.[i] ?? {};
    return partSlots(card, now, `cards[${i}].`, (part) => ({ ...values, cards: needs.cards.map((_, at) => (at === i ? { ...now, ...part } : (values.cards?.[at] ?? {}))) }));
  });
  const links = needs.buttons.flatMap((button): LinkChoice[] => {
    if (button.type !== "URL" || button.need !== "required") return [];
    const now = values.buttons?.find(({ index }) => index === button.index);
    return [
      {
        index: button.index,
        text: button.text,
        path: "buttons",
        isTracked: now?.kind === "url" && now.suffix === null,
        set: (tracked) => ({ ...values, buttons: withButton(values.buttons, button.index, tracked ? { kind: "url", index: button.index, suffix: null, target: "" } : undefined) }),
      },
    ];
  });
  return { own, cards, links, offer: needs.limitedTimeOffer?.expires === true };
}

function withButton(buttons: ButtonValues = [], index: number, value: ButtonValues[number] | undefined): ButtonValues {
  const others = buttons.filter((button) => button.index !== index);
  return value ? [...others, value].toSorted((a, b) => a.index - b.index) : others;
}

function partSlots(needs: CardVariables, values: PartValues, at: string, put: (part: PartValues) => CampaignValues): Slot[] {
  const { header } = values;
  const slots: Slot[] = [];
  if (header?.kind === "text") {
    slots.push({ path: `${at}header`, label: `{{${needs.header?.params[0] ?? "1"}}} in the header`, value: header.text, liquid: true, set: (text) => put({ header: { ...header, text } }) });
  } else if (header?.kind === "location") {
    const place = (key: keyof typeof header.location, label: string): Slot => ({
      path: `${at}header.location.${key}`, label, value: header.location[key] ?? "", liquid: false, set: (text) => put({ header: { ...header, location: { ...header.location, [key]: text } } }),
    });
    slots.push(place("latitude", "Latitude"), place("longitude", "Longitude"), place("name", "Name of the place"), place("address", "Its address"));
  } else if (header) {
    const { media } = header;
    slots.push({ path: `${at}header`, label: `Address of the ${header.kind}`, hint: "A public https address, which may differ per person.", value: media.link ?? "", liquid: true, set: (link) => put({ header: { ...header, media: { ...media, link } } }) });
    if (header.kind === "document") slots.push({ path: `${at}header.media.filename`, label: "Name of the file", value: media.filename ?? "", liquid: true, set: (filename) => put({ header: { ...header, media: { ...media, filename } } }) });
  }
  for (const [i, name] of needs.body.entries()) {
    const body = values.body ?? [];
    slots.push({ path: `${at}body[${i}]`, label: `Value of {{${name}}}`, value: body[i]?.text ?? "", liquid: true, set: (text) => put({ body: body.map((value, j) => (j === i ? { ...value, text } : value)) }) });
  }
  for (const button of needs.buttons) {
    const slot = buttonSlot(button, values.buttons, at, put);
    if (slot) slots.push(slot);
  }
  return slots;
}

/** A one-time password stands in the text and on the button, and is written once. */
function codeSlot({ buttons }: CardVariables, values: CampaignValues): Slot | null {
  const button = buttons.find(({ type }) => type === "OTP");
  if (!button || values.body?.length !== 1) return null;
  const { index } = button;
  return {
    path: "buttons",
    label: "One-time code",
    hint: "In the text and on its button; at most 15 characters.",
    value: values.body[0]?.text ?? "",
    liquid: true,
    set: (text) => ({ ...values, body: values.body?.map((value) => ({ ...value, text })) ?? [], buttons: withButton(values.buttons, index, text ? { kind: "url", index, suffix: text } : undefined) }),
  };
}

function buttonSlot(button: ButtonNeed, buttons: ButtonValues | undefined, at: string, put: (part: PartValues) => CampaignValues): Slot | null {
  const kind = button.need === "none" ? undefined : kindOf(button);
  if (!kind) return null;
  const { index } = button;
  const now = buttons?.find((value) => value.index === index);
  const set = (value: ButtonValues[number] | undefined) => put({ buttons: withButton(buttons, index, value) });
  const path = `${at}buttons`;
  if (kind === "quickReply") {
    return { path, label: `Payload of “${button.text}”`, hint: "Comes back to your systems when it is pressed; may stay empty.", value: now?.kind === "quickReply" ? now.payload : "", liquid: true, set: (payload) => set(payload ? { kind, index, payload } : undefined) };
  }
  if (kind === "copyCode") return { path, label: "Code to copy", value: now?.kind === "copyCode" ? now.code : "", liquid: true, set: (code) => set(code ? { kind, index, code } : undefined) };
  if (now?.kind === "url" && now.suffix === null) {
    return { path, label: `Where “${button.text}” leads`, hint: "The whole address behind the tracked link.", value: now.target ?? "", liquid: true, set: (target) => set({ kind: "url", index, suffix: null, target }) };
  }
  return { path, label: `End of the link “${button.text}”`, value: now?.kind === "url" ? (now.suffix ?? "") : "", liquid: true, set: (suffix) => set(suffix ? { kind: "url", index, suffix } : undefined) };
}
