import { Badge, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSpeakerphone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { CampaignCounts, CampaignSummary } from "@tincan/api";
import { api } from "../../api.ts";
import { Dot } from "../../pieces/Dot.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { TextLink } from "../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { useNumberChoice } from "../../pieces/number-choice.ts";
import { Page } from "../../pieces/Page.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { type CampaignSearch, campaignSearch } from "../../search-params.ts";
import { useMay } from "../../session.ts";
import { CampaignMenu } from "./CampaignMenu.tsx";
import { isDraft, stateChoice, stateOf } from "./campaign-words.ts";
import { NewCampaign } from "./NewCampaign.tsx";

const number = (key: keyof CampaignCounts, header: string, optional = false): Column<CampaignSummary> => ({
  key,
  header,
  align: "right",
  optional,
  cell: ({ counts }) => <span className="numeric">{counts[key].toLocaleString()}</span>,
  text: ({ counts }) => String(counts[key]),
});

const kinds: Record<CampaignSummary["mode"], string> = { single: "", ab: "A/B", split: "Split" };
/** What kind it is, and its labels. */
const about = ({ mode, live, labels }: CampaignSummary): string => [live ? "Live" : "", kinds[mode], labels.join(", ")].filter(Boolean).join(" · ");

const columns: Column<CampaignSummary>[] = [
  {
    key: "name",
    header: "Name",
    sort: "name",
    main: true,
    cell: (campaign) => (
      <>
        <TextLink to={isDraft(campaign.state) ? "/campaigns/$id/edit" : "/campaigns/$id"} params={{ id: campaign.id }} fw={550} className="break">
          {campaign.name}
        </TextLink>
        {about(campaign) ? (
          <Text size="xs" c="dimmed" className="break">
            {about(campaign)}
          </Text>
        ) : null}
      </>
    ),
    text: (campaign) => campaign.name,
  },
  {
    key: "state",
    header: "State",
    cell: ({ state }) => (
      <Dot tone={stateOf(state).tone} pulse={state === "running"}>
        {stateOf(state).word}
      </Dot>
    ),
    text: ({ state }) => stateOf(state).word,
  },
  { key: "provider", header: "Number", cell: ({ provider }) => provider?.nickname ?? "Not chosen", text: ({ provider }) => provider?.nickname ?? "" },
  number("queued", "Queued"),
  number("delivered", "Delivered"),
  number("read", "Read"),
  number("clicked", "Clicked"),
  number("replied", "Replied"),
  number("converted", "Converted", true),
  number("failed", "Failed", true),
  { key: "nextRunAt", header: "Next run", cell: ({ nextRunAt }) => <RelativeTime at={nextRunAt} none="–" />, text: ({ nextRunAt }) => nextRunAt ?? "" },
  {
    key: "labels",
    header: "Labels",
    optional: true,
    cell: ({ labels }) =>
      labels.length === 0 ? (
        "–"
      ) : (
        <Group gap={4} display="inline-flex">
          {labels.map((label) => (
            <Badge key={label} size="sm">
              {label}
            </Badge>
          ))}
        </Group>
      ),
    text: ({ labels }) => labels.join(", "),
  },
  { key: "createdBy", header: "Made by", optional: true, cell: ({ createdBy }) => createdBy, text: ({ createdBy }) => createdBy },
  { key: "launchedAt", header: "Launched", sort: "launchedAt", first: "descending", optional: true, cell: ({ launchedAt }) => <RelativeTime at={launchedAt} none="–" />, text: ({ launchedAt }) => launchedAt ?? "" },
  { key: "updatedAt", header: "Changed", sort: "updatedAt", first: "descending", cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />, text: ({ updatedAt }) => updatedAt },
];

const actions: Column<CampaignSummary> = { key: "actions", header: "Actions", align: "right", menu: true, cell: (campaign) => <CampaignMenu campaign={campaign} inList /> };

/** Every campaign: what it is, where it stands, what came of it. */
export default function CampaignsPage() {
  const search = useSearch({ from: "/rooms/campaigns" });
  const navigate = useNavigate({ from: "/campaigns" });
  const show = (next: object) => void navigate({ search: campaignSearch({ ...next }), replace: true });
  const numbers = useNumberChoice<CampaignSearch>();
  const labels = useLabels();
  const mayWrite = useMay("campaigns.write");
  const [naming, name] = useDisclosure(false);
  const add = mayWrite ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={name.open}>
      New campaign
    </Button>
  ) : null;
  return (
    <Page title="Campaigns" description="One template to many people, at its time and pace, and what became of each message." actions={add}>
      <Listing
        name="campaigns"
        columns={mayWrite ? [...columns, actions] : columns}
        queryKey={["campaigns", "list", search]}
        page={(after, signal) => api.campaigns.list({ ...search, limit: after ? 200 : 50, after }, signal)}
        idOf={(campaign) => campaign.id}
        sort={search.sort ?? "-updatedAt"}
        onSort={(sort) => show({ ...search, sort: sort === "-updatedAt" ? undefined : sort })}
        filters={
          <ListFilters
            search={search}
            onSearch={show}
            filters={[
              { kind: "search", key: "q", label: "Search campaigns", placeholder: "Name" },
              { kind: "choice", key: "state", label: "State", any: "Any state", options: stateChoice },
              ...(labels.length > 0 ? [{ kind: "choice" as const, key: "label" as const, label: "Label", any: "Any label", options: labels.map((label) => ({ value: label, label })) }] : []),
              ...numbers,
              { kind: "choice", key: "archived", label: "Archived or not", any: "In use", options: [{ value: "true", label: "Archived" }] },
            ]}
          />
        }
        filtered={isFiltered(search)}
        leftOut={(signal) => api.campaigns.list({ archived: true, limit: 1 }, signal)}
        empty={
          isFiltered(search) ? (
            <EmptyState icon={<IconSpeakerphone size={26} />} title="No campaign matches">
              Try another word, or clear the filters.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconSpeakerphone size={26} />} title="No campaigns yet" firstStep={add}>
              A campaign sends an approved template to a segment, a list or everybody, or to each person who does something. It begins as a draft that nobody gets until you launch it.
            </EmptyState>
          )
        }
      />
      <NewCampaign opened={naming} onClose={name.close} />
    </Page>
  );
}

function useLabels(): string[] {
  const { data } = useQuery({ queryKey: ["campaigns", "labels"], queryFn: ({ signal }) => api.campaigns.labels(signal) });
  return data?.items.toSorted((a, b) => a.localeCompare(b)) ?? [];
}
