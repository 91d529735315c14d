import type { TraceStep } from "@tincan/api";
import { describe, expect, it } from "vitest";
import { timedSteps } from "./order.ts";

const step = (kind: TraceStep["kind"], at: string): TraceStep => ({ kind, at: `2026-11-22T10:00:0${at}Z`, title: kind, status: "ok" });

describe("the order of a trace", () => {
  it("follows the clock, whatever order the steps came in", () => {
    const steps = timedSteps([step("receipt", "2.000"), step("received", "0.000"), step("request", "1.000")]);
    expect(steps.map((one) => one.kind)).toEqual(["received", "request", "receipt"]);
  });

  it("puts the request before its answer when both carry the same time", () => {
    expect(timedSteps([step("answer", "1.000"), step("request", "1.000")]).map((one) => one.kind)).toEqual(["request", "answer"]);
  });

  it("counts each step's delay from the one before and from the start", () => {
    const steps = timedSteps([step("received", "0.000"), step("stored", "0.012"), step("request", "0.030")]);
    expect(steps.map((one) => [one.sincePrevious, one.sinceStart])).toEqual([[null, 0], [12, 12], [18, 30]]);
  });

  it("gives two equal steps different keys", () => {
    const keys = timedSteps([step("callback", "1.000"), step("callback", "1.000")]).map((one) => one.key);
    expect(new Set(keys).size).toBe(2);
  });

  it("puts a receipt of whole seconds after the answer of the same second", () => {
    const steps = timedSteps([step("received", "0.715"), step("request", "0.722"), step("answer", "0.725"), step("receipt", "0.000"), step("receipt", "1.000")]);
    expect(steps.map((one) => [one.kind, one.sincePrevious])).toEqual([["received", null], ["request", 7], ["answer", 3], ["receipt", 0], ["receipt", 275]]);
  });

  it("has nothing to say about no steps", () => expect(timedSteps([])).toEqual([]));
});
