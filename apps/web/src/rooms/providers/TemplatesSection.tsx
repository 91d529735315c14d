import { Button, Group, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { Provider } from "@tincan/api";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { TextLink } from "../../pieces/links.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { SetAsideDrafts } from "../../pieces/SetAsideDrafts.tsx";
import { useMay } from "../../session.ts";

/** Where the templates of a number come from, and the way to them. */
export function TemplatesSection({ provider }: { provider: Provider }) {
  return provider.kind === "cloud-api" ? (
    <Synced provider={provider} />
  ) : (
    <Section
      title="Templates"
      description={provider.templateImport ? "Imported from the provider's template import URL, or typed by hand." : "Typed by hand. With a template import URL they can be imported."}
    >
      <Group gap="lg">
        <SeeTemplates provider={provider} />
        {provider.templateImport ? (
          <TextLink to="/templates/import" search={{ provider: provider.id }} size="sm">
            Import them
          </TextLink>
        ) : null}
      </Group>
    </Section>
  );
}

function SeeTemplates({ provider }: { provider: Provider }) {
  return (
    <Group>
      <TextLink to="/templates" search={{ provider: provider.id }} size="sm">
        See the templates of this number
      </TextLink>
    </Group>
  );
}

function Synced({ provider }: { provider: Provider }) {
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
        <>
          <Text size="sm" aria-live="polite">
            {sync.data.total.toLocaleString()} templates: {sync.data.added} new, {sync.data.updated} changed, {sync.data.removed} gone.
          </Text>
          <SetAsideDrafts drafts={sync.data.drafts} />
        </>
      ) : null}
      <SeeTemplates provider={provider} />
    </Section>
  );
}
