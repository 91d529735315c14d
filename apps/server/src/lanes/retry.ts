/** How a refused request that is worth another try waits for it. */
export type RetryPace = "backOff" | "pairBackOff" | "later";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Waits in ms after the 1st, 2nd, … attempt; after the last, the message fails with the answer it got.
 * `pairBackOff` is Meta's own rule, 4^n s (error 131056).
 */
const waits: Record<RetryPace, readonly number[]> = {
  backOff: [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, MINUTE, 2 * MINUTE],
  pairBackOff: [4_000, 16_000, 64_000, 256_000, 1_024_000],
  later: [HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR],
};

/** The wait before the next try after `attempts` requests, spread by up to a fifth; null when it is time to give up. */
export function retryDelay(pace: RetryPace, attempts: number, random: () => number = Math.random): number | null {
  const wait = waits[pace][attempts - 1];
  return wait === undefined ? null : Math.round(wait * (1 + random() / 5));
}
