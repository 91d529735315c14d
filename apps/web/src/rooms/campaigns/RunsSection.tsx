import type { Campaign, CampaignRun } from "@tincan/api";
import { Dot } from "../../pieces/Dot.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { duration } from "../../pieces/time.ts";
import { type FigureColumn, WideTable } from "../../pieces/WideTable.tsx";
import { runStateOf } from "./campaign-words.ts";

/** Each time it was sent; the newest twenty. */
export function RunsSection({ campaign: { runs } }: { campaign: Campaign }) {
  if (runs.length === 0) return null;
  return (
    <Section title="Runs" description={runs.length === 20 ? "The newest twenty." : undefined}>
      <WideTable label="Runs" least={560} columns={columns} items={runs} idOf={(run) => run.id} />
    </Section>
  );
}

const columns: FigureColumn<CampaignRun>[] = [
  { key: "number", header: "Run", cell: ({ number }) => <span className="nowrap">Run {number.toLocaleString()}</span> },
  {
    key: "state",
    header: "State",
    narrow: "line",
    cell: ({ state, reason }) => (
      <>
        <Dot tone={runStateOf(state).tone} pulse={state === "running"}>
          {runStateOf(state).word}
        </Dot>
        {reason ? <div className="break">{reason}</div> : null}
      </>
    ),
  },
  { key: "began", header: "Began", cell: ({ startedAt, dueAt }) => <RelativeTime at={startedAt ?? dueAt} /> },
  { key: "took", header: "Took", cell: ({ startedAt, endedAt }) => <span className="nowrap">{startedAt && endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : "–"}</span> },
  { key: "people", header: "Looked at", align: "right", cell: ({ people }) => people.toLocaleString() },
  { key: "waiting", header: "Waiting", align: "right", cell: ({ waiting }) => waiting.toLocaleString() },
  { key: "winner", header: "Winner", cell: ({ winner, decidesAt }) => winner ?? (decidesAt ? <RelativeTime at={decidesAt} /> : "–") },
];
