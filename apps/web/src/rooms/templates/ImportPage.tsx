import { Button, Group, NativeSelect, Paper, Stack, Text, TextInput } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { ApiFailure, type GenericProvider, type TemplateImportInput } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { ButtonLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { RawAnswer } from "../../pieces/RawAnswer.tsx";
import { Section } from "../../pieces/Section.tsx";
import { SetAsideDrafts } from "../../pieces/SetAsideDrafts.tsx";
import { useMay } from "../../session.ts";
import { ImportDifference } from "./ImportDifference.tsx";
import { importable, providersInUse } from "./providers-in-use.ts";

/** Import from a provider's template import URL: fetch, look at the difference, apply. */
export default function ImportPage() {
  const mayWrite = useMay("templates.write");
  const { provider } = useSearch({ from: "/rooms/templates/import" });
  const providers = useQuery(providersInUse);
  return (
    <Page title="Import templates" description="From a provider's template import URL." parent={{ to: "/templates", label: "Templates" }} narrow>
      {mayWrite ? (
        <Loaded query={providers} height={200}>
          {(items) => {
            const sources = items.filter(importable);
            const first = sources.find(({ id }) => id === provider) ?? sources[0];
            return first ? (
              <ImportForm sources={sources} first={first.id} />
            ) : (
              <Paper>
                <EmptyState icon={<IconDownload size={26} />} title="No provider has a template import URL" action={<ButtonLink to="/channels/whatsapp">WhatsApp Connect</ButtonLink>}>
                  Add it to a provider of the generic contract under Edit, More settings. The templates of a Cloud API number come from Meta by themselves.
                </EmptyState>
              </Paper>
            );
          }}
        </Loaded>
      ) : (
        <Note kind="info" title="You may look at templates, not import them" />
      )}
    </Page>
  );
}

function ImportForm({ sources, first }: { sources: GenericProvider[]; first: string }) {
  const [providerId, setProviderId] = useState(first);
  const [clickDomain, setClickDomain] = useState("");
  const source = sources.find(({ id }) => id === providerId);
  const preview = useChange({ run: (input: TemplateImportInput) => api.templates.previewImport(input), stale: [], onFailed: () => {} });
  const apply = useChange({ run: (id: string) => api.templates.applyImport({ id }), stale: ["templates"], onFailed: () => {} });
  const failure = preview.error instanceof ApiFailure ? preview.error : null;
  return (
    <Stack gap="lg">
      <Section title="Fetch" description={source?.templateImport ? `${source.templateImport.url}, ${source.templateImport.limit} a page, with the provider's own headers.` : null}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            apply.reset();
            preview.mutate({ providerId, ...(clickDomain.trim() ? { clickDomain: clickDomain.trim() } : {}) });
          }}
        >
          <Stack>
            {sources.length > 1 ? (
              <NativeSelect label="Provider" value={providerId} onChange={(event) => setProviderId(event.currentTarget.value)} data={sources.map((one) => ({ value: one.id, label: one.nickname }))} />
            ) : null}
            <TextInput
              label="Click domain"
              description="Links that hold it are marked as tracked. Leave it empty if the provider counts no clicks."
              placeholder="s.shop.example"
              value={clickDomain}
              onChange={(event) => setClickDomain(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Text size="sm" c="dimmed">
                Nothing changes before you apply it.
              </Text>
              <Button type="submit" leftSection={<IconDownload size={16} aria-hidden />} loading={preview.isPending}>
                Fetch and compare
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
      {preview.error ? <ErrorNote error={preview.error} /> : null}
      {failure?.answer ? <RawAnswer answer={failure.answer} /> : null}
      {apply.error ? <ErrorNote error={apply.error} /> : null}
      {apply.data ? (
        <>
          <Note kind="info" announce="polite" title={`${apply.data.added} added, ${apply.data.updated} changed, ${apply.data.removed} gone, ${apply.data.unchanged} as they were`} actions={<ButtonLink to="/templates" search={{ provider: providerId }} size="xs" variant="default">See them</ButtonLink>} />
          <SetAsideDrafts drafts={apply.data.drafts} />
        </>
      ) : preview.data ? (
        <ImportDifference preview={preview.data} applying={apply.isPending} onApply={() => apply.mutate(preview.data.id)} />
      ) : null}
    </Stack>
  );
}
