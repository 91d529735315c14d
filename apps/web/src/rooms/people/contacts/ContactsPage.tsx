import { IconChartPie, IconTrash, IconUpload, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Contact, ContactSort } from "@tincan/api";
import { useMemo } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { EmptyState } from "../../../pieces/EmptyState.tsx";
import { ButtonLink } from "../../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../../pieces/ListFilters.tsx";
import { type BulkAction, Listing } from "../../../pieces/Listing.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { useMay } from "../../../session.ts";
import type { ContactSearch } from "../../../search-params.ts";
import { useAddToList } from "../lists/add-to-list.tsx";
import { askedOf } from "../segments/from-contacts.ts";
import { contactColumns } from "./contact-columns.tsx";
import { nameOf, sourceChoice } from "./contact-words.ts";
import { exportUrl } from "./export-url.ts";
import { propertyFilters } from "./property-filters.ts";

/** The server's orders as lists write them. */
const orders: Record<ContactSort, string> = { newest: "-createdAt", oldest: "createdAt", name: "name", lastSeenAt: "lastSeenAt", "-lastSeenAt": "-lastSeenAt" };

/** No more people than this are deleted by one request. */
const deletedAtOnce = 1000;

/** Everybody this workspace knows. */
export default function ContactsPage() {
  const search = useSearch({ from: "/rooms/people/contacts" });
  const navigate = useNavigate({ from: "/people/contacts" });
  const mayWrite = useMay("contacts.write");
  const properties = useQuery({ queryKey: ["contacts", "properties"], queryFn: ({ signal }) => api.contacts.properties(signal) });
  const columns = useMemo(() => {
    const all = contactColumns(properties.data?.items ?? []);
    // A file of everybody is more than looking somebody up: the server hands it to those who may change people.
    return mayWrite ? all : all.map(({ text: _text, ...column }) => column);
  }, [properties.data, mayWrite]);
  const show = (next: ContactSearch) => void navigate({ search: next, replace: true });

  const remove = useChange({
    run: async (people: Contact[]) => {
      let deleted = 0;
      for (let from = 0; from < people.length; from += deletedAtOnce) {
        const ids = people.slice(from, from + deletedAtOnce).map(({ id }) => id);
        deleted += (await api.contacts.removeMany({ ids })).deleted;
      }
      return deleted;
    },
    stale: ["contacts"],
    done: (deleted) => (deleted === 1 ? "1 person is deleted" : `${deleted.toLocaleString()} people are deleted`),
  });
  const maySegment = useMay("segments.write");
  const toList = useAddToList();
  const asked = askedOf(search);
  const bulk: BulkAction<Contact>[] = [
    ...(maySegment ? [toList.action] : []),
    {
      label: "Delete",
      icon: <IconTrash size={14} aria-hidden />,
      harm: {
        title: (people) => (people.length === 1 ? "Delete 1 person" : `Delete ${people.length.toLocaleString()} people`),
        says: "Everything about them goes for good: their facts, what they agreed and said no to, their events, what they wrote. Of what was sent to them only counts stay.",
        named: nameOf,
      },
      run: (people) => remove.mutateAsync(people),
    },
  ];
  const ways = mayWrite ? (
    <>
      <ButtonLink to="/people/import" variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
        Import
      </ButtonLink>
      <ButtonLink to="/people/contacts/new" leftSection={<IconUserPlus size={16} aria-hidden />}>
        Add a person
      </ButtonLink>
    </>
  ) : null;

  return (
    <Page title="Contacts" description="Everybody you know: who they are, what they agreed to, and everything sent, received and done." actions={ways}>
      {toList.dialog}
      <Listing
        name="contacts"
        columns={columns}
        queryKey={["contacts", "list", search]}
        page={(after, signal) => api.contacts.list({ ...search, limit: after ? 200 : 50, after }, signal)}
        idOf={(contact) => contact.id}
        sort={orders[search.sort ?? "newest"]}
        onSort={(order) => show({ ...search, sort: order === "-createdAt" ? undefined : (Object.keys(orders) as ContactSort[]).find((one) => orders[one] === order) })}
        {...(mayWrite ? { bulk, csvUrl: exportUrl(search) } : {})}
        filters={
          <>
            <ListFilters
              search={search}
              onSearch={show}
              filters={[
                { kind: "search", key: "q", label: "Search people", placeholder: "Name, phone, e-mail or identity" },
                {
                  kind: "choice",
                  key: "consent",
                  label: "Consent",
                  any: "Any consent",
                  options: [
                    { value: "in", label: "May receive marketing" },
                    { value: "out", label: "May not receive marketing" },
                  ],
                },
                { kind: "choice", key: "source", label: "Source", any: "Any source", options: sourceChoice },
                ...propertyFilters(properties.data?.items ?? [], search.property),
              ]}
            />
            {maySegment && asked ? (
              <ButtonLink to="/people/segments/new" search={asked} variant="subtle" leftSection={<IconChartPie size={16} aria-hidden />}>
                Keep as a segment
              </ButtonLink>
            ) : null}
          </>
        }
        filtered={isFiltered(search)}
        empty={
          isFiltered(search) ? (
            <EmptyState icon={<IconUsers size={26} />} title="Nobody matches">
              Try the beginning of a name or a number, or clear the filters.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconUsers size={26} />} title="Nobody here yet" firstStep={ways}>
              People are who you write to. Add one by hand, bring in a CSV file, or let your own systems tell Tincan over the API. Whoever writes to your number appears here by themselves.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
