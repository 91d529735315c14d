import type { ContactProperty, PropertyInput, PropertyType, PropertyValue } from "@tincan/api";

/** Limits of a profile (CleverTap: Platform considerations). Lengths count characters. */
export const propertyLimits = { keys: 256, keyLength: 120, valueLength: 512, listItems: 100 };

/** A custom property while it is edited. `text` holds every type but lists; `was` is the key and value it had when the form opened. */
export interface PropertyRow {
  id: number;
  key: string;
  type: PropertyType;
  text: string;
  items: string[];
  was?: { key: string; input: string };
}

/** The type a workspace's people have a property in; undefined for one nobody has yet. */
export function knownType(known: ContactProperty[], key: string): PropertyType | undefined {
  const wanted = key.trim();
  return known.find((one) => one.key === wanted)?.type;
}

function typeOf(value: PropertyValue): PropertyType {
  if (Array.isArray(value)) return "list";
  return typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean";
}

/** A date as the browser's field for dates writes it: without a time when it is midnight UTC. */
function dateText(value: string): string {
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return "";
  return at.toISOString().slice(0, 10);
}

export function rowsOf(properties: Record<string, PropertyValue>, known: ContactProperty[]): PropertyRow[] {
  return Object.entries(properties).map(([key, value], id) => {
    const type = knownType(known, key) ?? typeOf(value);
    const text = Array.isArray(value) ? "" : type === "date" ? dateText(String(value)) : String(value);
    const row: PropertyRow = { id, key, type, text, items: Array.isArray(value) ? value : [] };
    return { ...row, was: { key, input: JSON.stringify(inputOf(row)) } };
  });
}

function inputOf({ type, text, items }: PropertyRow): PropertyInput {
  switch (type) {
    case "list":
      return items;
    case "number":
      return Number(text.trim().replace(",", "."));
    case "boolean":
      return text === "true";
    case "date":
      return { date: `${text}T00:00:00.000Z` };
    case "text":
      return text.trim();
  }
}

/** What is wrong with each row, by its id. */
export function rowProblems(rows: PropertyRow[]): Map<number, { key?: string; value?: string }> {
  const problems = new Map<number, { key?: string; value?: string }>();
  const seen = new Set<string>();
  for (const row of rows) {
    const key = row.key.trim();
    const found = { ...keyProblem(key, seen), ...valueProblem(row) };
    seen.add(key);
    if (Object.keys(found).length > 0) problems.set(row.id, found);
  }
  return problems;
}

function keyProblem(key: string, seen: Set<string>): { key?: string } {
  if (key === "") return { key: "A name, like City" };
  if (key.length > propertyLimits.keyLength) return { key: `At most ${propertyLimits.keyLength} characters; this has ${key.length}` };
  return seen.has(key) ? { key: "This name is used above" } : {};
}

function valueProblem({ type, text, items }: PropertyRow): { value?: string } {
  if (type === "list") {
    if (items.length === 0) return { value: "At least one item" };
    if (items.length > propertyLimits.listItems) return { value: `At most ${propertyLimits.listItems} items; this has ${items.length}` };
    const long = items.find((item) => item.length > propertyLimits.valueLength);
    return long ? { value: `“${long.slice(0, 20)}…” has ${long.length} characters; at most ${propertyLimits.valueLength}` } : {};
  }
  if (text.trim() === "") return { value: "A value, or remove the property" };
  if (type === "number" && !Number.isFinite(Number(text.trim().replace(",", ".")))) return { value: "A number, like 12 or 3.5" };
  if (text.length > propertyLimits.valueLength) return { value: `At most ${propertyLimits.valueLength} characters; this has ${text.length}` };
  return {};
}

/** What changed since the form opened: new values, and null for what was taken away or got another name. */
export function changedProperties(rows: PropertyRow[], before: Record<string, PropertyValue>): Record<string, PropertyInput> {
  const changes: Record<string, PropertyInput> = {};
  const kept = new Set(rows.map((row) => row.key.trim()));
  for (const key of Object.keys(before)) if (!kept.has(key)) changes[key] = null;
  for (const row of rows) {
    const key = row.key.trim();
    const input = inputOf(row);
    if (row.was?.key !== key || row.was.input !== JSON.stringify(input)) changes[key] = input;
  }
  return changes;
}
