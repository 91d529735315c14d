/**
 * Checks requests against their TypeBox schemas. What is wrong with those that do not fit is said in words: see misfit.ts.
 */
import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import { Value } from "typebox/value";
import { ApiError } from "./errors.ts";
import { below, fieldOf, misfitOf, type Misfit } from "./misfit.ts";

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
  return Value.Convert(schema, Value.Default(schema, value));
}

/** Compiles a schema, when it is first needed, to a function that answers what does not fit, or undefined. */
export function checker(schema: TSchema): (value: unknown) => Misfit | undefined {
  let compiled: Validator | undefined;
  return (value) => {
    compiled ??= Compile(schema);
    return compiled.Check(value) ? undefined : misfitOf(schema, value);
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
      if (typeof member === "string" ? !isStorable(member) : typeof member === "object") rest.push({ value: member, pointer: below(at.pointer, name), depth: at.depth + 1 });
    }
  }
  return undefined;
}

const STORABLE = "text of whole characters, without NUL";
