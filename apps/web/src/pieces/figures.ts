import type { Cost } from "@tincan/api";

/*
 * Numbers as reports write them.
 */

/** A share of 0 to 1: "87.3%"; a dash where there is nothing to take a share of. */
export function percent(rate: number | null): string {
  return rate === null ? "–" : `${(rate * 100).toLocaleString(undefined, { maximumFractionDigits: 1 })}%`;
}

/** What part is of the whole; null of nothing. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** A relative difference: "+12.5%", "−3%". */
export function difference(rate: number | null): string {
  if (rate === null) return "–";
  return `${rate < 0 ? "−" : "+"}${percent(Math.abs(rate))}`;
}

/** A count where there is little room, such as beside a chart: "1.4M". */
export function compact(count: number): string {
  return count.toLocaleString(undefined, { notation: "compact", maximumFractionDigits: 1 });
}

/** An amount without a currency, as a goal's revenue is counted: to the cent, and without cents where there are none. */
export function amount(value: number): string {
  const whole = Number.isInteger(value);
  return value.toLocaleString(undefined, { minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: 2 });
}

/** "€1,204.50"; a price far below a cent keeps its digits. */
export function money(value: number, currency: string): string {
  const small = value !== 0 && Math.abs(value) < 1;
  return value.toLocaleString(undefined, { style: "currency", currency, ...(small ? { maximumFractionDigits: 6 } : {}) });
}

/** A cost in a few words: the amount, or what is missing for it. */
export function costWords({ currency, amount: value, withoutPrice }: Cost): { value: string; note: string } {
  const missing = withoutPrice === 0 ? "" : `${withoutPrice.toLocaleString()} without a price`;
  return { value: value === null ? "–" : money(value, currency), note: missing };
}
