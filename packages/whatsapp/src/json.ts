/** Reading JSON whose shape nobody promised: each function gives the value if it has the kind, else `undefined` (or an empty list). */

export type JsonObject = Record<string, unknown>;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list; everything else in it is left out. */
export function asObjects(value: unknown): JsonObject[] {
  return asList(value).filter((each) => asObject(each) !== undefined) as JsonObject[];
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A finite number, also when it is written as text, as Meta does in places. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "string" && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : undefined;
}

export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** Ids come as text in one place and as a number in another; they are compared as text. */
export function asId(value: unknown): string | undefined {
  return typeof value === "number" && Number.isFinite(value) ? String(value) : asText(value);
}

/** Upper-case form of a text, empty for anything else: component and button types come in either case. */
export function upperCase(value: unknown): string {
  return typeof value === "string" ? value.toUpperCase() : "";
}

/** A copy without the members that are `undefined`. A plain loop: it runs several times for each receipt. */
export function defined<T extends object>(value: T): T {
  const copy: Partial<T> = {};
  for (const key of Object.keys(value) as (keyof T)[]) {
    if (value[key] !== undefined) copy[key] = value[key];
  }
  // What was left out is optional in T: its value was undefined.
  return copy as T;
}
