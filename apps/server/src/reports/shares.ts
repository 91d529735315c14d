/** Comparing shares of people: how likely a difference as large as the one seen is when there is none. */

/** `did` of `of` people did something. */
export interface Share {
  did: number;
  of: number;
}

/** With fewer than this the normal curve says little. */
const FEWEST = 30;

export function rateOf({ did, of }: Share): number | null {
  return of === 0 ? null : did / of;
}

/**
 * The two-sided z-test of two shares with the pooled estimate: the chance of a difference at least as large by accident, from 0 to 1. Null
 * when one of them has fewer than 30 people. When nobody or everybody did it, the shares are equal, and the chance is 1.
 */
export function chanceOfAccident(a: Share, b: Share): number | null {
  if (a.of < FEWEST || b.of < FEWEST) return null;
  const pooled = (a.did + b.did) / (a.of + b.of);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.of + 1 / b.of));
  // A person may answer more messages than they got in one run: then there is no curve to go by.
  if (!(error > 0)) return pooled > 1 ? null : 1;
  return tails(Math.abs(a.did / a.of - b.did / b.of) / error);
}

/** How far `rate` is above `base`, as a share of `base`; null without one of them. */
export function uplift(rate: number | null, base: number | null): number | null {
  return rate === null || base === null || base === 0 ? null : (rate - base) / base;
}

/** Both tails of the normal curve beyond `z`, which is not negative: erfc(z / √2). */
function tails(z: number): number {
  const x = z / Math.SQRT2;
  return x < 2.5 ? 1 - nearErf(x) : farErfc(x);
}

/** The error function by its power series, which is exact to 13 digits here. */
function nearErf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** The complement by its continued fraction, from its far end. */
function farErfc(x: number): number {
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}
