import { Badge, Group, Text } from "@mantine/core";
import { IconBrandWhatsapp, IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Provider } from "@tincan/api";
import { api } from "../../api.ts";
import { Dot } from "../../pieces/Dot.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ButtonLink, TextLink } from "../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { Page } from "../../pieces/Page.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { Quality } from "../../pieces/Quality.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { shortList } from "../../pieces/short-list.ts";
import { providerSearch } from "../../search-params.ts";
import { useMay } from "../../session.ts";
import { kindWords, providerWord, tierWords } from "./provider-words.ts";

/** When anything last came back: Meta's webhook, or a callback. */
const lastHeard = ({ health: { lastWebhookAt, callbacks } }: Provider): string | null =>
  [lastWebhookAt, callbacks?.lastStatusAt, callbacks?.lastInboundAt].reduce<string | null>((latest, at) => (at && (!latest || at > latest) ? at : latest), null);

const columns: Column<Provider>[] = [
  {
    key: "nickname",
    header: "Name",
    sort: "name",
    main: true,
    cell: (provider) => (
      <Group gap="xs">
        <TextLink to="/channels/whatsapp/$id" params={{ id: provider.id }} fw={550} className="break">
          {provider.nickname}
        </TextLink>
        {provider.default ? <Badge size="sm">Default</Badge> : null}
      </Group>
    ),
    text: (provider) => provider.nickname,
  },
  { key: "number", header: "Number", sort: "number", cell: (provider) => <span className="nowrap numeric">{displayNumber(provider.number)}</span>, text: (provider) => provider.number },
  {
    key: "status",
    header: "Status",
    sort: "status",
    cell: (provider) => <Dot tone={providerWord(provider).tone}>{providerWord(provider).word}</Dot>,
    text: (provider) => providerWord(provider).word,
  },
  {
    key: "quality",
    header: "Quality",
    cell: ({ health }) => <Quality rating={health.quality} />,
    text: ({ health }) => health.quality ?? "",
  },
  { key: "tier", header: "Limit", cell: ({ health }) => (health.tier ? tierWords(health.tier) : "Not known"), text: ({ health }) => health.tier ?? "" },
  { key: "kind", header: "Kind", sort: "kind", cell: (provider) => kindWords[provider.kind], text: (provider) => kindWords[provider.kind] },
  {
    key: "webhook",
    header: "Last heard from",
    sort: "heardAt",
    first: "descending",
    align: "right",
    cell: (provider) => <RelativeTime at={lastHeard(provider)} />,
    text: (provider) => lastHeard(provider) ?? "",
  },
];

/** The numbers messages leave through. */
export default function ProvidersPage() {
  const search = useSearch({ from: "/rooms/channels/whatsapp" });
  const navigate = useNavigate({ from: "/channels/whatsapp" });
  const show = (next: object) => void navigate({ search: providerSearch({ ...next }), replace: true });
  const sort = search.sort ?? "name";
  const mayWrite = useMay("providers.write");
  const add = (
    <ButtonLink to="/channels/whatsapp/new" leftSection={<IconPlus size={16} aria-hidden />}>
      Provider
    </ButtonLink>
  );
  return (
    <Page title="WhatsApp Connect" description="The numbers your messages leave through." actions={mayWrite ? add : null}>
      <Listing
        name="providers"
        columns={columns}
        queryKey={["providers", "list", search]}
        page={(_, signal) => shortList({ columns, sort, part: (query) => api.providers.list({ q: search.q, ...query }, signal) })}
        idOf={(provider) => provider.id}
        sort={sort}
        onSort={(next) => show({ ...search, sort: next === "name" ? undefined : next })}
        bulk={[]}
        filters={<ListFilters search={search} onSearch={show} filters={[{ kind: "search", key: "q", label: "Search providers", placeholder: "Name or number" }]} />}
        filtered={isFiltered(search)}
        empty={
          search.q ? (
            <EmptyState icon={<IconBrandWhatsapp size={26} />} title="No provider matches">
              Try another word.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconBrandWhatsapp size={26} />} title="No number connected" firstStep={mayWrite ? add : null}>
              A provider is a business number, at Meta's Cloud API or at anybody who speaks CleverTap's generic contract.{" "}
              <Text span inherit>
                {mayWrite ? "Connect one to send and receive." : "An admin can connect one."}
              </Text>
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
