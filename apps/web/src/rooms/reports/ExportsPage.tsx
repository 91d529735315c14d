import { Button, Stack, Text } from "@mantine/core";
import { IconDownload, IconFileExport } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReportExport } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { Dot } from "../../pieces/Dot.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { fileSize } from "../people/imports/import-words.ts";
import { JobProgress } from "../../pieces/JobProgress.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useMay } from "../../session.ts";
import { exportState, formatWords, isBusy, pace } from "./export-words.ts";
import { NewExport } from "./NewExport.tsx";
import { ReportsFrame } from "./ReportsFrame.tsx";

const columns: Column<ReportExport>[] = [
  {
    key: "campaign",
    header: "Campaign",
    main: true,
    cell: ({ campaign, failure }) => (
      <>
        <Text size="sm" fw={550} className="break">
          {campaign.name}
        </Text>
        {failure ? (
          <Text size="xs" c="var(--mantine-color-error)" className="break">
            {failure}
          </Text>
        ) : null}
      </>
    ),
  },
  { key: "format", header: "File", cell: ({ format }) => formatWords[format] },
  {
    key: "state",
    header: "State",
    cell: (one) => (
      <Dot tone={exportState(one.state).tone} pulse={isBusy(one)}>
        {exportState(one.state).word}
      </Dot>
    ),
  },
  { key: "rows", header: "Rows", align: "right", cell: ({ rows }) => <span className="numeric">{rows.toLocaleString()}</span> },
  { key: "size", header: "Size", align: "right", cell: ({ size }) => (size === null ? "–" : fileSize(size)) },
  { key: "createdBy", header: "By", cell: ({ createdBy }) => createdBy },
  { key: "createdAt", header: "Asked for", align: "right", cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { key: "expiresAt", header: "Kept until", align: "right", optional: true, cell: ({ expiresAt }) => <RelativeTime at={expiresAt} none="–" /> },
];

/** A file of everybody who got a campaign is for those who may make one. */
const download: Column<ReportExport> = {
  key: "file",
  header: "Download",
  align: "right",
  buttons: true,
  cell: (one) =>
    one.state === "done" ? (
      <Button component="a" href={`/api/v1/report-exports/${one.id}/file`} download size="compact-sm" variant="default" leftSection={<IconDownload size={14} aria-hidden />} aria-label={`Download ${one.campaign.name} as ${formatWords[one.format]}`}>
        Download
      </Button>
    ) : null,
};

/** Files of a campaign's messages: made here, watched here, fetched here. */
export default function ExportsPage() {
  const { campaign } = useSearch({ from: "/rooms/reports/exports" });
  const mayMake = useMay("reports.write");
  return (
    <ReportsFrame title="Exports" description="A campaign's messages as a file, one row each, for your own tools.">
      <Stack gap="lg">
        {mayMake ? <NewExport campaign={campaign} /> : null}
        <AtWork />
        <Listing
          name="exports"
          columns={mayMake ? [...columns, download] : columns}
          queryKey={["reports", "exports", "list"]}
          page={(after, signal) => api.reportExports.list({ limit: 50, after }, signal)}
          idOf={({ id }) => id}
          empty={
            <EmptyState icon={<IconFileExport size={26} />} title="No exports yet">
              Every file you ask for stays in this list until it is removed to save space.
            </EmptyState>
          }
        />
      </Stack>
    </ReportsFrame>
  );
}

const idsOf = (some: ReportExport[]): string => some.map(({ id }) => id).join(" ");

/** What is being made now, second by second. */
function AtWork() {
  const client = useQueryClient();
  const mayCancel = useMay("reports.write");
  const { data, dataUpdatedAt } = useQuery({
    queryKey: ["reports", "exports", "busy"],
    queryFn: async ({ signal, queryKey }) => {
      const now = (await api.reportExports.list({ limit: 50 }, signal)).items.filter(isBusy);
      const before = client.getQueryData<ReportExport[]>(queryKey) ?? [];
      // One that begins or ends changes in the list below.
      if (idsOf(before) !== idsOf(now)) void client.invalidateQueries({ queryKey: ["reports", "exports", "list"] });
      return now;
    },
    refetchInterval: ({ state }) => (state.data && state.data.length > 0 ? 1000 : false),
  });
  const busy = data ?? [];
  const [cancelling, setCancelling] = useState("");
  const cancel = useChange({ run: (id: string) => api.reportExports.cancel(id), stale: ["reports"] });
  if (busy.length === 0) return null;
  return (
    <Section title="Being made" description="You may leave this page: the files are made without you.">
      {busy.map((one) => {
        const { rate, secondsLeft, fraction } = pace(one, dataUpdatedAt);
        return (
          <JobProgress
            key={one.id}
            title={`${one.campaign.name} as ${formatWords[one.format]}`}
            fraction={fraction}
            count={`${one.rows.toLocaleString()}${one.expected === null ? "" : ` of ${one.expected.toLocaleString()}`} rows`}
            rate={rate}
            secondsLeft={secondsLeft}
            {...(mayCancel
              ? {
                  onCancel: () => {
                    setCancelling(one.id);
                    cancel.mutate(one.id);
                  },
                  cancelling: cancel.isPending && cancelling === one.id,
                }
              : {})}
          />
        );
      })}
    </Section>
  );
}
