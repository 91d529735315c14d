import { Button, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import type { Campaign, CampaignReport, CampaignRun } from "@tincan/api";
import { api } from "../../../api.ts";
import { Dot } from "../../../pieces/Dot.tsx";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { type FigureColumn, WideTable } from "../../../pieces/WideTable.tsx";
import { runStateOf } from "../campaign-words.ts";
import { countedSteps, StepCount } from "./counted-steps.tsx";

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
  const countsOf = (run: CampaignRun) => reports[runs.indexOf(run)]?.data?.counts;
  return (
    <Section title="Run by run" description={runs.length >= 20 ? "The newest twenty." : undefined}>
      <WideTable label="Runs" least={820} columns={columnsOf(countsOf, chosen, choose)} items={runs} idOf={(run) => run.id} />
    </Section>
  );
}

function columnsOf(countsOf: (run: CampaignRun) => CampaignReport["counts"] | undefined, chosen: string | undefined, choose: Props["choose"]): FigureColumn<CampaignRun>[] {
  return [
    {
      key: "run",
      header: "Run",
      cell: (run) => (
        <span className="nowrap">
          {nameOf(run)}
          <Text size="xs" c="dimmed">
            <RelativeTime at={run.startedAt ?? run.dueAt} />
          </Text>
        </span>
      ),
    },
    { key: "state", header: "State", cell: (run) => <Dot tone={runStateOf(run.state).tone}>{runStateOf(run.state).word}</Dot> },
    { key: "messages", header: "Messages", align: "right", cell: (run) => countsOf(run)?.queued.toLocaleString() ?? "…" },
    ...countedSteps.map(({ step, label }): FigureColumn<CampaignRun> => ({ key: step, header: label, align: "right", cell: (run) => <StepCount counts={countsOf(run)} step={step} /> })),
    {
      key: "report",
      header: "Report",
      align: "right",
      narrow: "action",
      cell: (run) => (
        <Button size="compact-sm" variant="default" aria-label={run.id === chosen ? "Show all runs" : `Show ${nameOf(run)} alone`} onClick={() => choose(run.id === chosen ? undefined : run.id)}>
          {run.id === chosen ? "Show all" : "Show alone"}
        </Button>
      ),
    },
  ];
}

export const nameOf = (run: Pick<CampaignRun, "number">): string => `Run ${run.number.toLocaleString()}`;
