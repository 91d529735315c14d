import { Accordion, Button, Group, NativeSelect, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ConsentSettings, ConsentWords } from "@tincan/api";
import { useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { useDraftOf } from "../../../draft-of.ts";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { HarmButton } from "../../../pieces/HarmButton.tsx";
import { LeaveGuard } from "../../../pieces/LeaveGuard.tsx";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { useMay } from "../../../session.ts";
import { countryChoice } from "../../people/phone-reading.ts";
import { draftOf, type LanguageDraft, languageName, listedTwice, repliesOf, wordsOf } from "./consent-draft.ts";
import classes from "./ConsentPage.module.css";
import { LanguageSection } from "./LanguageSection.tsx";

interface Loaded {
  words: ConsentWords;
  settings: ConsentSettings;
}

/** The words by which people opt out and in by themselves, what is answered, and how bare numbers are read. */
export default function ConsentPage() {
  const query = useQuery({
    queryKey: ["consent"],
    queryFn: async ({ signal }): Promise<Loaded> => {
      const [words, settings] = await Promise.all([api.consent.words(signal), api.consent.settings(signal)]);
      return { words, settings };
    },
  });
  return (
    <Page title="Consent words" description="Whoever writes one of these words, and nothing else, opts out or in at once. The same holds for a button with such a label." narrow>
      <Loaded query={query} height={420}>
        {(loaded) => <Form loaded={loaded} />}
      </Loaded>
    </Page>
  );
}

/** What is loaded, as the form holds it. */
const formOf = ({ words, settings }: Loaded) => ({ languages: draftOf(words.words, settings.replies), reply: settings.reply, country: settings.defaultCountry ?? "" });

function Form({ loaded }: { loaded: Loaded }) {
  const { words, settings } = loaded;
  const mayWrite = useMay("workspace.write");
  const { draft, setDraft, changed } = useDraftOf(formOf(loaded));
  const { languages, reply, country } = draft;
  const setLanguages = (next: LanguageDraft[]) => setDraft({ ...draft, languages: next });
  const save = useChange({
    run: async (): Promise<Loaded> => ({
      // Unchanged built-in words stay built in, and so follow what later releases bring.
      words: wordsChanged ? await api.consent.setWords({ words: wordsOf(languages) }) : words,
      settings: await api.consent.setSettings({ defaultCountry: country || null, reply, replies: repliesOf(languages) }),
    }),
    stale: ["consent", "contacts"],
    done: "Saved",
    onDone: (saved) => setDraft(formOf(saved)),
    onFailed: () => undefined,
  });
  const wordsChanged = JSON.stringify(wordsOf(languages)) !== JSON.stringify(wordsOf(draftOf(words.words, settings.replies)));
  const twice = listedTwice(languages);
  return (
    <Stack gap="lg">
      <LeaveGuard isDirty={() => changed && !save.isPending} />
      <Section title="Numbers and answers">
        <NativeSelect
          label="Country of numbers without one"
          description="For numbers typed into forms and sent by your systems. Numbers with + and a country's code keep their own."
          value={country}
          disabled={!mayWrite}
          onChange={(event) => setDraft({ ...draft, country: event.currentTarget.value })}
          data={[{ value: "", label: "None: such numbers are refused" }, ...countryChoice()]}
        />
        <Switch
          label="Answer with a confirmation"
          description="Goes out at once, inside the 24-hour window that the word itself has opened."
          checked={reply}
          disabled={!mayWrite}
          onChange={(event) => setDraft({ ...draft, reply: event.currentTarget.checked })}
        />
      </Section>
      <Accordion variant="separated" multiple defaultValue={languages.slice(0, 1).map(({ language }) => language)} chevronPosition="left" classNames={{ item: classes.language }}>
        {languages.map((language, index) => (
          <LanguageSection
            key={language.language}
            draft={language}
            answersForOthers={index === languages.findIndex((one) => one.out.trim() !== "" || one.in.trim() !== "")}
            mayWrite={mayWrite}
            replies={reply}
            onChange={(next) => setLanguages(languages.map((one, i) => (i === index ? next : one)))}
            onRemove={() => setLanguages(languages.filter((_, i) => i !== index))}
          />
        ))}
      </Accordion>
      {mayWrite ? (
        <>
          <AddLanguage
            taken={languages.map(({ language }) => language)}
            onAdd={(language) => setLanguages([...languages, { ...(draftOf([], [{ language, out: "", in: "" }])[0] ?? { language, lines: [], out: "", in: "" }), lines: [{ id: 0, state: "out", category: "all", words: [] }] }])}
          />
          {twice.length > 0 ? (
            <Note kind="warm" title={`${twice.map((word) => `“${word}”`).join(", ")} ${twice.length === 1 ? "is" : "are"} listed twice in one language`} announce="polite">
              Take it out of one of the lines.
            </Note>
          ) : null}
          {save.error ? <ErrorNote error={save.error} /> : null}
          <Group justify="space-between">
            {words.custom ? <BuiltIn words={words} onReset={(next) => setDraft(formOf({ words: next, settings }))} /> : <span />}
            <Button onClick={() => save.mutate(undefined)} loading={save.isPending} disabled={twice.length > 0}>
              Save
            </Button>
          </Group>
        </>
      ) : null}
    </Stack>
  );
}

/** Back to the words Tincan brings along. */
function BuiltIn({ words: { words: own }, onReset }: { words: ConsentWords; onReset: (words: ConsentWords) => void }) {
  const reset = useChange<ConsentWords["words"], ConsentWords>({
    run: () => api.consent.setWords({ words: null }),
    stale: ["consent"],
    done: "The built-in words are in use",
    onDone: onReset,
    undo: (_, before) => () => api.consent.setWords({ words: before }),
  });
  return (
    <HarmButton label="Use the built-in words" title="Use the built-in words" confirm="Replace my words" onConfirm={() => reset.mutateAsync(own)}>
      Your own words in every language are forgotten. The answers stay.
    </HarmButton>
  );
}

function AddLanguage({ taken, onAdd }: { taken: string[]; onAdd: (language: string) => void }) {
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const name = languageName(code);
  const add = () => {
    const language = code.trim();
    if (taken.includes(language)) setProblem("This language is above");
    else if (!name) setProblem("A language code, like en or pt_BR");
    else {
      onAdd(language);
      setCode("");
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Group align="flex-start" gap="xs">
        <TextInput
          aria-label="Code of another language"
          placeholder="Another language: de, pt_BR"
          maxLength={20}
          value={code}
          onChange={(event) => {
            setCode(event.currentTarget.value);
            setProblem(null);
          }}
          error={problem}
        />
        <Button type="submit" variant="default" leftSection={<IconPlus size={16} aria-hidden />}>
          Language
        </Button>
        {code.trim() && name ? (
          <Text size="sm" c="dimmed" mt={8} aria-live="polite">
            {name}
          </Text>
        ) : null}
      </Group>
    </form>
  );
}
