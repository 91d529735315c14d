import { Accordion, Checkbox, Collapse, Group, Input, NumberInput, PasswordInput, SegmentedControl, SimpleGrid, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { ApiFailure, GenericProvider, GenericProviderInput, Provider } from "@tincan/api";
import { useRef, useState } from "react";
import { useChange } from "../../change.ts";
import { applyFailure, fieldOf } from "../../form-failure.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { LeaveGuard } from "../../pieces/LeaveGuard.tsx";
import { RawAnswer } from "../../pieces/RawAnswer.tsx";
import { useSession } from "../../session.ts";
import { customKeyProblem, headerProblem, newRow, rowsOf } from "./key-values.ts";
import { KeyValueRows } from "./KeyValueRows.tsx";
import { addressProblem, genericInput } from "./generic-input.ts";
import { SavingProgress } from "./SavingProgress.tsx";

interface Props {
  /** The provider to change; none to connect a new one. Its secrets stay unless they are replaced. */
  existing?: GenericProvider;
  submit: (input: GenericProviderInput) => Promise<Provider>;
  submitLabel: string;
  done: (provider: Provider) => string;
  onSaved: (provider: Provider) => void;
  /** In a dialog: the way out. */
  onCancel?: () => void;
}

/** The fields below "More settings". */
const folded = ["maxConcurrency", "importUrl", "importLimit", "repeatIsHarmless"];

/** The fields of "Other (Generic)", as CleverTap's own form has them. */
export function GenericForm({ existing, submit, submitLabel, done, onSaved, onCancel }: Props) {
  const sandbox = useSession().phonesUrl !== null;
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const form = useForm({
    initialValues: {
      nickname: existing?.nickname ?? "",
      number: existing?.number ?? "",
      endpoint: existing?.endpoint ?? "",
      authentication: existing?.auth ? "basic" : "headers",
      username: existing?.auth?.username ?? "",
      password: "",
      headers: existing ? rowsOf(existing.headers, { masked: true }) : [newRow()],
      customKeys: existing ? rowsOf(existing.customKeys, { masked: false }) : [],
      maxConcurrency: existing?.maxConcurrency ?? 200,
      default: existing?.default ?? false,
      autoReply: existing?.autoReply.enabled ?? false,
      autoReplyText: existing?.autoReply.text ?? "",
      importUrl: existing?.templateImport?.url ?? "",
      importLimit: existing?.templateImport?.limit ?? 100,
      repeatIsHarmless: existing?.repeatIsHarmless ?? false,
    },
    validate: {
      nickname: (value) => (value.trim() ? null : "A short name for your team"),
      number: (value) => (/^\+?[\d\s()-]{6,}$/.test(value.trim()) ? null : "International form, like +918000000002"),
      endpoint: (value) => addressProblem(value, { sandbox }),
      username: (value, values) => (values.authentication === "headers" || value.trim() ? null : "The user name your provider gave you"),
      password: (value, values) => (values.authentication === "headers" || existing?.auth || value ? null : "The password your provider gave you"),
      headers: headerProblem,
      customKeys: customKeyProblem,
      maxConcurrency: (value) => (value >= 30 && value <= 1000 ? null : "Between 30 and 1,000"),
      autoReplyText: (value, values) => (values.autoReply && !value.trim() ? "The text they are answered with" : null),
      importUrl: (value) => (value.trim() === "" ? null : addressProblem(value, { sandbox })),
      importLimit: (value, values) => (values.importUrl.trim() === "" || (value >= 50 && value <= 500) ? null : "Between 50 and 500"),
    },
  });
  const isSaved = useRef(false);
  const save = useChange({
    run: submit,
    stale: ["providers", "lanes", "templates", "overview"],
    done: (provider) => done(provider),
    onDone: (provider) => {
      isSaved.current = true;
      onSaved(provider);
    },
    onFailed: (failed) => {
      const placed = applyFailure(form, failed);
      // With the raw answer there is more to say than fits beside the field.
      if (placed && failed.answer) form.setFieldError("endpoint", "This endpoint did not confirm. What it answered is shown below.");
      setFailure(placed && !failed.answer ? null : failed);
      const field = fieldOf(form, failed);
      if (field) show({ [field]: failed });
    },
  });
  const { values } = form;
  const [opened, setOpened] = useState<string | null>(null);
  /** Goes to the first field that is wrong, opening what hides it. */
  const show = (errors: Record<string, unknown>) => {
    const [first] = Object.keys(errors);
    if (!first) return;
    if (folded.some((field) => field in errors)) setOpened("more");
    requestAnimationFrame(() => form.getInputNode(first)?.focus());
  };
  const headerError = form.errors["headers"];
  const customKeyError = form.errors["customKeys"];
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((input) => {
        setFailure(null);
        save.mutate(genericInput(input, existing));
      }, show)}
    >
      <LeaveGuard isDirty={() => form.isDirty() && !isSaved.current} />
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label="Nickname" placeholder="Haptik" {...form.getInputProps("nickname")} />
          <TextInput label="WhatsApp business number" placeholder="+918000000002" inputMode="tel" {...form.getInputProps("number")} />
        </SimpleGrid>
        <Group align="flex-start" gap="sm" wrap="nowrap">
          <TextInput label="Request type" value="POST" readOnly w={116} variant="filled" />
          <TextInput
            label="HTTP endpoint"
            placeholder="https://…"
            inputMode="url"
            spellCheck={false}
            autoComplete="off"
            style={{ flex: 1 }}
            {...form.getInputProps("endpoint")}
          />
        </Group>
        <Stack gap="sm">
          <Input.Label component="div" id="authentication" mb={-8}>
            Authentication
          </Input.Label>
          <SegmentedControl
            aria-labelledby="authentication"
            data={[
              { value: "headers", label: "By headers" },
              { value: "basic", label: "Basic" },
            ]}
            {...form.getInputProps("authentication")}
          />
          {values.authentication === "basic" ? (
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label="User name" autoComplete="off" {...form.getInputProps("username")} />
              <PasswordInput
                label="Password"
                autoComplete="new-password"
                placeholder={existing?.auth ? "Leave empty to keep the present one" : undefined}
                visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
                {...form.getInputProps("password")}
              />
            </SimpleGrid>
          ) : null}
          <KeyValueRows
            label={values.authentication === "basic" ? "Further headers" : "Headers"}
            description="Sent with every request. Haptik's is called Token. Values are stored encrypted and never shown again."
            what="header"
            secret
            keyPlaceholder="Token"
            rows={values.headers}
            onChange={(rows) => form.setFieldValue("headers", rows)}
            error={typeof headerError === "string" ? headerError : null}
          />
        </Stack>
        <KeyValueRows
          label="Custom key-values"
          description="Something your provider wants to find in each request, such as an account number. They travel as customProps."
          what="key"
          keyPlaceholder="account"
          rows={values.customKeys}
          onChange={(rows) => form.setFieldValue("customKeys", rows)}
          error={typeof customKeyError === "string" ? customKeyError : null}
        />
        <Stack gap="xs">
          <Checkbox label="Mark as default" description="Used when none is named." {...form.getInputProps("default", { type: "checkbox" })} />
          <Checkbox
            label="Set auto-reply for users not tracked"
            description="Somebody who writes and is no contact yet is answered once in 24 hours, inside the window their message opened."
            {...form.getInputProps("autoReply", { type: "checkbox" })}
          />
          <Collapse expanded={values.autoReply}>
            <Textarea
              label="Auto-reply"
              autosize
              minRows={2}
              maxLength={4096}
              placeholder="Thanks for writing. We read every message and answer on weekdays from 9 to 5."
              {...form.getInputProps("autoReplyText")}
            />
          </Collapse>
        </Stack>
        <Accordion variant="separated" chevronPosition="left" value={opened} onChange={setOpened}>
          <Accordion.Item value="more">
            <Accordion.Control fz="sm">More settings</Accordion.Control>
            <Accordion.Panel>
              <Stack>
                <NumberInput
                  label="Maximum concurrent API requests"
                  description="Between 30 and 1,000: how many requests may be under way at once."
                  min={30}
                  max={1000}
                  {...form.getInputProps("maxConcurrency")}
                />
                <Group align="flex-start" gap="sm">
                  <TextInput
                    label="Template import URL"
                    description="Where the provider lists your templates; leave it empty to type them yourself."
                    placeholder="https://…"
                    inputMode="url"
                    spellCheck={false}
                    style={{ flex: "1 1 260px" }}
                    {...form.getInputProps("importUrl")}
                  />
                  <NumberInput label="Page size" description="50 to 500" min={50} max={500} w={130} {...form.getInputProps("importLimit")} />
                </Group>
                <Switch
                  label="A repeated msgId is harmless"
                  description="Switch it on when your provider has told you that it ignores a msgId it has seen: then a request whose answer got lost is simply sent again."
                  {...form.getInputProps("repeatIsHarmless", { type: "checkbox" })}
                />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {save.isPending ? <SavingProgress endpoint={values.endpoint.trim()} /> : null}
        {failure ? (
          <Stack gap="sm">
            <ErrorNote error={failure} />
            {failure.answer ? <RawAnswer answer={failure.answer} /> : null}
          </Stack>
        ) : null}
        <FormEnd busy={save.isPending} onCancel={onCancel}>
          {submitLabel}
        </FormEnd>
        <Text size="xs" c="dimmed">
          Saving sends the contract's verification request; nothing is saved unless the endpoint answers it with success within one second.
        </Text>
      </Stack>
    </form>
  );
}
