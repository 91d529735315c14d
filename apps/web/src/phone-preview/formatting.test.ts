import { describe, expect, it } from "vitest";
import { formatted, inlineParts } from "./formatting.ts";

const kinds = (text: string) => inlineParts(text).map((part) => part.kind);

describe("WhatsApp's text marks", () => {
  it("shows bold, italic and strike", () => expect(kinds("*a* _b_ ~c~")).toEqual(["bold", "text", "italic", "text", "strike"]));

  it("lets marks hold each other", () => {
    expect(inlineParts("*_both_*")).toEqual([{ kind: "bold", parts: [{ kind: "italic", parts: [{ kind: "text", text: "both" }] }] }]);
  });

  it("leaves marks inside a word alone", () => expect(kinds("snake_case_name 2*3*4")).toEqual(["text"]));

  it("leaves a mark that touches a space alone", () => expect(kinds("* not bold * ")).toEqual(["text"]));

  it("does not read marks inside code", () => expect(inlineParts("`*x*`")).toEqual([{ kind: "code", text: "*x*" }]));

  it("links addresses without the full stop after them", () => {
    expect(inlineParts("See https://shop.example/t/81.")[1]).toEqual({ kind: "link", text: "https://shop.example/t/81", href: "https://shop.example/t/81" });
  });

  it("keeps variables apart, also inside bold", () => {
    expect(inlineParts("Hi *{{1}}*, {{order_no}}").map((part) => part.kind)).toEqual(["text", "bold", "text", "variable"]);
  });

  it("keeps the lines of a code block together", () => {
    expect(formatted("a\n```b\n*c*```\nd").find((line) => line.kind === "block")?.parts).toEqual([{ kind: "code", text: "b\n*c*" }]);
  });

  it("tells quotes and lists by how a line begins", () => {
    expect(formatted("> q\n- b\n1. n\nplain").map((line) => line.kind)).toEqual(["quote", "bullet", "number", "line"]);
  });
});
