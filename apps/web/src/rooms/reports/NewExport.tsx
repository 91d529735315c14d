import { Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFileExport } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReportExport } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { Section } from "../../pieces/Section.tsx";
import { formatWords } from "./export-words.ts";

/** Chooses a campaign and a kind of file. `campaign`: the one that the address names. */
export function NewExport({ campaign: given }: { campaign: string | undefined }) {
  const [campaign, setCampaign] = useState<string | null>(given ?? null);
  const [format, setFormat] = useState<ReportExport["format"]>("csv");
  const [words, setWords] = useState("");
  const [asked] = useDebouncedValue(words.trim(), 250);
  const found = useQuery({
    queryKey: ["campaigns", "choice", asked],
    queryFn: ({ signal }) => api.campaigns.list({ q: asked, sort: "-launchedAt", limit: 100 }, signal),
    placeholderData: keepPreviousData,
  });
  const chosen = useQuery({ queryKey: ["campaigns", "one", given], queryFn: ({ signal }) => api.campaigns.get(given ?? "", signal), enabled: given !== undefined });
  const make = useChange({ run: (id: string) => api.reportExports.create({ campaign: id, format }), stale: ["reports"], onFailed: () => undefined });
  const names = new Map((found.data?.items ?? []).filter(({ launchedAt }) => launchedAt !== null).map(({ id, name }) => [id, name]));
  if (chosen.data) names.set(chosen.data.id, chosen.data.name);
  return (
    <Section title="New export" description="Every message of a campaign, one row each: to whom, which variant, what became of it and when. It is made in the background and kept for a while.">
      <Stack gap="sm">
        {make.error ? <ErrorNote error={make.error} /> : null}
        <Group align="flex-end" gap="sm">
          <Select
            label="Campaign"
            placeholder="Choose a campaign"
            searchable
            nothingFoundMessage="No campaign that was launched is called that"
            data={[...names].map(([value, label]) => ({ value, label }))}
            value={campaign}
            onChange={setCampaign}
            onSearchChange={(text) => setWords([...names.values()].includes(text) ? "" : text)}
            comboboxProps={{ withinPortal: true }}
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
