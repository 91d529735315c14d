/**
 * Most texts read few values that many people share: a city, a tier, a language. What such a text was filled with once is not filled again
 * for the next person who has the same values. A text that meets new values nearly every time is filled directly after a while.
 */
import type { Findings, LiquidText, Scope } from "./text.ts";

/** Fillings kept of one text. */
const MOST_KEPT = 2_000;
/** People after whom it is known whether keeping pays. */
const TRIAL = 4_000;
/** Longer values make keys that cost more than they save. */
const LONGEST_KEY = 200;

interface Kept {
  text: string;
  missing: readonly string[];
  aborted: string | null;
}

/** One value that a text reads: a property of the person or of the event. */
export interface ReadPath {
  of: "profile" | "event";
  key: string;
}

/** Fills like `fill`, which must depend on nothing but the values of `paths`. */
export function remembered(paths: readonly ReadPath[], fill: LiquidText["fill"]): LiquidText["fill"] {
  const kept = new Map<string, Kept>();
  let asked = 0;
  let met = 0;
  let pays = true;
  return (scope, findings, mostMs) => {
    const key = pays ? keyOf(paths, scope) : null;
    if (key === null) return fill(scope, findings, mostMs);
    asked++;
    const known = kept.get(key);
    if (known) {
      met++;
      for (const name of known.missing) findings.missing.push(name);
      findings.aborted ??= known.aborted;
      return known.text;
    }
    if (asked >= TRIAL && met < asked / 2) {
      pays = false;
      kept.clear();
    }
    return fillAnew(findings, (own) => fill(scope, own, mostMs), (made) => {
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, made);
    });
  };
}

function fillAnew(findings: Findings, fill: (own: Findings) => string, keep: (made: Kept) => void): string {
  const own: Findings = { missing: [], aborted: null, failed: null };
  const text = fill(own);
  findings.missing.push(...own.missing);
  findings.aborted ??= own.aborted;
  findings.failed ??= own.failed;
  // A text that failed for want of time may do better for the next person.
  if (own.failed === null) keep({ text, missing: own.missing, aborted: own.aborted });
  return text;
}

/** The values as a text that is the same for the same values alone; null when one of them is no plain value. */
function keyOf(paths: readonly ReadPath[], scope: Scope): string | null {
  let key = "";
  for (const { of, key: name } of paths) {
    const value = Object.hasOwn(scope[of], name) ? scope[of][name] : undefined;
    if (typeof value === "string") key += `s${value.length}:${value}`;
    else if (typeof value === "object" && value !== null) return null;
    else key += `${typeof value}:${String(value)};`;
    if (key.length > LONGEST_KEY) return null;
  }
  return key;
}
