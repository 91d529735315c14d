import { expect, test } from "vitest";
import { inOrder, readRateCsv, withPrices } from "./rate-csv.ts";

const india = { market: "91", category: "marketing", from: "2026-01-01", price: 0.01 };

test("a CSV file is read by the names of its columns, wherever they stand", () => {
  expect(readRateCsv("Price,Category,Valid from,Market\n0.01,Marketing,2026-01-01,+91\n")).toEqual({ prices: [india], problems: [] });
});

test("cells copied from a spreadsheet are read, with a comma before the decimals", () => {
  expect(readRateCsv("91\tmarketing\t2026-01-01\t0,01\r\n*\tutility\t2026-01-01\t€ 0,02").prices).toEqual([india, { market: "*", category: "utility", from: "2026-01-01", price: 0.02 }]);
});

test("quoted cells may hold the separator", () => {
  expect(readRateCsv('market;category;from;price\n91;"marketing";2026-01-01;"0,01"').prices).toEqual([india]);
});

test("a category is spelled as Meta spells it in receipts", () => {
  expect(readRateCsv("91,Authentication International,2026-01-01,0.03").prices[0]?.category).toBe("authentication_international");
});

test("each line that cannot be read is named with what is wrong, and the others are taken", () => {
  const { prices, problems } = readRateCsv("91,marketing,2026-01-01,0.01\nIndia,marketing,2026-01-01,0.01\n91,utility,2026-02-30,0.01\n91,utility,2026-02-03,free\n91,,2026-02-03,1");
  expect(prices).toEqual([india]);
  expect(problems.map((line) => line.slice(0, 7))).toEqual(["Line 2:", "Line 3:", "Line 4:", "Line 5:"]);
});

test("a file without one of the columns says which", () => {
  expect(readRateCsv("market,price\n91,0.01").problems).toEqual(["The first line names no column for: category, from."]);
});

test("a price for the same market, category and day replaces the old one", () => {
  expect(withPrices([india], [{ ...india, price: 0.02 }])).toEqual([{ ...india, price: 0.02 }]);
});

test("markets come in order with all others last, and the newest price first", () => {
  const others = { ...india, market: "*" };
  const newer = { ...india, from: "2026-07-01" };
  expect(inOrder([others, india, { ...india, market: "1" }, newer])).toEqual([{ ...india, market: "1" }, newer, india, others]);
});
