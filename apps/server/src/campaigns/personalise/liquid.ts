/**
 * Texts with Liquid in them, parsed once and filled for one person after the other. Liquid is liquidjs, kept from files, from names that
 * JavaScript puts on every object, and from long or large renders. What a text says plainly (`{{ profile.name | default: "there" }}`)
 * is filled without it, in a fraction of the time and with the same result.
 */
import { Liquid, Output, Tag, toValueSync, type Context, type Emitter, type Template, type TagToken } from "liquidjs";
import { remembered, type ReadPath } from "./remembered.ts";

/** What texts are filled with. */
export interface Scope {
  profile: Record<string, unknown>;
  event: Record<string, unknown>;
  coupon: string | null;
}

/** What filling somebody's texts came upon. */
export interface Findings {
  /** Values without a default that were empty, as they are written: "profile.city". */
  missing: string[];
  /** The text said to leave the person out, and why ("" when it said no more). */
  aborted: string | null;
  /** A text that took too long or grew too large. */
  failed: string | null;
}

export interface LiquidText {
  source: string;
  /** The same for everybody. */
  isFixed: boolean;
  /** Of `profile`, `event` and `coupon`, what it reads. */
  reads: ReadonlySet<string>;
  fill(scope: Scope, findings: Findings): string;
}

/** What is wrong with a text, for whoever writes it. */
export class LiquidFault extends Error {}

const LONGEST = 10_000;
/** By the clock, which goes on while this process waits for its turn. */
const MOST_MS = 1_000;
/** Parts of arrays and characters that filters may make for one text. */
const MOST_MEMORY = 100_000;
const ROOTS = ["profile", "event", "coupon"];

