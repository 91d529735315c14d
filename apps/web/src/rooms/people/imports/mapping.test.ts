import type { ImportColumn, ImportTarget } from "@tincan/api";
import { describe, expect, it } from "vitest";
import { choiceOf, mappingProblems, namesPeople, targetOf } from "./mapping.ts";

const column = (index: number, name: string, guess: ImportTarget = { kind: "skip" }): ImportColumn => ({ index, name, samples: [], guess });
const columns = [column(0, "Mobile"), column(1, "Telephone"), column(2, "City")];

describe("mapping the columns of a file", () => {
  it("finds the choice of a target, and the target of a choice, again", () => {
    for (const choice of ["skip", "phone", "timeZone", "consent:marketing"]) expect(choiceOf(targetOf(choice, column(0, "x"), []))).toBe(choice);
  });

  it("names a new property after its column, with the type that was guessed", () => {
    expect(targetOf("property", column(0, " City "), [])).toEqual({ kind: "property", key: "City", type: "text" });
    const guess: ImportTarget = { kind: "property", key: "age", type: "number" };
    expect(targetOf("property", column(0, "Age", guess), [])).toEqual(guess);
  });

  it("says which column is a thing already", () => {
    const problems = mappingProblems([{ kind: "phone" }, { kind: "phone" }, { kind: "skip" }], columns);
    expect([...problems]).toEqual([[1, expect.stringContaining("“Mobile” is that already")]]);
  });

  it("lets any number of columns be ignored, and two consents differ", () => {
    const mapping: ImportTarget[] = [{ kind: "skip" }, { kind: "skip" }, { kind: "consent", category: "marketing" }, { kind: "consent", category: "utility" }];
    expect(mappingProblems(mapping, columns).size).toBe(0);
  });

  it("takes two properties of one name for the same, and asks for a name", () => {
    const property = (key: string): ImportTarget => ({ kind: "property", key, type: "text" });
    expect([...mappingProblems([property("City"), property("City "), property(" ")], columns).keys()]).toEqual([1, 2]);
  });

  it("needs a phone or an identity", () => {
    expect([namesPeople([{ kind: "name" }, { kind: "email" }]), namesPeople([{ kind: "name" }, { kind: "identity" }])]).toEqual([false, true]);
  });
});
