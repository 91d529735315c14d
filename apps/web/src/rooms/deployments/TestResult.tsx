import { Grid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { TestRequestResult } from "@tincan/api";
import { JsonBlock } from "../../pieces/JsonBlock.tsx";
import { TextLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Note } from "../../pieces/Note.tsx";
import { duration } from "../../pieces/time.ts";
import { Trace } from "../../trace/Trace.tsx";
import { traceQuery } from "../../trace/trace-query.ts";
import { answerSentence } from "./callback-words.ts";

/** The request as posted, its answer, and the message's way from there, live. */
export function TestResult({ result }: { result: TestRequestResult }) {
  const { request, response, messageId } = result;
  const { ok, sentence } = answerSentence(response.body);
  return (
    <Stack gap="md" aria-live="polite">
      <Note kind={ok ? "info" : "danger"} title={`Answered ${response.status} after ${duration(response.ms)}. ${sentence}`}>
        {ok && !messageId ? "This was a check: nothing is sent." : null}
        {response.ms > 1000 ? "CleverTap waits one second at most; this answer would have come too late." : null}
      </Note>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap={6}>
            <Title order={3}>Request</Title>
            <Text size="xs" c="dimmed" ff="monospace" className="break">
              {request.method} {request.url}
            </Text>
            <JsonBlock value={request.body} label="Request body" maxHeight={300} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap={6}>
            <Title order={3}>Answer</Title>
            <Text size="xs" c="dimmed" ff="monospace">
              HTTP {response.status}
            </Text>
            <JsonBlock value={response.body} label="Answer body" maxHeight={300} />
          </Stack>
        </Grid.Col>
      </Grid>
      {messageId ? <Hops id={messageId} /> : null}
    </Stack>
  );
}

function Hops({ id }: { id: string }) {
  const trace = useQuery(traceQuery(id));
  return (
    <Stack gap="sm">
      <Title order={3}>Every hop, live</Title>
      <Loaded query={trace} height={120}>
        {({ steps }) => <Trace steps={steps} />}
      </Loaded>
      <TextLink to="/messages/$id" params={{ id }} size="sm">
        Open this message
      </TextLink>
    </Stack>
  );
}
