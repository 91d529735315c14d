import { Text } from "@mantine/core";
import { IconBooks, IconDownload, IconPlus, IconTemplate } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Template } from "@tincan/api";
import { api } from "../../api.ts";
import { breakable } from "../../pieces/breakable.tsx";
import { Dot } from "../../pieces/Dot.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ButtonLink, TextLink } from "../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { useNumberChoice } from "../../pieces/number-choice.ts";
import { Page } from "../../pieces/Page.tsx";
import { Quality } from "../../pieces/Quality.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { type TemplateSearch, templateSearch } from "../../search-params.ts";
import { useMay } from "../../session.ts";
import { importable, providersInUse } from "./providers-in-use.ts";
import { inWords, templateCategories, templateStatuses, templateTone } from "./template-words.ts";

const bodyOf = (template: Template) => template.components.find((component) => component.type.toUpperCase() === "BODY")?.text ?? "";

const columns: Column<Template>[] = [
  {
    key: "name",
    header: "Name",
    sort: "name",
    main: true,
    cell: (template) => (
      <>
        <TextLink to="/templates/$id" params={{ id: template.id }} fw={550} className="break">
          {breakable(template.name)}
        </TextLink>
        <Text size="xs" c="dimmed" lineClamp={1} maw={360}>
          {bodyOf(template)}
        </Text>
      </>
    ),
    text: (template) => template.name,
  },
  { key: "status", header: "Status", sort: "status", cell: (template) => <Dot tone={templateTone(template.status)}>{inWords(template.status)}</Dot>, text: (template) => template.status },
  { key: "language", header: "Language", cell: (template) => template.language, text: (template) => template.language },
  { key: "category", header: "Category", sort: "category", cell: (template) => inWords(template.category), text: (template) => template.category },
  {
    key: "quality",
    header: "Quality",
    cell: (template) => <Quality rating={template.quality} />,
    text: (template) => template.quality ?? "",
  },
  { key: "provider", header: "Number", cell: (template) => template.provider.nickname, text: (template) => template.provider.nickname },
  { key: "syncedAt", header: "Synced", align: "right", cell: (template) => <RelativeTime at={template.syncedAt} />, text: (template) => template.syncedAt ?? "" },
  { key: "updatedAt", header: "Changed", sort: "updatedAt", first: "descending", align: "right", optional: true, cell: (template) => <RelativeTime at={template.updatedAt} />, text: (template) => template.updatedAt },
  { key: "body", header: "Text", optional: true, cell: bodyOf, text: bodyOf },
];

function Actions({ provider }: { provider: string | undefined }) {
  const providers = useQuery({ ...providersInUse, enabled: useMay("providers.read") });
  return (
    <>
      {providers.data?.some(importable) ? (
        <ButtonLink to="/templates/import" search={{ provider }} variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          Import
        </ButtonLink>
      ) : null}
      <ButtonLink to="/templates/library" search={{ provider }} variant="default" leftSection={<IconBooks size={16} aria-hidden />}>
        From the library
      </ButtonLink>
      <ButtonLink to="/templates/new" search={{ provider }} leftSection={<IconPlus size={16} aria-hidden />}>
        Template
      </ButtonLink>
    </>
  );
}

/** The templates of every number, as Meta last told. */
export default function TemplatesPage() {
  const search = useSearch({ from: "/rooms/templates" });
  const navigate = useNavigate({ from: "/templates" });
  const show = (next: object) => void navigate({ search: templateSearch({ ...next }), replace: true });
  const numbers = useNumberChoice<TemplateSearch>();
  const mayWrite = useMay("templates.write");
  return (
    <Page title="Templates" description="Synced from Meta at start, every hour, and whenever Meta says one has changed." actions={mayWrite ? <Actions provider={search.provider} /> : null}>
      <Listing
        name="templates"
        columns={columns}
        queryKey={["templates", "list", search]}
        page={(after, signal) => api.templates.list({ ...search, limit: after ? 200 : 50, after }, signal)}
        idOf={(template) => template.id}
        sort={search.sort ?? "name"}
        onSort={(sort) => show({ ...search, sort: sort === "name" ? undefined : sort })}
        bulk={[]}
        filters={
          <ListFilters
            search={search}
            onSearch={show}
            filters={[
              { kind: "search", key: "q", label: "Search templates", placeholder: "Name or text" },
              { kind: "choice", key: "status", label: "Status", any: "Any status", options: templateStatuses },
              { kind: "choice", key: "category", label: "Category", any: "Any category", options: templateCategories },
              ...numbers,
              { kind: "choice", key: "archived", label: "Archived or not", any: "In use", options: [{ value: "true", label: "Archived" }] },
            ]}
          />
        }
        filtered={isFiltered(search)}
        leftOut={(signal) => api.templates.list({ archived: true, limit: 1 }, signal)}
        empty={
          isFiltered(search) ? (
            <EmptyState icon={<IconTemplate size={26} />} title="No template matches">
              Try another word, or clear the filters.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconTemplate size={26} />} title="No templates yet" action={<ButtonLink to="/channels/whatsapp">Connect a number</ButtonLink>}>
              A template is a message Meta has approved, with gaps for each person's values. Write the first one with + Template; those a number has at Meta appear once it is connected.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
