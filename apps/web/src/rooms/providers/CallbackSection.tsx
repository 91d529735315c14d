import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconRotate } from "@tabler/icons-react";
import type { GenericProvider } from "@tincan/api";
import { CopyField } from "../../pieces/CopyField.tsx";
import { Facts } from "../../pieces/Facts.tsx";
import { Note } from "../../pieces/Note.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { exactTime } from "../../pieces/time.ts";
import { useMay } from "../../session.ts";
import { callbackErrors } from "./provider-words.ts";
import { RotateCallbackUrls } from "./RotateCallbackUrls.tsx";

/** The way back from a generic provider: its two addresses, and how they are doing. */
export function CallbackSection({ provider }: { provider: GenericProvider }) {
  const mayWrite = useMay("providers.write");
  const [rotating, rotate] = useDisclosure(false);
  const { callbackUrls: urls, previousCallbackUrls: previous } = provider;
  const { callbacks } = provider.health;
  return (
    <Section
      title="Callback URLs"
      description="Give these to the provider. The address is the secret, so treat it like a password. Each takes both kinds of callback, one or many at a time."
      actions={
        mayWrite && urls ? (
          <Button size="xs" variant="default" leftSection={<IconRotate size={14} aria-hidden />} onClick={rotate.open}>
            Rotate
          </Button>
        ) : null
      }
    >
      {callbacks?.warning ? (
        <Note kind="warm" announce="polite" title={callbacks.warning}>
          Check that the provider has the Delivery Report Callback URL below, in one piece.
        </Note>
      ) : null}
      {urls ? (
        <Stack gap="md">
          <CopyField label="Delivery Report Callback URL" value={urls.status} />
          <CopyField label="Inbound Message Callback URL" value={urls.inbound} />
        </Stack>
      ) : (
        <Note kind="info" title="Only admins can see the addresses" />
      )}
      {previous ? (
        <Note kind="info" title={`The addresses from before work until ${exactTime(previous.until)}`}>
          Give the provider the new ones before then.
        </Note>
      ) : null}
      {callbacks ? (
        <Facts
          rows={[
            ["Last delivery report", <RelativeTime key="status" at={callbacks.lastStatusAt} none="none came yet" />],
            ["Last inbound message", <RelativeTime key="inbound" at={callbacks.lastInboundAt} none="none came yet" />],
            ["Last 24 hours", callbackErrors(callbacks)],
            ["Last refusal", callbacks.lastRefusal],
          ]}
        />
      ) : null}
      <RotateCallbackUrls provider={provider} opened={rotating} onClose={rotate.close} />
    </Section>
  );
}
