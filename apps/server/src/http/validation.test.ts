import Type from "typebox";
import { expect, test } from "vitest";
import { checker } from "./validation.ts";

const Button = Type.Union([
  Type.Object({ kind: Type.Literal("url"), url: Type.String({ minLength: 1 }) }),
  Type.Object({ kind: Type.Literal("reply"), text: Type.String({ maxLength: 25 }) }),
]);
const Parts = Type.Union([
  Type.Object({ mode: Type.Literal("one"), items: Type.Array(Type.String(), { minItems: 1 }) }),
  Type.Object({ mode: Type.Literal("many"), items: Type.Array(Type.String(), { minItems: 2 }) }),
]);
const check = checker(
  Type.Object(
    {
      email: Type.String({ format: "email" }),
      role: Type.Enum(["admin", "member"]),
      count: Type.Integer({ minimum: 1 }),
      time: Type.Optional(Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" })),
      note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      buttons: Type.Optional(Type.Array(Button, { maxItems: 3 })),
      parts: Type.Optional(Parts),
      end: Type.Optional(Type.Union([Type.Object({ at: Type.Object({ day: Type.Integer(), month: Type.Integer() }) }), Type.Object({ after: Type.Integer({ minimum: 1 }) }), Type.Null()])),
    },
    { additionalProperties: false },
  ),
);
const good = { email: "a@example.com", role: "admin", count: 1 };

test("a value that fits has no misfit", () => {
  expect(check({ ...good, note: null, buttons: [{ kind: "reply", text: "Yes" }] })).toBeUndefined();
});

test.each([
  ["the whole", [], { field: "", expected: "an object" }],
  ["a missing member", { email: "a@example.com", role: "admin" }, { field: "count", expected: "given" }],
  ["a wrong type", { ...good, count: "1" }, { field: "count", expected: "a whole number" }],
  ["a wrong format", { ...good, email: "nobody" }, { field: "email", expected: "an e-mail address" }],
  ["a wrong form", { ...good, time: "9:30" }, { field: "time", expected: "a time of day such as 09:30" }],
  ["a value outside a list", { ...good, role: "king" }, { field: "role", expected: "one of admin, member" }],
  ["a number too small", { ...good, count: 0 }, { field: "count", expected: "at least 1" }],
  ["an unknown member", { ...good, colour: "red" }, { field: "colour", expected: "left out: it is not known here" }],
  ["alternatives", { ...good, note: 7 }, { field: "note", expected: "a text or null" }],
  ["a member of the branch that was meant", { ...good, buttons: [{ kind: "reply", text: "x".repeat(26) }] }, { field: "buttons[0].text", expected: "at most 25 characters long" }],
  ["a missing member of the branch that was meant", { ...good, buttons: [{ kind: "url" }] }, { field: "buttons[0].url", expected: "given" }],
  ["a rule of the branch that was meant", { ...good, parts: { mode: "many", items: [] } }, { field: "parts.items", expected: "a list of at least 2" }],
  ["a kind that does not exist", { ...good, buttons: [{ kind: "call" }] }, { field: "buttons[0].kind", expected: "one of url, reply" }],
  ["a choice of which nothing is given", { ...good, end: {} }, { field: "end", expected: "an object with at or after" }],
  ["a choice of another kind", { ...good, end: 7 }, { field: "end", expected: "an object or null" }],
  ["a member by which the branch is known", { ...good, end: { after: 0 } }, { field: "end.after", expected: "at least 1" }],
  ["the innermost of what is meant", { ...good, end: { at: { day: 1 } } }, { field: "end.at.month", expected: "given" }],
  ["one of many unknown members", { ...good, ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x${i}`, i])) }, { field: "x0", expected: "left out: it is not known here" }],
  ["the wrong one of many alternatives", { ...good, buttons: [{ kind: "reply", text: "" }, { kind: "url", url: "x" }, { kind: "url", url: "" }] }, { field: "buttons[2].url", expected: "filled in" }],
  ["a list too long", { ...good, buttons: Array.from({ length: 4 }, () => ({ kind: "reply", text: "" })) }, { field: "buttons", expected: "a list of at most 3" }],
])("%s is named with what was expected", (_what, value, misfit) => {
  expect(check(value)).toEqual(misfit);
});
