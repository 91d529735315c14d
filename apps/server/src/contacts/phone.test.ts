import { expect, test } from "vitest";
import { isPhoneNumber, readNumberOf } from "./phone.ts";

test.each([
  ["+919800000001", null, "+919800000001"],
  [" +91 98000-00001 ", null, "+919800000001"],
  ["0091 98000 00001", null, "+919800000001"],
  ["919800000001", null, "+919800000001"],
  ["98000 00001", "IN", "+919800000001"],
  ["098000 00001", "IN", "+919800000001"],
  ["(555) 010-0123", "US", "+15550100123"],
  ["1 555 010 0123", "US", "+15550100123"],
  ["whatsapp:+15550100123", null, "+15550100123"],
  ["tel:+1-555-010-0123", null, "+15550100123"],
  ["+44 (0)7700 900123", null, "+447700900123"],
  ["٠٥٥١٢٣٤٥٦٧", "SA", "+966551234567"],
  ["+९१९८०००००००१", null, "+919800000001"],
  ["\u202a+1 555\u00a0010\u20110123\u202c", null, "+15550100123"],
  ["+4915112345678", "IN", "+4915112345678"],
])("%s in %s is %s", (text, country, number) => {
  expect(readNumberOf(text, country)).toBe(number);
});

test.each([["98000 00001", null], ["9.198E+11", "IN"], ["hello", "IN"], ["", "IN"], ["+", null], ["+1", null], ["12", "IN"], ["+999999999999", null], ["+155501001234567", null], ["1".repeat(5000), "US"], ["98000 00001", "XX"]])(
  "%s in %s is no number",
  (text, country) => {
    expect(readNumberOf(text, country)).toBeNull();
  },
);

test("numbers set aside for examples count as numbers: their country and length are right", () => {
  expect(["+15550100199", "+15550001001", "+442079460000"].map((number) => isPhoneNumber(number))).toEqual([true, true, true]);
});
