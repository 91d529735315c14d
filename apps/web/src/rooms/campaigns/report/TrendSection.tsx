import { SegmentedControl, Skeleton, Text, VisuallyHidden } from "@mantine/core";
import type { CampaignReport, TrendPoint } from "@tincan/api";
import { lazy, Suspense, useState } from "react";
import { Section } from "../../../pieces/Section.tsx";
import { type FigureColumn, WideTable } from "../../../pieces/WideTable.tsx";
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
  const table = <WideTable label={by === "day" ? "By day" : "By hour"} least={560} columns={columnsOf(by, nameOf)} items={points} idOf={({ at }) => at} />;
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

function columnsOf(by: CampaignReport["trend"]["by"], nameOf: (point: TrendPoint) => string): FigureColumn<TrendPoint>[] {
  return [
    { key: "at", header: by === "day" ? "Day" : "Hour", cell: (point) => <span className="nowrap">{nameOf(point)}</span> },
    ...trendColumns.map(({ key, label }): FigureColumn<TrendPoint> => ({ key, header: label, align: "right", cell: (point) => point[key].toLocaleString() })),
  ];
}
