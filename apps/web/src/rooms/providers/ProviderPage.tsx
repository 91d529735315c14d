import { Badge, Button, Grid, Group, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { CloudApiProvider, Provider } from "@tincan/api";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { CopyField } from "../../pieces/CopyField.tsx";
import { Dot } from "../../pieces/Dot.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { Section } from "../../pieces/Section.tsx";
import { StatusStrip } from "../../pieces/StatusStrip.tsx";
import { exactTime } from "../../pieces/time.ts";
import { useMay } from "../../session.ts";
import { CallbackSection } from "./CallbackSection.tsx";
import { DetailsSection } from "./DetailsSection.tsx";
import { GenericForm } from "./GenericForm.tsx";
import { HealthSection } from "./HealthSection.tsx";
import { ArchiveProvider, DeleteProvider } from "./LifeCycle.tsx";
import classes from "./ProviderPage.module.css";
import { kindWords, providerWord } from "./provider-words.ts";
import { ProviderForm } from "./ProviderForm.tsx";
import { ReadinessSection } from "./ReadinessSection.tsx";
import { SendText } from "./SendText.tsx";
import { TemplatesSection } from "./TemplatesSection.tsx";

/** One number: is it well, what the other side has to be told, and everything that can be changed. */
export default function ProviderPage() {
  const { id } = useParams({ from: "/rooms/channels/whatsapp/$id" });
  const provider = useQuery({ queryKey: ["providers", "one", id], queryFn: ({ signal }) => api.providers.get(id, signal) });
  const { data } = provider;
  return (
    <Page
      title={data?.nickname ?? "Provider"}
      parent={{ to: "/channels/whatsapp", label: "WhatsApp Connect" }}
      description={
        data ? (
          <Group gap="md" style={{ rowGap: 2 }}>
            <span className="numeric">{displayNumber(data.number)}</span>
            <span>{kindWords[data.kind]}</span>
            <Dot tone={providerWord(data).tone}>{providerWord(data).word}</Dot>
            {data.default ? <Badge size="sm">Default</Badge> : null}
          </Group>
        ) : null
      }
      actions={data ? <Actions provider={data} /> : null}
    >
      <Loaded query={provider} height={420}>
        {(loaded) => (
          <Stack gap="lg">
            {loaded.archivedAt ? (
              <Note kind="warm" title={`Archived since ${exactTime(loaded.archivedAt)}`}>
                Nothing leaves through this provider. What waits for it goes on waiting; reports and replies still come in.
              </Note>
            ) : (
              <Lane provider={loaded} />
            )}
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, md: 6 }}>
                <Stack gap="lg">
                  <ReadinessSection provider={loaded} />
                  <div id="health" className={classes.target}>
                    <HealthSection provider={loaded} />
                  </div>
                </Stack>
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 6 }}>
                <Stack gap="lg">
                  <div id="callbacks" className={classes.target}>
                    {loaded.kind === "cloud-api" ? <WebhookSection provider={loaded} /> : <CallbackSection provider={loaded} />}
                  </div>
                  <TemplatesSection provider={loaded} />
                  <DetailsSection provider={loaded} />
                </Stack>
              </Grid.Col>
            </Grid>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Lane({ provider }: { provider: Provider }) {
  const may = useMay("lanes.read");
  const lanes = useQuery({ queryKey: ["lanes"], queryFn: ({ signal }) => api.lanes.list(signal), enabled: may, refetchInterval: 10_000 });
  const lane = lanes.data?.items.find((one) => one.id === provider.laneId);
  return lane ? <StatusStrip lane={lane} title="Sending" /> : null;
}

function Actions({ provider }: { provider: Provider }) {
  const mayWrite = useMay("providers.write");
  const [editing, edit] = useDisclosure(false);
  const verify = useChange({
    run: () => api.providers.verify(provider.id),
    stale: ["providers"],
    done: (health) => (health.checks.every((check) => check.ok) ? "Everything is in order" : "Looked again: see what is wrong below"),
  });
  if (!mayWrite) return <SendText provider={provider} />;
  const saving = { submitLabel: "Verify and save", done: () => "Saved", onSaved: edit.close, onCancel: edit.close };
  return (
    <>
      <SendText provider={provider} />
      <Button variant="default" leftSection={<IconShieldCheck size={16} aria-hidden />} loading={verify.isPending} onClick={() => verify.mutate(undefined)}>
        Verify again
      </Button>
      <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={edit.open}>
        Edit
      </Button>
      <ArchiveProvider provider={provider} />
      <DeleteProvider provider={provider} />
      <Modal opened={editing} onClose={edit.close} closeOnClickOutside={false} title={provider.kind === "cloud-api" ? "Edit the number" : "Edit the provider"} size="lg">
        {provider.kind === "cloud-api" ? (
          <ProviderForm existing={provider} submit={({ kind: _kind, ...changes }) => api.providers.update(provider.id, changes)} {...saving} />
        ) : (
          <GenericForm existing={provider} submit={({ kind: _kind, ...changes }) => api.providers.update(provider.id, changes)} {...saving} />
        )}
      </Modal>
    </>
  );
}

function WebhookSection({ provider }: { provider: CloudApiProvider }) {
  const mayWrite = useMay("providers.write");
  return (
    <Section
      title="Webhook"
      description={
        <>
          Paste both in Meta's App Dashboard under <b>WhatsApp → Configuration → Webhook</b>, and subscribe to the field <b>messages</b>.
        </>
      }
    >
      <CopyField label="Callback URL" value={provider.webhookUrl} />
      <CopyField label="Verify token" value={provider.verifyToken} hidden={mayWrite ? undefined : <span />} hint={mayWrite ? undefined : "Only admins can read it."} />
    </Section>
  );
}
