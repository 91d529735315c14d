import { Button, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure, useLocalStorage } from "@mantine/hooks";
import { IconSend } from "@tabler/icons-react";
import type { Provider, ProviderTestInput } from "@tincan/api";
import { type SubmitEvent, useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { useNarrow } from "../../pieces/narrow.ts";
import { useMay, useSession } from "../../session.ts";
import { Recipients } from "../templates/send-test/Recipients.tsx";
import { numbersIn } from "../templates/send-test/test-values.ts";
import { TestOutcome } from "../templates/send-test/TestOutcome.tsx";

/** Sends a plain text through a provider, and shows all that happens: the quickest way to see whether both sides understand each other. */
export function SendText({ provider }: { provider: Provider }) {
  const maySend = useMay("messages.send");
  const [opened, { open, close }] = useDisclosure(false);
  const narrow = useNarrow();
  if (!maySend || provider.archivedAt) return null;
  return (
    <>
      <Button leftSection={<IconSend size={16} aria-hidden />} onClick={open}>
        Send test
      </Button>
      <Modal opened={opened} onClose={close} size="xl" fullScreen={narrow} title={`Send a test through ${provider.nickname}`}>
        <TextForm provider={provider} />
      </Modal>
    </>
  );
}

function TextForm({ provider }: { provider: Provider }) {
  const { phonesUrl } = useSession();
  const [numbers, setNumbers] = useLocalStorage({ key: "test-recipient", defaultValue: phonesUrl ? "+15550100123" : "", getInitialValueInEffect: false });
  const [contacts, setContacts] = useState<string[]>([]);
  const [text, setText] = useState("Hello from Tincan");
  const send = useChange({ run: (input: ProviderTestInput) => api.providers.test(provider.id, input), stale: ["messages", "overview"], onFailed: () => {} });
  const to = numbersIn(numbers);
  const count = to.length + contacts.length;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send.mutate({ ...(to.length > 0 ? { to } : {}), ...(contacts.length > 0 ? { contactIds: contacts } : {}), text: text.trim() });
  };
  return (
    <Stack gap="lg">
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            A plain text reaches only people who wrote to the number within the last 24 hours. For everybody else, send a test of a template from its own page.
          </Text>
          <Recipients numbers={numbers} onNumbers={setNumbers} contacts={contacts} onContacts={setContacts} />
          <Textarea label="Text" autosize minRows={2} maxLength={4096} value={text} onChange={(event) => setText(event.currentTarget.value)} />
          <FormEnd icon={<IconSend size={16} aria-hidden />} busy={send.isPending} disabled={count === 0 || !text.trim()}>
            {count > 1 ? `Send ${count} tests` : "Send test"}
          </FormEnd>
        </Stack>
      </form>
      {send.error ? <ErrorNote error={send.error} /> : null}
      <Stack gap="lg" aria-live="polite">
        {send.data?.tests.map((test) => (
          <TestOutcome key={test.messageId} {...test} />
        ))}
      </Stack>
    </Stack>
  );
}
