import { describe, expect, it } from "vitest";
import { Breaker } from "./breaker.ts";
import { PairRate, TokenBucket } from "./pace.ts";
import { retryDelay } from "./retry.ts";
import type { Outcome } from "./work.ts";

const error = { source: "provider", code: 0, title: "Trouble" } as const;
const down = (cause: "credentials" | "endpoint"): Outcome => ({ kind: "laneDown", cause, error: { ...error, details: `${cause} failed` } });
const ambiguous: Outcome = { kind: "ambiguous", error };
const submitted: Outcome = { kind: "submitted" };
const at = (ms: number): Date => new Date(1_800_000_000_000 + ms);

describe("a token bucket", () => {
  it("lets its burst go at once and then one per interval", () => {
    const bucket = new TokenBucket(10, 2, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 100]);
    expect(bucket.take(100)).toBe(0);
  });

  it("saves up no more than its burst", () => {
    const bucket = new TokenBucket(10, 2, 0);
    expect([bucket.take(60_000), bucket.take(60_000)]).toEqual([0, 0]);
    expect(bucket.take(60_000)).toBeGreaterThan(0);
  });
});

describe("the pair rate", () => {
  it("lets 45 messages go to one person, then one in 6 s", () => {
    const pair = new PairRate();
    for (let i = 0; i < 45; i++) expect(pair.take("+15550100123", 0)).toBe(0);
    expect(pair.take("+15550100123", 0)).toBe(6000);
    expect(pair.take("+15550100123", 6000)).toBe(0);
  });

  it("counts each person alone", () => {
    const pair = new PairRate();
    for (let i = 0; i < 46; i++) pair.take("+15550100123", 0);
    expect(pair.take("+15550100124", 0)).toBe(0);
  });
});

describe("retries", () => {
  it("wait longer each time and end", () => {
    const waits = Array.from({ length: 9 }, (_, i) => retryDelay("backOff", i + 1, () => 0));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 60_000, 120_000, null]);
  });

  it("to one person wait 4^n s", () => {
    expect([1, 2, 3].map((n) => retryDelay("pairBackOff", n, () => 0))).toEqual([4000, 16_000, 64_000]);
  });

  it("are spread by up to a fifth", () => {
    expect(retryDelay("backOff", 1, () => 0.999)).toBe(1200);
  });
});

describe("a breaker", () => {
  it("opens at once when credentials are refused, and says why", () => {
    const breaker = new Breaker();
    expect(breaker.record(down("credentials"), at(0))).toBe(true);
    expect(breaker).toMatchObject({ state: "open", reason: "credentials failed", since: at(0) });
    expect(breaker.allows(at(1), 0)).toBe(false);
  });

  it("opens after ten answers in a row that never came, not before", () => {
    const breaker = new Breaker();
    for (let i = 0; i < 9; i++) breaker.record(ambiguous, at(i));
    expect(breaker.state).toBe("closed");
    breaker.record(ambiguous, at(10));
    expect(breaker.state).toBe("open");
  });

  it("starts counting anew when one gets through", () => {
    const breaker = new Breaker();
    for (let i = 0; i < 30; i++) breaker.record(i % 5 === 4 ? submitted : ambiguous, at(i));
    expect(breaker.state).toBe("closed");
  });

  it("lets one job through when its wait is over, and closes when that one is taken", () => {
    const breaker = new Breaker();
    breaker.record(down("endpoint"), at(0));
    expect(breaker.allows(at(1000), 0)).toBe(true);
    expect(breaker.allows(at(1000), 1)).toBe(false);
    expect(breaker.record(submitted, at(1001))).toBe(true);
    expect(breaker.allows(at(1002), 5)).toBe(true);
  });

  it("opens when everybody is asked to slow down again and again, and again while a probe is", () => {
    const breaker = new Breaker();
    const throttled: Outcome = { kind: "retry", pace: "backOff", throttled: true, error: { ...error, title: "Rate limit issues" } };
    for (let i = 0; i < 19; i++) breaker.record(throttled, at(i));
    expect(breaker.state).toBe("closed");
    breaker.record(submitted, at(19));
    for (let i = 0; i < 20; i++) breaker.record(throttled, at(20));
    expect(breaker).toMatchObject({ state: "open", reason: "Rate limit issues", probeAt: at(1020) });
    breaker.allows(at(1020), 0);
    breaker.record(throttled, at(1020));
    expect(breaker.probeAt).toEqual(at(3020));
  });

  it("learns nothing from a job that we refused ourselves", () => {
    const breaker = new Breaker();
    const own = { kind: "refused", error: { source: "tincan", code: 1006, title: "The person stopped messages" } } as const;
    for (let i = 0; i < 20; i++) breaker.record(i % 2 === 0 ? ambiguous : own, at(i));
    expect(breaker.state).toBe("open");
    breaker.allows(breaker.probeAt!, 0);
    expect(breaker.record(own, at(5000))).toBe(false);
    expect(breaker.state).toBe("probing");
  });

  it("doubles its wait while probes fail, up to half a minute", () => {
    const breaker = new Breaker();
    let now = 0;
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      breaker.record(down("endpoint"), at(now));
      const probeAt = (breaker.probeAt as Date).getTime() - at(0).getTime();
      waits.push(probeAt - now);
      now = probeAt;
      breaker.allows(at(now), 0);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("does not lengthen its wait for requests that failed together", () => {
    const breaker = new Breaker();
    for (let i = 0; i < 200; i++) breaker.record(down("endpoint"), at(0));
    expect(breaker.probeAt).toEqual(at(1000));
  });
});
