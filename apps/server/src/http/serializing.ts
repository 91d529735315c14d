/** Writes answers. What the schema of an answer does not name stays here, whatever a handler returned beside it. */
import type { FastifySerializerCompiler } from "fastify";
import type { TSchema } from "typebox";
import { branchesOf, type Shape } from "./shape.ts";

/** A copy of a value with nothing in it but what its schema names, in that order. */
type Keep = (value: unknown) => unknown;

/**
 * For Fastify. It looks at names alone and makes no code of a schema, which would take a tenth of a second for a large one; each is read when it
 * is first needed.
 */
export const serializerCompiler: FastifySerializerCompiler<TSchema> = ({ schema }) => {
  let keep: Keep | undefined;
  return (value: unknown) => JSON.stringify((keep ??= keepNamed([schema]))(value));
};

/** @param choices any of which the value may be; of a union, what one of its branches names is kept */
function keepNamed(choices: readonly Shape[]): Keep {
  const branches = choices.flatMap(branchesOf);
  if (branches.some(isOpen)) return (value) => value;
  const members = new Map<string, Keep>();
  for (const name of new Set(branches.flatMap(({ properties }) => Object.keys(properties ?? {})))) {
    members.set(name, keepNamed(branches.flatMap(({ properties }) => properties?.[name] ?? [])));
  }
  const ofRecord = branches.flatMap(({ patternProperties }) => Object.values(patternProperties ?? {}));
  const others = ofRecord.length > 0 ? keepNamed(ofRecord) : undefined;
  const ofArray = branches.flatMap(({ items }) => items ?? []);
  const item = ofArray.length > 0 ? keepNamed(ofArray) : undefined;
  return (value) => {
    if (Array.isArray(value)) return item ? value.map(item) : value;
    if (!isPlainObject(value)) return value;
    const kept: Record<string, unknown> = {};
    for (const [name, keep] of members) if (value[name] !== undefined) kept[name] = keep(value[name]);
    if (others) for (const name in value) if (!members.has(name)) kept[name] = others(value[name]);
    return kept;
  };
}

/** Whether it takes members that it does not name. */
function isOpen(shape: Shape): boolean {
  if (shape.type === "object") return shape.additionalProperties === true || (!shape.properties && !shape.patternProperties);
  return shape.type === undefined && !("const" in shape) && !("enum" in shape);
}

/** Whether its members are written; a date, say, is written as a text. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !("toJSON" in value);
}
