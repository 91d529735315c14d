import { Collapse, Text, UnstyledButton } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBuildingBroadcastTower,
  IconChevronDown,
  IconDatabase,
  IconInbox,
  IconInfoCircle,
  IconMessage,
  IconReceipt,
  type TablerIcon,
} from "@tabler/icons-react";
import type { TraceKind, TraceStep } from "@tincan/api";
import { useId, useState } from "react";
import { JsonBlock } from "../pieces/JsonBlock.tsx";
import rail from "../pieces/Rail.module.css";
import { clockTime, duration, exactTime } from "../pieces/time.ts";
import { type TimedStep, timedSteps } from "./order.ts";
import classes from "./Trace.module.css";

const icons: Record<TraceKind, TablerIcon> = {
  received: IconInbox,
  stored: IconDatabase,
  request: IconArrowForwardUp,
  answer: IconArrowBackUp,
  receipt: IconReceipt,
  inbound: IconMessage,
  callback: IconBuildingBroadcastTower,
  note: IconInfoCircle,
};

const words: Record<TraceStep["status"], string | null> = { ok: null, info: null, waiting: "Waiting", ambiguous: "Outcome not known", failed: "Failed" };

/** One message's life from top to bottom: each step with its time, its delay and the payload that went over the wire. */
export function Trace({ steps }: { steps: TraceStep[] }) {
  return (
    <ol className={rail.steps} aria-label="Trace">
      {timedSteps(steps).map((step) => (
        <Step key={step.key} step={step} />
      ))}
    </ol>
  );
}

function Step({ step }: { step: TimedStep }) {
  const [open, setOpen] = useState(false);
  const body = useId();
  const Icon = icons[step.kind];
  const word = words[step.status];
  const heading = (
    <>
      <span className={classes.title}>
        {step.title}
        {word ? <span className={classes.word}>{word}</span> : null}
      </span>
      <span className={classes.times}>
        <time dateTime={step.at} title={exactTime(step.at)}>
          {clockTime(step.at)}
        </time>
        {step.sincePrevious === null ? null : <span className={classes.delay}>+{duration(step.sincePrevious)}</span>}
        {step.durationMs === undefined ? null : <span className={classes.delay}>took {duration(step.durationMs)}</span>}
      </span>
    </>
  );
  return (
    <li className={`${rail.step} ${classes.step}`} data-status={step.status}>
      <span className={`${rail.mark} ${classes.mark}`}>
        <Icon size={15} aria-hidden />
      </span>
      <div className={`${rail.content} ${classes.content}`}>
        {step.body === undefined ? (
          <div className={classes.head}>{heading}</div>
        ) : (
          <UnstyledButton className={classes.head} onClick={() => setOpen(!open)} aria-expanded={open} aria-controls={body}>
            {heading}
            <IconChevronDown size={16} className={classes.chevron} data-open={open || undefined} aria-hidden />
          </UnstyledButton>
        )}
        {step.detail ? (
          <Text size="sm" c="dimmed" className="break">
            {step.detail}
          </Text>
        ) : null}
        {step.body === undefined ? null : (
          <Collapse expanded={open} id={body} mt={open ? 8 : 0} keepMounted={false}>
            <JsonBlock value={step.body} label={`Body of “${step.title}”`} />
          </Collapse>
        )}
      </div>
    </li>
  );
}
