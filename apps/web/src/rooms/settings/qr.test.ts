import { describe, expect, it } from "vitest";
import { errorCorrection, qrCode } from "./qr.ts";

describe("QR codes", () => {
  it("corrects errors as the standard's worked example does", () => {
    const data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17];
    expect(errorCorrection(data, 10)).toEqual([196, 35, 39, 119, 235, 215, 231, 226, 93, 23]);
  });

  it("grow with the text", () => expect([qrCode("a").length, qrCode("a".repeat(150)).length]).toEqual([21, 45]));

  it("have a finder pattern in three corners", () => {
    const code = qrCode("otpauth://totp/Tincan");
    const ring = (row: number, column: number) => code.slice(row, row + 7).map((line) => line.slice(column, column + 7).map((on) => (on ? "#" : ".")).join("")).join("\n");
    const finder = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"].join("\n");
    const far = code.length - 7;
    expect([ring(0, 0), ring(0, far), ring(far, 0)]).toEqual([finder, finder, finder]);
  });

  it("refuse a text that is too long", () => expect(() => qrCode("a".repeat(426))).toThrow(RangeError));
});
