/**
 * Says in words what does not fit a schema: which field, and what was expected there. It walks down to the first part that does not fit by
 * itself. Of a union it follows the branch that was meant: one that takes values of such a kind at all, whose fixed members ("kind", "op")
 * are those given, and of which least is missing. Where no branch is nearer than another, the choice itself is what is said.
 */
import type { TSchema } from "typebox";
import type { TLocalizedValidationError } from "typebox/error";
import { Value } from "typebox/value";
import { branchesOf, type Shape } from "./shape.ts";

/** A part of a request that does not fit: `field` is a path such as "buttons[2].url", empty for the whole. */
export interface Misfit {
  field: string;
  expected: string;
}

/** @param value one that the schema refuses */
export function misfitOf(schema: TSchema, value: unknown): Misfit {
  return explain(schema, value, "");
}

function explain(shape: Shape, part: unknown, at: string): Misfit {
  if (valuesOf(shape)) return misfit(at, oneOf([shape]));
  if (shape.anyOf) return explainUnion(branchesOf(shape), part, at);
  const [own] = Value.Errors(withoutParts(shape), part);
  if (own) return explainError(own, at);
  for (const [name, inner, held] of partsOf(shape, part)) if (!Value.Check(inner, held)) return explain(inner, held, below(at, name));
  return misfit(at, "something else");
}

function explainUnion(branches: readonly Shape[], part: unknown, at: string): Misfit {
  const ofKind = branches.filter((branch) => valuesOf(branch)?.some((each) => typeof each === typeof part) ?? Value.Check({ type: branch.type }, part));
  const open = ofKind.find((branch) => !valuesOf(branch));
  if (!open) return misfit(at, oneOf(branches));
  return isObject(part) ? explainObject(ofKind, part, at, []) : explain(open, part, at);
}

function explainObject(branches: readonly Shape[], part: Record<string, unknown>, at: string, looked: readonly string[]): Misfit {
  const tag = branches.length === 1 ? undefined : tagOf(branches, looked);
  if (tag !== undefined) {
    const meant = branches.filter((branch) => Value.Check(branch.properties![tag]!, part[tag]));
    if (meant.length === 0) return misfit(below(at, tag), oneOf(branches.map((branch) => branch.properties![tag]!)));
    return explainObject(meant, part, at, [...looked, tag]);
  }
  const [nearest] = branches.toSorted((a, b) => missing(a, part) - missing(b, part) || known(b, part) - known(a, part));
  const { required = [] } = nearest!;
  const isNearer = branches.length === 1 || required.length === 0 || missing(nearest!, part) < required.length;
  return isNearer ? explain(nearest!, part, at) : misfit(at, `an object with ${either(branches.map((branch) => (branch.required ?? []).join(" and ")))}`);
}

function misfit(at: string, expected: string): Misfit {
  return { field: fieldOf(at), expected };
}

/** The values it is a choice of, when it is one. */
function valuesOf(shape: Shape): readonly unknown[] | undefined {
  if ("const" in shape) return [shape.const];
  if (shape.enum) return shape.enum;
  const each = shape.anyOf?.map(valuesOf);
  return each?.every((values) => values !== undefined) ? each.flat() : undefined;
}

/** A member by which the branches are told apart, each having its own values for it. */
function tagOf(branches: readonly Shape[], looked: readonly string[]): string | undefined {
  const isTag = ({ properties, required }: Shape, name: string): boolean => required?.includes(name) === true && properties?.[name] !== undefined && valuesOf(properties[name]) !== undefined;
  return Object.keys(branches[0]?.properties ?? {}).find((name) => !looked.includes(name) && branches.every((branch) => isTag(branch, name)));
}

function missing({ required = [] }: Shape, part: object): number {
  return required.filter((name) => !Object.hasOwn(part, name)).length;
}

function known({ properties = {} }: Shape, part: object): number {
  return Object.keys(properties).filter((name) => Object.hasOwn(part, name)).length;
}

/** What the schema says of the value itself: its members and items pass. */
function withoutParts(shape: Shape): Shape {
  const passing = (parts: Record<string, Shape> = {}): Record<string, Shape> => Object.fromEntries(Object.keys(parts).map((name) => [name, {}]));
  return { ...shape, properties: passing(shape.properties), patternProperties: passing(shape.patternProperties), items: {} };
}

function* partsOf({ properties = {}, patternProperties = {}, items }: Shape, part: unknown): Generator<[name: string, inner: Shape, held: unknown]> {
  if (Array.isArray(part) && items) for (const [i, item] of part.entries()) yield [String(i), items, item];
  if (!isObject(part)) return;
  for (const [name, inner] of Object.entries(properties)) if (Object.hasOwn(part, name)) yield [name, inner, part[name]];
  for (const [pattern, inner] of Object.entries(patternProperties)) {
    for (const [name, held] of Object.entries(part)) if (new RegExp(pattern, "u").test(name)) yield [name, inner, held];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function explainError(error: TLocalizedValidationError, at: string): Misfit {
  if (error.keyword === "required") return misfit(below(at, error.params.requiredProperties[0] ?? ""), "given");
  // `additionalProperties: false` is a schema of its own for each member that is too many.
  if (error.keyword === "boolean") return misfit(at + error.instancePath, "left out: it is not known here");
  return misfit(at, describe(error));
}

/** A choice in words: the values that may be, and the kinds of them. */
function oneOf(shapes: readonly Shape[]): string {
  const values = [...new Set(shapes.flatMap((shape) => valuesOf(shape) ?? []))];
  const named = values.length > 1 ? [`one of ${values.map(String).join(", ")}`] : values.map((value) => JSON.stringify(value));
  const kinds = shapes.filter((shape) => !valuesOf(shape)).map(({ type = "something else" }) => typeWord(type));
  return either([...new Set([...named, ...kinds])]);
}

function either(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function describe(error: TLocalizedValidationError): string {
  switch (error.keyword) {
    case "type":
      return [error.params.type].flat().map(typeWord).join(" or ");
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
export function fieldOf(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join("");
}

/** The pointer to a member or an item. */
export function below(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
