/** What the settings of an import may be, given its file and the properties that people have already. */
import type { ImportColumn, ImportSettings, ImportTarget, PropertyType } from "@tincan/api";
import { ApiError } from "../../http/errors.ts";

/** The types that properties of the workspace have, by key. A property keeps the type of its first value. */
export type PropertyTypes = ReadonlyMap<string, PropertyType>;

/** Throws ApiError for the first thing that cannot be. */
export function checkSettings(columns: readonly ImportColumn[], settings: ImportSettings, types: PropertyTypes): void {
  const { mapping } = settings;
  if (mapping.length !== columns.length) refuse("mapping", `a list of ${columns.length} targets, one for each column`);
  const taken = new Map<string, number>();
  for (const [i, target] of mapping.entries()) {
    if (target.kind === "skip") continue;
    const before = taken.get(nameOf(target));
    if (before !== undefined) refuse(`mapping[${i}]`, `something else than column "${columns[before]!.name}" is: two columns cannot both be the ${wordOf(target)}`);
    taken.set(nameOf(target), i);
    if (target.kind !== "property") continue;
    const known = types.get(target.key);
    if (known !== undefined && known !== target.type) refuse(`mapping[${i}].type`, `${known}: the property "${target.key}" holds that already`);
  }
}

/** Nobody can be found or made without one of the two. */
export function checkIdentified({ mapping }: ImportSettings): void {
  if (!mapping.some(({ kind }) => kind === "phone" || kind === "identity")) refuse("mapping", "a list with a column for the phone number or for the identity");
}

/** Gives a guessed property the type that it has already. */
export function withKnownTypes(mapping: readonly ImportTarget[], types: PropertyTypes): ImportTarget[] {
  return mapping.map((target) => (target.kind === "property" ? { ...target, type: types.get(target.key) ?? target.type } : target));
}

function nameOf(target: ImportTarget): string {
  if (target.kind === "property") return `property ${target.key}`;
  return target.kind === "consent" ? `consent ${target.category}` : target.kind;
}

function wordOf(target: ImportTarget): string {
  if (target.kind === "property") return `property "${target.key}"`;
  return target.kind === "consent" ? `consent for ${target.category}` : target.kind;
}

function refuse(field: string, expected: string): never {
  throw new ApiError("invalid_input", { field, expected });
}
