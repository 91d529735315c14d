import { Paper, Text } from "@mantine/core";
import { IconBooks } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { LibraryTemplate, Provider } from "@tincan/api";
import { api } from "../../../api.ts";
import { breakable } from "../../../pieces/breakable.tsx";
import { EmptyState } from "../../../pieces/EmptyState.tsx";
import { ButtonLink, TextLink } from "../../../pieces/links.tsx";
import { type Filter, ListFilters } from "../../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../../pieces/Listing.tsx";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { type LibrarySearch, librarySearch } from "../../../search-params.ts";
import { languageChoices, languageWords } from "../editor/words.ts";
import { providersInUse } from "../providers-in-use.ts";
import { inWords } from "../template-words.ts";

/** Meta's documented words; entries may have others. */
const options = (words: string) => words.split(" ").map((value) => ({ value, label: inWords(value) }));
const topics = options("ACCOUNT_UPDATE CUSTOMER_FEEDBACK ORDER_MANAGEMENT PAYMENTS");
const industries = options("E_COMMERCE FINANCIAL_SERVICES");
/** Every entry is listed once for each language, so one is always chosen: this one, unless another is. */
const usualLanguage = "en_US";
const otherLanguages = languageChoices("").filter(({ value }) => value !== usualLanguage);

/** From the library: Meta's ready-made templates, to choose one. */
export default function LibraryPage() {
  const { provider } = useSearch({ from: "/rooms/templates/library" });
  const providers = useQuery(providersInUse);
  return (
    <Page title="Template library" description="Utility and authentication templates that Meta has written. Their words are fixed, so they need no review." parent={{ to: "/templates", label: "Templates" }}>
      <Loaded query={providers} height={420}>
        {(items) => {
          const numbers = items.filter((one) => one.kind === "cloud-api");
          const usual = numbers.find((one) => one.default) ?? numbers[0];
          const chosen = items.find((one) => one.id === provider) ?? usual;
          if (!usual || !chosen) {
            return (
              <Paper>
                <EmptyState icon={<IconBooks size={26} />} title="No number here has a template library" action={<ButtonLink to="/channels/whatsapp/new">Connect a number</ButtonLink>}>
                  Only numbers on Meta's Cloud API have one.
                </EmptyState>
              </Paper>
            );
          }
          return <Entries chosen={chosen} usual={usual} providers={items} />;
        }}
      </Loaded>
    </Page>
  );
}

interface Props {
  chosen: Provider;
  /** The number that is meant when the address names none. */
  usual: Provider;
  providers: Provider[];
}

function Entries({ chosen, usual, providers }: Props) {
  const search = useSearch({ from: "/rooms/templates/library" });
  const navigate = useNavigate({ from: "/templates/library" });
  if (chosen.kind === "generic") {
    return (
      <Note kind="info" title={`${chosen.nickname} has no template library`} actions={<ButtonLink to="/templates/library" size="xs" variant="default">{`Library of ${usual.nickname}`}</ButtonLink>}>
        Only numbers on Meta's Cloud API have one. The templates of {chosen.nickname} are approved elsewhere: write them down or import them.
      </Note>
    );
  }
  const others = providers.filter(({ id }) => id !== usual.id).map((one) => ({ value: one.id, label: one.nickname }));
  const filters: Filter<LibrarySearch>[] = [
    { kind: "search", key: "q", label: "Search the library", placeholder: "Name or text" },
    { kind: "choice", key: "topic", label: "Topic", any: "Any topic", options: topics },
    { kind: "choice", key: "industry", label: "Industry", any: "Any industry", options: industries },
    { kind: "choice", key: "language", label: "Language", any: languageWords(usualLanguage), options: otherLanguages },
    ...(others.length > 0 ? [{ kind: "choice", key: "provider", label: "Number", any: usual.nickname, options: others } as const] : []),
  ];
  const { q, topic, industry, language = usualLanguage } = search;
  return (
    <Listing
      name="library"
      columns={columnsFor(chosen.id)}
      queryKey={["template-library", chosen.id, { q, topic, industry, language }]}
      page={(after, signal) => api.templates.library({ provider: chosen.id, q, topic, industry, language, limit: 50, after }, signal)}
      idOf={(entry) => entry.id}
      filters={<ListFilters search={search} onSearch={(next) => void navigate({ search: librarySearch({ ...next }), replace: true })} filters={filters} />}
      // It is always asked for one language.
      filtered
      empty={
        <EmptyState icon={<IconBooks size={26} />} title="No ready-made template matches">
          Try another word, topic or language. Not every entry is written in every language.
        </EmptyState>
      }
    />
  );
}

const columnsFor = (provider: string): Column<LibraryTemplate>[] => [
  {
    key: "name",
    header: "Name",
    main: true,
    cell: (entry) => (
      <>
        <TextLink to="/templates/library/$entry" params={{ entry: entry.name }} search={{ provider }} fw={550} className="break">
          {breakable(entry.name)}
        </TextLink>
        <Text size="xs" c="dimmed" maw={560}>
          {entry.body}
        </Text>
      </>
    ),
  },
  { key: "usecase", header: "Use", cell: (entry) => inWords(entry.usecase ?? "") },
  { key: "topic", header: "Topic", cell: (entry) => inWords(entry.topic ?? "") },
  { key: "category", header: "Category", cell: (entry) => inWords(entry.category) },
  { key: "industry", header: "Industry", optional: true, cell: (entry) => entry.industry.map(inWords).join(", ") },
];
