/**
 * Phone numbers as people write them, and E.164 as we keep them.
 *
 * Deliberately no closer look than country and length: plans grow faster than tables of them, numbers set aside for examples must work, and
 * whether a number is on WhatsApp only Meta can tell.
 */
import { getCountries, getCountryCallingCode, isPossiblePhoneNumber, isSupportedCountry, Metadata, parsePhoneNumberFromString } from "libphonenumber-js/min";

/**
 * Lengths a number may have after its calling code, in every country that shares the code: one lookup instead of the 15 to 50 µs
 * that reading the number in full takes.
 */
const lengths = new Map<string, Set<number>>();
for (const country of getCountries()) {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const own = metadata.numberingPlan?.possibleLengths() ?? [];
  const code = getCountryCallingCode(country);
  const shared = lengths.get(code);
  lengths.set(code, new Set(shared ? own.filter((length) => shared.has(length)) : own));
}
const LONGEST_CODE = 3;

/** Whether a number in E.164 form has a country and a length its numbering plan allows. */
export function isPhoneNumber(e164: string): boolean {
  if (lengths.get(callingCodeOf(e164))?.has(e164.length - 1 - callingCodeOf(e164).length)) return true;
  // Not so simple: a trunk zero that does not belong there, a number of no country (satellites, machines), or no number at all.
  return isPossiblePhoneNumber(e164);
}

/** The calling code at the head of an E.164 number, such as "91"; empty when none is known. Codes are prefix-free. */
export function callingCodeOf(e164: string): string {
  for (let digits = 1; digits <= LONGEST_CODE; digits++) {
    const code = e164.slice(1, 1 + digits);
    if (lengths.has(code)) return code;
  }
  return "";
}

/** Shorter ones are national numbers of somewhere: "98000 00001" is nobody in Iran. */
const SHORTEST_WITHOUT_PLUS = 11;
const TIDY = /^\+[1-9]\d{6,14}$/;
/** What stands between digits in common writings: spaces of all kinds, hyphens and dashes, dots, slashes, brackets, marks of direction. */
const BETWEEN = /[\s\u00a0\u2000-\u200f\u202a-\u202e\u2066-\u2069\u2010-\u2015\u2212\-./()[\]]+/g;

/**
 * The E.164 form of a number in any common writing: "+91 98000-00001", "0091…", "(555) 010-0123", "98000 00001", "whatsapp:+9198…", Arabic or
 * Indian digits; null when it is none. A number without "+" or "00" is read as one of `country` (ISO 3166); failing that, as a whole
 * number whose "+" was lost.
 */
export function readNumberOf(text: string, country: string | null | undefined): string | null {
  if (TIDY.test(text)) return isPhoneNumber(text) ? text : null;
  if (text.length > 60) return null;
  let rest = westernDigits(text).trim().replace(/^(whatsapp|tel):/i, "").replace("(0)", "").replaceAll(BETWEEN, "").replace(/^\uff0b/, "+");
  if (rest.startsWith("00")) rest = `+${rest.slice(2)}`;
  if (!/^\+?\d{5,17}$/.test(rest)) return null;
  if (rest.startsWith("+")) return possible(rest);
  const known = typeof country === "string" && isSupportedCountry(country) ? country : undefined;
  const national = known === undefined ? null : possible(rest, known);
  return national ?? (rest.length >= SHORTEST_WITHOUT_PLUS && isPhoneNumber(`+${rest}`) ? `+${rest}` : null);
}

function possible(text: string, country?: Parameters<typeof getCountryCallingCode>[0]): string | null {
  const number = parsePhoneNumberFromString(text, { ...(country && { defaultCountry: country }), extract: false });
  return number?.isPossible() === true ? number.number : null;
}

/** Digits of other scripts that phones and keyboards write, as 0 to 9. */
function westernDigits(text: string): string {
  return text.replaceAll(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/g, (digit) => String(digit.codePointAt(0)! - zeroOf(digit.codePointAt(0)!)));
}

function zeroOf(code: number): number {
  return [0x660, 0x6f0, 0x966, 0xff10].findLast((zero) => code >= zero)!;
}
