import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callbackCodes, isCallbackCode, type CallbackCode } from "./codes.ts";
import { buildStatusCallback, parseStatusCallback, type StatusBatch, type StatusDraft } from "./status-callback.ts";
import { mutated, statusDraft } from "./testing/arbitraries.ts";
import { status, statusBody } from "./testing/bodies.ts";

const msgId = "5512|1790002222|20260922|5512|1";

function read(json: unknown): StatusBatch {
  const parsed = parseStatusCallback(json);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const clicked: StatusDraft = { msgId, status: "clicked", timestamp: 1_790_003_100, url: "https://example.org/t/88", shortUrl: "https://s.example/k1" };

describe("a received status callback", () => {
  test("may hold several receipts, in order", () => {
    const { statuses } = read(statusBody(status("sent"), status("delivered"), status("read")));
    expect(statuses).toEqual(["sent", "delivered", "read"].map((word) => ({ msgId, status: word, timestamp: 1_790_003_100 })));
  });

  test("has a failure's code and title", () => {
    const { statuses } = read(statusBody(status("failed", { error: { code: 1005, title: "not reachable" } })));
    expect(statuses[0]).toMatchObject({ status: "failed", error: { code: 1005, title: "not reachable" } });
  });

  test("may quote a failure's code", () => {
    const { statuses } = read(statusBody(status("failed", { error: { code: "1010" } })));
    expect(statuses[0]).toMatchObject({ error: { code: 1010, title: "" } });
  });

  test.each([{}, { error: null }, { error: "lost" }, { error: { code: {}, title: [] } }])("keeps a failure whose reason cannot be read: %j", (changes) => {
    expect(read(statusBody(status("failed", changes))).statuses[0]).toMatchObject({ status: "failed", error: { code: 1009, title: "" } });
  });

  test("has the link of a click", () => {
    const extra = { url: "https://example.org/t/88", shortUrl: "https://s.example/k1", userAgent: "Phone/1" };
    expect(read(statusBody(status("clicked", extra))).statuses[0]).toEqual({ msgId, status: "clicked", timestamp: 1_790_003_100, ...extra });
  });

  test.each([
    ["timestamp", { timestamp: 1_790_003_100 }, 1_790_003_100],
    ["ts", { timestamp: undefined, ts: 1_790_003_100 }, 1_790_003_100],
    ["nothing", { timestamp: undefined }, null],
  ])("12: a click's time may be under %s", (_name, changes, expected) => {
    expect(read(statusBody(status("clicked", changes))).statuses[0]!.timestamp).toBe(expected);
  });

  test.each(["Clicked", "clicked", "CLICKED"])("12: a click may be spelled %s", (word) => {
    expect(read(statusBody(status(word))).statuses[0]!.status).toBe("clicked");
  });

  test("4: may spell its version in any way", () => {
    expect(read({ paytloadVersion: 0.1, statuses: [status("sent")] }).statuses).toHaveLength(1);
  });

  test("1: may call msgId msg_id", () => {
    expect(read(statusBody({ msg_id: msgId, status: "sent" })).statuses[0]!.msgId).toBe(msgId);
  });

  test("may give its time in milliseconds", () => {
    expect(read(statusBody(status("sent", { timestamp: "1790003100999" }))).statuses[0]!.timestamp).toBe(1_790_003_100);
  });

  test("loses only the receipts that cannot be read", () => {
    const { statuses, rejected } = read(statusBody(status("sent"), status("vanished"), 7, status("read", { msgId: 9 }), status("read")));
    expect(statuses.map((each) => each.status)).toEqual(["sent", "read"]);
    expect(rejected.map((each) => each.field)).toEqual(["statuses[1].status", "statuses[2]", "statuses[3].msgId"]);
  });

  test.each([[{}, "statuses"], [{ statuses: {} }, "statuses"], [null, "body"]])("of %j is refused by name", (json, field) => {
    const parsed = parseStatusCallback(json);
    expect(!parsed.ok && parsed.error).toMatchObject({ field, code: 400 });
  });
});

describe("a built status callback", () => {
  test("has a version in quotes and times as texts of ten digits", () => {
    expect(buildStatusCallback([{ msgId, status: "sent", timestamp: 1_790_003_100 }])).toEqual({
      payloadVersion: "0.1",
      statuses: [{ msgId, status: "sent", timestamp: "1790003100" }],
    });
  });

  test("has a failure's code as an integer", () => {
    const [wire] = buildStatusCallback([{ msgId, status: "failed", timestamp: 1_790_003_100, error: { code: 1004, title: "too many" } }]).statuses;
    expect(wire).toEqual({ msgId, status: "failed", timestamp: "1790003100", error: { code: 1004, title: "too many" } });
  });

  test.each(Object.keys(callbackCodes).map(Number) as CallbackCode[])("explains the code %i when no title is given", (code) => {
    const [wire] = buildStatusCallback([{ msgId, status: "failed", timestamp: 1_790_003_100, error: { code } }]).statuses;
    expect(wire).toMatchObject({ error: { code, title: callbackCodes[code] } });
  });

  test("has a click in lower case with its time as an integer under both keys", () => {
    expect(buildStatusCallback([clicked]).statuses).toEqual([
      { msgId, status: "clicked", timestamp: 1_790_003_100, ts: 1_790_003_100, url: "https://example.org/t/88", shortUrl: "https://s.example/k1" },
    ]);
  });

  test("cuts fractions of a second", () => {
    expect(buildStatusCallback([{ msgId, status: "read", timestamp: 1_790_003_100.9 }]).statuses[0]!.timestamp).toBe("1790003100");
  });
});

describe("properties", () => {
  test("a built callback reads as its drafts", () => {
    fc.assert(
      fc.property(fc.array(statusDraft, { maxLength: 5 }), (drafts) => {
        expect(read(JSON.parse(JSON.stringify(buildStatusCallback(drafts))))).toEqual({ statuses: drafts, rejected: [] });
      }),
      { numRuns: 500 },
    );
  });

  test("any JSON gives receipts or errors that name fields", () => {
    const bodies = fc.oneof(fc.jsonValue(), mutated(fc.array(statusDraft, { maxLength: 3 }).map(buildStatusCallback)));
    fc.assert(
      fc.property(bodies, (json) => {
        const parsed = parseStatusCallback(json);
        const errors = parsed.ok ? parsed.value.rejected : [parsed.error];
        for (const error of errors) expect(error.field).not.toBe("");
      }),
      { numRuns: 2000 },
    );
  });
});

test("only the contract's own codes are callback codes", () => {
  expect([999, 1000, 1010, 1011].map(isCallbackCode)).toEqual([false, true, true, false]);
});
