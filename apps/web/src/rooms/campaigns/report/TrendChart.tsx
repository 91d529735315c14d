import "@mantine/charts/styles.css";
import { AreaChart, BarChart } from "@mantine/charts";
import type { TrendPoint } from "@tincan/api";
import { compact } from "../../../pieces/figures.ts";
import { trendColumns } from "./trend-columns.ts";

/** With fewer moments than this there is no line to draw: bars stand for them. */
const fewest = 4;

/** Not animated: the chart is redrawn while messages leave, and nothing should jump. */
export default function TrendChart({ points, nameOf }: { points: TrendPoint[]; nameOf: (point: TrendPoint) => string }) {
  const shared = {
    "aria-hidden": true,
    h: 280,
    data: points.map((point) => ({ ...point, at: nameOf(point) })),
    dataKey: "at",
    series: trendColumns.map(({ key, label }) => ({ name: key, label, color: `var(--status-${key})` })),
    withLegend: true,
    gridAxis: "x",
    tickLine: "none",
    legendProps: { verticalAlign: "bottom", itemSorter: null },
    xAxisProps: { minTickGap: 40 },
    yAxisProps: { width: 52, allowDecimals: false, tickFormatter: compact },
    valueFormatter: (count: number) => count.toLocaleString(),
  } as const;
  if (points.length < fewest) return <BarChart {...shared} maxBarWidth={40} barProps={{ isAnimationActive: false }} barChartProps={{ accessibilityLayer: false }} />;
  return <AreaChart {...shared} curveType="monotone" withDots={false} fillOpacity={0.12} strokeWidth={1.8} areaProps={{ isAnimationActive: false }} areaChartProps={{ accessibilityLayer: false }} />;
}
