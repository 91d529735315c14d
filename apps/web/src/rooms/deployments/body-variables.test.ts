import { describe, expect, it } from "vitest";
import { bodyVariables } from "./body-variables.ts";

const body = (text: string, example?: Record<string, unknown>) => ({ components: [{ type: "BODY", text, ...(example ? { example } : {}) }] });

describe("the values a test asks for", () => {
  it("are the body's variables in order, with Meta's samples", () => {
    expect(bodyVariables(body("{{2}} for {{1}}, {{2}}", { body_text: [["Ada", "A-1"]] }))).toEqual([{ key: "1", example: "Ada" }, { key: "2", example: "A-1" }]);
  });
  it("may have names", () => {
    const named = { body_text_named_params: [{ param_name: "first_name", example: "Ada" }] };
    expect(bodyVariables(body("Hi {{first_name}}", named))).toEqual([{ key: "first_name", example: "Ada" }]);
  });
  it("are none for a fixed text or no body", () => expect([bodyVariables(body("Hello")), bodyVariables({ components: [] })]).toEqual([[], []]));
});
