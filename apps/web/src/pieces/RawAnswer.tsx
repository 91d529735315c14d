import { Group, Stack, Text } from "@mantine/core";
import type { RawAnswer as Answer } from "@tincan/api";
import { JsonBlock } from "./JsonBlock.tsx";
import { duration } from "./time.ts";

/** JSON is shown indented, anything else as it came. */
function readable(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : body;
  } catch {
    return body;
  }
}

/** What somebody else's endpoint answered, as it came: the main thing to look at when two systems do not understand each other. */
export function RawAnswer({ answer, title = "The raw answer" }: { answer: Answer; title?: string }) {
  const facts = [answer.status === null ? "No answer" : `HTTP ${answer.status}`, answer.contentType, `after ${duration(answer.ms)}`].filter(Boolean);
  return (
    <Stack gap={6}>
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace" className="break">
          {facts.join(" · ")}
        </Text>
      </Group>
      {answer.body ? (
        <JsonBlock value={readable(answer.body)} label={title} maxHeight={260} />
      ) : (
        <Text size="sm" c="dimmed">
          {answer.status === null ? "The connection ended without a single byte of an answer." : "The body is empty."}
        </Text>
      )}
    </Stack>
  );
}
