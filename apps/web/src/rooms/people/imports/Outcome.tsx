import { Button, Group, ScrollArea, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { Import, ImportCounts } from "@tincan/api";
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
    <SimpleGrid cols={{ base: 2, xs: 3, sm: 5 }} component="dl" m={0} spacing="sm">
      {figures.map(({ key, label, would }) => (
        <div key={key} className={classes.figure} data-bad={(key === "rejected" && counts.rejected > 0) || undefined}>
          <dt>{dry ? would : label}</dt>
          <dd className="numeric">{counts[key].toLocaleString()}</dd>
        </div>
      ))}
    </SimpleGrid>
  );
}

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
          The file holds each rejected row with its reason. Put the rows right in it and import it again.
        </Text>
      )}
      <ScrollArea.Autosize mah={360} type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Problems" }}>
        <Table fz="sm" verticalSpacing={6} aria-label="Problems">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Row</Table.Th>
              <Table.Th>Column</Table.Th>
              <Table.Th>Value</Table.Th>
              <Table.Th>Why</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {problems.map((problem) => (
              <Table.Tr key={`${problem.row} ${problem.column ?? ""} ${problem.reason}`}>
                <Table.Td className="numeric">{problem.row.toLocaleString()}</Table.Td>
                <Table.Td>{problem.column ?? "whole row"}</Table.Td>
                <Table.Td className="break">{problem.value ?? ""}</Table.Td>
                <Table.Td miw={200}>{problem.reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </Stack>
  );
}
