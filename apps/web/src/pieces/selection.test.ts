import { describe, expect, it } from "vitest";
import { afterToggle } from "./selection.ts";

const shown = ["a", "b", "c", "d", "e"];

describe("picking rows", () => {
  it("picks one and drops it again", () => {
    expect(afterToggle({ shown, picked: ["a"], id: "c", from: "c" })).toEqual(["a", "c"]);
    expect(afterToggle({ shown, picked: ["a", "c"], id: "c", from: "c" })).toEqual(["a"]);
  });
  it("picks everything up to the row touched before, in either direction", () => {
    expect(afterToggle({ shown, picked: ["b"], id: "d", from: "b" })).toEqual(["b", "c", "d"]);
    expect(afterToggle({ shown, picked: ["d"], id: "b", from: "d" })).toEqual(["b", "c", "d"]);
  });
  it("drops a whole range", () => expect(afterToggle({ shown, picked: shown, id: "d", from: "b" })).toEqual(["a", "e"]));
  it("takes the row alone when the one touched before has gone", () => expect(afterToggle({ shown, picked: [], id: "d", from: "gone" })).toEqual(["d"]));
  it("forgets rows that are no longer shown", () => expect(afterToggle({ shown, picked: ["gone", "a"], id: "b", from: "b" })).toEqual(["a", "b"]));
});
