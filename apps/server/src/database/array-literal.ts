/**
 * A list as PostgreSQL reads it: {"a","b",NULL}, for what has no binary form (binary-array.ts). pg writes the same, in two to four times the
 * time: it looks at every element for what it might be.
 *
 * Answers undefined for lists of anything but texts, numbers and yes or no; those are left to pg.
 */
export function arrayLiteral(values: readonly unknown[]): string | undefined {
  if (values.length > 0 && values.every(isPlainText)) return `{"${values.join('","')}"}`;
  const parts: string[] = [];
  for (const value of values) {
    if (typeof value === "string") parts.push(`"${escaped(value)}"`);
    else if (value === null || value === undefined) parts.push("NULL");
    else if (typeof value === "number" || typeof value === "boolean") parts.push(String(value));
    else return undefined;
  }
  return `{${parts.join(",")}}`;
}

function isPlainText(value: unknown): boolean {
  return typeof value === "string" && !SPECIAL.test(value);
}

/** A pattern would find both at once, and take two to three times as long on a text with many of them, such as JSON. */
function escaped(value: string): string {
  return value.replace(BACKSLASHES, "\\\\").replace(QUOTES, '\\"');
}

const SPECIAL = /["\\]/;
const BACKSLASHES = /\\/g;
const QUOTES = /"/g;
