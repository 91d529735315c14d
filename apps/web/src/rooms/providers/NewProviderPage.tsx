import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Provider } from "@tincan/api";
import { api } from "../../api.ts";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useMay } from "../../session.ts";
import { FacebookLogin } from "./FacebookLogin.tsx";
import { GenericForm } from "./GenericForm.tsx";
import { ProviderForm } from "./ProviderForm.tsx";

/** + Provider: a number on Meta's Cloud API, by login or by pasting, or any endpoint that speaks the generic contract. */
export default function NewProviderPage() {
  const mayWrite = useMay("providers.write");
  const { kind = "cloud-api" } = useSearch({ from: "/rooms/channels/whatsapp/new" });
  const navigate = useNavigate();
  const saved = {
    done: (provider: Provider) => `${provider.nickname} is connected`,
    onSaved: (provider: Provider) => void navigate({ to: "/channels/whatsapp/$id", params: { id: provider.id } }),
  };
  return (
    <Page title="Connect a number" parent={{ to: "/channels/whatsapp", label: "WhatsApp Connect" }} narrow>
      {mayWrite ? (
        <Stack gap="lg">
          <SegmentedControl
            aria-label="Kind of provider"
            value={kind}
            onChange={(value) => void navigate({ to: "/channels/whatsapp/new", search: { kind: value === "generic" ? value : undefined }, replace: true })}
            data={[
              { value: "cloud-api", label: "WhatsApp Cloud API" },
              { value: "generic", label: "Other (Generic)" },
            ]}
          />
          {kind === "generic" ? (
            <Section title="A provider of the generic contract" description="Haptik, or any endpoint that takes CleverTap's “Other (Generic)” requests. The provider tells you the endpoint and the header.">
              <GenericForm submit={(input) => api.providers.create(input)} submitLabel="Verify and connect" {...saved} />
            </Section>
          ) : (
            <>
              <FacebookLogin />
              <Section
                title="By pasting ids and a token"
                description={
                  <>
                    You find them in Meta's App Dashboard under <b>WhatsApp → API setup</b>, and the app secret under <b>App settings → Basic</b>.
                  </>
                }
              >
                <ProviderForm submit={(input) => api.providers.create(input)} submitLabel="Verify and connect" {...saved} />
                <Text size="xs" c="dimmed">
                  Before anything is saved, Tincan asks Meta whether the number exists, whether the token may send and manage, and whether webhooks can be subscribed.
                </Text>
              </Section>
            </>
          )}
        </Stack>
      ) : (
        <Note kind="info" title="Only admins connect numbers">
          Ask an admin of the workspace.
        </Note>
      )}
    </Page>
  );
}
