/** A variant's values, compiled once: how to make the content of one person's message from what is known about them. */
import type { CampaignValues, CardValue, HeaderValue, TemplateComponent, TemplateContent, TextValue } from "@tincan/api";
import { variablesIn } from "@tincan/whatsapp";
import { componentOf } from "../../templates/examples.ts";
import type { TemplateSnapshot } from "../types.ts";
import type { Filling } from "./filling.ts";
import { roomIn } from "./room.ts";
import { ValueCompiler, type Fill, type LinkRules } from "./values.ts";

export interface ContentOptions extends LinkRules {
  template: TemplateSnapshot;
  values: CampaignValues;
  customProps: Record<string, string>;
  /** What dates are written in. */
  timeZone: string;
}

export interface CompiledContent {
  /** Of `profile`, `event` and `coupon`, what the values read. */
  reads: ReadonlySet<string>;
  make: Fill<TemplateContent>;
}

/** Meta: template components. */
const LONGEST_HEADER = 60;
const LONGEST_BODY = 1_024;
const LONGEST_PROP = 512;
const MINUTE_MS = 60_000;

type PartValues = Pick<CampaignValues, "header" | "body" | "buttons">;

/** Throws ValueFault for a value that cannot be. */
export function compileContent({ template, values, customProps, timeZone, ...rules }: ContentOptions): CompiledContent {
  const compiler = new ValueCompiler(timeZone, rules);
  const named = template.parameterFormat === "NAMED";
  const part = compilePart(compiler, named, values, template.components, "", "");
  const carousel = componentOf(template.components, "CAROUSEL")?.cards ?? [];
  const cards = (values.cards ?? []).map((card, i) => compilePart(compiler, named, card, carousel[i]?.components ?? [], `cards[${i}].`, `card ${i + 1}, `));
  const expires = values.offerEnds && compileOfferEnd(compiler, values.offerEnds);
  const props = Object.entries(customProps).map(([key, text]) => [key, compiler.optional(text, `customProps.${key}`, LONGEST_PROP)] as const);
  const make: Fill<TemplateContent> = (filling) => {
    const content: TemplateContent = { type: "template", name: template.name, language: template.language, ...part(filling) };
    if (expires) content.expiresAtMs = expires(filling);
    if (cards.length > 0) content.cards = cards.map((card) => card(filling));
    if (props.length > 0) content.customProps = Object.fromEntries(props.map(([key, prop]) => [key, prop(filling)]));
    return content;
  };
  return { reads: compiler.reads, make };
}

/** Header, body and buttons, of the message itself or of one card. `path` begins the paths of its values, `label` what its places are called. */
function compilePart(compiler: ValueCompiler, named: boolean, { header, body = [], buttons = [] }: PartValues, components: readonly TemplateComponent[], path: string, label: string): Fill<CardValue> {
  const [headerText, bodyText] = [componentOf(components, "HEADER")?.text ?? "", componentOf(components, "BODY")?.text ?? ""];
  const fillHeader = header && compileHeader(compiler, named && header.kind === "text" ? withNames([header], headerText)[0]! : header, headerText, `${path}header`, label);
  const fillBody = body.length > 0 ? compileBody(compiler, named ? withNames(body, bodyText) : body, bodyText, path, label) : undefined;
  const places = componentOf(components, "BUTTONS")?.buttons ?? [];
  const fillButtons = buttons.map((button, i) => compiler.button(button, places[button.index]?.url, `${path}buttons[${i}]`, `${label}button ${button.index + 1}`));
  return (filling) => {
    const value: CardValue = {};
    if (fillHeader) value.header = fillHeader(filling);
    if (fillBody) value.body = fillBody(filling);
    if (fillButtons.length > 0) value.buttons = fillButtons.map((fill) => fill(filling));
    return value;
  };
}

/** Values of named variables that do not say which, in the order in which the template names them. */
function withNames<T extends { name?: string }>(values: readonly T[], template: string): T[] {
  const names = variablesIn(template);
  return values.map((value, i) => (value.name !== undefined || names[i] === undefined ? value : { ...value, name: names[i] }));
}

function compileHeader(compiler: ValueCompiler, header: NonNullable<CampaignValues["header"]>, template: string, path: string, label: string): Fill<HeaderValue> {
  if (header.kind === "location") return () => header;
  if (header.kind !== "text") return compiler.media(header, path, `${label}${header.kind}`);
  const named = header.name === undefined ? {} : { name: header.name };
  const fill = compiler.parameter(header.text, `${path}.text`, `${label}header`, `${label}header`);
  const hasRoom = roomIn(template, LONGEST_HEADER);
  return (filling) => {
    const text = fill(filling);
    if (!hasRoom([{ ...named, text }])) filling.refuse(`With its value the ${label}header has more than ${LONGEST_HEADER} characters.`, `${path}.text`);
    return { kind: "text", ...named, text };
  };
}

function compileBody(compiler: ValueCompiler, body: readonly TextValue[], template: string, path: string, label: string): Fill<TextValue[]> {
  const fills = body.map(({ name, text }, i): Fill<TextValue> => {
    const fill = compiler.parameter(text, `${path}body[${i}]`, `${label}variable ${name ?? i + 1}`, `${label}body`);
    return name === undefined ? (filling) => ({ text: fill(filling) }) : (filling) => ({ name, text: fill(filling) });
  });
  const hasRoom = roomIn(template, LONGEST_BODY);
  return (filling) => {
    const values = fills.map((fill) => fill(filling));
    if (!hasRoom(values)) filling.refuse(`With its values the ${label}text has more than ${LONGEST_BODY} characters.`, `${path}body`);
    return values;
  };
}

function compileOfferEnd(compiler: ValueCompiler, end: NonNullable<CampaignValues["offerEnds"]>): Fill<number> {
  if (end.kind === "after") return ({ now }) => now + end.minutes * MINUTE_MS;
  if (end.kind === "at") {
    const at = Date.parse(end.at);
    return (filling) => notPast(at, filling);
  }
  compiler.reads.add("profile");
  return (filling) => {
    const said = filling.scope.profile[end.property];
    const at = typeof said === "string" || typeof said === "number" ? new Date(said).getTime() : Number.NaN;
    if (said === undefined || said === null || said === "") filling.missing.push(`profile.${end.property}`);
    else if (Number.isNaN(at)) filling.refuse(`"${String(said as string).slice(0, 40)}" is no time at which an offer could end.`, "offerEnds");
    else notPast(at, filling);
    filling.note("offerEnds");
    return Number.isNaN(at) ? filling.now : at;
  };
}

function notPast(at: number, filling: Filling): number {
  if (at <= filling.now) filling.refuse("The offer has ended already.", "offerEnds");
  return at;
}
