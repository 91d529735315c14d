/**
 * The E.164 form with "+" of a number as people and platforms write it: with or without "+", with spaces, hyphens,
 * dots or parentheses. Null when it cannot be one (a letter, a leading zero, fewer than 7 or more than 15 digits).
 * Whether the number exists in its country's plan is not decided here.
 */
export function toE164(written: string): string | null {
  if (written.length > 40) return null;
  let digits = "";
  for (let at = 0; at < written.length; at++) {
    const char = written.charCodeAt(at);
    if (char >= 48 && char <= 57) digits += written[at];
    else if (char === 43 && digits === "") continue;
    else if (char !== 32 && char !== 45 && char !== 46 && char !== 40 && char !== 41) return null;
  }
  if (digits.length < 7 || digits.length > 15 || digits.charCodeAt(0) === 48) return null;
  return `+${digits}`;
}
