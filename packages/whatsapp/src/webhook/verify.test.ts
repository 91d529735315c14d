import { expect, test } from "vitest";
import { verifySubscription } from "./verify.ts";

const query = { "hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "secret" };

test("the right token gets the challenge back verbatim", () => {
  expect(verifySubscription(query, "secret")).toBe("1158201444");
});

test.each([
  ["a wrong token", { ...query, "hub.verify_token": "other" }],
  ["another mode", { ...query, "hub.mode": "unsubscribe" }],
  ["no challenge", { ...query, "hub.challenge": undefined }],
  ["a token given twice", { ...query, "hub.verify_token": ["secret", "secret"] }],
  ["nothing", {}],
])("%s is refused", (_name, given) => {
  expect(verifySubscription(given, "secret")).toBeNull();
});

test("an empty verify token accepts nobody", () => {
  expect(verifySubscription({ ...query, "hub.verify_token": "" }, "")).toBeNull();
});
