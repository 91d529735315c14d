import { Code, NumberInput, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import type { LinkSettings } from "@tincan/api";
import { api } from "../../api.ts";
import { useFormChange } from "../../form-change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useMay } from "../../session.ts";

/** Where short links begin, how long they work, and what addresses are marked with. */
export function LinksSection() {
  const query = useQuery({ queryKey: ["workspace", "links"], queryFn: ({ signal }) => api.links.settings(signal) });
  return (
    <Loaded query={query} height={360}>
      {(settings) => <LinksForm key={JSON.stringify(settings)} settings={settings} />}
    </Loaded>
  );
}

function LinksForm({ settings: { domain, expireDays, utm, publicUrl } }: { settings: LinkSettings }) {
  const mayWrite = useMay("workspace.write");
  const form = useForm<{ domain: string; expireDays: number | string; append: boolean; source: string; medium: string }>({
    initialValues: { domain: domain ?? "", expireDays: expireDays ?? "", ...utm },
    validate: {
      source: (value, { append }) => (append && !value.trim() ? "What visitors come from, such as whatsapp" : null),
      medium: (value, { append }) => (append && !value.trim() ? "How they come, such as message" : null),
    },
  });
  const { failure, submit, busy } = useFormChange(form, {
    run: (values) =>
      api.links.setSettings({
        domain: values.domain.trim() || null,
        expireDays: values.expireDays === "" ? null : Number(values.expireDays),
        utm: { append: values.append, source: values.source.trim() || utm.source, medium: values.medium.trim() || utm.medium },
      }),
    stale: ["workspace"],
    done: "Saved",
  });
  const ask = { readOnly: !mayWrite };
  return (
    <Section
      title="Links"
      description={
        <>
          Tracked links in messages are short and count who follows them. They look like <Code>{`${domain ?? publicUrl}/l/Ab12Cd34Ef`}</Code>
        </>
      }
    >
      <form noValidate onSubmit={submit}>
        <Stack>
          {failure ? <ErrorNote error={failure} /> : null}
          <TextInput
            label="Branded domain"
            description="Links begin with it instead of this server's own address. Point it here first: saving asks it whether it leads to this server."
            placeholder="https://go.example.com"
            inputMode="url"
            maxLength={255}
            {...ask}
            {...form.getInputProps("domain")}
          />
          <NumberInput
            label="Days until links expire"
            description="Left empty, they never expire. This also applies to links already sent."
            placeholder="Never"
            min={1}
            max={3650}
            allowDecimal={false}
            clampBehavior="strict"
            {...ask}
            {...form.getInputProps("expireDays")}
          />
          <Switch
            label="Mark addresses with utm parameters"
            description="So that your own statistics know where a visitor came from. A campaign adds its own; a parameter that an address has stays."
            disabled={!mayWrite}
            {...form.getInputProps("append", { type: "checkbox" })}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label="utm_source" maxLength={100} disabled={!form.values.append} {...ask} {...form.getInputProps("source")} />
            <TextInput label="utm_medium" maxLength={100} disabled={!form.values.append} {...ask} {...form.getInputProps("medium")} />
          </SimpleGrid>
          {mayWrite ? (
            <FormEnd busy={busy} disabled={!form.isDirty()}>
              Save links
            </FormEnd>
          ) : null}
        </Stack>
      </form>
    </Section>
  );
}
