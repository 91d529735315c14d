/**
 * Checks requests against their TypeBox schemas and says what is wrong in words: which field, and what was expected there.
 */
import { createRequire } from "node:module";
import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import type { Validator } from "typebox/compile";
import type { TLocalizedValidationError } from "typebox/error";
import { ApiError } from "./errors.ts";

const require = createRequire(import.meta.url);
let loaded: ReturnType<typeof loadTypeBox> | undefined;

/** What checks by schemas is three hundred modules: loaded with the first request that has something to check. */
function typebox(): NonNullable<typeof loaded> {
  return (loaded ??= loadTypeBox());
}

function loadTypeBox() {
  const { Settings } = require("typebox/system") as typeof import("typebox/system");
  // Unions report every branch; the branch that was meant may come late. Still bounded, so that a hostile body costs little.
  Settings.Set({ maxErrors: 64 });
  const { Compile } = require("typebox/compile") as typeof import("typebox/compile");
  const { Value } = require("typebox/value") as typeof import("typebox/value");
  return { Compile, Value };
}

/** A part of a request that does not fit: `field` is a path such as "buttons[2].url", empty for the whole. */
export interface Misfit {
  field: string;
  expected: string;
}

/** For Fastify: bodies are checked as they are; query and path, being text, are converted and given their defaults first. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = checker(schema);
  return (value: unknown) => {
    const given = httpPart === "body" ? value : converted(schema, value ?? {});
    const misfit = check(given) ?? unstorable(given);
    return misfit ? { error: new ApiError("invalid_input", { ...misfit }) } : { value: given };
  };
};

function converted(schema: TSchema, value: unknown): unknown {
  const { Value } = typebox();
  return Value.Convert(schema, Value.Default(schema, value));
}

/** Compiles a schema, when it is first needed, to a function that answers what does not fit, or undefined. */
export function checker(schema: TSchema): (value: unknown) => Misfit | undefined {
  let compiled: Validator | undefined;
  return (value) => {
    compiled ??= typebox().Compile(schema);
    return compiled.Check(value) ? undefined : explain(compiled.Errors(value));
  };
}

/** Whether Postgres takes it: no text there holds NUL, and no JSON half a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Nobody's data is nested deeper; JSON.stringify and Postgres give up at some thousands. */
const DEEPEST = 64;