/** Parses a text. `timeZone` is what dates are written in. Throws LiquidFault. */
export function parseLiquid(source: string, timeZone: string): LiquidText {
  if (!/\{[{%]/.test(source)) return { source, isFixed: true, reads: new Set(), fill: () => source };
  const liquid = liquidFor(timeZone);
  let templates: Template[];
  let roots: string[];
  try {
    templates = liquid.parse(source);
    roots = liquid.globalVariablesSync(templates);
  } catch (cause) {
    throw new LiquidFault(inWords(cause));
  }
  const stranger = roots.find((root) => !ROOTS.includes(root));
  if (stranger !== undefined) throw new LiquidFault(`There is no "${stranger}"; write profile.${stranger} for a property of the person, or event.${stranger} for one of the event.`);
  watchOutputs(templates);
  const reads = new Set(roots);
  const plainly = fillPlainly(source);
  if (plainly) return { source, isFixed: false, reads, fill: plainly };
  const fill: LiquidText["fill"] = (scope, findings) => render(liquid, templates, scope, findings);
  const paths = pathsOf(liquid, templates, source);
  return { source, isFixed: false, reads, fill: paths ? remembered(paths, fill) : fill };
}

/** The properties that a text reads, when it depends on nothing else: not on the time, a coupon, or a property whose name is read itself. */
function pathsOf(liquid: Liquid, templates: Template[], source: string): ReadPath[] | null {
  if (/now|today|random|coupon/.test(source)) return null;
  const paths: ReadPath[] = [];
  for (const [of, key] of liquid.globalVariableSegmentsSync(templates)) {
    if ((of !== "profile" && of !== "event") || typeof key !== "string") return null;
    paths.push({ of, key });
  }
  return paths;
}

const engines = new Map<string, Liquid>();

function liquidFor(timeZone: string): Liquid {
  let liquid = engines.get(timeZone);
  if (!liquid) {
    liquid = new Liquid({ templates: {}, ownPropertyOnly: true, strictFilters: true, parseLimit: LONGEST, renderLimit: MOST_MS, memoryLimit: MOST_MEMORY, timezoneOffset: timeZone });
    // They would read other texts, of which there are none.
    for (const tag of ["include", "render", "layout", "block"]) delete liquid.tags[tag];
    liquid.registerTag("abort", Abort);
    liquid.registerTag("abort_message", Abort);
    engines.set(timeZone, liquid);
  }
  return liquid;
}

/** Rendering is synchronous, so there is one at a time. */
let current: Findings = { missing: [], aborted: null, failed: null };

/** `{% abort %}`, or `{% abort_message("why") %}`: no message for this person. The rest is filled and thrown away. */
class Abort extends Tag {
  readonly #reason: string;

  constructor(token: TagToken, rest: ConstructorParameters<typeof Tag>[1], liquid: Liquid) {
    super(token, rest, liquid);
    this.#reason = /^\(?\s*(?:"([^"]*)"|'([^']*)')?\s*\)?$/.exec(token.args.trim())?.slice(1).find((text) => text !== undefined) ?? "";
  }

  override render(): void {
    current.aborted ??= this.#reason;
  }
}

function render(liquid: Liquid, templates: Template[], scope: Scope, findings: Findings): string {
  current = findings;
  try {
    // Without an emitter that keeps types, it answers text.
    return liquid.renderSync(templates, scope) as string;
  } catch (cause) {
    findings.failed ??= inWords(cause);
    return "";
  }
}

/** Makes each `{{ … }}` tell when it is empty and has no default, and write lists with commas. */
function watchOutputs(templates: readonly Template[]): void {
  for (const template of templates) {
    if (template instanceof Output) watch(template);
    // What is inside a tag; no other text is read for it, so there is nothing to wait for.
    else if (template.children) watchOutputs(toValueSync(template.children(false, true)) as Template[]);
  }
}

function watch(output: Output): void {
  const name = output.token.getText().replaceAll(/^\{\{-?\s*|\s*-?\}\}$/g, "").split("|", 1)[0]!.trim();
  const hasDefault = output.value.filters.some((filter) => filter.name === "default");
  output.render = function* (context: Context, emitter: Emitter) {
    const text = textOf(yield output.value.value(context, false));
    if (text === "" && !hasDefault) current.missing.push(name);
    emitter.write(text);
  };
}

/** A value as a text shows it; "" for one that is not there, or is blank. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value.trim() === "" ? "" : value;
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((item) => textOf(item)).filter((text) => text !== "").join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value as number | boolean | bigint);
}

const PLAIN = /^\s*(profile|event)(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\])\s*(?:\|\s*default:\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*)?$/;
/** Liquid's own words, which mean something else than a property of that name. */
const SPECIAL = new Set(["size", "first", "last"]);

interface Read {
  of: "profile" | "event" | "coupon";
  key: string;
  fallback: string | undefined;
  name: string;
}

/** For a text of nothing but plain outputs, a way to fill it without Liquid; undefined for any other. */
function fillPlainly(source: string): LiquidText["fill"] | undefined {
  if (source.includes("{%") || source.includes("{{-") || source.includes("-}}")) return undefined;
  const pieces: (string | Read)[] = [];
  for (const part of source.split(/(\{\{[^{}]*\}\})/)) {
    if (!part.startsWith("{{")) {
      if (part.includes("{{")) return undefined;
      if (part !== "") pieces.push(part);
      continue;
    }
    const inside = part.slice(2, -2);
    const name = inside.split("|", 1)[0]!.trim();
    if (name === "coupon" && inside.trim() === name) {
      pieces.push({ of: "coupon", key: "", fallback: undefined, name });
      continue;
    }
    const found = PLAIN.exec(inside);
    const key = found?.slice(2, 5).find((text) => text !== undefined);
    if (!found || key === undefined || SPECIAL.has(key)) return undefined;
    pieces.push({ of: found[1] as "profile" | "event", key, fallback: found[5] ?? found[6], name });
  }
  return (scope, findings) => {
    let text = "";
    for (const piece of pieces) text += typeof piece === "string" ? piece : read(piece, scope, findings);
    return text;
  };
}

function read({ of, key, fallback, name }: Read, scope: Scope, findings: Findings): string {
  let value: unknown = scope.coupon;
  if (of !== "coupon") value = Object.hasOwn(scope[of], key) ? scope[of][key] : undefined;
  if (fallback !== undefined) {
    const isEmpty = value === undefined || value === null || value === false || value === "" || (Array.isArray(value) && value.length === 0);
    return isEmpty ? fallback : textOf(value);
  }
  const text = textOf(value);
  if (text === "") findings.missing.push(name);
  return text;
}

function inWords(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const words = message.replace(/, line:\d+, col:\d+$/, "").replace(/, file:.*$/, "");
  if (/render limit/.test(words)) return "It takes too long to fill.";
  if (/memory alloc limit/.test(words)) return "It grows too large.";
  return `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}.`;
}
