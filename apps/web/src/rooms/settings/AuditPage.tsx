import { Button, Modal, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { AuditEntry } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { breakable } from "../../pieces/breakable.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { JsonBlock } from "../../pieces/JsonBlock.tsx";
import { isFiltered, ListFilters } from "../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { Page } from "../../pieces/Page.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { auditSearch } from "../../search-params.ts";

/** provider.created → Provider created. */
function sentence(action: string): string {
  const words = action.replaceAll(/[._-]/g, " ");
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\bapi\b/i, "API").replace("two factor", "two-factor");
}

const auditColumns = (open: (entry: AuditEntry) => void): Column<AuditEntry>[] => [
  {
    key: "action",
    header: "Change",
    main: true,
    cell: (entry) => (
      <Text size="sm" fw={550}>
        {sentence(entry.action)}
      </Text>
    ),
    text: (entry) => entry.action,
  },
  {
    key: "target",
    header: "What",
    cell: (entry) => (
      <Text span inherit display="inline-block" maw={440} className="break">
        {breakable(entry.target.name)}
      </Text>
    ),
    text: (entry) => entry.target.name,
  },
  { key: "actor", header: "Who", cell: (entry) => (entry.actor.kind === "apiKey" ? `${entry.actor.name} (API key)` : entry.actor.name), text: (entry) => entry.actor.name },
  {
    key: "detail",
    header: "Detail",
    cell: (entry) =>
      entry.detail === undefined || entry.detail === null ? null : (
        <Button size="compact-sm" variant="subtle" mx={-8} onClick={() => open(entry)} aria-label={`Detail of ${sentence(entry.action)}, ${entry.target.name}`}>
          Show
        </Button>
      ),
    text: (entry) => (entry.detail === undefined ? "" : JSON.stringify(entry.detail)),
  },
  { key: "at", header: "When", sort: "at", first: "descending", align: "right", cell: (entry) => <RelativeTime at={entry.at} />, text: (entry) => entry.at },
];

/** Who changed what, and when. */
export default function AuditPage() {
  const search = useSearch({ from: "/rooms/settings/audit" });
  const navigate = useNavigate({ from: "/settings/audit" });
  const show = (next: object) => void navigate({ search: auditSearch({ ...next }), replace: true });
  const [open, setOpen] = useState<AuditEntry | null>(null);
  return (
    <Page title="Audit" description="Every change anybody or anything made in this workspace. Nothing here can be altered.">
      <Listing
        name="audit"
        columns={auditColumns(setOpen)}
        queryKey={["audit", search]}
        page={(after, signal) => api.audit.list({ ...search, after }, signal)}
        idOf={(entry) => entry.id}
        sort={search.sort ?? "-at"}
        onSort={(sort) => show({ ...search, sort: sort === "-at" ? undefined : sort })}
        filters={<ListFilters search={search} onSearch={show} filters={[{ kind: "search", key: "q", label: "Search the audit log", placeholder: "Person, thing or change" }]} />}
        filtered={isFiltered(search)}
        empty={
          <EmptyState icon={<IconShieldCheck size={26} />} title={search.q ? "No change matches" : "No changes yet"}>
            Creating, changing and deleting leave an entry here, with who did it.
          </EmptyState>
        }
      />
      <Modal opened={open !== null} onClose={() => setOpen(null)} title={open ? breakable(`${sentence(open.action)}: ${open.target.name}`) : ""} size="lg">
        {open ? <JsonBlock value={open.detail} label="Detail" /> : null}
      </Modal>
    </Page>
  );
}
