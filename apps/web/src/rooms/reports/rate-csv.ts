import type { RatePrice } from "@tincan/api";

/*
 * Prices as people have them in a spreadsheet: copied cells (tabs), or a CSV file with commas or semicolons. A first line that names the
 * columns says where they are; without one they come as market, category, from, price.
 */

interface Reading {
  prices: RatePrice[];
  /** One sentence for each line that could not be read. */
  problems: string[];
}

type Member = keyof RatePrice;
const usual: Member[] = ["market", "category", "from", "price"];

/** What columns are called in other people's files. */
const called: Record<string, Member> = {
  market: "market", country: "market", "calling code": "market", code: "market",
  category: "category", from: "from", date: "from", "valid from": "from", price: "price", rate: "price", cost: "price",
};

export function readRateCsv(text: string): Reading {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/).map((line, index) => ({ line, number: index + 1 })).filter(({ line }) => line.trim() !== "");
  const [first] = lines;
  if (!first) return { prices: [], problems: [] };
  const separator = ["\t", ";", ","].find((one) => first.line.includes(one)) ?? ",";
  const head = cellsOf(first.line, separator).map((cell) => called[cell.toLowerCase()]);
  const named = head.filter(Boolean).length >= 2;
  const columns = named ? head : usual;
  const missing = usual.filter((member) => !columns.includes(member));
  if (missing.length > 0) return { prices: [], problems: [`The first line names no column for: ${missing.join(", ")}.`] };
  const reading: Reading = { prices: [], problems: [] };
  for (const { line, number } of named ? lines.slice(1) : lines) {
    const cells = cellsOf(line, separator);
    const read = readPrice((member) => cells[columns.indexOf(member)] ?? "");
    if (typeof read === "string") reading.problems.push(`Line ${number}: ${read}`);
    else reading.prices.push(read);
  }
  return reading;
}

function cellsOf(line: string, separator: string): string[] {
  const cells = line.match(new RegExp(`("([^"]|"")*"|[^${separator}]*)(${separator}|$)`, "g")) ?? [];
  return cells.map((cell) => cell.replace(new RegExp(`${separator}$`), "").trim()).map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

function readPrice(cell: (member: Member) => string): RatePrice | string {
  const market = readMarket(cell("market"));
  if (market === undefined) return `“${cell("market")}” is no calling code. Write 91 for +91, or * for all other markets.`;
  const category = categoryOf(cell("category"));
  if (category === "") return "the category is empty.";
  const from = cell("from");
  if (!isDay(from)) return `“${from}” is no day. Write it as 2026-01-31.`;
  const price = readAmount(cell("price"));
  if (price === undefined) return `“${cell("price")}” is no price.`;
  return { market, category, from, price };
}

/** "+91" is "91"; "other" and "rest" are all markets without a price of their own. */
export function readMarket(text: string): string | undefined {
  const plain = text.trim().replace(/^\+|^00/, "").toLowerCase();
  if (plain === "*" || plain === "other" || plain === "rest") return "*";
  return /^[1-9]\d{0,3}$/.test(plain) ? plain : undefined;
}

/** As Meta spells categories in receipts: in small letters with underscores. */
export const categoryOf = (text: string): string => text.trim().toLowerCase().replaceAll(/[\s-]+/g, "_").slice(0, 60);

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

/** With a point or a comma before the decimals; signs of currencies are passed over. */
function readAmount(text: string): number | undefined {
  const plain = text.replaceAll(/[^\d.,-]/g, "").replace(",", ".");
  const value = Number(plain);
  return plain === "" || Number.isNaN(value) || value < 0 || value > 1000 ? undefined : value;
}

const keyOf = ({ market, category, from }: RatePrice): string => `${market} ${category} ${from}`;

/** The card with these prices: a price for the same market, category and day takes the place of the old one. */
export function withPrices(card: RatePrice[], more: RatePrice[]): RatePrice[] {
  const all = new Map(card.map((price) => [keyOf(price), price]));
  for (const price of more) all.set(keyOf(price), price);
  return inOrder([...all.values()]);
}

/** By market, all others last; then by category, and the newest price first. */
export function inOrder(prices: RatePrice[]): RatePrice[] {
  const place = ({ market }: RatePrice) => (market === "*" ? Number.POSITIVE_INFINITY : Number(market));
  return prices.toSorted((a, b) => {
    const [left, right] = [place(a), place(b)];
    if (left !== right) return left < right ? -1 : 1;
    return a.category.localeCompare(b.category, "en") || b.from.localeCompare(a.from, "en");
  });
}
