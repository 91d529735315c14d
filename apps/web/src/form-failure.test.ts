import { ApiFailure } from "@tincan/api";
import { expect, it, vi } from "vitest";
import { applyFailure } from "./form-failure.ts";

const shown = (error: { message: string; expected?: string; fix?: string }): unknown => {
  const form = { values: { name: "" }, setFieldError: vi.fn<(field: string, message: string) => void>() };
  expect(applyFailure(form, new ApiFailure(400, { code: "invalid_input", field: "name", ...error }))).toBe(true);
  return form.setFieldError.mock.calls[0];
};

it("a field's refusal says what was expected", () => {
  expect(shown({ message: "This name is too long.", expected: "at most 80 characters long", fix: "Shorten it." })).toEqual(["name", "This name is too long. Expected at most 80 characters long. Shorten it."]);
});

it("what the sentence says already is not said twice", () => {
  expect(shown({ message: '"name" must be filled in.', expected: "filled in" })).toEqual(["name", '"name" must be filled in.']);
});
