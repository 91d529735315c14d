import { Text } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { MessageSummary } from "@tincan/api";
import { api } from "../../api.ts";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ButtonLink, TextLink } from "../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { useNumberChoice } from "../../pieces/number-choice.ts";
import { Page } from "../../pieces/Page.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { messageStates, messageSteps, StateLabel } from "../../pieces/StateLabel.tsx";
import { useMay } from "../../session.ts";
import { type MessageSearch, messageSearch } from "../../search-params.ts";
import { originChoice } from "./origin-words.ts";
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
  { key: "createdAt", header: "Asked", sort: "createdAt", first: "descending", align: "right", cell: (message) => <RelativeTime at={message.createdAt} />, text: (message) => message.createdAt },
  { key: "updatedAt", header: "Changed", align: "right", optional: true, cell: (message) => <RelativeTime at={message.updatedAt} />, text: (message) => message.updatedAt },
];

/** Every message that was asked for, newest first unless told otherwise. */
export default function MessagesPage() {
  const search = useSearch({ from: "/rooms/messages" });
  const navigate = useNavigate({ from: "/messages" });
  const show = (next: object) => void navigate({ search: messageSearch({ ...next }), replace: true });
  const numbers = useNumberChoice<MessageSearch>();
  const mayTest = useMay("deployments.read");
  return (
    <Page title="Messages" description="Search by msgId, number or our id. Open one to see its trace.">
      <Listing
        name="messages"
        columns={columns}
        queryKey={["messages", "list", search]}
        page={(after, signal) => api.messages.list({ ...search, limit: after ? 200 : 50, after }, signal)}
        idOf={(message) => message.id}
        sort={search.sort ?? "-createdAt"}
        onSort={(sort) => show({ ...search, sort: sort === "-createdAt" ? undefined : sort })}
        bulk={[]}
        filters={
          <ListFilters
            search={search}
            onSearch={show}
            filters={[
              { kind: "search", key: "q", label: "Search messages", placeholder: "msgId, number or id" },
              { kind: "choice", key: "state", label: "State", any: "Any state", options: messageStates },
              { kind: "choice", key: "reached", label: "Step taken", any: "Any step", options: messageSteps },
              { kind: "choice", key: "origin", label: "Asked by", any: "Any origin", options: originChoice },
              ...numbers,
              {
                kind: "choice",
                key: "from",
                label: "Time",
                any: "Any time",
                options: periods,
                chosen: periodOf(search.from),
                change: (period) => ({ from: startOf(period, Date.now()), to: undefined }),
              },
            ]}
          />
        }
        filtered={isFiltered(search)}
        empty={
          isFiltered(search) ? (
            <EmptyState icon={<IconMessages size={26} />} title="No message matches">
              Try another word, or clear the filters.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconMessages size={26} />} title="No messages yet" action={mayTest ? <ButtonLink to="/channels/platforms">Send a test request</ButtonLink> : null}>
              Every message a platform or you ask for appears here, with everything that happened to it.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
