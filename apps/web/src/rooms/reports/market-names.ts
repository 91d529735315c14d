import { getCountries, getCountryCallingCode } from "libphonenumber-js/min";

const names = new Intl.DisplayNames("en", { type: "region" });

/** "India" for 91; several countries may share a code: "Canada, United States and 23 more". */
export function marketName(code: string): string {
  if (code === "*") return "All other markets";
  const countries: string[] = getCountries().filter((country) => getCountryCallingCode(country) === code);
  const shown = [...(main[code] ?? []), ...countries].filter((country, place, all) => all.indexOf(country) === place).slice(0, 2).map((country) => names.of(country) ?? country);
  const more = countries.length - shown.length;
  if (shown.length === 0) return "No country has this code";
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(" and ");
}

/** Whose code it is first of all, where many share it. */
const main: Record<string, string[]> = { "1": ["US", "CA"], "7": ["RU", "KZ"], "44": ["GB"], "39": ["IT"], "47": ["NO"], "61": ["AU"], "212": ["MA"], "262": ["RE"], "358": ["FI"], "590": ["GP"], "599": ["CW"] };
