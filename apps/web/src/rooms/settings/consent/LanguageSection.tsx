import { Accordion, ActionIcon, Button, NativeSelect, SimpleGrid, Stack, TagsInput, Text, Textarea } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { ConsentScope } from "@tincan/api";
import { scopeWords } from "../../people/contacts/contact-words.ts";
import { type LanguageDraft, languageName, type WordLine } from "./consent-draft.ts";
import classes from "./LanguageSection.module.css";

interface Props {
  draft: LanguageDraft;
  /** Its answers go to everybody whose language has none. */
  answersForOthers: boolean;
  /** Whether answers are given at all. */
  replies: boolean;
  mayWrite: boolean;
  onChange: (draft: LanguageDraft) => void;
  onRemove: () => void;
}

const stateChoice = [
  { value: "out", label: "Opts out of" },
  { value: "in", label: "Opts in to" },
];
const scopeChoice = ConsentScope.enum.map((value) => ({ value, label: scopeWords[value] }));

/** One language: its words by what they do, and what is answered. */
export function LanguageSection({ draft, answersForOthers, replies, mayWrite, onChange, onRemove }: Props) {
  const name = languageName(draft.language) ?? draft.language;
  const set = (id: number, change: Partial<WordLine>) => onChange({ ...draft, lines: draft.lines.map((line) => (line.id === id ? { ...line, ...change } : line)) });
  const addLine = () => onChange({ ...draft, lines: [...draft.lines, { id: Math.max(-1, ...draft.lines.map(({ id }) => id)) + 1, state: "out", category: "marketing", words: [] }] });
  const count = draft.lines.reduce((sum, line) => sum + line.words.length, 0);
  return (
    <Accordion.Item value={draft.language}>
      <Accordion.Control>
        <Text fw={600} size="sm" component="span">
          {name}
        </Text>
        <Text size="sm" c="dimmed" component="span" ml="xs">
          {count === 1 ? "1 word" : `${count} words`}
          {answersForOthers && replies ? ", answers everybody whose language has none" : ""}
        </Text>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="md">
          <Stack gap="sm">
            {draft.lines.map((line) => (
              <div key={line.id} className={classes.line}>
                <NativeSelect
                  aria-label={`What these words in ${name} do`}
                  value={line.state}
                  disabled={!mayWrite}
                  data={stateChoice}
                  onChange={(event) => set(line.id, { state: event.currentTarget.value === "in" ? "in" : "out" })}
                />
                <NativeSelect
                  aria-label={`What these words in ${name} are about`}
                  value={line.category}
                  disabled={!mayWrite}
                  data={scopeChoice}
                  onChange={(event) => set(line.id, { category: ConsentScope.enum.find((one) => one === event.currentTarget.value) ?? "all" })}
                />
                <TagsInput
                  aria-label={`Words in ${name} that ${line.state === "out" ? "opt out of" : "opt in to"} ${scopeWords[line.category]}`}
                  placeholder={line.words.length === 0 ? "A word, then Enter" : undefined}
                  value={line.words}
                  classNames={{ inputField: classes.next }}
                  disabled={!mayWrite}
                  onChange={(words) => set(line.id, { words: words.map((word) => word.slice(0, 60)) })}
                />
                {mayWrite ? (
                  <ActionIcon size="lg" aria-label={`Remove this line of ${name}`} onClick={() => onChange({ ...draft, lines: draft.lines.filter(({ id }) => id !== line.id) })}>
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                ) : null}
              </div>
            ))}
            {mayWrite ? (
              <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={addLine} style={{ alignSelf: "flex-start" }}>
                Line of words
              </Button>
            ) : null}
          </Stack>
          {replies ? (
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <Textarea label="Answer to an opt-out" placeholder="No answer" autosize minRows={2} maxLength={1024} value={draft.out} readOnly={!mayWrite} onChange={(event) => onChange({ ...draft, out: event.currentTarget.value })} />
              <Textarea label="Answer to an opt-in" placeholder="No answer" autosize minRows={2} maxLength={1024} value={draft.in} readOnly={!mayWrite} onChange={(event) => onChange({ ...draft, in: event.currentTarget.value })} />
            </SimpleGrid>
          ) : null}
          {mayWrite ? (
            <Button size="xs" variant="default" leftSection={<IconTrash size={14} aria-hidden />} onClick={onRemove} aria-label={`Remove ${name}`} style={{ alignSelf: "flex-end" }}>
              Remove the language
            </Button>
          ) : null}
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}
