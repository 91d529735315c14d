import { isPossiblePhoneNumber } from "libphonenumber-js/min";

/** Numbers kept from earlier checks; a check costs some 20 µs, and platforms write to the same people again. */
const REMEMBERED = 50_000;

const checked = new Map<string, boolean>();

/**
 * Whether a number in E.164 form has a country and the length its numbering plan allows. Deliberately no closer look: plans grow
 * faster than tables of them, numbers set aside for examples must work, and whether a number is on WhatsApp only Meta can tell.
 */
export function isPhoneNumber(e164: string): boolean {
  const known = checked.get(e164);
  if (known !== undefined) return known;
  const possible = isPossiblePhoneNumber(e164);
  if (checked.size >= REMEMBERED) checked.clear();
  checked.set(e164, possible);
  return possible;
}
