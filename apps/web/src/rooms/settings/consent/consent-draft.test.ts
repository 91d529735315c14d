import type { ConsentReply, ConsentWord } from "@tincan/api";
import { describe, expect, it } from "vitest";
import { draftOf, languageName, listedTwice, repliesOf, wordsOf } from "./consent-draft.ts";

const word = (text: string, changes: Partial<ConsentWord> = {}): ConsentWord => ({ word: text, state: "out", category: "all", language: "en", ...changes });
const words = [word("stop"), word("start", { state: "in" }), word("unsubscribe"), word("ruko", { language: "hi" }), word("stop offers", { category: "marketing" })];
const replies: ConsentReply[] = [{ language: "hi", out: "Theek hai", in: "" }];

describe("editing consent words by language", () => {
  it("puts the language that answers for all others first", () => expect(draftOf(words, replies).map(({ language }) => language)).toEqual(["hi", "en"]));
  it("keeps words that do the same on one line", () => {
    const english = draftOf(words, []).find(({ language }) => language === "en");
    expect(english?.lines.map((line) => [line.state, line.category, line.words])).toEqual([["out", "all", ["stop", "unsubscribe"]], ["in", "all", ["start"]], ["out", "marketing", ["stop offers"]]]);
  });
  it("gives back every word and answer", () => {
    const draft = draftOf(words, replies);
    expect(new Set(wordsOf(draft))).toEqual(new Set(words));
    expect(repliesOf(draft)).toEqual(replies);
  });
  it("finds a word that a language lists twice, whatever its case", () => {
    expect(listedTwice(draftOf([word("Stop"), word("stop ", { state: "in" }), word("halt")], []))).toEqual(["stop "]);
  });
  it("lets two languages share a word", () => expect(listedTwice(draftOf([word("stop"), word("STOP", { language: "de" })], []))).toEqual([]));
});

it("languages are called by name", () => expect([languageName("pt_BR"), languageName("hi"), languageName("no language")]).toEqual(["Brazilian Portuguese", "Hindi", undefined]));
