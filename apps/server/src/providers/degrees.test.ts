import { expect, test } from "vitest";
import { plainDegrees } from "./degrees.ts";
import { readCallback } from "./generic/callback-body.ts";

test.each([
  ["52.520", "52.520"], ["-122.14", "-122.14"], [13.405, "13.405"], [1e-7, "0.0000001"], ["1e-7", "0.0000001"], ["-1.25E-7", "-0.000000125"], ["5.2e1", "52"], ["+4.5", "4.5"], [" .5", "0.5"],
  ["1e-30", "0"], ["", ""], ["north", "north"],
])("%s is written as %s", (degrees, written) => {
  expect(plainDegrees(degrees)).toBe(written);
});

test("a place that a generic provider tells of is stored without an exponent", () => {
  const body = { from: "919800000001", wabaNumber: "15550100199", timestamp: "1798761600", type: "location", location: { latitude: 1e-7, longitude: "-2.5E-7", address: "Nowhere" } };
  const { inbound, refused } = readCallback(Buffer.from(JSON.stringify(body)), new Date());
  expect([inbound.map(({ content }) => content.location), refused]).toEqual([[{ latitude: "0.0000001", longitude: "-0.00000025", address: "Nowhere" }], []]);
});
