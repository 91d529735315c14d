import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Deployment } from "@tincan/api";
import { api } from "../../api.ts";
import { Dot } from "../../pieces/Dot.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ButtonLink, TextLink } from "../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { Page } from "../../pieces/Page.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { shortList } from "../../pieces/short-list.ts";
import { deploymentSearch } from "../../search-params.ts";
import { useMay } from "../../session.ts";
import { callbackWord } from "./callback-words.ts";

const columns: Column<Deployment>[] = [
  {
    key: "name",
    header: "Name",
    sort: "name",
    main: true,
    cell: (deployment) => (
      <TextLink to="/channels/platforms/$id" params={{ id: deployment.id }} fw={550} className="break">
        {deployment.name}
      </TextLink>
    ),
    text: (deployment) => deployment.name,
  },
  { key: "platform", header: "Platform", cell: () => "CleverTap", text: () => "CleverTap" },
  {
    key: "provider",
    header: "Sends from",
    sort: "provider",
    cell: ({ provider }) => `${provider.nickname} · ${displayNumber(provider.number)}`,
    text: ({ provider }) => provider.nickname,
  },
  {
    key: "callbacks",
    header: "Callbacks",
    sort: "callbacks",
    cell: ({ callbacks }) => <Dot tone={callbackWord(callbacks).tone}>{callbackWord(callbacks).word}</Dot>,
    text: ({ callbacks }) => callbackWord(callbacks).word,
  },
  {
    key: "lastRequestAt",
    header: "Last request",
    sort: "lastRequestAt",
    first: "descending",
    align: "right",
    cell: ({ lastRequestAt }) => <RelativeTime at={lastRequestAt} />,
    text: ({ lastRequestAt }) => lastRequestAt ?? "",
  },
  {
    key: "createdAt",
    header: "Added",
    sort: "createdAt",
    first: "descending",
    align: "right",
    optional: true,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    text: ({ createdAt }) => createdAt,
  },
];

/** The engagement platforms that send through us. */
export default function DeploymentsPage() {
  const search = useSearch({ from: "/rooms/channels/platforms" });
  const navigate = useNavigate({ from: "/channels/platforms" });
  const show = (next: object) => void navigate({ search: deploymentSearch({ ...next }), replace: true });
  const sort = search.sort ?? "name";
  const mayWrite = useMay("deployments.write");
  const add = (
    <ButtonLink to="/channels/platforms/new" leftSection={<IconPlus size={16} aria-hidden />}>
      Deployment
    </ButtonLink>
  );
  return (
    <Page title="Platform Deployments" description="Engagement platforms that send through your numbers, each with its own Callback URL and Token." actions={mayWrite ? add : null}>
      <Listing
        name="deployments"
        columns={columns}
        queryKey={["deployments", "list", search]}
        page={(_, signal) => shortList({ columns, sort, part: (query) => api.deployments.list({ q: search.q, ...query }, signal) })}
        idOf={(deployment) => deployment.id}
        sort={sort}
        onSort={(next) => show({ ...search, sort: next === "name" ? undefined : next })}
        bulk={[]}
        filters={<ListFilters search={search} onSearch={show} filters={[{ kind: "search", key: "q", label: "Search deployments", placeholder: "Name" }]} />}
        filtered={isFiltered(search)}
        empty={
          search.q ? (
            <EmptyState icon={<IconPlugConnected size={26} />} title="No deployment matches">
              Try another word.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconPlugConnected size={26} />} title="No platform connected" firstStep={mayWrite ? add : null}>
              A deployment gives CleverTap a Callback URL and a Token. CleverTap posts its messages there; delivery reports and replies go back to it.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
