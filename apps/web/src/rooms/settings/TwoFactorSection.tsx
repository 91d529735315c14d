import { Button, Code, Group, Modal, PasswordInput, PinInput, SimpleGrid, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type SubmitEvent, useState } from "react";
import { accounts } from "../../accounts.ts";
import { useChange } from "../../change.ts";
import { CopyButton } from "../../pieces/CopyButton.tsx";
import { CopyField } from "../../pieces/CopyField.tsx";
import { Dot } from "../../pieces/Dot.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { Section } from "../../pieces/Section.tsx";
import { QrCode } from "./QrCode.tsx";

/** Two-factor for one's own account: on by scanning and one code, off by the password. */
export function TwoFactorSection({ enabled }: { enabled: boolean }) {
  const [opened, window] = useDisclosure(false);
  return (
    <Section
      title="Two-factor"
      description="After the password, a code from an authenticator app. A stolen password is then not enough."
      actions={
        <Button variant={enabled ? "default" : "filled"} onClick={window.open}>
          {enabled ? "Turn off" : "Turn on"}
        </Button>
      }
    >
      <Dot tone={enabled ? "read" : "queued"}>{enabled ? "On" : "Off"}</Dot>
      <Modal opened={opened} onClose={window.close} title={enabled ? "Turn two-factor off" : "Turn two-factor on"} closeOnClickOutside={false}>
        {enabled ? <TurnOff onClose={window.close} /> : <TurnOn onClose={window.close} />}
      </Modal>
    </Section>
  );
}

interface PasswordFormProps {
  label: string;
  lead: string;
  busy: boolean;
  error: unknown;
  danger?: boolean;
  onSubmit: (password: string) => void;
  onCancel: () => void;
}

function PasswordForm({ label, lead, busy, error, danger = false, onSubmit, onCancel }: PasswordFormProps) {
  const [password, setPassword] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit(password);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{lead}</Text>
        {error ? <ErrorNote error={error} /> : null}
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
          data-autofocus
        />
        <FormEnd busy={busy} disabled={!password} harm={danger} onCancel={onCancel}>
          {label}
        </FormEnd>
      </Stack>
    </form>
  );
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const disable = useChange({ run: accounts.disableTwoFactor, stale: ["session", "members"], done: "Two-factor is off", onDone: onClose, onFailed: () => {} });
  return <PasswordForm label="Turn off" danger lead="From then on the password alone signs you in." busy={disable.isPending} error={disable.error} onSubmit={disable.mutate} onCancel={onClose} />;
}

function TurnOn({ onClose }: { onClose: () => void }) {
  const enable = useChange({ run: accounts.enableTwoFactor, stale: [], onFailed: () => {} });
  if (!enable.data) {
    return <PasswordForm label="Continue" lead="Confirm that it is you." busy={enable.isPending} error={enable.error} onSubmit={enable.mutate} onCancel={onClose} />;
  }
  return <ConfirmCode uri={enable.data.totpURI} backupCodes={enable.data.backupCodes} onClose={onClose} />;
}

function ConfirmCode({ uri, backupCodes, onClose }: { uri: string; backupCodes: string[]; onClose: () => void }) {
  const [code, setCode] = useState("");
  const verify = useChange({ run: accounts.verifyCode, stale: ["session", "members"], done: "Two-factor is on", onDone: onClose, onFailed: () => setCode("") });
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    verify.mutate(code);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">1. Scan this with an authenticator app, or type the key into it.</Text>
        <Group justify="center">
          <QrCode text={uri} label="QR code for your authenticator app" />
        </Group>
        <CopyField label="Key" value={secret} />
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">2. Keep these backup codes. Each works once, when the phone is lost.</Text>
          <CopyButton value={backupCodes.join("\n")} label="backup codes" />
        </Group>
        <SimpleGrid cols={2} spacing={6}>
          {backupCodes.map((backup) => (
            <Code key={backup} ta="center">
              {backup}
            </Code>
          ))}
        </SimpleGrid>
        <Text size="sm">3. Enter the six digits the app shows now.</Text>
        {verify.error ? <ErrorNote error={verify.error} /> : null}
        <PinInput length={6} type="number" oneTimeCode mx="auto" value={code} onChange={setCode} onComplete={(value: string) => verify.mutate(value)} getInputProps={(index) => ({ "aria-label": `Digit ${index + 1} of 6` })} />
        <FormEnd busy={verify.isPending} disabled={code.length < 6} onCancel={onClose}>
          Turn on
        </FormEnd>
      </Stack>
    </form>
  );
}
