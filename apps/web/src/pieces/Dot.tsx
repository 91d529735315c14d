import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Dot.module.css";

export type Tone = "queued" | "sent" | "delivered" | "read" | "clicked" | "replied" | "failed" | "unknown";

/** A coloured dot beside a word: the word carries the meaning, the colour helps the eye. */
export function Dot({ tone, children, pulse = false }: { tone: Tone; children: ReactNode; pulse?: boolean }) {
  return (
    <Group gap={7} wrap="nowrap" component="span" display="inline-flex">
      <span className={classes.dot} data-pulse={pulse || undefined} style={{ background: `var(--status-${tone})` }} aria-hidden />
      <Text span size="sm" className="nowrap">
        {children}
      </Text>
    </Group>
  );
}
