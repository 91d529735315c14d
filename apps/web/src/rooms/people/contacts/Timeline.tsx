import { Group, Text } from "@mantine/core";
import { IconArrowUpRight, IconBolt, IconHandStop, IconMessage, IconPencil, type TablerIcon } from "@tabler/icons-react";
import type { MessageState, TimelineItem, TimelineKind } from "@tincan/api";
import { useState } from "react";
import { Facts } from "../../../pieces/Facts.tsx";
import { TextLink } from "../../../pieces/links.tsx";
import rail from "../../../pieces/Rail.module.css";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { messageStates, StateLabel } from "../../../pieces/StateLabel.tsx";
import { exactTime } from "../../../pieces/time.ts";
import { consentSource } from "./contact-words.ts";
import { changed, fieldName, plain } from "./history-words.ts";
import { daysOf } from "./days.ts";
import classes from "./Timeline.module.css";

const icons: Record<TimelineKind, TablerIcon> = { message: IconArrowUpRight, inbound: IconMessage, event: IconBolt, consent: IconHandStop, profile: IconPencil };
const names: Record<TimelineKind, string> = { message: "Sent", inbound: "Received", event: "Done", consent: "Consent", profile: "Change" };

/** A person's history, day by day; `through` says with each message which number it went through. */
export function Timeline({ items, through }: { items: TimelineItem[]; through: boolean }) {
  const [now] = useState(Date.now);
  return (
    <div className={classes.timeline}>
      {daysOf(items, now).map((day) => (
        <section key={day.label} aria-label={day.label}>
          <h3 className={classes.day}>{day.label}</h3>
          <ol className={rail.steps}>
            {day.items.map((item) => (
              <Item key={`${item.kind} ${item.id}`} item={item} through={through} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function Item({ item, through }: { item: TimelineItem; through: boolean }) {
  const Icon = icons[item.kind];
  const changes = Object.entries(item.properties ?? {}).map(([key, value]): [string, string] => [fieldName(key), item.kind === "profile" ? changed(value) : plain(value)]);
  const state = messageStates.find(({ value }) => value === item.state)?.value;
  return (
    <li className={`${rail.step} ${classes.item}`} data-kind={item.kind} data-failed={state === "failed" || undefined}>
      <span className={`${rail.mark} ${classes.mark}`} title={names[item.kind]}>
        <Icon size={15} role="img" aria-label={names[item.kind]} />
      </span>
      <div className={rail.content}>
        <Group justify="space-between" gap={4} wrap="nowrap" align="flex-start">
          <Text size="sm" fw={550} className="break">
            {item.title}
            {through && item.provider ? (
              <Text span inherit fw={400} c="dimmed">
                {item.kind === "inbound" ? " to " : " through "}
                {item.provider.nickname}
              </Text>
            ) : null}
          </Text>
          <Text size="xs" c="dimmed" component="span">
            <RelativeTime at={item.at} />
          </Text>
        </Group>
        {item.detail && item.kind !== "consent" && changes.length === 0 ? (
          <Text size="sm" c="dimmed" className="break" style={{ whiteSpace: "pre-line" }}>
            {item.detail}
          </Text>
        ) : null}
        {item.kind === "message" ? <Progress item={item} state={state} /> : null}
        {item.consent ? <Proof of={item.consent} /> : null}
        {changes.length > 0 ? (
          <div className={classes.properties}>
            <Facts rows={changes} />
          </div>
        ) : null}
      </div>
    </li>
  );
}

/** How far a message got, and the way to its trace. */
function Progress({ item, state }: { item: TimelineItem; state: MessageState | undefined }) {
  const receipts = item.receipts ?? [];
  return (
    <Group gap="md" mt={2} style={{ rowGap: 2 }}>
      {state ? <StateLabel state={state} clicked={receipts.some(({ status }) => status === "clicked")} /> : null}
      {receipts.map(({ status, at }) => (
        <Text key={status} size="xs" c="dimmed" component="span" className="nowrap">
          {status} <time dateTime={at} title={exactTime(at)}>{timeOfDay(at)}</time>
        </Text>
      ))}
      {item.messageId ? (
        <TextLink to="/messages/$id" params={{ id: item.messageId }} size="xs">
          Trace
        </TextLink>
      ) : null}
    </Group>
  );
}

function Proof({ of: { source, proof, by } }: { of: NonNullable<TimelineItem["consent"]> }) {
  return (
    <Text size="xs" c="dimmed" className="break">
      {consentSource(source)}
      {by ? `, ${by}` : ""}
      {proof ? ` · Proof: ${proof}` : ""}
    </Text>
  );
}

const timeOfDay = (at: string) => new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
