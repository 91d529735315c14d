import { Badge, Button, Grid, Group, List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Template } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { bubbleOfTemplate } from "../../phone-preview/bubble.ts";
import { PhonePreview } from "../../phone-preview/PhonePreview.tsx";
import { CopyButton } from "../../pieces/CopyButton.tsx";
import { Dot } from "../../pieces/Dot.tsx";
import { Facts } from "../../pieces/Facts.tsx";
import { JsonBlock } from "../../pieces/JsonBlock.tsx";
import { ButtonLink, TextLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { Quality } from "../../pieces/Quality.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useMay } from "../../session.ts";
import { FillChoice } from "./FillChoice.tsx";
import { languageWords } from "./editor/words.ts";
import { LanguagesSection } from "./LanguagesSection.tsx";
import { TemplateActions } from "./TemplateActions.tsx";
import { inWords, rejectionWords, templateMeaning, templateTone } from "./template-words.ts";

/** One template: how it looks, where it stands with Meta. */
export default function TemplatePage() {
  const { id } = useParams({ from: "/rooms/templates/$id" });
  const template = useQuery({ queryKey: ["templates", "one", id], queryFn: ({ signal }) => api.templates.get(id, signal) });
  const { data } = template;
  return (
    <Page
      title={data?.name ?? "Template"}
      parent={{ to: "/templates", label: "Templates" }}
      description={
        data ? (
          <Group gap="md" style={{ rowGap: 2 }}>
            <span>{languageWords(data.language)}</span>
            <Dot tone={templateTone(data.status)}>{inWords(data.status)}</Dot>
            {data.archivedAt ? <Badge size="sm">Archived</Badge> : null}
            <CopyButton value={data.name} label="template name" />
          </Group>
        ) : null
      }
      actions={data ? <TemplateActions key={data.id} template={data} /> : null}
    >
      <Loaded query={template} height={420}>
        {(loaded) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 6, lg: 5 }} order={{ base: 1, md: 2 }}>
              <Preview template={loaded} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 6, lg: 7 }} order={{ base: 2, md: 1 }}>
              <Stack gap="lg">
                <Standing template={loaded} />
                <DetailsSection template={loaded} />
                <LanguagesSection template={loaded} />
                <Section title="Components" description="As Meta stores them; platforms import them in this form.">
                  <JsonBlock value={loaded.components} label="Components" />
                </Section>
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}

function DetailsSection({ template }: { template: Template }) {
  const mayReadNumbers = useMay("providers.read");
  return (
    <Section title="Details">
      <Facts
        rows={[
          ["Number", mayReadNumbers ? <TextLink key="number" to="/channels/whatsapp/$id" params={{ id: template.provider.id }}>{template.provider.nickname}</TextLink> : template.provider.nickname],
          ["Category", inWords(template.category)],
          ["Quality", <Quality key="quality" rating={template.quality} />],
          ["Variables", template.parameterFormat === "NAMED" ? "By name" : "By place"],
          [
            "Meta's id",
            template.externalId ? (
              <Group key="id" gap={4} wrap="nowrap">
                <Text size="sm" ff="monospace" fz="0.78125rem">
                  {template.externalId}
                </Text>
                <CopyButton value={template.externalId} label="template id" />
              </Group>
            ) : null,
          ],
          ["Changed", <RelativeTime key="changed" at={template.updatedAt} />],
          ["Synced", template.syncedAt ? <RelativeTime key="synced" at={template.syncedAt} /> : null],
        ]}
      />
    </Section>
  );
}

/** Why it cannot be sent, when it cannot, and what to do about it. */
function Standing({ template }: { template: Template }) {
  const mayWrite = useMay("templates.write");
  const submit = useChange({
    run: () => api.templates.submit(template.id),
    stale: ["templates"],
    done: ({ status, name }) => (status === "APPROVED" ? `${name} can be sent now` : `${name} is with Meta for review`),
  });
  if (template.status.toUpperCase() === "APPROVED") return null;
  const { problems } = template;
  const isDraft = template.status === "DRAFT";
  const edit = (
    <ButtonLink to="/templates/$id/edit" params={{ id: template.id }} size="xs" variant="default">
      Edit
    </ButtonLink>
  );
  const ready = (
    <Button size="xs" loading={submit.isPending} onClick={() => submit.mutate(undefined)}>
      {template.provider.kind === "generic" ? "Save as approved" : "Submit to Meta"}
    </Button>
  );
  const actions = !mayWrite ? null : isDraft ? (problems.length === 0 ? ready : edit) : template.status === "REJECTED" ? edit : null;
  return (
    <Note kind={templateTone(template.status) === "failed" ? "danger" : "warm"} title={`${inWords(template.status)}: it cannot be sent now`} actions={actions}>
      {templateMeaning(template.status)}
      {template.rejectedReason ? (
        <div>
          {rejectionWords(template.rejectedReason)} ({template.rejectedReason})
        </div>
      ) : null}
      {isDraft && problems.length > 0 ? (
        <List size="sm" mt={4}>
          {[...new Set(problems.map(({ message }) => message))].map((message) => (
            <List.Item key={message}>{message}</List.Item>
          ))}
        </List>
      ) : null}
    </Note>
  );
}

function Preview({ template }: { template: Template }) {
  const [show, setShow] = useState("samples");
  return (
    <Stack align="center" gap="sm">
      <FillChoice value={show} onChange={setShow} />
      <PhonePreview
        title={template.provider.nickname}
        messages={[{ id: template.id, bubble: bubbleOfTemplate(template.components, show === "samples" ? template.samples : undefined, { examples: show === "samples" }), side: "in", time: "10:42" }]}
      />
    </Stack>
  );
}
