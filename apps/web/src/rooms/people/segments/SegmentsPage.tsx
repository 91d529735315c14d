import { Group, Stack, Text } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconChartPie, IconPlus, IconRefresh } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Segment, SegmentSort } from "@tincan/api";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { EmptyState } from "../../../pieces/EmptyState.tsx";
import { ButtonLink, TextLink } from "../../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../../pieces/ListFilters.tsx";
import { type BulkAction, type Column, Listing } from "../../../pieces/Listing.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { segmentSearch } from "../../../search-params.ts";
import { useMay } from "../../../session.ts";
import { examples } from "./examples.ts";

const columns: Column<Segment>[] = [
  {
    key: "name",
    header: "Name",
    sort: "name",
    main: true,
    cell: (segment) => (
      <>
        <TextLink to="/people/segments/$id" params={{ id: segment.id }} fw={550} className="break">
          {segment.name}
        </TextLink>
        {segment.description ? (
          <Text size="xs" c="dimmed" lineClamp={1} maw={420}>
            {segment.description}
          </Text>
        ) : null}
      </>
    ),
    text: (segment) => segment.name,
  },
  { key: "count", header: "People", align: "right", cell: ({ count }) => (count === null ? <Text span size="sm" c="dimmed">Not counted yet</Text> : <span className="numeric">{count.toLocaleString()}</span>), text: ({ count }) => (count === null ? "" : String(count)) },
  { key: "countedAt", header: "Counted", cell: ({ countedAt }) => (countedAt === null ? null : <RelativeTime at={countedAt} />), text: ({ countedAt }) => countedAt ?? "" },
  { key: "createdBy", header: "Made by", cell: ({ createdBy }) => createdBy, text: ({ createdBy }) => createdBy },
  { key: "updatedAt", header: "Changed", align: "right", optional: true, cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />, text: ({ updatedAt }) => updatedAt },
  { key: "createdAt", header: "Made", align: "right", sort: "createdAt", first: "descending", cell: ({ createdAt }) => <RelativeTime at={createdAt} />, text: ({ createdAt }) => createdAt },
];

/** The server's orders as lists write them. */
const orders: Record<SegmentSort, string> = { newest: "-createdAt", oldest: "createdAt", name: "name" };

const one = (count: number, many: string) => (count === 1 ? "1 segment is" : `${count.toLocaleString()} segments are`) + ` ${many}`;

/** Questions about people that are kept under a name. */
export default function SegmentsPage() {
  const search = useSearch({ from: "/rooms/people/segments" });
  const navigate = useNavigate({ from: "/people/segments" });
  const show = (next: object) => void navigate({ search: segmentSearch({ ...next }), replace: true });
  const mayWrite = useMay("segments.write");
  const recount = useChange({
    run: async (segments: Segment[]) => {
      for (const { id } of segments) await api.segments.recount(id);
      return segments.length;
    },
    stale: ["segments"],
    done: (count) => one(count, "counted"),
  });
  const archive = useChange({
    run: async ({ segments, away }: { segments: Segment[]; away: boolean }) => {
      for (const { id } of segments) await (away ? api.segments.archive(id) : api.segments.unarchive(id));
      return segments.length;
    },
    stale: ["segments"],
    done: (count, { away }) => one(count, away ? "archived" : "listed again"),
  });
  const bulk: BulkAction<Segment>[] = [
    { label: "Count again", icon: <IconRefresh size={14} aria-hidden />, run: (segments) => recount.mutateAsync(segments) },
    ...(mayWrite
      ? [
          search.archived
            ? { label: "Unarchive", icon: <IconArchiveOff size={14} aria-hidden />, run: (segments: Segment[]) => archive.mutateAsync({ segments, away: false }) }
            : { label: "Archive", icon: <IconArchive size={14} aria-hidden />, run: (segments: Segment[]) => archive.mutateAsync({ segments, away: true }) },
        ]
      : []),
  ];
  const begin = mayWrite ? (
    <ButtonLink to="/people/segments/new" leftSection={<IconPlus size={16} aria-hidden />}>
      New segment
    </ButtonLink>
  ) : null;
  return (
    <Page title="Segments" description="Questions about people that you ask again and again. Who is in a segment is looked up each time it is used." actions={begin}>
      <Listing
        name="segments"
        columns={columns}
        queryKey={["segments", "list", search]}
        page={(after, signal) => api.segments.list({ ...search, limit: after ? 200 : 50, after }, signal)}
        idOf={(segment) => segment.id}
        sort={orders[search.sort ?? "newest"]}
        onSort={(order) => show({ ...search, sort: order === "-createdAt" ? undefined : (Object.keys(orders) as SegmentSort[]).find((sort) => orders[sort] === order) })}
        bulk={bulk}
        filters={
          <ListFilters
            search={search}
            onSearch={show}
            filters={[
              { kind: "search", key: "q", label: "Search segments", placeholder: "Name" },
              { kind: "choice", key: "archived", label: "Archived or not", any: "In use", options: [{ value: "true", label: "Archived" }] },
            ]}
          />
        }
        filtered={isFiltered(search)}
        leftOut={(signal) => api.segments.list({ archived: true, limit: 1 }, signal)}
        empty={
          isFiltered(search) ? (
            <EmptyState icon={<IconChartPie size={26} />} title={search.archived ? "No archived segment" : "No segment matches"}>
              {search.archived && search.q === undefined ? "What you archive is kept here, out of the way." : "Try another word, or clear the filters."}
            </EmptyState>
          ) : (
            <EmptyState icon={<IconChartPie size={26} />} title="No segments yet" firstStep={begin}>
              A segment is everybody of whom something is true: what you know of them, what they agreed to, what they did. Campaigns are sent to segments.
            </EmptyState>
          )
        }
      />
      {mayWrite && !isFiltered(search) ? <Examples /> : null}
    </Page>
  );
}

/** Ways to begin; each opens the builder with the conditions in it. */
function Examples() {
  return (
    <Stack gap={6} mt="lg">
      <Text size="sm" c="dimmed">
        Or begin with one of these:
      </Text>
      <Group gap="xs">
        {examples.map(({ key, name }) => (
          <ButtonLink key={key} to="/people/segments/new" search={{ example: key }} variant="default" size="xs">
            {name}
          </ButtonLink>
        ))}
      </Group>
    </Stack>
  );
}
