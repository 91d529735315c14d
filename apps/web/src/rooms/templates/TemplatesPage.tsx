import { Button, NativeSelect, Text } from "@mantine/core";
import { IconTemplate } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Template } from "@tincan/api";
import { api } from "../../api.ts";
import { Dot } from "../../pieces/Dot.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ButtonLink, TextLink } from "../../pieces/links.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { Page } from "../../pieces/Page.tsx";
import { Quality } from "../../pieces/Quality.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { SearchInput } from "../../pieces/SearchInput.tsx";
import type { TemplateSearch } from "../../search-params.ts";
import { useMay } from "../../session.ts";
import { inWords, templateStatuses, templateTone } from "./template-words.ts";

const bodyOf = (template: Template) => template.components.find((component) => component.type.toUpperCase() === "BODY")?.text ?? "";

const columns: Column<Template>[] = [
  {
    key: "name",
    header: "Name",
    main: true,
    cell: (template) => (
      <>
        <TextLink to="/templates/$id" params={{ id: template.id }} fw={550} className="break">
          {template.name}
        </TextLink>
        <Text size="xs" c="dimmed" lineClamp={1} maw={360}>
          {bodyOf(template)}
        </Text>
      </>
    ),
    text: (template) => template.name,
  },
  { key: "status", header: "Status", cell: (template) => <Dot tone={templateTone(template.status)}>{inWords(template.status)}</Dot>, text: (template) => template.status },
  { key: "language", header: "Language", cell: (template) => template.language, text: (template) => template.language },
  { key: "category", header: "Category", cell: (template) => inWords(template.category), text: (template) => template.category },
  {
    key: "quality",
    header: "Quality",
    cell: (template) => <Quality rating={template.quality} />,
    text: (template) => template.quality ?? "",
  },
  { key: "provider", header: "Number", cell: (template) => template.provider.nickname, text: (template) => template.provider.nickname },
  { key: "syncedAt", header: "Synced", align: "right", cell: (template) => <RelativeTime at={template.syncedAt} />, text: (template) => template.syncedAt ?? "" },
  { key: "body", header: "Text", optional: true, cell: bodyOf, text: bodyOf },
];

/** The templates of every number, as Meta last told. */
export default function TemplatesPage() {
  const search = useSearch({ from: "/rooms/templates" });
  const navigate = useNavigate({ from: "/templates" });
  const filter = (change: TemplateSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const mayReadProviders = useMay("providers.read");
  const providers = useQuery({ queryKey: ["providers", "choice"], queryFn: ({ signal }) => api.providers.list({ limit: 200 }, signal), enabled: mayReadProviders });
  const filtered = Object.values(search).some((value) => value !== undefined);
  return (
    <Page title="Templates" description="Synced from Meta at start, every hour, and whenever Meta says one has changed.">
      <Listing
        name="templates"
        columns={columns}
        queryKey={["templates", "list", search]}
        page={(after, signal) => api.templates.list({ ...search, limit: after ? 200 : 50, after }, signal)}
        idOf={(template) => template.id}
        filters={
          <>
            <SearchInput label="Search templates" placeholder="Name or text" value={search.q} onSearch={(q) => filter({ q })} />
            <NativeSelect
              aria-label="Status"
              value={search.status ?? ""}
              onChange={(event) => filter({ status: event.currentTarget.value || undefined })}
              data={[{ value: "", label: "Any status" }, ...templateStatuses]}
            />
            <NativeSelect
              aria-label="Category"
              value={search.category ?? ""}
              onChange={(event) => filter({ category: event.currentTarget.value || undefined })}
              data={[{ value: "", label: "Any category" }, ...["MARKETING", "UTILITY", "AUTHENTICATION"].map((value) => ({ value, label: inWords(value) }))]}
            />
            {providers.data && providers.data.items.length > 1 ? (
              <NativeSelect
                aria-label="Number"
                value={search.provider ?? ""}
                onChange={(event) => filter({ provider: event.currentTarget.value || undefined })}
                data={[{ value: "", label: "Any number" }, ...providers.data.items.map((one) => ({ value: one.id, label: one.nickname }))]}
              />
            ) : null}
            {filtered ? (
              <Button variant="subtle" color="gray" onClick={() => void navigate({ search: {}, replace: true })}>
                Clear
              </Button>
            ) : null}
          </>
        }
        empty={
          filtered ? (
            <EmptyState icon={<IconTemplate size={26} />} title="No template matches">
              Try another word, or clear the filters.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconTemplate size={26} />} title="No templates yet" action={<ButtonLink to="/channels/whatsapp">Connect a number</ButtonLink>}>
              A template is a message Meta has approved, with gaps for each person's values. They appear here once a number is connected.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
