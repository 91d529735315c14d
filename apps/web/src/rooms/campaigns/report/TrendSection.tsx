import { SegmentedControl, Skeleton, Table, Text, VisuallyHidden } from "@mantine/core";
import type { CampaignReport, TrendPoint } from "@tincan/api";
import { lazy, Suspense, useState } from "react";
import { Section } from "../../../pieces/Section.tsx";
import { WideTable } from "../../../pieces/WideTable.tsx";
import { useTimeZone } from "../../reports/time-zone.ts";
import { trendColumns } from "./trend-columns.ts";

const TrendChart = lazy(() => import("./TrendChart.tsx"));

/** When things happened, as a chart and as a table; whoever cannot see the chart finds the table beside it. */
export function TrendSection({ trend: { by, points } }: { trend: CampaignReport["trend"] }) {
  const [view, setView] = useState("chart");
  // The server puts hours together in the workspace's zone: a day of it may begin on another day of the viewer's.
  const { data: timeZone } = useTimeZone();
  const nameOf = (point: TrendPoint) =>
    new Date(point.at).toLocaleString(undefined, { day: "numeric", month: "short", ...(by === "day" ? {} : { hour: "2-digit", minute: "2-digit" }), ...(timeZone ? { timeZone } : {}) });
  const table = (
    <WideTable
      label={by === "day" ? "By day" : "By hour"}
      least={560}
      head={
        <>
          <Table.Th>{by === "day" ? "Day" : "Hour"}</Table.Th>
          {trendColumns.map(({ key, label }) => (
            <Table.Th key={key} ta="right">
              {label}
            </Table.Th>
          ))}
        </>
      }
    >
      {points.map((point) => (
        <Table.Tr key={point.at}>
          <Table.Th scope="row" fw={500} className="nowrap">
            {nameOf(point)}
          </Table.Th>
          {trendColumns.map(({ key }) => (
            <Table.Td key={key} ta="right" className="numeric">
              {point[key].toLocaleString()}
            </Table.Td>
          ))}
        </Table.Tr>
      ))}
    </WideTable>
  );
  return (
    <Section
      title={by === "day" ? "Day by day" : "Hour by hour"}
      description={`Each step counts when it happened${timeZone ? `, ${timeZone} time` : ""}.`}
      actions={<SegmentedControl size="xs" aria-label="Show as" value={view} onChange={setView} data={[{ value: "chart", label: "Chart" }, { value: "table", label: "Table" }]} />}
    >
      {points.length === 0 ? (
        <Text size="sm" c="dimmed" py={60} ta="center">
          Nothing has happened yet.
        </Text>
      ) : view === "table" ? (
        table
      ) : (
        <div style={{ position: "relative" }}>
          <Suspense fallback={<Skeleton height={280} radius={8} />}>
            <TrendChart points={points} nameOf={nameOf} />
          </Suspense>
          <VisuallyHidden>{table}</VisuallyHidden>
        </div>
      )}
    </Section>
  );
}
