import { Grid, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Template } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { bubbleOfTemplate } from "../../phone-preview/bubble.ts";
import { PhonePreview } from "../../phone-preview/PhonePreview.tsx";
import { CopyButton } from "../../pieces/CopyButton.tsx";
import { Dot } from "../../pieces/Dot.tsx";
import { Facts } from "../../pieces/Facts.tsx";
import { JsonBlock } from "../../pieces/JsonBlock.tsx";
import { TextLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { Quality } from "../../pieces/Quality.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { inWords, templateMeaning, templateTone } from "./template-words.ts";

/** One template: how it looks, where it stands with Meta. */
export default function TemplatePage() {
  const { id } = useParams({ from: "/rooms/templates/$id" });
  const template = useQuery({ queryKey: ["templates", "one", id], queryFn: ({ signal }) => api.templates.get(id, signal) });
  return (
    <Page
      title={template.data?.name ?? "Template"}
      parent={{ to: "/templates", label: "Templates" }}
      description={template.data ? <Dot tone={templateTone(template.data.status)}>{inWords(template.data.status)}</Dot> : null}
    >
      <Loaded query={template} height={420}>
        {(data) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 6, lg: 5 }} order={{ base: 1, md: 2 }}>
              <Preview template={data} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 6, lg: 7 }} order={{ base: 2, md: 1 }}>
              <Stack gap="lg">
                <Standing template={data} />
                <Section title="Details">
                  <Facts
                    rows={[
                      ["Number", <TextLink key="number" to="/channels/whatsapp/$id" params={{ id: data.provider.id }}>{data.provider.nickname}</TextLink>],
                      ["Language", data.language],
                      ["Category", inWords(data.category)],
                      ["Quality", <Quality key="quality" rating={data.quality} />],
                      ["Variables", data.parameterFormat === "NAMED" ? "By name" : "By place"],
                      [
                        "Meta's id",
                        data.externalId ? (
                          <Group key="id" gap={4} wrap="nowrap">
                            <Text size="sm" ff="monospace" fz="0.78125rem">
                              {data.externalId}
                            </Text>
                            <CopyButton value={data.externalId} label="template id" />
                          </Group>
                        ) : null,
                      ],
                      ["Changed", <RelativeTime key="changed" at={data.updatedAt} />],
                      ["Synced", <RelativeTime key="synced" at={data.syncedAt} />],
                    ]}
                  />
                </Section>
                <Section title="Components" description="As Meta stores them; platforms import this shape.">
                  <JsonBlock value={data.components} label="Components" />
                </Section>
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}

/** Why it cannot be sent, when it cannot. */
function Standing({ template }: { template: Template }) {
  if (template.status.toUpperCase() === "APPROVED") return null;
  return (
    <Note kind={templateTone(template.status) === "failed" ? "danger" : "warm"} title={`${inWords(template.status)}: it cannot be sent now`}>
      {templateMeaning(template.status)}
      {template.rejectedReason ? ` Meta's reason: ${inWords(template.rejectedReason)} (${template.rejectedReason}).` : ""}
    </Note>
  );
}

function Preview({ template }: { template: Template }) {
  const [show, setShow] = useState("samples");
  return (
    <Stack align="center" gap="sm">
      <SegmentedControl
        size="xs"
        aria-label="What fills the variables"
        value={show}
        onChange={setShow}
        data={[
          { value: "samples", label: "With samples" },
          { value: "variables", label: "With variables" },
        ]}
      />
      <PhonePreview
        title={template.provider.nickname}
        messages={[{ id: template.id, bubble: bubbleOfTemplate(template.components, undefined, { examples: show === "samples" }), side: "in", time: "10:42" }]}
      />
    </Stack>
  );
}
