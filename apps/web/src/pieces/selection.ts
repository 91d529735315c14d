import { useState } from "react";

/** Rows somebody has picked from a list, by id. */
export interface Selection {
  has: (id: string) => boolean;
  /** Picks or drops one; with `range`, everything between it and the one touched before. */
  toggle: (id: string, range: boolean) => void;
  /** Picks all that are shown, or drops them when they are picked already. */
  toggleAll: () => void;
  clear: () => void;
}

/**
 * What is picked among the rows shown. Another view (`view` names it) begins anew, and a row that has gone is no longer picked: a bulk
 * action touches only what can be seen.
 */
export function useSelection(view: string, shown: string[]): { picked: string[]; selection: Selection } {
  const [state, setState] = useState({ view, ids: new Set<string>(), last: "" });
  const ids = state.view === view ? state.ids : new Set<string>();
  const picked = shown.filter((id) => ids.has(id));
  const set = (next: Iterable<string>, last = "") => setState({ view, ids: new Set(next), last });
  return {
    picked,
    selection: {
      has: (id) => ids.has(id),
      toggle: (id, range) => set(afterToggle({ shown, picked, id, from: range ? state.last : id }), id),
      toggleAll: () => set(picked.length === shown.length ? [] : shown),
      clear: () => set([]),
    },
  };
}

/** What is picked after a touch of `id`: everything from `from` to it takes its new state. */
export function afterToggle({ shown, picked, id, from }: { shown: string[]; picked: string[]; id: string; from: string }): string[] {
  const end = shown.indexOf(id);
  const begin = shown.includes(from) ? shown.indexOf(from) : end;
  const touched = new Set(shown.slice(Math.min(begin, end), Math.max(begin, end) + 1));
  const pick = !picked.includes(id);
  return shown.filter((one) => (touched.has(one) ? pick : picked.includes(one)));
}
