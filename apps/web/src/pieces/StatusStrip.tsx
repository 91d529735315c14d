import { Button, Group, Paper, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import type { LaneStatus } from "@tincan/api";
import type { ReactNode } from "react";
import { api } from "../api.ts";
import { changeRows } from "../cached-rows.ts";
import { useChange } from "../change.ts";
import { useMay } from "../session.ts";
import { Dot } from "./Dot.tsx";
import { laneSentence, laneTone } from "./lane-words.ts";
import { RelativeTime } from "./RelativeTime.tsx";
import classes from "./StatusStrip.module.css";

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd className="numeric">{children}</dd>
    </div>
  );
}

/** A lane's health in one line: rate, in flight, queue, last receipt, breaker; red says why and since when. */
export function StatusStrip({ lane, title }: { lane: LaneStatus; title?: ReactNode }) {
  const may = useMay("lanes.write");
  const toggle = useChange({
    run: (pause: boolean) => (pause ? api.lanes.pause(lane.id) : api.lanes.resume(lane.id)),
    stale: ["lanes", "overview"],
    ahead: (client, paused) => changeRows<LaneStatus>(client, ["lanes", "overview"], [lane.id], (one) => ({ ...one, paused })),
    done: (answer) => (answer.paused ? `${lane.name} is paused` : `${lane.name} goes on`),
    undo: (answer) => () => (answer.paused ? api.lanes.resume(lane.id) : api.lanes.pause(lane.id)),
  });
  const tone = laneTone(lane);
  const what = lane.kind === "provider" ? "Messages" : "Callbacks";
  return (
    <Paper className={classes.strip} data-tone={tone} component="section" aria-label={`Status of ${lane.name}`}>
      <Group justify="space-between" gap="sm" wrap="wrap">
        <div className={classes.name}>
          <Text size="sm" fw={600} component="div" className="break">
            {title ?? lane.name}
          </Text>
          <Dot tone={tone === "bad" ? "failed" : tone === "still" ? "unknown" : "read"} pulse={tone === "good" && lane.inFlight > 0}>
            {lane.paused ? "Paused" : lane.breaker.state === "open" ? "Stopped" : lane.breaker.state === "probing" ? "Trying again" : "Running"}
          </Dot>
        </div>
        <dl className={classes.figures}>
          <Figure name="Rate">
            {lane.rate.toLocaleString(undefined, { maximumFractionDigits: 1 })}/s
            {lane.rateLimit ? <span className={classes.of}> of {lane.rateLimit.toLocaleString()}</span> : null}
          </Figure>
          <Figure name="In flight">
            {lane.inFlight.toLocaleString()}
            <span className={classes.of}> / {lane.limit.toLocaleString()}</span>
          </Figure>
          <Figure name="Queue">{lane.queued.toLocaleString()}</Figure>
          <Figure name={lane.kind === "provider" ? "Last receipt" : "Last answer"}>
            <RelativeTime at={lane.lastReceiptAt} />
          </Figure>
        </dl>
        {may ? (
          <Button
            size="xs"
            variant="default"
            disabled={toggle.isPending}
            onClick={() => toggle.mutate(!lane.paused)}
            leftSection={lane.paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
            aria-label={`${lane.paused ? "Resume" : "Pause"} ${lane.name}`}
          >
            {lane.paused ? "Resume" : "Pause"}
          </Button>
        ) : null}
      </Group>
      {tone === "good" ? null : (
        <Text size="sm" mt={8} className={classes.why} component="div">
          {laneSentence(lane, what)}
          {lane.breaker.state === "closed" ? null : (
            <>
              {" "}
              Since <RelativeTime at={lane.breaker.since} none="just now" />
              {lane.breaker.nextProbeAt ? (
                <>
                  , next try <RelativeTime at={lane.breaker.nextProbeAt} />
                </>
              ) : null}
              .
            </>
          )}
        </Text>
      )}
    </Paper>
  );
}
