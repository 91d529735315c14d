import { Button, NativeSelect, Text } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { MessageSummary } from "@tincan/api";
import { api } from "../../api.ts";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ButtonLink, TextLink } from "../../pieces/links.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { Page } from "../../pieces/Page.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { SearchInput } from "../../pieces/SearchInput.tsx";
import { messageStates, StateLabel } from "../../pieces/StateLabel.tsx";
import type { MessageSearch } from "../../search-params.ts";
import { useMay } from "../../session.ts";
import { originWords } from "./origin-words.ts";
import { periods, periodOf, startOf } from "./periods.ts";

const columns: Column<MessageSummary>[] = [
  {
    key: "to",
    header: "To",
    main: true,
    cell: (message) => (
      <TextLink to="/messages/$id" params={{ id: message.id }} fw={550} className="nowrap numeric">
        {displayNumber(message.to)}
      </TextLink>
    ),
    text: (message) => message.to,
  },
  { key: "state", header: "State", cell: (message) => <StateLabel state={message.state} clicked={message.clicked} />, text: (message) => message.state },
  {
    key: "summary",
    header: "Message",
    cell: (message) => (
      <>
        <Text size="sm" lineClamp={1} maw={440} title={message.summary}>
          {message.summary}
        </Text>
        {message.error ? (
          <Text size="xs" c="var(--mantine-color-error)" lineClamp={2} maw={440}>
            {message.error.title}
            {message.error.code ? ` (${message.error.code})` : ""}
          </Text>
        ) : null}
      </>
    ),
    text: (message) => message.summary,
  },
  { key: "origin", header: "Asked by", cell: (message) => message.origin.name, text: (message) => message.origin.name },
  { key: "provider", header: "Number", cell: (message) => message.provider.nickname, text: (message) => message.provider.nickname },
  {
    key: "msgId",
    header: "msgId",
    optional: true,
    cell: (message) => (
      <Text size="xs" ff="monospace" className="break" maw={220}>
        {message.msgId ?? "none"}
      </Text>
    ),
    text: (message) => message.msgId ?? "",
  },
  { key: "error", header: "Error", optional: true, cell: (message) => message.error?.title ?? "", text: (message) => message.error?.title ?? "" },
  { key: "createdAt", header: "Asked", align: "right", cell: (message) => <RelativeTime at={message.createdAt} />, text: (message) => message.createdAt },
  { key: "updatedAt", header: "Changed", align: "right", optional: true, cell: (message) => <RelativeTime at={message.updatedAt} />, text: (message) => message.updatedAt },
];

/** Every message that was asked for, newest first. */
export default function MessagesPage() {
  const search = useSearch({ from: "/rooms/messages" });
  const navigate = useNavigate({ from: "/messages" });
  const filter = (change: MessageSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const mayReadProviders = useMay("providers.read");
  const providers = useQuery({ queryKey: ["providers", "choice"], queryFn: ({ signal }) => api.providers.list({ limit: 200 }, signal), enabled: mayReadProviders });
  const filtered = Object.values(search).some((value) => value !== undefined);

  return (
    <Page title="Messages" description="Search by msgId, number or our id. Open one to see its trace.">
      <Listing
        name="messages"
        columns={columns}
        queryKey={["messages", "list", search]}
        page={(after, signal) => api.messages.list({ ...search, limit: after ? 200 : 50, after }, signal)}
        idOf={(message) => message.id}
        filters={
          <>
            <SearchInput label="Search messages" placeholder="msgId, number or id" value={search.q} onSearch={(q) => filter({ q })} />
            <NativeSelect
              aria-label="State"
              value={search.state ?? ""}
              onChange={(event) => filter({ state: messageStates.find((one) => one.value === event.currentTarget.value)?.value })}
              data={[{ value: "", label: "Any state" }, ...messageStates]}
            />
            <NativeSelect
              aria-label="Asked by"
              value={search.origin ?? ""}
              onChange={(event) => filter({ origin: originWords.find((one) => one.value === event.currentTarget.value)?.value })}
              data={[{ value: "", label: "Any origin" }, ...originWords]}
            />
            {providers.data && providers.data.items.length > 1 ? (
              <NativeSelect
                aria-label="Number"
                value={search.provider ?? ""}
                onChange={(event) => filter({ provider: event.currentTarget.value || undefined })}
                data={[{ value: "", label: "Any number" }, ...providers.data.items.map((one) => ({ value: one.id, label: one.nickname }))]}
              />
            ) : null}
            <NativeSelect
              aria-label="Time"
              value={periodOf(search.from)}
              onChange={(event) => filter({ from: startOf(event.currentTarget.value, Date.now()), to: undefined })}
              data={periods}
            />
            {filtered ? (
              <Button variant="subtle" color="gray" onClick={() => void navigate({ search: {}, replace: true })}>
                Clear
              </Button>
            ) : null}
          </>
        }
        empty={
          filtered ? (
            <EmptyState icon={<IconMessages size={26} />} title="No message matches">
              Try another word, or clear the filters.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconMessages size={26} />} title="No messages yet" action={<ButtonLink to="/channels/platforms">Send a test request</ButtonLink>}>
              Every message a platform or you ask for appears here, with everything that happened to it.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
