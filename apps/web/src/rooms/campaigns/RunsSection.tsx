import { ScrollArea, Table } from "@mantine/core";
import type { Campaign } from "@tincan/api";
import { Dot } from "../../pieces/Dot.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { duration } from "../../pieces/time.ts";
import { runStateOf } from "./campaign-words.ts";

/** Each time it was sent; the newest twenty. */
export function RunsSection({ campaign: { runs } }: { campaign: Campaign }) {
  if (runs.length === 0) return null;
  return (
    <Section title="Runs" description={runs.length === 20 ? "The newest twenty." : undefined}>
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Runs" }}>
        <Table aria-label="Runs" miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Run</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Began</Table.Th>
              <Table.Th>Took</Table.Th>
              <Table.Th ta="right">Looked at</Table.Th>
              <Table.Th ta="right">Waiting</Table.Th>
              <Table.Th>Winner</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map((run) => {
              const { tone, word } = runStateOf(run.state);
              return (
                <Table.Tr key={run.id}>
                  <Table.Td className="numeric">{run.number}</Table.Td>
                  <Table.Td>
                    <Dot tone={tone} pulse={run.state === "running"}>
                      {word}
                    </Dot>
                    {run.reason ? <div className="break">{run.reason}</div> : null}
                  </Table.Td>
                  <Table.Td>
                    <RelativeTime at={run.startedAt ?? run.dueAt} />
                  </Table.Td>
                  <Table.Td className="nowrap">{run.startedAt && run.endedAt ? duration(Date.parse(run.endedAt) - Date.parse(run.startedAt)) : "–"}</Table.Td>
                  <Table.Td ta="right" className="numeric">
                    {run.people.toLocaleString()}
                  </Table.Td>
                  <Table.Td ta="right" className="numeric">
                    {run.waiting.toLocaleString()}
                  </Table.Td>
                  <Table.Td>{run.winner ?? (run.decidesAt ? <RelativeTime at={run.decidesAt} /> : "–")}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Section>
  );
}
