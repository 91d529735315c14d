import { Badge, Button, Grid, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil, IconRefresh, IconShieldCheck, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { CloudApiProvider, GenericProvider, Provider } from "@tincan/api";
import type { ReactNode } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ConfirmHarm } from "../../pieces/ConfirmHarm.tsx";
import { CopyField } from "../../pieces/CopyField.tsx";
import { Dot } from "../../pieces/Dot.tsx";
import { Facts } from "../../pieces/Facts.tsx";
import { TextLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Page } from "../../pieces/Page.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { StatusStrip } from "../../pieces/StatusStrip.tsx";
import { useMay } from "../../session.ts";
import { HealthSection } from "./HealthSection.tsx";
import { healthWord } from "./provider-words.ts";
import { ProviderForm } from "./ProviderForm.tsx";

/** One number: is it well, what Meta has to be told, and everything that can be changed. */
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
          <Group gap="md">
            <span className="numeric">{displayNumber(data.number)}</span>
            <Dot tone={healthWord(data.health.status).tone}>{healthWord(data.health.status).word}</Dot>
            {data.default ? <Badge size="sm">Default</Badge> : null}
          </Group>
        ) : null
      }
      actions={data ? <Actions provider={data} /> : null}
    >
      <Loaded query={provider} height={420}>
        {(loaded) => (
          <Stack gap="lg">
            <Lane provider={loaded} />
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, md: 6 }}>
                <HealthSection provider={loaded} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 6 }}>
                <Stack gap="lg">
                  {loaded.kind === "cloud-api" ? <WebhookSection provider={loaded} /> : <CallbackSection provider={loaded} />}
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
  if (!mayWrite) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconShieldCheck size={16} aria-hidden />} loading={verify.isPending} onClick={() => verify.mutate(undefined)}>
        Verify again
      </Button>
      {provider.kind === "cloud-api" ? (
        <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={edit.open}>
          Edit
        </Button>
      ) : null}
      <DeleteProvider provider={provider} />
      {provider.kind === "cloud-api" ? (
        <Modal opened={editing} onClose={edit.close} title="Edit the number" size="lg">
          <ProviderForm
            existing={provider}
            submit={({ kind: _kind, ...changes }) => api.providers.update(provider.id, changes)}
            submitLabel="Verify and save"
            done={() => "Saved"}
            onSaved={edit.close}
          />
        </Modal>
      ) : null}
    </>
  );
}

function DeleteProvider({ provider }: { provider: Provider }) {
  const [asking, ask] = useDisclosure(false);
  const navigate = useNavigate();
  const deployments = useQuery({
    queryKey: ["deployments", "of", provider.id],
    queryFn: ({ signal }) => api.deployments.list({ provider: provider.id, limit: 200 }, signal),
    enabled: asking,
  });
  const lanes = useQuery({ queryKey: ["lanes"], queryFn: ({ signal }) => api.lanes.list(signal), enabled: asking });
  const queued = lanes.data?.items.find((lane) => lane.id === provider.laneId)?.queued ?? 0;
  const remove = useChange({
    run: () => api.providers.remove(provider.id),
    stale: ["lanes", "templates", "deployments", "overview"],
    done: `${provider.nickname} is deleted`,
    onDone: () => void navigate({ to: "/channels/whatsapp" }),
  });
  const affected = [
    ...(deployments.data?.items ?? []).map((deployment) => `The deployment “${deployment.name}” can no longer send.`),
    ...(queued > 0 ? [`${queued.toLocaleString()} queued messages will not be sent.`] : []),
    "Its templates leave the registry.",
    "Messages already sent and their traces stay.",
  ];
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
        Delete
      </Button>
      <ConfirmHarm
        opened={asking}
        onClose={ask.close}
        title={`Delete ${provider.nickname}`}
        affected={affected}
        confirm="Delete the number"
        typeToConfirm={provider.nickname}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined)}
      >
        {`Tincan forgets the number ${displayNumber(provider.number)} and its token. Nothing changes at Meta.`}
      </ConfirmHarm>
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

function CallbackSection({ provider }: { provider: GenericProvider }) {
  return (
    <Section title="Callback URLs" description="Give these to the provider. Each takes both kinds of callback.">
      <CopyField label="Delivery Report Callback URL" value={provider.callbackUrls.status} />
      <CopyField label="Inbound Message Callback URL" value={provider.callbackUrls.inbound} />
    </Section>
  );
}

function TemplatesSection({ provider }: { provider: Provider }) {
  const mayChangeTemplates = useMay("templates.write");
  const mayChangeProviders = useMay("providers.write");
  const sync = useChange({
    run: () => api.providers.syncTemplates(provider.id),
    stale: ["templates", "providers"],
  });
  return (
    <Section
      title="Templates"
      description={
        <>
          Last synced <RelativeTime at={provider.health.templatesSyncedAt} />.
        </>
      }
      actions={
        mayChangeTemplates || mayChangeProviders ? (
          <Button variant="default" size="xs" leftSection={<IconRefresh size={14} aria-hidden />} loading={sync.isPending} onClick={() => sync.mutate(undefined)}>
            Sync now
          </Button>
        ) : null
      }
    >
      {sync.data ? (
        <Text size="sm" aria-live="polite">
          {sync.data.total.toLocaleString()} templates: {sync.data.added} new, {sync.data.updated} changed, {sync.data.removed} gone.
        </Text>
      ) : null}
      <TextLink to="/templates" search={{ provider: provider.id }} size="sm">
        See the templates of this number
      </TextLink>
    </Section>
  );
}

function DetailsSection({ provider }: { provider: Provider }) {
  const common: [string, ReactNode][] = [
    ["Concurrent requests", `up to ${provider.maxConcurrency.toLocaleString()}`],
    ["Added", <RelativeTime key="added" at={provider.createdAt} />],
    ["Changed", <RelativeTime key="changed" at={provider.updatedAt} />],
  ];
  return (
    <Section title="Details">
      <Facts
        rows={
          provider.kind === "cloud-api"
            ? [
                ["Account id", provider.wabaId],
                ["Phone number id", provider.phoneNumberId],
                ["Access token", provider.accessToken],
                ["App secret", provider.appSecret],
                ["API address", provider.baseUrl],
                ...common,
              ]
            : [["Endpoint", provider.endpoint], ["Headers", provider.headers.map((header) => header.key).join(", ") || "none"], ...common]
        }
      />
    </Section>
  );
}
