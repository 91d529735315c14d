import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { duration } from "./time.ts";

interface Props {
  /** What is going on, e.g. "Importing people.csv". */
  title: string;
  /** From 0 to 1. */
  fraction: number;
  /** What is counted, e.g. "12,000 rows". */
  count: string;
  /** Per second; null while it is not known. */
  rate: number | null;
  secondsLeft: number | null;
  onCancel?: () => void;
  cancelling?: boolean;
}

/** A long job under way: how far, how many, how fast, how long still, and the way to stop it. */
export function JobProgress({ title, fraction, count, rate, secondsLeft, onCancel, cancelling = false }: Props) {
  const percent = Math.min(100, Math.floor(fraction * 100));
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        {onCancel ? (
          <Button size="xs" variant="default" onClick={onCancel} loading={cancelling}>
            Cancel
          </Button>
        ) : null}
      </Group>
      <Progress.Root size="lg">
        <Progress.Section value={percent} animated aria-label={title} />
      </Progress.Root>
      <Group justify="space-between" gap="sm">
        <Text size="sm" className="numeric">
          {percent}% · {count}
        </Text>
        <Text size="sm" c="dimmed" className="numeric">
          {rate === null ? "Starting" : `${Math.round(rate).toLocaleString()} a second`}
          {secondsLeft === null ? "" : ` · about ${duration(Math.max(1, Math.round(secondsLeft)) * 1000)} left`}
        </Text>
      </Group>
    </Stack>
  );
}
