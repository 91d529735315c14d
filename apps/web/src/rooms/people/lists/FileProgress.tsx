import { Group, Progress, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** What is going on, e.g. "Uploading people.csv". */
  title: string;
  /** From 0 to 1. */
  fraction: number;
  /** Beside the per cent, e.g. "12,000 rows". */
  count?: string;
  /** The way to stop it. */
  action?: ReactNode;
}

/** How far a file has come. */
export function FileProgress({ title, fraction, count, action }: Props) {
  const percent = Math.min(100, Math.floor(fraction * 100));
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <Text size="sm" fw={600} className="break">
          {title}
        </Text>
        {action}
      </Group>
      <Progress.Root size="lg">
        <Progress.Section value={percent} animated aria-label={title} />
      </Progress.Root>
      <Text size="sm" className="numeric">
        {percent}%{count === undefined ? "" : ` · ${count}`}
      </Text>
    </Stack>
  );
}
