import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconFileExport } from "@tabler/icons-react";
import type { ReportExport } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FOUND_AT_ONCE, type Source } from "../../pieces/found.ts";
import { SearchSelect } from "../../pieces/SearchSelect.tsx";
import { Section } from "../../pieces/Section.tsx";
import { formatWords } from "./export-words.ts";

/** Campaigns that were launched, the newest first. */
const launchedSource: Source = {
  key: ["campaigns", "launched"],
  find: async (q, signal) => {
    const { items, next } = await api.campaigns.list({ q, sort: "-launchedAt", limit: FOUND_AT_ONCE }, signal);
    return { items: items.filter(({ launchedAt }) => launchedAt !== null), next };
  },
  get: (id, signal) => api.campaigns.get(id, signal),
  gone: "a campaign that is gone",
};

/** Chooses a campaign and a kind of file. `campaign`: the one that the address names. */
export function NewExport({ campaign: given }: { campaign: string | undefined }) {
  const [campaign, setCampaign] = useState<string | null>(given ?? null);
  const [format, setFormat] = useState<ReportExport["format"]>("csv");
  const make = useChange({ run: (id: string) => api.reportExports.create({ campaign: id, format }), stale: ["reports"], onFailed: () => undefined });
  return (
    <Section title="New export" description="Every message of a campaign, one row each: to whom, which variant, what became of it and when. It is made in the background and kept for a while.">
      <Stack gap="sm">
        {make.error ? <ErrorNote error={make.error} /> : null}
        <Group align="flex-end" gap="sm">
          <SearchSelect
            source={launchedSource}
            label="Campaign"
            placeholder="Choose a campaign"
            nothingFound="No campaign that was launched is called that"
            value={campaign}
            onChange={setCampaign}
            style={{ flex: "1 1 240px", maxWidth: 420 }}
          />
          <SegmentedControl
            aria-label="Kind of file"
            value={format}
            onChange={(value) => setFormat(value === "parquet" ? "parquet" : "csv")}
            data={(["csv", "parquet"] as const).map((value) => ({ value, label: formatWords[value] }))}
          />
          <Button leftSection={<IconFileExport size={16} aria-hidden />} disabled={campaign === null} loading={make.isPending} onClick={() => campaign !== null && make.mutate(campaign)}>
            Make the file
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          CSV opens in a spreadsheet. Parquet is smaller and is read by DuckDB, Spark, pandas and most warehouses.
        </Text>
      </Stack>
    </Section>
  );
}
