import { useState } from "react";

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * What was loaded, to be changed here before it is saved. What is loaded anew takes its place, unless something has been changed here:
 * that stays until it is saved or left.
 */
export function useDraftOf<T>(loaded: T) {
  const [base, setBase] = useState(loaded);
  const [draft, setDraft] = useState(loaded);
  if (!same(loaded, base)) {
    setBase(loaded);
    if (same(draft, base)) setDraft(loaded);
  }
  return { draft, setDraft, changed: !same(draft, loaded) };
}
