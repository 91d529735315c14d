import { describe, expect, it } from "vitest";
import { answerSentence } from "./callback-words.ts";

describe("what the Callback URL answered", () => {
  it("is success when the status says so", () => expect(answerSentence({ status: "success" }).ok).toBe(true));
  it("names the code, the reason and what to do", () => {
    const { ok, sentence } = answerSentence({ status: "failure", error: { code: 2000, message: "bad credentials" } });
    expect([ok, sentence]).toEqual([false, "Refused with 2000: bad credentials. The Token in the request is not this deployment's. Paste the Token again at the platform."]);
  });
  it("copes with an answer that is nothing of the contract", () => expect(answerSentence("<html>").sentence).toBe("Refused: no reason given."));
});
