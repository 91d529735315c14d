import { describe, expect, it } from "vitest";
import { newButton, newDraft } from "../editor/draft.ts";
import { numbersIn, testValues } from "./test-values.ts";

const none = { code: "", ends: "" };

describe("the values of a test", () => {
  it("are the samples of the form", () =>
    expect(testValues({ ...newDraft("p"), body: "Hi {{1}}, it is ready", samples: { "1": "Ada" } }, none)).toEqual({ body: [{ text: "Ada" }] }));
  it("put a one-time code into the body and the button", () =>
    expect(testValues({ ...newDraft("p"), category: "AUTHENTICATION" }, { ...none, code: "493012" })).toEqual({
      body: [{ text: "493012" }],
      buttons: [{ kind: "url", index: 0, suffix: "493012" }],
    }));
  it("say when an offer ends", () => {
    const offer = { ...newDraft("p"), shape: "offer" as const, body: "Half price", buttons: [{ ...newButton("COPY_CODE"), example: "SAVE5" }] };
    expect(testValues(offer, { ...none, ends: "2026-12-24T18:00:00Z" })).toEqual({ buttons: [{ kind: "copyCode", index: 0, code: "SAVE5" }], expiresAtMs: Date.UTC(2026, 11, 24, 18) });
  });
});

describe("numbers as typed", () => {
  it("stand one to a line or with commas, each once", () => expect(numbersIn("+1 555 010 0123, 00918000000001\n+1 555 010 0123")).toEqual(["+1 555 010 0123", "+918000000001"]));
  it("may be none", () => expect(numbersIn(" ,\n")).toEqual([]));
});
