import { Grid, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { TestResult, TraceStep } from "@tincan/api";
import { JsonBlock } from "../../../pieces/JsonBlock.tsx";
import { TextLink } from "../../../pieces/links.tsx";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { displayNumber } from "../../../pieces/phone.ts";
import { duration } from "../../../pieces/time.ts";
import { Trace } from "../../../trace/Trace.tsx";
import { traceQuery } from "../../../trace/trace-query.ts";

/** One message of a test: the request, the raw answer, and every receipt as it comes. */
export function TestOutcome({ to, messageId }: TestResult["tests"][number]) {
  const trace = useQuery(traceQuery(messageId));
  return (
    <Stack gap="sm" component="section" aria-label={`Test to ${displayNumber(to)}`}>
      <Group justify="space-between" gap="xs">
        <Title order={3}>To {displayNumber(to)}</Title>
        <TextLink to="/messages/$id" params={{ id: messageId }} size="sm">
          Open this message
        </TextLink>
      </Group>
      <Loaded query={trace} height={160}>
        {({ steps }) => (
          <>
            <Grid gap="md">
              <Grid.Col span={{ base: 12, sm: 6 }}>
                <Payload title="Request" step={steps.findLast(({ kind }) => kind === "request")} waiting="It leaves in a moment." />
              </Grid.Col>
              <Grid.Col span={{ base: 12, sm: 6 }}>
                <Payload title="Raw answer" step={steps.findLast(({ kind }) => kind === "answer")} waiting="No answer yet." />
              </Grid.Col>
            </Grid>
            <Trace steps={steps} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function Payload({ title, step, waiting }: { title: string; step: TraceStep | undefined; waiting: string }) {
  return (
    <Stack gap={4}>
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        {step?.durationMs === undefined ? null : (
          <Text size="xs" c="dimmed">
            after {duration(step.durationMs)}
          </Text>
        )}
      </Group>
      {step?.body === undefined ? (
        <Text size="sm" c="dimmed">
          {step?.title ?? waiting}
        </Text>
      ) : (
        <JsonBlock value={step.body} label={title} maxHeight={220} />
      )}
    </Stack>
  );
}
