import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconRefresh, IconUsers } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Contact, SegmentDetail } from "@tincan/api";
import { useEffect, useMemo, useRef } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import type { Column } from "../../../pieces/column.ts";
import { EmptyState } from "../../../pieces/EmptyState.tsx";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { isFiltered, ListFilters } from "../../../pieces/ListFilters.tsx";
import { Listing } from "../../../pieces/Listing.tsx";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { QueryWords } from "../../../query-builder/QueryWords.tsx";
import { peopleSearch } from "../../../search-params.ts";
import { useMay } from "../../../session.ts";
import { contactColumns } from "../contacts/contact-columns.tsx";
import { SegmentActions } from "./SegmentActions.tsx";
import classes from "./SegmentPage.module.css";
import { segmentQuery } from "./segment-query.ts";
import { UsedBy } from "./UsedBy.tsx";

/** One segment: what it asks, how many it finds, who they are, and what uses it. */
export default function SegmentPage() {
  const { id } = useParams({ from: "/rooms/people/segments/$id" });
  const segment = useQuery(segmentQuery(id));
  const mayWrite = useMay("segments.write");
  const { data } = segment;
  return (
    <Page
      title={data?.name ?? "Segment"}
      parent={{ to: "/people/segments", label: "Segments" }}
      description={
        data ? (
          <>
            {data.description ? <div>{data.description}</div> : null}
            <Group gap="xs">
              <span>
                Made by {data.createdBy} <RelativeTime at={data.createdAt} />
              </span>
              {data.archivedAt ? <Badge>Archived</Badge> : null}
            </Group>
          </>
        ) : null
      }
      actions={data && mayWrite ? <SegmentActions segment={data} /> : null}
    >
      <Loaded query={segment} height={420}>
        {(loaded) => (
          <Stack gap="lg">
            <div className={classes.page}>
              <Section title="Who is in it" fill>
                <QueryWords query={loaded.query} />
              </Section>
              <Count key={loaded.id} segment={loaded} />
              <UsedBy uses={loaded.usedBy} />
            </div>
            <People segment={loaded} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Count({ segment }: { segment: SegmentDetail }) {
  const client = useQueryClient();
  const { count, countedAt } = segment;
  const recount = useChange({
    run: () => api.segments.recount(segment.id),
    stale: ["segments"],
    onDone: (counted) => client.setQueryData(segmentQuery(segment.id).queryKey, (before) => before && { ...before, ...counted }),
    onFailed: () => {},
  });
  const asked = useRef(false);
  const { mutate } = recount;
  useEffect(() => {
    // Whoever opens a segment wants to know; it is asked once, as somebody may have changed it since.
    if (count !== null || asked.current) return;
    asked.current = true;
    mutate(undefined);
  }, [count, mutate]);
  return (
    <Section title="People" fill>
      {recount.error ? (
        <ErrorNote error={recount.error} retry={() => mutate(undefined)} />
      ) : (
        <div>
          <Text className={classes.count} aria-live="polite">
            {count === null ? "…" : count.toLocaleString()}
          </Text>
          <Group gap={6}>
            <Text size="xs" c="dimmed" component="span">
              {countedAt ? (
                <>
                  Counted <RelativeTime at={countedAt} />
                </>
              ) : recount.isPending ? (
                "Counting"
              ) : (
                "Not counted yet"
              )}
            </Text>
            <Button size="compact-xs" variant="subtle" leftSection={<IconRefresh size={12} aria-hidden />} loading={recount.isPending} onClick={() => mutate(undefined)}>
              Count again
            </Button>
          </Group>
        </div>
      )}
    </Section>
  );
}

function People({ segment: { id, query } }: { segment: SegmentDetail }) {
  const search = useSearch({ from: "/rooms/people/segments/$id" });
  const navigate = useNavigate({ from: "/people/segments/$id" });
  const mayExport = useMay("contacts.write");
  const properties = useQuery({ queryKey: ["contacts", "properties"], queryFn: ({ signal }) => api.contacts.properties(signal) });
  const columns = useMemo(
    // They come in one order.
    () => contactColumns(properties.data?.items ?? []).map(({ text, sort: _sort, ...column }): Column<Contact> => (mayExport && text ? { ...column, text } : column)),
    [properties.data, mayExport],
  );
  return (
    <Section title="Who they are" description="As they are now, those who have been here longest first.">
      <Listing
        name="segment people"
        columns={columns}
        queryKey={["audience", "people", id, query, search]}
        page={(after, signal) => api.segments.people(id, { ...search, limit: after ? 200 : 50, after }, signal)}
        idOf={(contact) => contact.id}
        filters={<ListFilters search={search} onSearch={(next) => void navigate({ search: peopleSearch({ ...next }), replace: true })} filters={[{ kind: "search", key: "q", label: "Search people", placeholder: "Name, number, e-mail, identity" }]} />}
        filtered={isFiltered(search)}
        empty={
          isFiltered(search) ? (
            <EmptyState icon={<IconUsers size={26} />} title="Nobody in the segment matches">
              Try another word, or clear the search.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconUsers size={26} />} title="Nobody yet">
              Whoever meets the conditions later is found then.
            </EmptyState>
          )
        }
      />
    </Section>
  );
}
