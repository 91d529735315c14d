import { Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../../api.ts";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useMay } from "../../session.ts";
import { FacebookLogin } from "./FacebookLogin.tsx";
import { ProviderForm } from "./ProviderForm.tsx";

/** + Provider: a number on Meta's Cloud API, by login or by pasting. */
export default function NewProviderPage() {
  const mayWrite = useMay("providers.write");
  const navigate = useNavigate();
  return (
    <Page title="Connect a number" parent={{ to: "/channels/whatsapp", label: "WhatsApp Connect" }} narrow>
      {mayWrite ? (
        <Stack gap="lg">
          <FacebookLogin />
          <Section
            title="By pasting ids and a token"
            description={
              <>
                You find them in Meta's App Dashboard under <b>WhatsApp → API setup</b>, and the app secret under <b>App settings → Basic</b>.
              </>
            }
          >
            <ProviderForm
              submit={(input) => api.providers.create(input)}
              submitLabel="Verify and connect"
              done={(provider) => `${provider.nickname} is connected`}
              onSaved={(provider) => void navigate({ to: "/channels/whatsapp/$id", params: { id: provider.id } })}
            />
            <Text size="xs" c="dimmed">
              Before anything is saved, Tincan asks Meta whether the number exists, whether the token may send and manage, and whether webhooks can be subscribed.
            </Text>
          </Section>
        </Stack>
      ) : (
        <Note kind="info" title="Only admins connect numbers">
          Ask an admin of the workspace.
        </Note>
      )}
    </Page>
  );
}
