import { describe, expect, test } from "vitest";
import { parseSendRequest } from "./parse-send-request.ts";
import type { SendRequest } from "./send-request.ts";
import { isTrial, isVerificationProbe } from "./special-requests.ts";
import { body, button, freeFormBody, header, templateBody, textValue, verificationBody } from "./testing/bodies.ts";

function request(json: unknown): SendRequest {
  const parsed = parseSendRequest(json);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const saved = (...components: unknown[]) => request(templateBody({ msgId: "0|0|0|0", components }));

describe("the verification probe", () => {
  test("is known by the sentinel name, wrapped or not", () => {
    expect(isVerificationProbe(request(verificationBody()))).toBe(true);
    expect(isVerificationProbe(request({ body: verificationBody() }))).toBe(true);
  });

  test("is not every request with the trial's msgId", () => {
    expect(isVerificationProbe(saved(body("Hi 0", "0")))).toBe(false);
  });
});

describe("a trial", () => {
  test("has the trial's msgId and only placeholders", () => {
    expect(isTrial(saved(header("text", { text: "0", parameters: [textValue("0")] }), body("Hi 1 and 2", "1", "2")))).toBe(true);
  });

  test("may count from 0 again in every part", () => {
    const card = { components: [body("0", "0"), button(0, "dynamicUrl", "Go", textValue("0"))] };
    expect(isTrial(saved(body("0 1", "0", "1"), { type: "carousel", cards: [card, card] }))).toBe(true);
  });

  test("may leave the variable's mark in a dynamic URL", () => {
    expect(isTrial(saved(body("0", "0"), button(0, "dynamicUrl", "Go", textValue("https://example.org/{{1}}"))))).toBe(true);
  });

  test("may have a media URL that is none", () => {
    expect(isTrial(saved(header("image", { mediaURL: "0" }), body("0", "0")))).toBe(true);
  });

  test.each([
    ["a real value among them", saved(body("0 Mina", "0", "Mina"))],
    ["a number too high to be a placeholder", saved(body("42", "42"))],
    ["a real value in a dynamic URL", saved(body("0", "0"), button(0, "dynamicUrl", "Go", textValue("t/88")))],
    ["no value at all", saved({ type: "body", body: { text: "Hello" } })],
    ["another msgId", request(templateBody({ components: [body("0", "0")] }))],
    ["free-form text", request(freeFormBody({ msgId: "0|0|0|0", text: { body: "0" } }))],
  ])("is not a request with %s", (_name, other) => {
    expect(isTrial(other)).toBe(false);
  });
});
