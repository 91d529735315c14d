import { Grid, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Message } from "@tincan/api";
import { useEffect } from "react";
import { api } from "../../api.ts";
import { bubbleOfContent } from "../../phone-preview/bubble.ts";
import { PhonePreview, type PreviewMessage } from "../../phone-preview/PhonePreview.tsx";
import { CopyButton } from "../../pieces/CopyButton.tsx";
import { Facts } from "../../pieces/Facts.tsx";
import { JsonBlock } from "../../pieces/JsonBlock.tsx";
import { TextLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { StateLabel } from "../../pieces/StateLabel.tsx";
import { useSeen } from "../../seen.ts";
import { useMay } from "../../session.ts";
import { Trace } from "../../trace/Trace.tsx";
import { traceQuery } from "../../trace/trace-query.ts";

const ticks: Record<Message["state"], NonNullable<PreviewMessage["ticks"]>> = {
  queued: "waiting",
  sending: "waiting",
  submitted: "waiting",
  sent: "sent",
  delivered: "delivered",
  read: "read",
  failed: "failed",
  unknown: "waiting",
};

/** One message: what it said, where it is, and everything that happened to it. */
export default function MessagePage() {
  const { id } = useParams({ from: "/rooms/messages/$id" });
  const message = useQuery({ queryKey: ["messages", "one", id], queryFn: ({ signal }) => api.messages.get(id, signal) });
  const trace = useQuery(traceQuery(id));
  const [, markSeen] = useSeen("trace");
  useEffect(markSeen, [markSeen]);

  return (
    <Page
      title={message.data ? `Message to ${displayNumber(message.data.to)}` : "Message"}
      parent={{ to: "/messages", label: "Messages" }}
      description={message.data ? <StateLabel state={message.data.state} clicked={message.data.clicked} /> : null}
    >
      <Loaded query={message} height={420}>
        {(data) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 7, lg: 8 }}>
              <Stack gap="lg">
                <Outcome message={data} />
                <Section title="Trace" description="Who asked, what went out, what came back, and what the platform was told.">
                  <Loaded query={trace}>{({ steps }) => (steps.length === 0 ? <Text size="sm">Nothing has happened yet.</Text> : <Trace steps={steps} />)}</Loaded>
                </Section>
                <Section title="Content" description="What Tincan keeps, in neutral words; the request to the provider is made from it.">
                  <JsonBlock value={data.content} label="Content" maxHeight={280} />
                </Section>
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
              <Stack gap="lg">
                <Preview message={data} />
                <Section title="Details">
                  <Ids message={data} />
                </Section>
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}

/** What went wrong and what to do, when something did. */
function Outcome({ message }: { message: Message }) {
  if (message.error) {
    return (
      <Note kind="danger" title={`${message.error.title}${message.error.code ? ` (${message.error.code})` : ""}`}>
        {message.error.meaning ? <div>{message.error.meaning}</div> : null}
        {message.error.fix ? <div>{message.error.fix}</div> : null}
      </Note>
    );
  }
  if (message.state === "unknown") {
    return (
      <Note kind="warm" title="Nobody knows whether this message went out">
        The connection broke while it was being sent, and no delivery report came. It was not sent again, so that nobody gets it twice.
      </Note>
    );
  }
  return null;
}

function Preview({ message }: { message: Message }) {
  const time = new Date(message.times.sentAt ?? message.createdAt).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  return (
    <Group justify="center">
      <PhonePreview
        title={displayNumber(message.to)}
        messages={[{ id: message.id, bubble: bubbleOfContent(message.content, message.template), side: "out", time, ticks: ticks[message.state] }]}
      />
    </Group>
  );
}

function Copied({ value, label }: { value: string; label: string }) {
  return (
    <Group gap={4} wrap="nowrap" justify="space-between">
      <Text size="sm" ff="monospace" fz="0.78125rem" style={{ wordBreak: "break-all" }}>
        {value}
      </Text>
      <CopyButton value={value} label={label} />
    </Group>
  );
}

/** Who asked: a platform or a campaign as the way to it, for those who may see it. */
function AskedBy({ message: { origin } }: { message: Message }) {
  const mayReadDeployments = useMay("deployments.read");
  const mayReadCampaigns = useMay("campaigns.read");
  if (origin.id && origin.kind === "deployment" && mayReadDeployments) return <TextLink to="/channels/platforms/$id" params={{ id: origin.id }}>{origin.name}</TextLink>;
  if (origin.id && origin.kind === "campaign" && mayReadCampaigns) return <TextLink to="/campaigns/$id" params={{ id: origin.id }}>{origin.name}</TextLink>;
  return origin.name;
}

function Ids({ message }: { message: Message }) {
  const mayReadPeople = useMay("contacts.read");
  const mayReadNumbers = useMay("providers.read");
  const { times } = message;
  const time = (at: string | null) => (at ? <RelativeTime at={at} /> : null);
  return (
    <Facts
      rows={[
        ["Asked by", <AskedBy key="origin" message={message} />],
        ["Through", mayReadNumbers ? <TextLink key="provider" to="/channels/whatsapp/$id" params={{ id: message.provider.id }}>{message.provider.nickname}</TextLink> : message.provider.nickname],
        ["Template", message.template ? <TextLink key="template" to="/templates/$id" params={{ id: message.template.id }}>{message.template.name}</TextLink> : null],
        ["To", <Copied key="to" value={message.to} label="number" />],
        ["Person", mayReadPeople ? <TextLink key="person" to="/people/contacts" search={{ q: message.to }}>Find in contacts</TextLink> : null],
        ["msgId", message.msgId === null ? null : <Copied key="msgId" value={message.msgId} label="msgId" />, "stacked"],
        ["Our id", <Copied key="id" value={message.id} label="id" />, "stacked"],
        ["WhatsApp id", message.wamid === null ? null : <Copied key="wamid" value={message.wamid} label="WhatsApp id" />, "stacked"],
        ["Asked", time(message.createdAt)],
        ["Submitted", time(times.submittedAt)],
        ["Sent", time(times.sentAt)],
        ["Delivered", time(times.deliveredAt)],
        ["Read", time(times.readAt)],
        ["Clicked", time(times.clickedAt)],
        ["Failed", time(times.failedAt)],
      ]}
    />
  );
}
