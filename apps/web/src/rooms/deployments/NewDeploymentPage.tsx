import { Group, NativeSelect, Paper, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Provider } from "@tincan/api";
import { api } from "../../api.ts";
import { useFormChange } from "../../form-change.ts";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { ButtonLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { Section } from "../../pieces/Section.tsx";
import { useMay } from "../../session.ts";
import { IconBrandWhatsapp } from "@tabler/icons-react";

/** Which platform, from which number. Callback URL and Token come on the next page. */
export default function NewDeploymentPage() {
  const mayWrite = useMay("deployments.write");
  const providers = useQuery({ queryKey: ["providers", "choice"], queryFn: ({ signal }) => api.providers.list({ limit: 200 }, signal) });
  return (
    <Page title="New deployment" parent={{ to: "/channels/platforms", label: "Platform Deployments" }} narrow>
      {mayWrite ? (
        <Loaded query={providers}>
          {({ items }) =>
            items.length === 0 ? (
              <Paper>
                <EmptyState icon={<IconBrandWhatsapp size={26} />} title="No number connected" action={<ButtonLink to="/channels/whatsapp/new">Connect a number</ButtonLink>}>
                  A deployment sends from one of your numbers, and there is none yet.
                </EmptyState>
              </Paper>
            ) : (
              <NewDeploymentForm providers={items} />
            )
          }
        </Loaded>
      ) : (
        <Note kind="info" title="Only admins create deployments">
          Ask an admin of the workspace.
        </Note>
      )}
    </Page>
  );
}

function NewDeploymentForm({ providers }: { providers: Provider[] }) {
  const navigate = useNavigate();
  const preset = providers.find((provider) => provider.default) ?? providers[0];
  const form = useForm({
    initialValues: { name: "CleverTap", provider: preset?.id ?? "" },
    validate: { name: (value) => (value.trim() ? null : "A name your team recognises") },
  });
  const { failure, submit, busy } = useFormChange(form, {
    run: (values: { name: string; provider: string }) => api.deployments.create({ platform: "clevertap", name: values.name.trim(), provider: values.provider }),
    stale: ["deployments", "lanes", "overview"],
    done: (deployment) => `${deployment.name} is ready`,
    onDone: (deployment) => void navigate({ to: "/channels/platforms/$id", params: { id: deployment.id } }),
  });
  return (
    <Section title="Deployment">
      <form noValidate onSubmit={submit}>
        <Stack>
          {failure ? <ErrorNote error={failure} /> : null}
          <Radio.Group label="Platform" value="clevertap">
            <Radio.Card value="clevertap" p="md" mt={6}>
              <Group wrap="nowrap">
                <Radio.Indicator />
                <div>
                  <Text size="sm" fw={580}>
                    CleverTap
                  </Text>
                  <Text size="sm" c="dimmed">
                    Its open WhatsApp provider “Other (Generic)”: templates, free-form messages, delivery reports, replies.
                  </Text>
                </div>
              </Group>
            </Radio.Card>
          </Radio.Group>
          <TextInput label="Name" description="For your team; CleverTap does not see it." {...form.getInputProps("name")} />
          <NativeSelect
            label="Send from"
            data={providers.map((provider) => ({ value: provider.id, label: `${provider.nickname} (${displayNumber(provider.number)})` }))}
            {...form.getInputProps("provider")}
          />
          <FormEnd busy={busy}>Create</FormEnd>
        </Stack>
      </form>
    </Section>
  );
}
