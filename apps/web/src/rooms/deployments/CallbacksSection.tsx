import { Anchor, Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconArrowBackUp, IconRotateClockwise } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type Callback, CallbackState, type Deployment } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { Dot } from "../../pieces/Dot.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { Facts } from "../../pieces/Facts.tsx";
import { JsonBlock } from "../../pieces/JsonBlock.tsx";
import { TextLink } from "../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { Note } from "../../pieces/Note.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { callbackSearch } from "../../search-params.ts";
import { useMay } from "../../session.ts";
import { callbackState } from "./callback-words.ts";

const callbackColumns = (open: (callback: Callback) => void): Column<Callback>[] => [
  {
    key: "what",
    header: "What",
    main: true,
    cell: (callback) => (
      <Anchor component="button" type="button" size="sm" fw={550} ta="left" onClick={() => open(callback)}>
        {callback.kind === "inbound" ? "Inbound message" : `Status ${callback.receipt ?? ""}`}
      </Anchor>
    ),
    text: (callback) => `${callback.kind} ${callback.receipt ?? ""}`.trim(),
  },
  { key: "state", header: "State", cell: (callback) => <Dot tone={callbackState(callback.state).tone}>{callbackState(callback.state).word}</Dot>, text: (callback) => callback.state },
  {
    key: "message",
    header: "Message",
    cell: (callback) =>
      callback.messageId ? (
        <TextLink to="/messages/$id" params={{ id: callback.messageId }}>
          Trace
        </TextLink>
      ) : null,
  },
  { key: "attempts", header: "Attempts", align: "right", cell: (callback) => callback.attempts, text: (callback) => String(callback.attempts) },
  {
    key: "lastError",
    header: "Last answer",
    cell: (callback) => (
      <Text size="sm" lineClamp={2} maw={300}>
        {callback.lastError ?? (callback.state === "delivered" ? "Taken" : "None yet")}
      </Text>
    ),
    text: (callback) => callback.lastError ?? "",
  },
  { key: "next", header: "Next try", cell: (callback) => <RelativeTime at={callback.nextAttemptAt} none="none planned" />, text: (callback) => callback.nextAttemptAt ?? "" },
  { key: "createdAt", header: "Since", align: "right", cell: (callback) => <RelativeTime at={callback.createdAt} />, text: (callback) => callback.createdAt },
  { key: "msgId", header: "msgId", optional: true, cell: (callback) => callback.msgId ?? "none", text: (callback) => callback.msgId ?? "" },
];

/** What the platform was told, what it still has to be told, and what it would not take. */
export function CallbacksSection({ deployment }: { deployment: Deployment }) {
  const { callbacks: health } = deployment;
  const mayWrite = useMay("deployments.write");
  const search = useSearch({ from: "/rooms/channels/platforms/$id" });
  const navigate = useNavigate({ from: "/channels/platforms/$id" });
  const [open, setOpen] = useState<Callback | null>(null);
  const replay = useChange({
    run: (ids: string[] | "all") => api.deployments.replayCallbacks(deployment.id, ids === "all" ? { all: true } : { ids }),
    stale: ["callbacks", "deployments", "lanes"],
    done: ({ replayed }) => (replayed === 1 ? "1 callback goes out again" : `${replayed.toLocaleString()} callbacks go out again`),
  });

  return (
    <Section
      title="Callbacks"
      description="Delivery reports and inbound messages on their way to the platform. Refused ones are tried again for 72 hours, then parked."
      actions={
        mayWrite && health.parked > 0 ? (
          <Button leftSection={<IconRotateClockwise size={16} aria-hidden />} loading={replay.isPending} onClick={() => replay.mutate("all")}>
            Replay all {health.parked.toLocaleString()} parked
          </Button>
        ) : null
      }
    >
      {health.reason ? <Note kind={health.status === "parked" ? "danger" : "warm"} title={health.reason} /> : null}
      <Group gap="xs">
        <Badge>{health.waiting.toLocaleString()} waiting</Badge>
        <Badge>{health.retrying.toLocaleString()} retrying</Badge>
        <Badge>{health.parked.toLocaleString()} parked</Badge>
        <Badge>{health.deliveredLastHour.toLocaleString()} taken in the last hour</Badge>
        <Text size="sm" c="dimmed">
          Last taken <RelativeTime at={health.lastDeliveredAt} />
          {health.lastFailedAt ? (
            <>
              , last refused <RelativeTime at={health.lastFailedAt} />
            </>
          ) : null}
        </Text>
      </Group>
      <Listing
        name="callbacks"
        columns={callbackColumns(setOpen)}
        queryKey={["callbacks", deployment.id, search]}
        page={(after, signal) => api.deployments.callbacks(deployment.id, { ...search, after, limit: after ? 100 : 20 }, signal)}
        idOf={(callback) => callback.id}
        filters={
          <ListFilters
            search={search}
            onSearch={(next) => void navigate({ search: callbackSearch({ ...next }), replace: true, resetScroll: false })}
            filters={[
              { kind: "search", key: "q", label: "Search callbacks", placeholder: "msgId" },
              { kind: "choice", key: "state", label: "State of the callbacks", any: "Any state", options: CallbackState.enum.map((value) => ({ value, label: callbackState(value).word })) },
            ]}
          />
        }
        {...(mayWrite
          ? {
              bulk: [
                {
                  label: "Replay",
                  icon: <IconRotateClockwise size={14} aria-hidden />,
                  fits: (callback: Callback) => callback.state === "parked",
                  run: (callbacks: Callback[]) => replay.mutateAsync(callbacks.map(({ id }) => id)),
                },
              ],
            }
          : {})}
        filtered={isFiltered(search)}
        empty={
          <EmptyState icon={<IconArrowBackUp size={26} />} title={isFiltered(search) ? "No callback matches" : "Nothing to tell yet"}>
            Every receipt of a message this platform asked for, and every reply to it, becomes a callback.
          </EmptyState>
        }
      />
      <Modal opened={open !== null} onClose={() => setOpen(null)} title="Callback" size="lg">
        {open ? (
          <Stack>
            <Facts
              rows={[
                ["State", <Dot key="state" tone={callbackState(open.state).tone}>{callbackState(open.state).word}</Dot>],
                ["To", open.url],
                ["Attempts", open.attempts],
                ["Last attempt", <RelativeTime key="last" at={open.lastAttemptAt} none="none yet" />],
                ["Last error", open.lastError],
              ]}
            />
            <JsonBlock value={open.body} label="Callback body" />
            {mayWrite && open.state === "parked" ? (
              <Group justify="flex-end">
                <Button
                  loading={replay.isPending}
                  onClick={() => {
                    replay.mutate([open.id]);
                    setOpen(null);
                  }}
                >
                  Replay
                </Button>
              </Group>
            ) : null}
          </Stack>
        ) : null}
      </Modal>
    </Section>
  );
}
