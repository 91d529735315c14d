import { describe, expect, it } from "vitest";
import { changedFields, fieldRules, fieldsOf } from "./contact-form.ts";

const empty = fieldsOf(undefined);

describe("the contact form's fields", () => {
  it("send nothing that was not changed", () => expect(changedFields({ ...empty, name: " " }, empty)).toEqual({}));
  it("send what was typed, without spaces around it", () => expect(changedFields({ ...empty, name: " Ada " }, empty)).toEqual({ name: "Ada" }));
  it("empty a field with null", () => expect(changedFields(empty, { ...empty, email: "a@example.com" })).toEqual({ email: null }));
  it("take a time zone the browser knows, and no other", () => {
    expect([fieldRules.timeZone("Asia/Kolkata"), fieldRules.timeZone(""), fieldRules.timeZone("Mars/North")]).toEqual([null, null, "A time zone, like Asia/Kolkata"]);
  });
  it("take language codes with and without a region", () => {
    expect([fieldRules.language("en"), fieldRules.language("pt_BR"), fieldRules.language("English please")]).toEqual([null, null, "A language code, like en or pt_BR"]);
  });
});
