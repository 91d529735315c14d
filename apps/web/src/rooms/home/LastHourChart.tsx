import "@mantine/charts/styles.css";
import { AreaChart } from "@mantine/charts";
import { Text } from "@mantine/core";
import type { MinuteCounts } from "@tincan/api";
import { compact } from "../../pieces/figures.ts";

/** Not animated: the chart is redrawn with every change, and nothing should jump. */
const series = [
  { name: "sent", label: "Sent", color: "var(--status-sent)" },
  { name: "delivered", label: "Delivered", color: "var(--status-delivered)" },
  { name: "read", label: "Read", color: "var(--status-read)" },
  { name: "failed", label: "Failed", color: "var(--status-failed)" },
] as const;

export default function LastHourChart({ minutes }: { minutes: MinuteCounts[] }) {
  const total = (key: (typeof series)[number]["name"]) => minutes.reduce((sum, minute) => sum + minute[key], 0);
  const summary = `In the last hour ${total("sent")} sent, ${total("delivered")} delivered, ${total("read")} read, ${total("failed")} failed.`;
  if (series.every(({ name }) => total(name) === 0)) {
    return (
      <Text size="sm" c="dimmed" py={110} ta="center">
        Nothing was sent in the last hour.
      </Text>
    );
  }
  return (
    <figure aria-label={summary} style={{ margin: 0 }}>
      <AreaChart
        aria-hidden
        h={296}
        data={minutes.map((minute) => ({ ...minute, at: new Date(minute.at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" }) }))}
        dataKey="at"
        series={[...series]}
        curveType="monotone"
        withDots={false}
        withLegend
        fillOpacity={0.14}
        strokeWidth={1.8}
        gridAxis="x"
        tickLine="none"
        legendProps={{ verticalAlign: "bottom", itemSorter: null }}
        xAxisProps={{ minTickGap: 48 }}
        yAxisProps={{ width: 44, allowDecimals: false, tickFormatter: compact }}
        valueFormatter={(count) => count.toLocaleString()}
        areaProps={{ isAnimationActive: false }}
        areaChartProps={{ accessibilityLayer: false }}
      />
    </figure>
  );
}
