import { Group, Stack, Text } from "@mantine/core";
import { IconUserMinus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Contact, ContactListDetail } from "@tincan/api";
import { useMemo } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import type { Column } from "../../../pieces/column.ts";
import { EmptyState } from "../../../pieces/EmptyState.tsx";
import { ButtonLink } from "../../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../../pieces/ListFilters.tsx";
import { type BulkAction, Listing } from "../../../pieces/Listing.tsx";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { peopleSearch } from "../../../search-params.ts";
import { useMay } from "../../../session.ts";
import { contactColumns } from "../contacts/contact-columns.tsx";
import { UsedBy } from "../segments/UsedBy.tsx";
import classes from "../segments/SegmentPage.module.css";
import { LastFile } from "./LastFile.tsx";
import { ListActions } from "./ListActions.tsx";

/** One list: who is on it, what became of its last file, and what uses it. */
export default function ListPage() {
  const { id } = useParams({ from: "/rooms/people/lists/$id" });
  const list = useQuery({
    queryKey: ["segments", "list", "one", id],
    queryFn: ({ signal }) => api.lists.get(id, signal),
    refetchInterval: ({ state }) => (state.data?.lastUpload?.state === "running" ? 1000 : false),
  });
  const { data } = list;
  return (
    <Page
      title={data?.name ?? "List"}
      parent={{ to: "/people/lists", label: "Lists" }}
      description={
        data ? (
          <>
            {data.description ? <div>{data.description}</div> : null}
            Made by {data.createdBy} <RelativeTime at={data.createdAt} />
          </>
        ) : null
      }
      actions={data ? <ListActions list={data} /> : null}
    >
      <Loaded query={list} height={420}>
        {(loaded) => (
          <Stack gap="lg">
            <div className={classes.page}>
              <LastFile list={loaded} />
              <Section title="People" fill>
                <Text className={classes.count}>{loaded.members.toLocaleString()}</Text>
              </Section>
              <UsedBy uses={loaded.usedBy} />
            </div>
            <Members list={loaded} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Members({ list }: { list: ContactListDetail }) {
  const search = useSearch({ from: "/rooms/people/lists/$id" });
  const navigate = useNavigate({ from: "/people/lists/$id" });
  const mayWrite = useMay("segments.write");
  const mayExport = useMay("contacts.write");
  const properties = useQuery({ queryKey: ["contacts", "properties"], queryFn: ({ signal }) => api.contacts.properties(signal) });
  const columns = useMemo(
    () => contactColumns(properties.data?.items ?? []).map(({ sort: _sort, text, ...column }): Column<Contact> => (mayExport && text ? { ...column, text } : column)),
    [properties.data, mayExport],
  );
  const takeOff = useChange({
    run: (people: Contact[]) => api.lists.removeMembers(list.id, { contactIds: people.map(({ id }) => id) }),
    stale: ["segments"],
    done: ({ changed }) => `${changed === 1 ? "1 person is" : `${changed.toLocaleString()} people are`} off the list`,
    undo: (_, people) => () => api.lists.addMembers(list.id, { contactIds: people.map(({ id }) => id) }),
  });
  const bulk: BulkAction<Contact>[] = [{ label: "Take off the list", icon: <IconUserMinus size={14} aria-hidden />, run: (people) => takeOff.mutateAsync(people.slice(0, 1000)) }];
  return (
    <Section title="Who is on it">
      <Listing
        name="members"
        columns={columns}
        queryKey={["segments", "members", list.id, search]}
        page={(after, signal) => api.lists.members(list.id, { ...search, limit: after ? 200 : 50, after }, signal)}
        idOf={(contact) => contact.id}
        {...(mayWrite ? { bulk } : {})}
        {...(mayExport ? { csvUrl: `/api/v1/lists/${list.id}/export.csv` } : {})}
        filters={<ListFilters search={search} onSearch={(next) => void navigate({ search: peopleSearch({ ...next }), replace: true })} filters={[{ kind: "search", key: "q", label: "Search people", placeholder: "Name, number, e-mail, identity" }]} />}
        filtered={isFiltered(search)}
        empty={
          isFiltered(search) ? (
            <EmptyState icon={<IconUsers size={26} />} title="Nobody on the list matches">
              Try another word, or clear the search.
            </EmptyState>
          ) : (
            <EmptyState
              icon={<IconUsers size={26} />}
              title="Nobody on it yet"
              action={
                <Group justify="center">
                  <ButtonLink to="/people/contacts" variant="default">
                    Pick people among the contacts
                  </ButtonLink>
                </Group>
              }
            >
              Upload a file with the button above, or select people in the contacts and put them on this list.
            </EmptyState>
          )
        }
      />
    </Section>
  );
}
