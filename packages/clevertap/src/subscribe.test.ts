import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildSubscribe, parseSubscribe, type SubscriptionChange } from "./subscribe.ts";

const change: fc.Arbitrary<SubscriptionChange> = fc.record({
  channel: fc.constantFrom("whatsapp" as const, "phone" as const, "email" as const),
  value: fc.string({ minLength: 1, unit: "grapheme-ascii" }),
  subscribed: fc.boolean(),
});

describe("a subscribe call", () => {
  test("allows and forbids addresses", () => {
    const json = {
      d: [
        { type: "whatsapp", value: "+919800000011", status: "Unsubscribe" },
        { type: "email", value: "mina@example.org", status: "Resubscribe" },
      ],
    };
    expect(parseSubscribe(json)).toEqual({
      ok: true,
      value: {
        changes: [
          { position: 1, change: { channel: "whatsapp", value: "+919800000011", subscribed: false } },
          { position: 2, change: { channel: "email", value: "mina@example.org", subscribed: true } },
        ],
        unprocessed: [],
      },
    });
  });

  test("leaves out only the records that cannot be read", () => {
    const good = { type: "phone", value: "+919800000011", status: "unsubscribe" };
    const parsed = parseSubscribe({ d: [{ ...good, type: "pigeon" }, good, { ...good, value: "" }, { ...good, status: "maybe" }, null] });
    expect(parsed.ok && parsed.value.changes.map((each) => each.position)).toEqual([2]);
    expect(parsed.ok && parsed.value.unprocessed.map((each) => each.error.split(":")[0])).toEqual(["type", "value", "status", "body"]);
  });

  test("with more than 1,000 records is refused whole", () => {
    const parsed = parseSubscribe({ d: Array.from({ length: 1001 }, () => ({})) });
    expect(!parsed.ok && parsed.error.field).toBe("d");
  });

  test("reads as it was built", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), (changes) => {
        expect(parseSubscribe(JSON.parse(JSON.stringify(buildSubscribe(changes))))).toEqual({
          ok: true,
          value: { changes: changes.map((each, index) => ({ position: index + 1, change: each })), unprocessed: [] },
        });
      }),
    );
  });

  test("of any JSON gives changes, answers for records, or an error that names a field", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ d: fc.jsonValue() })), (json) => {
        const parsed = parseSubscribe(json);
        expect(parsed.ok || parsed.error.field !== "").toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
