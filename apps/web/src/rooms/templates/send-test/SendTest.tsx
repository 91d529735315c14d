import { Grid, Modal, Stack } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconSend } from "@tabler/icons-react";
import { ApiFailure, type Template, type TemplateTestInput } from "@tincan/api";
import { type SubmitEvent, useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { breakable } from "../../../pieces/breakable.tsx";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../../pieces/FormEnd.tsx";
import { useNarrow } from "../../../pieces/narrow.ts";
import { RawAnswer } from "../../../pieces/RawAnswer.tsx";
import { useSession } from "../../../session.ts";
import { DraftPreview } from "../editor/DraftPreview.tsx";
import { Recipients } from "./Recipients.tsx";
import { TestOutcome } from "./TestOutcome.tsx";
import { numbersIn, testDraft, testValues } from "./test-values.ts";
import { ValueFields } from "./ValueFields.tsx";

interface Props {
  template: Template;
  opened: boolean;
  onClose: () => void;
}

/** Send test: to whom, with which values, and then everything that happens, live. */
export function SendTest({ template, opened, onClose }: Props) {
  const narrow = useNarrow();
  return (
    <Modal opened={opened} onClose={onClose} size="xl" fullScreen={narrow} title={breakable(`Send a test of ${template.name}`)}>
      <TestForm template={template} />
    </Modal>
  );
}

/** Two days from now, as the field for dates writes it. */
function inTwoDays(): string {
  const at = new Date(Date.now() + 2 * 86_400_000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function TestForm({ template }: { template: Template }) {
  const { phonesUrl } = useSession();
  const [numbers, setNumbers] = useLocalStorage({ key: "test-recipient", defaultValue: phonesUrl ? "+15550100123" : "", getInitialValueInEffect: false });
  const [contacts, setContacts] = useState<string[]>([]);
  const [draft, setDraft] = useState(() => testDraft(template));
  const [extras, setExtras] = useState(() => ({ code: "493012", ends: inTwoDays() }));
  const send = useChange({
    run: (input: TemplateTestInput) => api.templates.test(template.id, input),
    stale: ["messages", "overview"],
    onFailed: () => {},
  });
  const to = numbersIn(numbers);
  const count = to.length + contacts.length;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send.mutate({ ...(to.length > 0 ? { to } : {}), ...(contacts.length > 0 ? { contactIds: contacts } : {}), values: testValues(draft, extras) });
  };
  const failure = send.error instanceof ApiFailure ? send.error : null;
  return (
    <Stack gap="lg">
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, sm: 7 }}>
          <form onSubmit={submit}>
            <Stack>
              <Recipients numbers={numbers} onNumbers={setNumbers} contacts={contacts} onContacts={setContacts} />
              <ValueFields draft={draft} extras={extras} onDraft={setDraft} onExtras={setExtras} />
              <FormEnd icon={<IconSend size={16} aria-hidden />} busy={send.isPending} disabled={count === 0}>
                {count > 1 ? `Send ${count} tests` : "Send test"}
              </FormEnd>
            </Stack>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 5 }}>
          <DraftPreview draft={draft} title={template.provider.nickname} />
        </Grid.Col>
      </Grid>
      {send.error ? <ErrorNote error={send.error} /> : null}
      {failure?.answer ? <RawAnswer answer={failure.answer} /> : null}
      <Stack gap="lg" aria-live="polite">
        {send.data?.tests.map((test) => (
          <TestOutcome key={test.messageId} {...test} />
        ))}
      </Stack>
    </Stack>
  );
}
