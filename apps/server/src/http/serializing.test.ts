import { Type, type TSchema } from "typebox";
import { expect, test } from "vitest";
import { serializerCompiler } from "./serializing.ts";

/** What is written of a value, read back. */
function written(schema: TSchema, value: unknown): unknown {
  return JSON.parse(serializerCompiler({ schema, method: "GET", url: "/", httpStatus: "200" })(value));
}

const Key = Type.Object({ id: Type.String(), usedAt: Type.Optional(Type.String()) });

test("what a schema does not name is left out, in lists, members and records too", () => {
  const stored = { id: "1", hash: "secret" };
  expect(written(Type.Object({ items: Type.Array(Key) }), { items: [stored], total: 1 })).toEqual({ items: [{ id: "1" }] });
  expect(written(Type.Object({ key: Key }), { key: stored })).toEqual({ key: { id: "1" } });
  expect(written(Type.Record(Type.String(), Key), { first: stored })).toEqual({ first: { id: "1" } });
});

test("members come in the order of the schema, whichever way a handler made its answer", () => {
  expect(JSON.stringify(written(Key, { usedAt: "now", id: "1" }))).toBe('{"id":"1","usedAt":"now"}');
});

test("of a union what one of its branches names is kept", () => {
  const schema = Type.Union([Type.Null(), Key, Type.Union([Type.Object({ kind: Type.Literal("list"), id: Type.Object({ name: Type.String() }) }), Type.Number()])]);
  expect(written(schema, { kind: "list", id: { name: "a", secret: 1 }, secret: 1 })).toEqual({ kind: "list", id: { name: "a" } });
  expect(written(schema, { id: "1", hash: "secret" })).toEqual({ id: "1" });
  expect(written(schema, null)).toBeNull();
});

test("what a schema leaves open is kept whole", () => {
  const raw = { any: { thing: [1] } };
  expect(written(Type.Object({ raw: Type.Unknown() }), { raw })).toEqual({ raw });
  expect(written(Type.Object({ id: Type.String() }, { additionalProperties: true }), { id: "1", ...raw })).toEqual({ id: "1", ...raw });
  expect(written(Type.Object({ raw: Type.Union([Type.String(), Type.Unknown()]) }), { raw })).toEqual({ raw });
});

test("a date is written as ISO 8601, and what is undefined not at all", () => {
  expect(written(Key, { id: "1", usedAt: new Date(0) })).toEqual({ id: "1", usedAt: "1970-01-01T00:00:00.000Z" });
  expect(written(Key, { id: "1", usedAt: undefined })).toEqual({ id: "1" });
});
