/*
 * Values of a person's history in words.
 */

const fields: Record<string, string> = { name: "Name", phone: "Phone", email: "E-mail", identity: "Identity", language: "Language", timeZone: "Time zone" };

/** A field as the form calls it; custom properties by their own name. */
export function fieldName(key: string): string {
  return key.startsWith("properties.") ? key.slice("properties.".length) : (fields[key] ?? key);
}

/** A value of whatever shape as one line. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) && value.every((one) => typeof one !== "object") ? value.join(", ") : JSON.stringify(value);
}

/** What a field was and what it became: "Pune → Goa". */
export function changed(value: unknown): string {
  if (typeof value !== "object" || value === null || !("from" in value || "to" in value)) return plain(value);
  const { from, to } = value as { from?: unknown; to?: unknown };
  return `${plain(from)} → ${plain(to)}`;
}
