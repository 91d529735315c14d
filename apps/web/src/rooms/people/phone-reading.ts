import { type CountryCode, getCountries, getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";

/** How a number somebody typed is understood: in E.164 form, or what keeps it from being one. */
export type PhoneReading = { e164: string; shown: string; country: string | null } | { problem: string };

/**
 * Reads a number as people write it: with spaces, brackets or dashes, with + or 00 in front, or without a country, which is then
 * `defaultCountry` (two letters). The server reads it again and has the last word.
 */
export function readPhone(text: string, defaultCountry: string): PhoneReading {
  const typed = text.trim().replace(/^00/, "+");
  if (!/\d/.test(typed)) return { problem: "A phone number has digits" };
  const country = countryCode(defaultCountry);
  if (!typed.startsWith("+") && !country) return { problem: "Begin with + and the country's code, like +49, or choose a country" };
  const number = parsePhoneNumberFromString(typed, country ? { defaultCountry: country } : {});
  if (!number) return { problem: typed.startsWith("+") ? "No country has this code" : "This cannot be read as a phone number" };
  if (!number.isPossible()) return { problem: `${number.formatInternational()} has too few or too many digits for ${regionOf(number.countryCallingCode, number.country)}` };
  return { e164: number.number, shown: number.formatInternational(), country: number.country ? countryName(number.country) : null };
}

function countryCode(code: string): CountryCode | undefined {
  return isSupportedCountry(code) ? code : undefined;
}

function regionOf(callingCode: string, country: CountryCode | undefined): string {
  return country ? countryName(country) : `+${callingCode}`;
}

const names = new Intl.DisplayNames("en", { type: "region" });

function countryName(code: string): string {
  return names.of(code) ?? code;
}

/** Every country with its calling code, by name, for a choice. */
export function countryChoice(): { value: string; label: string }[] {
  return getCountries()
    .map((code) => ({ value: code as string, label: `${countryName(code)} (+${getCountryCallingCode(code)})` }))
    .sort((a, b) => a.label.localeCompare(b.label, "en"));
}
