import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildFailure, buildMessageAnswer, buildServerFailure, buildSuccess, parseSendAnswer } from "./answer.ts";
import { isSendCode, sendCodes, type SendCode } from "./codes.ts";

const answer = (status: number, body: unknown) => parseSendAnswer({ status, body: typeof body === "string" ? body : JSON.stringify(body) });

describe("built answers", () => {
  test("success is a single word", () => {
    expect(buildSuccess()).toEqual({ status: "success" });
  });

  test("failure carries a code and a message", () => {
    expect(buildFailure(2001, "template not found")).toEqual({ status: "failure", error: { code: 2001, message: "template not found" } });
  });

  test("a server failure carries a message and no code", () => {
    expect(buildServerFailure("storage is down")).toEqual({ status: "failure", error: { message: "storage is down" } });
  });

  test("a busy or denied answer carries a message only", () => {
    expect(buildMessageAnswer("too many requests")).toEqual({ message: "too many requests" });
  });
});

describe("a received answer", () => {
  test("of success means the message was accepted", () => {
    expect(answer(200, buildSuccess())).toEqual({ kind: "accepted" });
  });

  test.each(Object.keys(sendCodes).map(Number) as SendCode[])("of failure %i in a 200 means the message was refused", (code) => {
    expect(answer(200, buildFailure(code, "no"))).toEqual({ kind: "refused", code, message: "no" });
  });

  test("of failure without a code is refused as 2004", () => {
    expect(answer(200, { status: "failure" })).toMatchObject({ kind: "refused", code: 2004 });
  });

  test("of failure in another 4xx is still a refusal", () => {
    expect(answer(400, buildFailure(2002, "bad number"))).toEqual({ kind: "refused", code: 2002, message: "bad number" });
  });

  test("with HTTP 429 means busy, with the wait if one is given", () => {
    expect(answer(429, buildMessageAnswer("slow down"))).toEqual({ kind: "busy", message: "slow down" });
    expect(parseSendAnswer({ status: 429, headers: { "retry-after": "7" }, body: "" })).toEqual({ kind: "busy", message: "", retryAfterSeconds: 7 });
  });

  test.each([401, 403])("with HTTP %i means denied", (status) => {
    expect(answer(status, buildMessageAnswer("wrong token"))).toEqual({ kind: "denied", message: "wrong token" });
  });

  test("with HTTP 500 is broken and keeps the message", () => {
    expect(answer(500, buildServerFailure("storage is down"))).toEqual({ kind: "broken", status: 500, reason: "server-error", message: "storage is down" });
  });

  test.each([
    ["an empty body", 200, "", "empty"],
    ["a page of HTML", 200, "<html>hello</html>", "not-json"],
    ["another JSON object", 200, { ok: true }, "not-in-contract"],
    ["a JSON list", 200, [], "not-in-contract"],
    ["a redirect", 302, "", "http-error"],
    ["not found", 404, "no such page", "http-error"],
    ["a gateway's page", 502, "<html>bad gateway</html>", "server-error"],
  ])("that is %s is broken", (_name, status, body, reason) => {
    expect(answer(status, body)).toMatchObject({ kind: "broken", status, reason });
  });

  test("that is endless is cut to 500 characters", () => {
    const outcome = answer(200, "x".repeat(1_000_000));
    expect(outcome.kind === "broken" && outcome.message.length).toBe(500);
  });

  test("of any status and text gives an outcome", () => {
    const bodies = fc.oneof(fc.string(), fc.json(), fc.record({ status: fc.jsonValue(), error: fc.jsonValue(), message: fc.jsonValue() }).map((json) => JSON.stringify(json)));
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), bodies, (status, body) => {
        expect(parseSendAnswer({ status, body }).kind).toMatch(/^(accepted|refused|busy|denied|broken)$/);
      }),
      { numRuns: 1000 },
    );
  });
});

test("only the contract's own codes are send codes", () => {
  expect([1999, 2000, 2004, 2005].map(isSendCode)).toEqual([false, true, true, false]);
});
