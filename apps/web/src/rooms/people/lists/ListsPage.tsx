import { Text } from "@mantine/core";
import { IconListDetails, IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ContactList, SegmentSort } from "@tincan/api";
import { api } from "../../../api.ts";
import { EmptyState } from "../../../pieces/EmptyState.tsx";
import { ButtonLink, TextLink } from "../../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../../pieces/Listing.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { contactListSearch } from "../../../search-params.ts";
import { useMay } from "../../../session.ts";

const columns: Column<ContactList>[] = [
  {
    key: "name",
    header: "Name",
    sort: "name",
    main: true,
    cell: (list) => (
      <>
        <TextLink to="/people/lists/$id" params={{ id: list.id }} fw={550} className="break">
          {list.name}
        </TextLink>
        {list.description ? (
          <Text size="xs" c="dimmed" lineClamp={1} maw={420}>
            {list.description}
          </Text>
        ) : null}
      </>
    ),
    text: (list) => list.name,
  },
  { key: "members", header: "People", align: "right", cell: ({ members }) => <span className="numeric">{members.toLocaleString()}</span>, text: ({ members }) => String(members) },
  { key: "file", header: "Last file", cell: ({ lastUpload }) => (lastUpload ? <span className="break">{lastUpload.fileName}</span> : null), text: ({ lastUpload }) => lastUpload?.fileName ?? "" },
  { key: "uploadedAt", header: "Uploaded", cell: ({ lastUpload }) => (lastUpload ? <RelativeTime at={lastUpload.uploadedAt} /> : null), text: ({ lastUpload }) => lastUpload?.uploadedAt ?? "" },
  { key: "createdBy", header: "Made by", cell: ({ createdBy }) => createdBy, text: ({ createdBy }) => createdBy },
  { key: "createdAt", header: "Made", align: "right", sort: "createdAt", first: "descending", cell: ({ createdAt }) => <RelativeTime at={createdAt} />, text: ({ createdAt }) => createdAt },
];

/** The server's orders as lists write them. */
const orders: Record<SegmentSort, string> = { newest: "-createdAt", oldest: "createdAt", name: "name" };

/** People put together by hand or from files. */
export default function ListsPage() {
  const search = useSearch({ from: "/rooms/people/lists" });
  const navigate = useNavigate({ from: "/people/lists" });
  const show = (next: object) => void navigate({ search: contactListSearch({ ...next }), replace: true });
  const begin = useMay("segments.write") ? (
    <ButtonLink to="/people/lists/new" leftSection={<IconPlus size={16} aria-hidden />}>
      New list
    </ButtonLink>
  ) : null;
  return (
    <Page title="Lists" description="People put together by hand or from a file. Who is on a list stays on it until somebody takes them off." actions={begin}>
      <Listing
        name="lists"
        columns={columns}
        queryKey={["segments", "lists", search]}
        page={(after, signal) => api.lists.list({ ...search, limit: after ? 200 : 50, after }, signal)}
        idOf={(list) => list.id}
        sort={orders[search.sort ?? "newest"]}
        onSort={(order) => show({ ...search, sort: order === "-createdAt" ? undefined : (Object.keys(orders) as SegmentSort[]).find((sort) => orders[sort] === order) })}
        bulk={[]}
        filters={<ListFilters search={search} onSearch={show} filters={[{ kind: "search", key: "q", label: "Search lists", placeholder: "Name" }]} />}
        filtered={isFiltered(search)}
        empty={
          isFiltered(search) ? (
            <EmptyState icon={<IconListDetails size={26} />} title="No list matches">
              Try another word, or clear the filters.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconListDetails size={26} />} title="No lists yet" firstStep={begin}>
              Guests of an event, winners of a prize, numbers for a test: bring them in from a CSV file, or pick them among your contacts.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
