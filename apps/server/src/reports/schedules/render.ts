/** A report of a period as an e-mail: a table, once as plain text and once as HTML. */
import type { Cost, OverviewReport, OverviewRow } from "@tincan/api";
import type { Mail } from "./mail.ts";

export interface Edition {
  name: string;
  period: string;
  timeZone: string;
  by: string;
  report: OverviewReport;
  /** Where more is to be seen. */
  url: string;
}

const headings: Record<string, string> = { campaign: "Campaign", template: "Template", provider: "Provider", day: "Day" };
const columns = [
  ["Handed over", "queued"], ["Sent", "sent"], ["Delivered", "delivered"], ["Read", "read"], ["Clicked", "clicked"],
  ["Replied", "replied"], ["Converted", "converted"], ["Failed", "failed"],
] as const;

export function renderMail({ name, period, timeZone, by, report, url }: Edition): Omit<Mail, "to"> {
  const header = [headings[by] ?? by, ...columns.map(([title]) => title), "Cost"];
  const rows = [...report.rows.map(cellsOf), cellsOf({ name: "Total", counts: report.total, cost: report.cost })];
  const said = `${period}, ${timeZone}`;
  const note = report.more ? "There is more than these rows; the total is of everything." : "";
  const empty = report.rows.length === 0 ? "Nothing was sent." : "";
  return {
    subject: `${name}: ${period}`.replaceAll(/[\r\n]+/g, " "),
    text: [name, said, "", ...(empty ? [empty] : table([header, ...rows])), note, "", url].join("\n"),
    html: `<!doctype html><html><body style="font-family: sans-serif"><h2>${escape(name)}</h2><p>${escape(said)}</p>` +
      (empty ? `<p>${empty}</p>` : htmlTable(header, rows)) + (note && `<p>${note}</p>`) + `<p><a href="${escape(url)}">${escape(url)}</a></p></body></html>`,
  };
}

function cellsOf({ name, counts, cost }: Pick<OverviewRow, "name" | "counts" | "cost">): string[] {
  return [name, ...columns.map(([, key]) => String(counts[key])), amountOf(cost)];
}

function amountOf({ amount, currency, withoutPrice }: Cost): string {
  return amount === null ? `${withoutPrice} without a price` : `${amount.toFixed(2)} ${currency}`;
}

/** Columns side by side, the first to the left. */
function table(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ").trimEnd());
}

function htmlTable(header: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell, i) => `<${tag} style="padding: 4px 10px; text-align: ${i === 0 ? "left" : "right"}">${escape(cell)}</${tag}>`).join("")}</tr>`;
  return `<table style="border-collapse: collapse">${line(header, "th")}${rows.map((row) => line(row, "td")).join("")}</table>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
