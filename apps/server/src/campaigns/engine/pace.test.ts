import { expect, it } from "vitest";
import { allowance, minuteOf } from "./pace.ts";

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 12, 0, 0) + seconds * 1000);
const began = at(0);

it("allows a tenth of the minute's messages in each tenth", () => {
  expect([0, 5.9, 6, 30, 59.9].map((second) => allowance(100, { began, handedOver: 0 }, at(second)).messages)).toEqual([10, 10, 20, 60, 100]);
});

it("names the time at which there will be more", () => {
  expect(allowance(100, { began, handedOver: 10 }, at(1))).toEqual({ messages: 0, next: at(6) });
  expect(allowance(100, { began, handedOver: 35 }, at(1))).toEqual({ messages: 0, next: at(18) });
  expect(allowance(100, { began, handedOver: 100 }, at(59))).toEqual({ messages: 0, next: at(60) });
});

it("spreads a few messages too", () => {
  expect(allowance(2, { began, handedOver: 1 }, at(0))).toEqual({ messages: 0, next: at(30) });
  expect(allowance(1, { began, handedOver: 1 }, at(0))).toEqual({ messages: 0, next: at(60) });
});

it("begins anew with each minute", () => {
  expect(allowance(100, { began, handedOver: 100 }, at(60)).messages).toBe(10);
  expect(allowance(100, { began: null, handedOver: 0 }, at(0)).messages).toBe(10);
});

it("never allows more than the minute's messages, however it is asked", () => {
  for (const perMinute of [1, 7, 100, 12_345]) {
    let handedOver = 0;
    for (let second = 0; second < 60; second += 0.7) {
      const { messages } = allowance(perMinute, { began, handedOver }, at(second));
      handedOver += Math.ceil(messages * 0.7);
    }
    expect(handedOver).toBeLessThanOrEqual(perMinute);
    expect(handedOver).toBeGreaterThanOrEqual(perMinute * 0.9);
  }
});

it("knows a minute of the clock", () => {
  expect(minuteOf(at(61.5))).toEqual(at(60));
});
