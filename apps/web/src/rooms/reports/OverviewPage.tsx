import { Group, Stack, Text, TextInput } from "@mantine/core";
import { IconReportAnalytics } from "@tabler/icons-react";
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { OverviewReportQuery } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { CountTiles } from "../../pieces/CountTiles.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ListFilters } from "../../pieces/ListFilters.tsx";
import { Listing } from "../../pieces/Listing.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { overviewColumns } from "./overview-columns.tsx";
import { inOrder } from "./overview-order.ts";
import { addDays, dayIn, dayName, daysOf, midnight } from "./period.ts";
import { overviewSearch } from "./report-search.ts";
import { ReportsFrame } from "./ReportsFrame.tsx";
import { useTimeZone } from "./time-zone.ts";

/** The most rows the server adds up at once. */
const mostRows = 500;

const overviewQuery = (query: OverviewReportQuery) =>
  queryOptions({ queryKey: ["figures", "overview", query], queryFn: ({ signal }) => api.reports.overview(query, signal), placeholderData: keepPreviousData });

/** What everything sent in a period came to. */
export default function OverviewPage() {
  const zone = useTimeZone();
  return (
    <ReportsFrame title="Reports" description="What everything sent in a period came to. Live: the numbers follow while messages leave.">
      <Loaded query={zone} height={420}>
        {(timeZone) => <Overview timeZone={timeZone} />}
      </Loaded>
    </ReportsFrame>
  );
}

function Overview({ timeZone }: { timeZone: string }) {
  const search = useSearch({ from: "/rooms/reports" });
  const navigate = useNavigate({ from: "/reports" });
  const show = (next: object) => void navigate({ search: overviewSearch({ ...next }), replace: true });
  const client = useQueryClient();
  const [today] = useState(() => dayIn(timeZone, Date.now()));
  const { by = "campaign" } = search;
  const { first, last } = daysOf(search, today);
  const asked = overviewQuery({ from: midnight(first, timeZone).toISOString(), to: midnight(addDays(last, 1), timeZone).toISOString(), by, limit: mostRows });
  const total = useQuery(asked);
  const usual = by === "day" ? "-name" : "-queued";
  const sort = search.sort ?? usual;
  const setDay = (key: "from" | "to", value: string) => show({ ...search, from: first, to: last, [key]: value || undefined });
  return (
    <Stack gap="lg">
      <Group gap="sm">
        <ListFilters
          search={search}
          onSearch={show}
          filters={[
            {
              kind: "choice",
              key: "period",
              label: "Period",
              any: "Last 30 days",
              options: [
                { value: "7d", label: "Last 7 days" },
                { value: "90d", label: "Last 90 days" },
                { value: "own", label: "Own dates" },
              ],
            },
            {
              kind: "choice",
              key: "by",
              label: "Put together by",
              any: "By campaign",
              options: [
                { value: "template", label: "By template" },
                { value: "provider", label: "By number" },
                { value: "day", label: "By day" },
              ],
            },
          ]}
        />
        {search.period === "own" ? (
          <>
            <TextInput type="date" aria-label="First day" value={first} max={last} onChange={(event) => setDay("from", event.currentTarget.value)} />
            <TextInput type="date" aria-label="Last day" value={last} min={first} onChange={(event) => setDay("to", event.currentTarget.value)} />
          </>
        ) : null}
      </Group>
      <Loaded query={total} height={220}>
        {(report) => (
          <div>
            <CountTiles counts={report.total} cost={report.cost} />
            <Text size="xs" c="dimmed" mt={6}>
              {dayName(first)} to {dayName(last)}, {timeZone} time. A message counts in every step it has reached; shares are of all messages.
            </Text>
          </div>
        )}
      </Loaded>
      <Listing
        name="overview"
        columns={overviewColumns(by)}
        queryKey={["figures", "rows", asked.queryKey, sort]}
        page={async () => {
          const { rows } = await client.fetchQuery(asked);
          return { items: inOrder(rows, sort), next: null };
        }}
        idOf={(row) => row.key}
        sort={sort}
        onSort={(next) => show({ ...search, sort: next === usual ? undefined : next })}
        empty={
          <EmptyState icon={<IconReportAnalytics size={26} />} title="Nothing was sent in this period">
            As soon as a campaign sends, what becomes of its messages is added up here. Choose a longer period to look further back.
          </EmptyState>
        }
      />
      {total.data?.more ? (
        <Text size="sm" c="dimmed">
          The first {mostRows.toLocaleString()} rows; the totals above are of all.
        </Text>
      ) : null}
    </Stack>
  );
}
