import { describe, expect, test } from "vitest";
import { chanceOfAccident, rateOf, uplift } from "./shares.ts";

/** Chances of the normal distribution for known z, and of worked examples of the pooled two-proportion test. */
describe("the chance that a difference is an accident", () => {
  test("is that of tables of the normal distribution", () => {
    // 100 of each, pooled share one half: z is the difference divided by 0.0707.
    const at = (z: number): number => {
      const half = (z * Math.sqrt(0.25 * (2 / 1e8))) / 2;
      return chanceOfAccident({ did: 1e8 * (0.5 + half), of: 1e8 }, { did: 1e8 * (0.5 - half), of: 1e8 })!;
    };
    expect(at(1)).toBeCloseTo(0.317310508, 8);
    expect(at(1.959963985)).toBeCloseTo(0.05, 8);
    expect(at(2.575829304)).toBeCloseTo(0.01, 8);
    expect(at(3.290526731)).toBeCloseTo(0.001, 8);
    expect(at(5) / 5.733031437e-7).toBeCloseTo(1, 6);
  });

  test("is that of a worked example, whichever of the two comes first", () => {
    // 200/1000 and 250/1000: pooled 0.225, standard error 0.018675, z = 2.6774.
    const [a, b] = [{ did: 200, of: 1000 }, { did: 250, of: 1000 }];
    expect(chanceOfAccident(a, b)).toBeCloseTo(0.00742, 4);
    expect(chanceOfAccident(b, a)).toBe(chanceOfAccident(a, b));
  });

  test("is one for equal shares, also when nobody or everybody did it", () => {
    expect(chanceOfAccident({ did: 10, of: 100 }, { did: 20, of: 200 })).toBe(1);
    expect(chanceOfAccident({ did: 0, of: 100 }, { did: 0, of: 200 })).toBe(1);
    expect(chanceOfAccident({ did: 100, of: 100 }, { did: 50, of: 50 })).toBe(1);
  });

  test("is not told for fewer than thirty people", () => {
    expect(chanceOfAccident({ did: 1, of: 29 }, { did: 20, of: 1000 })).toBeNull();
    expect(chanceOfAccident({ did: 1, of: 30 }, { did: 20, of: 1000 })).not.toBeNull();
  });
});

test("uplift is relative to the share compared with", () => {
  expect(uplift(0.06, 0.05)).toBeCloseTo(0.2, 12);
  expect(uplift(0.04, 0.05)).toBeCloseTo(-0.2, 12);
  expect(uplift(0.04, 0)).toBeNull();
  expect(uplift(null, 0.05)).toBeNull();
  expect(rateOf({ did: 0, of: 0 })).toBeNull();
});
