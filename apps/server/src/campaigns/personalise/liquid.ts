/**
 * Texts with Liquid in them, parsed once and filled for one person after the other. Liquid is liquidjs, kept from files, from names that
 * JavaScript puts on every object, and from long or large renders. What a text says plainly (`{{ profile.name | default: "there" }}`)
 * is filled without it, in a fraction of the time and with the same result.
 */
import { Liquid, Output, Tag, toValueSync, type Context, type Emitter, type Template, type TagToken } from "liquidjs";
import { fillPlainly } from "./plain.ts";
import { remembered, type ReadPath } from "./remembered.ts";
import { LONGEST_FILL_MS, TOO_SLOW, textOf, type Findings, type LiquidText, type Scope } from "./text.ts";

/** What is wrong with a text, for whoever writes it. */
export class LiquidFault extends Error {}

const LONGEST = 10_000;
/** People in a row for whom a text took too long, after whom it is not tried any more: nothing else is done while it is filled. */
const MOST_SLOW = 3;
/** Parts of arrays and characters that filters may make for one text. */
const MOST_MEMORY = 100_000;
/** Characters of a filled text: more than any part of a message takes, and little enough to go through again for addresses and spaces. */
const LONGEST_FILLED = 10_000;
const TOO_LARGE = "It grows too large.";
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
  if (plainly) return { source, isFixed: false, reads, fill: (scope, findings) => bounded(plainly(scope, findings), findings) };
  let slow = 0;
  const fill: LiquidText["fill"] = (scope, findings, mostMs = LONGEST_FILL_MS) => {
    if (slow >= MOST_SLOW) {
      findings.failed ??= TOO_SLOW;
      return "";
    }
    const own: Findings = { missing: findings.missing, aborted: null, failed: null };
    const text = render(liquid, templates, scope, own, mostMs);
    // A text that had little time left by those before it says nothing.
    if (own.failed !== TOO_SLOW) slow = 0;
    else if (mostMs > LONGEST_FILL_MS / 2) slow++;
    findings.aborted ??= own.aborted;
    findings.failed ??= own.failed;
    return text;
  };
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
    liquid = new Liquid({ templates: {}, ownPropertyOnly: true, strictFilters: true, parseLimit: LONGEST, memoryLimit: MOST_MEMORY, timezoneOffset: timeZone });
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

function render(liquid: Liquid, templates: Template[], scope: Scope, findings: Findings, mostMs: number): string {
  current = findings;
  try {
    // Without an emitter that keeps types, it answers text.
    return bounded(liquid.renderSync(templates, scope, { renderLimit: mostMs }) as string, findings);
  } catch (cause) {
    findings.failed ??= inWords(cause);
    return "";
  }
}

/** Liquid counts what filters and ranges make, not what a loop writes. */
function bounded(text: string, findings: Findings): string {
  if (text.length <= LONGEST_FILLED) return text;
  findings.failed ??= TOO_LARGE;
  return "";
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

function inWords(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const words = message.replace(/, line:\d+, col:\d+$/, "").replace(/, file:.*$/, "");
  if (/render limit/.test(words)) return TOO_SLOW;
  if (/memory alloc limit/.test(words)) return TOO_LARGE;
  return `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}.`;
}
