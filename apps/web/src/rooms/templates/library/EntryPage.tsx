import { Grid, NativeSelect, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import type { LibraryTemplate, TemplateComponent } from "@tincan/api";
import { libraryComponents } from "@tincan/whatsapp/templates";
import { useState } from "react";
import { api } from "../../../api.ts";
import { bubbleOfTemplate } from "../../../phone-preview/bubble.ts";
import { PhonePreview } from "../../../phone-preview/PhonePreview.tsx";
import { ButtonLink } from "../../../pieces/links.tsx";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { useMay } from "../../../session.ts";
import { languageWords } from "../editor/words.ts";
import { FillChoice } from "../FillChoice.tsx";
import { inWords } from "../template-words.ts";
import { EntryForm } from "./EntryForm.tsx";
import { inputsOf, noInputs } from "./entry-inputs.ts";

/** One entry of the library: how it looks in each language, and what makes a template of it. */
export default function EntryPage() {
  const { entry } = useParams({ from: "/rooms/templates/library/$entry" });
  const { provider = "" } = useSearch({ from: "/rooms/templates/library/$entry" });
  const languages = useQuery({
    queryKey: ["template-library", provider, "named", entry],
    queryFn: async ({ signal }) => (await api.templates.library({ provider, name: entry }, signal)).items,
    // Every question goes to Meta, whose library hardly ever changes.
    staleTime: 300_000,
  });
  const first = languages.data?.[0];
  return (
    <Page title={entry} description={first ? [first.category, first.usecase ?? ""].filter(Boolean).map(inWords).join(", ") : null} parent={{ to: "/templates/library", label: "Template library" }}>
      <Loaded query={languages} height={420}>
        {(entries) =>
          entries.length > 0 ? (
            <Entry entries={entries} provider={provider} />
          ) : (
            <Note kind="info" title="The library has no such template" actions={<ButtonLink to="/templates/library">Look at all of them</ButtonLink>} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Entry({ entries, provider }: { entries: LibraryTemplate[]; provider: string }) {
  const mayWrite = useMay("templates.write");
  const [language, setLanguage] = useState(entries.find((one) => one.language.startsWith("en"))?.language ?? entries[0]?.language ?? "");
  const [inputs, setInputs] = useState(noInputs);
  const [show, setShow] = useState("samples");
  const shown = entries.find((one) => one.language === language) ?? entries[0];
  if (!shown) return null;
  const components = libraryComponents(shown, inputsOf(shown, inputs)) as TemplateComponent[];
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 6, lg: 5 }} order={{ base: 1, md: 2 }}>
        <Stack align="center" gap="sm">
          <NativeSelect aria-label="Language of the preview" value={language} onChange={(event) => setLanguage(event.currentTarget.value)} data={entries.map((one) => ({ value: one.language, label: languageWords(one.language) }))} />
          <FillChoice value={show} onChange={setShow} />
          <PhonePreview title={shown.name} messages={[{ id: shown.id, side: "in", time: "10:42", bubble: bubbleOfTemplate(components, undefined, { examples: show === "samples" }) }]} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6, lg: 7 }} order={{ base: 2, md: 1 }}>
        {mayWrite ? <EntryForm entries={entries} provider={provider} first={language} inputs={inputs} onInputs={setInputs} /> : <Note kind="info" title="You may look at templates, not make them" />}
      </Grid.Col>
    </Grid>
  );
}
