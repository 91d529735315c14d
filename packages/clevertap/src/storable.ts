/** Whether a text survives UTF-8 and PostgreSQL unchanged: no half of a surrogate pair, no NUL. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Deeper values than this are nobody's data; `JSON.stringify` and PostgreSQL's jsonb give up at some thousands. */
const DEPTH_LIMIT = 64;

/**
 * Whether a JSON value can be written and kept as jsonb: every text and key is storable and nothing is nested deeper than 64 levels.
 * Walks level by level instead of recursing, so the value cannot exhaust the stack.
 */
export function isStorableJson(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_LIMIT) return false;
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item === "string" && !isStorable(item)) return false;
      if (typeof item !== "object" || item === null) continue;
      if (!Array.isArray(item) && !Object.keys(item).every(isStorable)) return false;
      for (const child of Object.values(item)) next.push(child);
    }
    level = next;
  }
  return true;
}
