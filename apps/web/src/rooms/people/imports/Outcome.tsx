import { Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { Import, ImportCounts } from "@tincan/api";
import { type FigureColumn, WideTable } from "../../../pieces/WideTable.tsx";
import { useMay } from "../../../session.ts";
import classes from "./Outcome.module.css";

const figures: { key: keyof ImportCounts; label: string; would: string }[] = [
  { key: "rows", label: "Rows read", would: "Rows read" },
  { key: "created", label: "People added", would: "People to add" },
  { key: "updated", label: "People updated", would: "People to update" },
  { key: "merged", label: "Rows merged", would: "Rows to merge" },
  { key: "rejected", label: "Rows rejected", would: "Rows to reject" },
];

/** How many rows went which way; `dry` when nothing has happened yet. */
export function Counts({ counts, dry = false }: { counts: ImportCounts; dry?: boolean }) {
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, sm: 5 }} component="dl" m={0} spacing="sm" className={classes.figures}>
      {figures.map(({ key, label, would }) => (
        <div key={key} className={classes.figure} data-bad={(key === "rejected" && counts.rejected > 0) || undefined}>
          <dt>{dry ? would : label}</dt>
          <dd className="numeric">{counts[key].toLocaleString()}</dd>
        </div>
      ))}
    </SimpleGrid>
  );
}

const columns: FigureColumn<Import["problems"][number]>[] = [
  { key: "row", header: "Where", cell: ({ row }) => `Row ${row.toLocaleString()}` },
  { key: "column", header: "Column", narrow: "line", cell: ({ column }) => column ?? "whole row" },
  { key: "value", header: "Value", narrow: "line", cell: ({ value }) => <span className="break">{value ?? ""}</span> },
  { key: "reason", header: "Why", narrow: "line", least: 200, cell: ({ reason }) => reason },
];

/** The first rows that could not be taken, each with its reason, and the file with all of them. */
export function Problems({ of: { id, problems }, rejected }: { of: Import; rejected: number }) {
  const mayExport = useMay("contacts.write");
  if (problems.length === 0) return null;
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <Text size="sm" fw={600}>
          {problems.length < rejected ? `The first ${problems.length.toLocaleString()} problems` : "Problems"}
        </Text>
        {mayExport && (
          <Button component="a" href={`/api/v1/imports/${id}/problems.csv`} download size="xs" variant="default" leftSection={<IconDownload size={14} aria-hidden />}>
            Rejected rows as CSV
          </Button>
        )}
      </Group>
      {mayExport && (
        <Text size="xs" c="dimmed">
          The file holds each rejected row with its reason. Correct the rows there and import the file again.
        </Text>
      )}
      <WideTable label="Problems" least={480} columns={columns} items={problems} idOf={({ row, column, reason }) => `${row} ${column ?? ""} ${reason}`} />
    </Stack>
  );
}
