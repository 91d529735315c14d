import { Accordion, Checkbox, NumberInput, PasswordInput, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { CloudApiProvider, CloudApiProviderInput, Provider } from "@tincan/api";
import { useRef, useState } from "react";
import { useFormChange } from "../../form-change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { LeaveGuard } from "../../pieces/LeaveGuard.tsx";

interface Props {
  /** The provider to change; none to connect a new one. Its secrets stay unless typed anew. */
  existing?: CloudApiProvider;
  submit: (input: CloudApiProviderInput) => Promise<Provider>;
  submitLabel: string;
  done: (provider: Provider) => string;
  onSaved: (provider: Provider) => void;
  /** In a dialog: the way out. */
  onCancel?: () => void;
}

const id = (value: string) => (/^\d+$/.test(value.trim()) ? null : "A number of about 15 digits");

interface Fields {
  nickname: string;
  number: string;
  wabaId: string;
  phoneNumberId: string;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  baseUrl: string;
  maxConcurrency: number;
  /** Empty for none. */
  maxPerSecond: number | string;
  default: boolean;
}

function inputOf({ nickname, number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken, baseUrl, maxPerSecond, ...rest }: Fields): CloudApiProviderInput {
  const text = (value: string) => value.trim() || undefined;
  return {
    ...rest,
    kind: "cloud-api",
    nickname: nickname.trim(),
    number: number.trim(),
    wabaId: wabaId.trim(),
    phoneNumberId: phoneNumberId.trim(),
    // When changing, an absent secret means: as it was.
    accessToken: text(accessToken) as string,
    appSecret: text(appSecret) as string,
    verifyToken: text(verifyToken),
    baseUrl: text(baseUrl),
    maxPerSecond: typeof maxPerSecond === "number" ? maxPerSecond : null,
  };
}

/** The fields below "More settings". */
const folded = ["verifyToken", "baseUrl", "maxConcurrency", "maxPerSecond"];

/** The fields of a Cloud API number. Refusals appear beside the field they are about. */
export function ProviderForm({ existing, submit, submitLabel, done, onSaved, onCancel }: Props) {
  const form = useForm({
    initialValues: {
      nickname: existing?.nickname ?? "",
      number: existing?.number ?? "",
      wabaId: existing?.wabaId ?? "",
      phoneNumberId: existing?.phoneNumberId ?? "",
      accessToken: "",
      appSecret: "",
      verifyToken: "",
      baseUrl: existing?.baseUrl ?? "",
      maxConcurrency: existing?.maxConcurrency ?? 200,
      maxPerSecond: existing?.maxPerSecond ?? "",
      default: existing?.default ?? false,
    },
    validate: {
      nickname: (value) => (value.trim() ? null : "A short name for your team"),
      number: (value) => (/^\+?[\d\s()-]{6,}$/.test(value.trim()) ? null : "International form, like +15550100199"),
      wabaId: id,
      phoneNumberId: id,
      accessToken: (value) => (existing || value.trim() ? null : "The access token of a system user"),
      appSecret: (value) => (existing || value.trim() ? null : "Needed to check that webhooks come from Meta"),
      baseUrl: (value) => (value.trim() === "" || /^https?:\/\/\S+$/.test(value.trim()) ? null : "An address beginning with https://"),
    },
  });
  const isSaved = useRef(false);
  const [opened, setOpened] = useState<string | null>(null);
  const { failure, submit: submitForm, busy } = useFormChange(form, {
    run: (values: Fields) => submit(inputOf(values)),
    stale: ["providers", "lanes", "templates", "overview"],
    done: (provider) => done(provider),
    onDone: (provider) => {
      isSaved.current = true;
      onSaved(provider);
    },
    onWrong: (fields) => {
      if (fields.some((field) => folded.includes(field))) setOpened("more");
    },
  });
  const kept = existing ? "Leave empty to keep the present one" : undefined;
  return (
    <form noValidate onSubmit={submitForm}>
      <LeaveGuard isDirty={() => form.isDirty() && !isSaved.current} />
      <Stack>
        {failure ? <ErrorNote error={failure} /> : null}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label="Nickname" placeholder="Main" {...form.getInputProps("nickname")} />
          <TextInput label="Phone number" placeholder="+15550100199" inputMode="tel" {...form.getInputProps("number")} />
          <TextInput label="WhatsApp Business Account id" placeholder="900100200300400" inputMode="numeric" {...form.getInputProps("wabaId")} />
          <TextInput label="Phone number id" placeholder="700800900100200" inputMode="numeric" {...form.getInputProps("phoneNumberId")} />
        </SimpleGrid>
        <PasswordInput
          label="Access token"
          description="Of a system user, with whatsapp_business_messaging and whatsapp_business_management."
          placeholder={kept}
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": "Show the access token" }}
          {...form.getInputProps("accessToken")}
        />
        <PasswordInput
          label="App secret"
          description="Meta signs its webhooks with it."
          placeholder={kept}
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": "Show the app secret" }}
          {...form.getInputProps("appSecret")}
        />
        <Accordion variant="separated" chevronPosition="left" value={opened} onChange={setOpened}>
          <Accordion.Item value="more">
            <Accordion.Control fz="sm">More settings</Accordion.Control>
            <Accordion.Panel>
              <Stack>
                <TextInput label="Verify token" description="For Meta's webhook form. One is made for you when this is empty." placeholder={kept} autoComplete="off" {...form.getInputProps("verifyToken")} />
                <TextInput label="API address" description="Meta's own unless you use a gateway or the sandbox." placeholder="https://graph.facebook.com" {...form.getInputProps("baseUrl")} />
                <NumberInput
                  label="Maximum concurrent API requests"
                  description="Between 30 and 1,000: how many requests may be under way at once."
                  min={30}
                  max={1000}
                  {...form.getInputProps("maxConcurrency")}
                />
                <NumberInput
                  label="Most messages a second"
                  description="Empty: as many as the number's level at Meta allows, 80 or 1,000. A number that is used in the WhatsApp Business app, too, may send 20."
                  min={1}
                  max={1000}
                  allowDecimal={false}
                  {...form.getInputProps("maxPerSecond")}
                />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <Checkbox label="Use this number when none is named" {...form.getInputProps("default", { type: "checkbox" })} />
        <FormEnd busy={busy} onCancel={onCancel}>
          {submitLabel}
        </FormEnd>
      </Stack>
    </form>
  );
}
