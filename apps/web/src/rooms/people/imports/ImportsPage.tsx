import { Stack } from "@mantine/core";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ImportState, type ImportSummary } from "@tincan/api";
import { api } from "../../../api.ts";
import { Dot } from "../../../pieces/Dot.tsx";
import { EmptyState } from "../../../pieces/EmptyState.tsx";
import { TextLink } from "../../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../../pieces/Listing.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { shortList } from "../../../pieces/short-list.ts";
import { importSearch } from "../../../search-params.ts";
import { useMay } from "../../../session.ts";
import { CsvDrop } from "./CsvDrop.tsx";
import { countsSentence, fileSize, importState, isBusy, isPlan } from "./import-words.ts";

const columns: Column<ImportSummary>[] = [
  {
    key: "fileName",
    header: "File",
    sort: "fileName",
    main: true,
    cell: (one) => (
      <TextLink to="/people/import/$id" params={{ id: one.id }} fw={550} className="break">
        {one.fileName}
      </TextLink>
    ),
    text: (one) => one.fileName,
  },
  {
    key: "state",
    header: "State",
    sort: "state",
    cell: (one) => (
      <Dot tone={importState(one.state).tone} pulse={isBusy(one.state)}>
        {importState(one.state).word}
        {isBusy(one.state) ? ` ${Math.floor(one.progress.fraction * 100)}%` : ""}
      </Dot>
    ),
    text: (one) => importState(one.state).word,
  },
  { key: "counts", header: "Result", cell: (one) => (isPlan(one.state) || one.state === "checking" ? "Nobody changed yet" : countsSentence(one.counts)), text: (one) => countsSentence(one.counts) },
  { key: "rows", header: "Rows", align: "right", optional: true, cell: (one) => one.counts.rows.toLocaleString(), text: (one) => String(one.counts.rows) },
  { key: "size", header: "Size", align: "right", optional: true, cell: (one) => fileSize(one.size), text: (one) => String(one.size) },
  { key: "createdBy", header: "By", sort: "createdBy", cell: (one) => one.createdBy, text: (one) => one.createdBy },
  { key: "createdAt", header: "Uploaded", sort: "createdAt", first: "descending", align: "right", cell: (one) => <RelativeTime at={one.createdAt} />, text: (one) => one.createdAt },
];

/** Where a file of people comes in, and what became of those before it. */
export default function ImportsPage() {
  const search = useSearch({ from: "/rooms/people/import" });
  const navigate = useNavigate({ from: "/people/import" });
  const show = (next: object) => void navigate({ search: importSearch({ ...next }), replace: true });
  const { sort = "-createdAt", ...filters } = search;
  const client = useQueryClient();
  const mayWrite = useMay("contacts.write");
  return (
    <Page title="Import" description="Bring people in from a CSV file. People you already have are updated, never duplicated.">
      <Stack gap="lg">
        {mayWrite ? (
          <CsvDrop
            onUploaded={(made) => {
              client.setQueryData(["imports", "one", made.id], made);
              void navigate({ to: "/people/import/$id", params: { id: made.id } });
            }}
          />
        ) : null}
        <Section title="Past imports">
          <Listing
            name="imports"
            columns={columns}
            queryKey={["imports", "list", search]}
            page={(_, signal) => shortList({ columns, sort, part: (query) => api.imports.list({ ...filters, ...query }, signal) })}
            idOf={(one) => one.id}
            sort={sort}
            onSort={(next) => show({ ...search, sort: next === "-createdAt" ? undefined : next })}
            bulk={[]}
            filters={
              <ListFilters
                search={search}
                onSearch={show}
                filters={[
                  { kind: "search", key: "q", label: "Search imports", placeholder: "File name" },
                  { kind: "choice", key: "state", label: "State", any: "Any state", options: ImportState.enum.map((value) => ({ value, label: importState(value).word })) },
                ]}
              />
            }
            filtered={isFiltered(search)}
            empty={
              <EmptyState icon={<IconFileSpreadsheet size={26} />} title={isFiltered(search) ? "No import matches" : "Nothing imported yet"}>
                Every file you bring in stays in this list, with what became of its rows.
              </EmptyState>
            }
          />
        </Section>
      </Stack>
    </Page>
  );
}