/** What the database would refuse in a value: a text, names of members included, or a nesting too deep. */
function unstorable(value: unknown): Misfit | undefined {
  // By hand: a body may be nested deeper than calls can be.
  const rest: { value: unknown; pointer: string; depth: number }[] = [{ value, pointer: "", depth: 0 }];
  for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
    if (typeof at.value === "string" && !isStorable(at.value)) return { field: fieldOf(at.pointer), expected: STORABLE };
    if (typeof at.value !== "object" || at.value === null) continue;
    if (at.depth > DEEPEST) return { field: fieldOf(/^\/[^/]*/.exec(at.pointer)?.[0] ?? ""), expected: `nested at most ${DEEPEST} levels deep` };
    for (const [name, member] of Object.entries(at.value)) {
      if (!isStorable(name)) return { field: fieldOf(at.pointer), expected: `${STORABLE} in the names of its members` };
      if (typeof member === "string" ? !isStorable(member) : typeof member === "object") rest.push({ value: member, pointer: `${at.pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, depth: at.depth + 1 });
    }
  }
  return undefined;
}

const STORABLE = "text of whole characters, without NUL";

function explain(errors: TLocalizedValidationError[]): Misfit {
  const telling = errors.filter((error) => error.keyword !== "boolean" && error.keyword !== "anyOf");
  const plain = telling.find((error) => !error.schemaPath.includes("/anyOf/"));
  const meant = plain ? [plain] : meantBranches(telling);
  const chosen = meant[0];
  if (!chosen) return { field: fieldOf(errors[0]?.instancePath ?? ""), expected: "something else" };
  if (chosen.keyword === "required") {
    const [missing = ""] = chosen.params.requiredProperties;
    return { field: fieldOf(`${chosen.instancePath}/${missing}`), expected: "given" };
  }
  if (chosen.keyword === "additionalProperties") {
    const [extra = ""] = chosen.params.additionalProperties;
    return { field: fieldOf(`${chosen.instancePath}/${extra}`), expected: "left out: it is not known here" };
  }
  const alternatives = meant.filter((error) => error.instancePath === chosen.instancePath);
  return { field: fieldOf(chosen.instancePath), expected: [...new Set(alternatives.map(describe))].join(" or ") };
}

/** Of a union's branches, those whose fixed members ("kind") fit are the ones that were meant; what is wrong deepest inside comes first. */
function meantBranches(errors: TLocalizedValidationError[]): TLocalizedValidationError[] {
  const branchOf = (error: TLocalizedValidationError): string => /^.*\/anyOf\/\d+/.exec(error.schemaPath)?.[0] ?? "";
  const wrongKind = new Set(errors.filter((error) => error.keyword === "const").map(branchOf));
  const meant = errors.filter((error) => !wrongKind.has(branchOf(error)));
  const candidates = meant.length > 0 ? meant : errors.filter((error) => error.keyword === "const");
  return candidates.toSorted((a, b) => b.instancePath.split("/").length - a.instancePath.split("/").length);
}

function describe(error: TLocalizedValidationError): string {
  switch (error.keyword) {
    case "type":
      return [error.params.type].flat().map(typeWord).join(" or ");
    case "const":
      return JSON.stringify(error.params.allowedValue);
    case "enum":
      return `one of ${error.params.allowedValues.map((value) => String(value)).join(", ")}`;
    case "format":
      return formats[error.params.format] ?? `a valid ${error.params.format}`;
    case "minLength":
      return error.params.limit === 1 ? "filled in" : `at least ${error.params.limit} characters long`;
    case "maxLength":
      return `at most ${error.params.limit} characters long`;
    case "minItems":
      return `a list of at least ${error.params.limit}`;
    case "maxItems":
      return `a list of at most ${error.params.limit}`;
    case "minimum":
      return `at least ${error.params.limit}`;
    case "maximum":
      return `at most ${error.params.limit}`;
    case "pattern":
      return patterns[String(error.params.pattern)] ?? `of the form ${String(error.params.pattern)}`;
    default:
      return `right: it ${error.message}`;
  }
}

/** The patterns of `@tincan/api` in words: nobody should have to read one. */
export const patterns: Record<string, string> = {
  "\\S": "more than spaces",
  "^\\S+$": "without spaces",
  "^https?://": "an address that begins with https:// or http://",
  "^[0-9]+$": "digits alone",
  "^[A-Z]{2}$": "a country's two letters, such as IN",
  "^[A-Z]{3}$": "a currency's three letters, such as EUR",
  "^[A-Za-z0-9_:.-]+$": "letters, digits, _, :, . and - alone",
  "^[A-Za-z_-]+$": "a language such as en or pt_BR",
  "^\\+?[0-9 ()-]+$": "a phone number such as +15550100123",
  '^\\s*[^"\\\\%><!\\s][^"\\\\%><!]*$': 'more than spaces, and free of the characters " \\ % > < and !',
  "^([01][0-9]|2[0-3]):[0-5][0-9]$": "a time of day such as 09:30",
  "^(\\*|[1-9][0-9]{0,3})$": "a calling code such as 91, or * for all others",
};

const formats: Record<string, string> = {
  email: "an e-mail address",
  "date-time": "a time such as 2026-11-22T10:15:30Z",
  date: "a date such as 2026-11-22",
  uri: "an address such as https://example.com/path",
  uuid: "an id",
};

function typeWord(type: string): string {
  const words: Record<string, string> = { string: "a text", number: "a number", integer: "a whole number", boolean: "true or false", object: "an object", array: "a list" };
  return words[type] ?? type;
}

/** JSON pointer → the way people write a path: "/buttons/2/url" → "buttons[2].url". */
function fieldOf(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join("");
}
