import type { OverviewRow } from "@tincan/api";
import { expect, test } from "vitest";
import { inOrder } from "./overview-order.ts";

const none = { queued: 0, submitted: 0, sent: 0, delivered: 0, read: 0, clicked: 0, replied: 0, converted: 0, optedOut: 0, failed: 0, revenue: 0 };
const row = (name: string, read: number, revenue: number, amount: number | null): OverviewRow => ({
  key: name, name, counts: { ...none, read, revenue }, cost: { currency: "USD", amount, messages: 0, withoutPrice: 0 },
});
const rows = [row("Sale 10", 5, 0.45, null), row("sale 2", 20, 0.5, 3), row("Autumn", 7, 12, 1)];
const names = (sort: string) => inOrder(rows, sort).map(({ name }) => name);

test("names are sorted as people read them", () => {
  expect(names("name")).toEqual(["Autumn", "sale 2", "Sale 10"]);
});

test("numbers are sorted as numbers, amounts with cents too", () => {
  expect(names("-read")).toEqual(["sale 2", "Autumn", "Sale 10"]);
  expect(names("revenue")).toEqual(["Sale 10", "sale 2", "Autumn"]);
});

test("a cost that is not known comes last either way", () => {
  expect(names("cost")).toEqual(["Autumn", "sale 2", "Sale 10"]);
  expect(names("-cost")).toEqual(["sale 2", "Autumn", "Sale 10"]);
});

test("an order nobody knows changes nothing", () => {
  expect(names("colour")).toEqual(["Sale 10", "sale 2", "Autumn"]);
});
