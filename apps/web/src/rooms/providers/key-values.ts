/** A row of names and values. `stored` is the masked value the server has; while `value` is null, that one stays. */
export interface KeyValue {
  id: number;
  key: string;
  value: string | null;
  stored?: string;
}

interface Pair {
  key: string;
  value: string;
}

let last = 0;

export const newRow = (): KeyValue => ({ id: ++last, key: "", value: "" });

/** Rows of what the server answered; with `masked` their values cannot be read, only replaced. */
export const rowsOf = (pairs: Pair[], { masked }: { masked: boolean }): KeyValue[] =>
  pairs.map(({ key, value }) => ({ id: ++last, key, ...(masked ? { value: null, stored: value } : { value }) }));

/** What to send: rows without a name and value are left out, a stored value goes back as it was shown, which keeps it. */
export const pairsOf = (rows: KeyValue[]): Pair[] =>
  rows.filter((row) => row.key.trim() !== "" || row.value?.trim()).map((row) => ({ key: row.key.trim(), value: row.value ?? row.stored ?? "" }));

/** What is wrong with header rows, in a sentence; null when nothing is. */
export function headerProblem(rows: KeyValue[]): string | null {
  const pairs = pairsOf(rows);
  const bad = pairs.find(({ key }) => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key));
  if (bad) return bad.key === "" ? "A value without a name cannot be sent." : `“${bad.key}” is no header name: letters, digits and dashes only.`;
  const empty = pairs.find(({ value }) => value === "");
  if (empty) return `The header ${empty.key} needs a value.`;
  const names = pairs.map(({ key }) => key.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice ? `The header ${twice} is there twice.` : null;
}

/** The same for custom keys, whose names may hold anything. */
export function customKeyProblem(rows: KeyValue[]): string | null {
  const names = pairsOf(rows).map(({ key }) => key);
  if (names.includes("")) return "A value without a name cannot be sent.";
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice ? `The key ${twice} is there twice.` : null;
}
