import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Deployment } from "@tincan/api";
import { api } from "../../api.ts";
import { Dot } from "../../pieces/Dot.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ButtonLink, TextLink } from "../../pieces/links.tsx";
import { ListFilters } from "../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { Page } from "../../pieces/Page.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { useMay } from "../../session.ts";
import { callbackWord } from "./callback-words.ts";

const columns: Column<Deployment>[] = [
  {
    key: "name",
    header: "Name",
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
    cell: ({ provider }) => `${provider.nickname} · ${displayNumber(provider.number)}`,
    text: ({ provider }) => provider.nickname,
  },
  {
    key: "callbacks",
    header: "Callbacks",
    cell: ({ callbacks }) => <Dot tone={callbackWord(callbacks).tone}>{callbackWord(callbacks).word}</Dot>,
    text: ({ callbacks }) => callbacks.status,
  },
  { key: "lastRequestAt", header: "Last request", align: "right", cell: ({ lastRequestAt }) => <RelativeTime at={lastRequestAt} />, text: ({ lastRequestAt }) => lastRequestAt ?? "" },
];

/** The engagement platforms that send through us. */
export default function DeploymentsPage() {
  const search = useSearch({ from: "/rooms/channels/platforms" });
  const navigate = useNavigate({ from: "/channels/platforms" });
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
        page={(after, signal) => api.deployments.list({ ...search, after }, signal)}
        idOf={(deployment) => deployment.id}
        filters={<ListFilters search={search} onSearch={(next) => void navigate({ search: next, replace: true })} filters={[{ kind: "search", key: "q", label: "Search deployments", placeholder: "Name" }]} />}
        empty={
          search.q ? (
            <EmptyState icon={<IconPlugConnected size={26} />} title="No deployment matches">
              Try another word.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconPlugConnected size={26} />} title="No platform connected" action={mayWrite ? add : null}>
              A deployment gives CleverTap a Callback URL and a Token. CleverTap posts its messages there; delivery reports and replies go back to it.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
