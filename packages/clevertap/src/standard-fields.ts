import type { RecordCode } from "./codes.ts";
import { isStorable } from "./storable.ts";

/*
 * The fields of a profile that the upload API knows by name and checks (CleverTap developer pages: upload user profiles, API errors). Other
 * keys are the account's own and may hold what they like. Keys are told apart by case, so "gender" is one of these.
 */
interface StandardField {
  code: RecordCode;
  expected: string;
  fits(value: unknown): boolean;
}

const yesOrNo = /^[YN]$/i;
/** Both letter and word are written, in the SDKs' spellings: M, male, F, female, O, others, U, unknown. */
const gender = /^(m(ale)?|f(emale)?|o(thers?)?|u(nknown)?)$/i;
const education = /^(school|college|graduate)$/i;
/** Nobody is known to have been older than 122. */
const OLDEST = 150;

export const standardFields: ReadonlyMap<string, StandardField> = new Map<string, StandardField>([
  ["Gender", { code: 514, expected: "M, F, O or U", fits: textLike(gender) }],
  ["Email", { code: 515, expected: "an e-mail address", fits: isEmail }],
  ["Phone", { code: 516, expected: "E.164 with a plus sign", fits: textLike(/^\+[1-9]\d{6,14}$/) }],
  ["Employed", { code: 517, expected: "Y or N", fits: textLike(yesOrNo) }],
  ["Education", { code: 518, expected: "School, College or Graduate", fits: textLike(education) }],
  ["Married", { code: 519, expected: "Y or N", fits: textLike(yesOrNo) }],
  ["Age", { code: 520, expected: `a number of years from 0 to ${OLDEST}`, fits: isAge }],
]);

function textLike(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === "string" && pattern.test(value);
}

function isEmail(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const at = value.lastIndexOf("@");
  return value.length <= 254 && at > 0 && at < value.length - 1 && !/\s/.test(value) && isStorable(value);
}

/** A number, or a text that is one. */
function isAge(value: unknown): boolean {
  const years = typeof value === "string" && /^\d{1,3}(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  return typeof years === "number" && years >= 0 && years <= OLDEST;
}
