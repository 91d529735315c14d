import { Button, Table, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import type { Campaign, CampaignRun } from "@tincan/api";
import { api } from "../../../api.ts";
import { Dot } from "../../../pieces/Dot.tsx";
import { percent, shareOf } from "../../../pieces/figures.ts";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { WideTable } from "../../../pieces/WideTable.tsx";
import { runStateOf } from "../campaign-words.ts";

const steps = ["delivered", "read", "clicked", "replied", "converted", "failed"] as const;

interface Props {
  campaign: Pick<Campaign, "id" | "runs">;
  chosen: string | undefined;
  choose: (run: string | undefined) => void;
}

/** What each time of sending came to; one of them can be looked at by itself. */
export function RunsSection({ campaign: { id, runs }, chosen, choose }: Props) {
  const reports = useQueries({
    queries: runs.map((run) => ({
      queryKey: ["reports", "run", id, run.id, run.state],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.reports.campaign(id, { run: run.id }, signal),
      // What is over hardly changes; the one under way is the report above.
      staleTime: run.state === "running" ? 5_000 : 60_000,
    })),
  });
  return (
    <Section title="Run by run" description={runs.length >= 20 ? "The newest twenty." : undefined}>
      <WideTable
        label="Runs"
        least={820}
        head={
          <>
            <Table.Th>Run</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th ta="right">Messages</Table.Th>
            {steps.map((step) => (
              <Table.Th key={step} ta="right" tt="capitalize">
                {step}
              </Table.Th>
            ))}
            <Table.Th ta="right">Report</Table.Th>
          </>
        }
      >
        {runs.map((run, index) => {
          const counts = reports[index]?.data?.counts;
          return (
            <Table.Tr key={run.id}>
              <Table.Th scope="row" fw={560} className="nowrap">
                {nameOf(run)}
                <Text size="xs" c="dimmed">
                  <RelativeTime at={run.startedAt ?? run.dueAt} />
                </Text>
              </Table.Th>
              <Table.Td>
                <Dot tone={runStateOf(run.state).tone}>{runStateOf(run.state).word}</Dot>
              </Table.Td>
              <Table.Td ta="right" className="numeric">
                {counts?.queued.toLocaleString() ?? "…"}
              </Table.Td>
              {steps.map((step) => (
                <Table.Td key={step} ta="right" className="numeric">
                  {counts?.[step].toLocaleString() ?? "…"}
                  <Text size="xs" c="dimmed" className="nowrap">
                    {counts ? percent(shareOf(counts[step], counts.queued)) : ""}
                  </Text>
                </Table.Td>
              ))}
              <Table.Td ta="right">
                <Button size="compact-sm" variant="default" aria-label={`${run.id === chosen ? "Show all runs" : `Show ${nameOf(run)} alone`}`} onClick={() => choose(run.id === chosen ? undefined : run.id)}>
                  {run.id === chosen ? "Show all" : "Show alone"}
                </Button>
              </Table.Td>
            </Table.Tr>
          );
        })}
      </WideTable>
    </Section>
  );
}

export const nameOf = (run: Pick<CampaignRun, "number">): string => `Run ${run.number.toLocaleString()}`;
