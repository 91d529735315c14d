/** Where two templates differ. */
import type { TemplateComponent } from "@tincan/api";

export interface FieldChange {
  /** Such as `category` or `components[1].text`. */
  field: string;
  before?: unknown;
  after?: unknown;
}

/** Whether two templates say the same. */
export function sameWords(ours: TemplateComponent[], theirs: TemplateComponent[]): boolean {
  const changes: FieldChange[] = [];
  compare("", ours, theirs, changes);
  return changes.length === 0;
}

/** Names the deepest places where two JSON values differ. Members in another order are the same. */
export function compare(field: string, before: unknown, after: unknown, changes: FieldChange[]): void {
  if (Object.is(before, after)) return;
  const bothLists = Array.isArray(before) && Array.isArray(after);
  if (!bothLists && (!isObject(before) || !isObject(after))) {
    changes.push({ field, ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
    return;
  }
  for (const member of new Set([...Object.keys(before as object), ...Object.keys(after as object)])) {
    const inside = bothLists ? `${field}[${member}]` : field === "" ? member : `${field}.${member}`;
    compare(inside, (before as Record<string, unknown>)[member], (after as Record<string, unknown>)[member], changes);
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
