import { Group, Progress, Stack, Text } from "@mantine/core";
import type { Campaign, CampaignRun } from "@tincan/api";
import { Note } from "../../pieces/Note.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { people } from "./campaign-words.ts";

/** How far the run under way has come, and what it waits for. */
export function ProgressSection({ campaign, onWaiting }: { campaign: Campaign; onWaiting: () => void }) {
  const run = campaign.runs.find(({ state }) => state === "running" || state === "paused" || state === "waiting");
  if (!run) return null;
  return (
    <Section title={campaign.live ? "Live" : campaign.runs.length > 1 ? `Run ${run.number}` : "Progress"}>
      {campaign.live ? <Text size="sm" className="numeric">{`${people(run.people)} did the event and ${run.people === 1 ? "was" : "were"} looked at.`}</Text> : <Looked run={run} />}
      <Group gap="lg" style={{ rowGap: 4 }}>
        <Text size="sm" className="numeric">
          {campaign.counts.queued.toLocaleString()} handed over, {campaign.counts.submitted.toLocaleString()} with the provider{campaign.runs.length > 1 ? ", in all runs" : ""}
        </Text>
        {run.waiting > 0 ? (
          <Text size="sm" className="numeric">
            <Text component="button" type="button" size="sm" c="var(--mantine-color-anchor)" onClick={onWaiting} style={{ background: "none", border: 0, padding: 0, cursor: "pointer" }}>
              {people(run.waiting)}
            </Text>{" "}
            {run.waiting === 1 ? "waits" : "wait"} for their time
          </Text>
        ) : null}
      </Group>
      {run.decidesAt && !run.winner && run.state !== "paused" ? (
        <Text size="sm">
          The winner is chosen <RelativeTime at={run.decidesAt} />.
        </Text>
      ) : null}
      {run.reason ? <Note kind="warm" title={run.reason} /> : null}
    </Section>
  );
}

function Looked({ run }: { run: CampaignRun }) {
  const { people: looked, expected } = run;
  const share = expected === null || expected === 0 ? (run.startedAt ? 1 : 0) : Math.min(1, looked / expected);
  return (
    <Stack gap={6}>
      <Progress.Root size="lg">
        <Progress.Section value={share * 100} animated={run.state === "running" && share < 1} color={run.state === "paused" ? "warm.7" : undefined} aria-label="People looked at" />
      </Progress.Root>
      <Text size="sm" className="numeric">
        {looked.toLocaleString()} {expected === null ? "people looked at" : `of ${people(Math.max(expected, looked))} looked at`}
      </Text>
    </Stack>
  );
}
