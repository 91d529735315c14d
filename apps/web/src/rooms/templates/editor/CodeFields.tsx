import { ActionIcon, Button, Checkbox, Group, Input, NumberInput, SegmentedControl, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { templateLimits as limits } from "@tincan/whatsapp/templates";
import { type CodeKind, type Draft, newApp } from "./draft.ts";
import { LimitedInput } from "./Limited.tsx";

interface Props {
  code: Draft["code"];
  onChange: (code: Draft["code"]) => void;
  say: (field: string) => string | null;
}

/** A one-time code: the words are Meta's, what is left to choose is here. */
export function CodeFields({ code, onChange, say }: Props) {
  const set = (change: Partial<Draft["code"]>) => onChange({ ...code, ...change });
  const error = say("code");
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="How the code gets into the app"
        value={code.kind}
        onChange={(kind) => set({ kind: kind as CodeKind })}
        data={[
          { value: "COPY_CODE", label: "Copy code" },
          { value: "ONE_TAP", label: "One tap" },
          { value: "ZERO_TAP", label: "Zero tap" },
        ]}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput
          label="Minutes until the code expires"
          description={`1 to ${limits.codeMinutes}; shown as the footer`}
          min={1}
          max={limits.codeMinutes}
          clampBehavior="none"
          value={code.minutes}
          onChange={(minutes) => set({ minutes: typeof minutes === "number" ? minutes : "" })}
        />
        <LimitedInput label="Label of the copy button" placeholder="Copy code" value={code.label} most={limits.buttonText} hint="Empty: WhatsApp's own" onText={(label) => set({ label })} />
      </SimpleGrid>
      <Checkbox label="Advise not to share the code" checked={code.advice} onChange={(event) => set({ advice: event.currentTarget.checked })} />
      {code.kind === "COPY_CODE" ? null : (
        <>
          <LimitedInput label="Label of the autofill button" placeholder="Autofill" value={code.autofill} most={limits.buttonText} onText={(autofill) => set({ autofill })} />
          <Stack gap="xs" role="group" aria-label="Android apps that take the code">
            <Input.Label component="div">Android apps that take the code</Input.Label>
            {code.apps.map((app, index) => {
              const change = (part: Partial<typeof app>) => set({ apps: code.apps.map((each) => (each.id === app.id ? { ...each, ...part } : each)) });
              return (
                <Group key={app.id} gap="xs" wrap="nowrap">
                  <TextInput aria-label={`Package of app ${index + 1}`} placeholder="com.example.app" value={app.packageName} onChange={(event) => change({ packageName: event.currentTarget.value })} style={{ flex: 3 }} />
                  <TextInput aria-label={`Signature hash of app ${index + 1}`} placeholder="11 characters" value={app.signatureHash} onChange={(event) => change({ signatureHash: event.currentTarget.value })} style={{ flex: 2 }} />
                  <ActionIcon size={36} aria-label={`Remove app ${index + 1}`} disabled={code.apps.length === 1} onClick={() => set({ apps: code.apps.filter((each) => each.id !== app.id) })}>
                    <IconTrash size={16} />
                  </ActionIcon>
                </Group>
              );
            })}
            <Group>
              <Button size="compact-sm" variant="light" leftSection={<IconPlus size={14} aria-hidden />} disabled={code.apps.length >= limits.apps} onClick={() => set({ apps: [...code.apps, newApp()] })}>
                Add an app
              </Button>
            </Group>
          </Stack>
        </>
      )}
      {code.kind === "ZERO_TAP" ? (
        <Checkbox
          label="We have agreed to Meta's terms for zero-tap codes"
          checked={code.terms}
          onChange={(event) => set({ terms: event.currentTarget.checked })}
        />
      ) : null}
      {error ? <Input.Error role="alert">{error}</Input.Error> : null}
    </Stack>
  );
}
