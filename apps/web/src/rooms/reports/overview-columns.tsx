import { Text } from "@mantine/core";
import type { OverviewReportQuery, OverviewRow } from "@tincan/api";
import type { Column } from "../../pieces/column.ts";
import { amount, costWords, percent, shareOf } from "../../pieces/figures.ts";
import { TextLink } from "../../pieces/links.tsx";

type By = OverviewReportQuery["by"];
type Count = Exclude<keyof OverviewRow["counts"], "revenue">;

/** What a row is, as the head of its column. */
const heads: Record<By, string> = { campaign: "Campaign", template: "Template", provider: "Number", day: "Day" };

const count = (key: Count, header: string, optional = false): Column<OverviewRow> => ({
  key,
  header,
  sort: key,
  first: "descending",
  amounts: true,
  align: "right",
  optional,
  cell: ({ counts }) => (
    <span className="numeric">
      {counts[key].toLocaleString()}
      {key === "queued" ? null : (
        <Text size="xs" c="dimmed" className="nowrap">
          {percent(shareOf(counts[key], counts.queued))}
        </Text>
      )}
    </span>
  ),
  text: ({ counts }) => String(counts[key]),
});

export function overviewColumns(by: By): Column<OverviewRow>[] {
  return [
    { key: "name", header: heads[by], sort: "name", main: true, cell: (row) => <Name by={by} row={row} />, text: ({ name }) => name },
    count("queued", "Messages"),
    count("sent", "Sent", true),
    count("delivered", "Delivered"),
    count("read", "Read"),
    count("clicked", "Clicked"),
    count("replied", "Replied"),
    count("converted", "Converted"),
    count("optedOut", "Opted out"),
    count("failed", "Failed"),
    { key: "revenue", header: "Revenue", sort: "revenue", first: "descending", amounts: true, align: "right", optional: true, cell: ({ counts }) => <span className="numeric">{amount(counts.revenue)}</span>, text: ({ counts }) => String(counts.revenue) },
    {
      key: "cost",
      header: "Cost",
      sort: "cost",
      first: "descending",
      amounts: true,
      align: "right",
      cell: ({ cost }) => (
        <span className="numeric">
          {costWords(cost).value}
          {costWords(cost).note ? (
            <Text size="xs" c="dimmed" className="nowrap">
              {costWords(cost).note}
            </Text>
          ) : null}
        </span>
      ),
      text: ({ cost }) => (cost.amount === null ? "" : `${cost.amount} ${cost.currency}`),
    },
  ];
}

function Name({ by, row: { key, name } }: { by: By; row: OverviewRow }) {
  if (by === "campaign") {
    return (
      <TextLink to="/campaigns/$id" params={{ id: key }} search={{ tab: "report" }} fw={550} className="break">
        {name}
      </TextLink>
    );
  }
  if (by === "provider" && key !== "") {
    return (
      <TextLink to="/channels/whatsapp/$id" params={{ id: key }} fw={550} className="break">
        {name}
      </TextLink>
    );
  }
  return (
    <Text size="sm" fw={550} className="break">
      {name}
    </Text>
  );
}
