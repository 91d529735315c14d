/**
 * The language code as Meta writes it (`en`, `en_US`): CleverTap's samples also hold `en(uk)` and `en(UK)`, and people
 * type `en-us`. The United Kingdom's region is GB. What does not look like a language code is returned as it is.
 */
export function normaliseLanguage(code: string): string {
  if (code.length > 20) return code;
  const match = /^([a-z]{2,3})(?:[_-]([a-z]{2,4})|\(([a-z]{2,4})\))?$/i.exec(code.trim());
  if (match === null) return code;
  const language = match[1]!.toLowerCase();
  const region = (match[2] ?? match[3])?.toUpperCase();
  if (region === undefined) return language;
  return `${language}_${region === "UK" ? "GB" : region}`;
}
