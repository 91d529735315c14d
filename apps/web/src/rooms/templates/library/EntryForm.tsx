import { Button, Checkbox, List, NumberInput, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { ApiFailure, type LibraryTemplate, type LibraryTemplateInput, type LibraryTemplateResult } from "@tincan/api";
import { libraryProblems, templateLimits, variablesIn } from "@tincan/whatsapp/templates";
import { type SubmitEvent, useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { focusFirstProblem } from "../../../pieces/focus-problem.ts";
import { FormEnd } from "../../../pieces/FormEnd.tsx";
import { ButtonLink } from "../../../pieces/links.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { RawAnswer } from "../../../pieces/RawAnswer.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { languageWords } from "../editor/words.ts";
import { type EntryInputs, inputsOf } from "./entry-inputs.ts";

interface Props {
  /** The entry in all its languages, of which there is at least one. */
  entries: LibraryTemplate[];
  provider: string;
  /** The language chosen to begin with. */
  first: string;
  inputs: EntryInputs;
  onInputs: (inputs: EntryInputs) => void;
}

/** Name, languages, and what the business adds to an entry. */
export function EntryForm({ entries, provider, first, inputs, onInputs }: Props) {
  const navigate = useNavigate();
  const [entry] = entries;
  const [name, setName] = useState(entry?.name ?? "");
  const [languages, setLanguages] = useState([first]);
  const [attempted, setAttempted] = useState(false);
  const make = useChange({
    run: (input: LibraryTemplateInput) => api.templates.createFromLibrary(input),
    stale: ["templates"],
    done: ({ items }) => `${name} is made in ${items.length} ${items.length === 1 ? "language" : "languages"}`,
    onDone: ({ items: [made], refused }) => {
      if (made && refused.length === 0) void navigate({ to: "/templates/$id", params: { id: made.id } });
    },
    onFailed: () => {},
  });
  if (!entry) return null;
  const added = inputsOf(entry, inputs);
  const problems = libraryProblems(entry, name, added);
  const say = (path: string) => (attempted ? problems.find((problem) => problem.path === path)?.message : undefined);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAttempted(true);
    if (problems.length > 0 || languages.length === 0) {
      focusFirstProblem();
      return;
    }
    make.mutate({ provider, entry: entry.name, name, languages, ...added });
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="lg">
        <Section title="Your template" description="Its words stay as they are; what follows is yours.">
          <TextInput
            label="Name"
            description="Lowercase letters, digits and _"
            value={name}
            maxLength={templateLimits.name}
            error={say("name")}
            spellCheck={false}
            onChange={(event) => setName(event.currentTarget.value.toLowerCase().replaceAll(/[\s-]+/g, "_"))}
          />
          <Checkbox.Group
            label="Languages"
            description="Each becomes a template of this name."
            value={languages}
            onChange={setLanguages}
            error={attempted && languages.length === 0 ? "Choose at least one language." : undefined}
          >
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" mt="xs">
              {entries.map(({ language }) => (
                <Checkbox key={language} value={language} label={languageWords(language)} />
              ))}
            </SimpleGrid>
          </Checkbox.Group>
          {entries.length > 1 && languages.length < entries.length ? (
            <Button size="compact-sm" variant="light" style={{ alignSelf: "flex-start" }} onClick={() => setLanguages(entries.map(({ language }) => language))}>
              Choose all {entries.length}
            </Button>
          ) : null}
        </Section>
        <Added entry={entry} inputs={inputs} onInputs={onInputs} say={say} />
        {make.error ? <ErrorNote error={make.error} /> : null}
        {make.error instanceof ApiFailure && make.error.answer ? <RawAnswer answer={make.error.answer} title="Meta's raw answer" /> : null}
        {make.data && make.data.refused.length > 0 ? <Refused result={make.data} provider={provider} /> : null}
        <FormEnd busy={make.isPending}>Make the template</FormEnd>
      </Stack>
    </form>
  );
}

interface AddedProps extends Pick<Props, "inputs" | "onInputs"> {
  entry: LibraryTemplate;
  say: (path: string) => string | undefined;
}

/** The links and numbers of its buttons, and what goes with a one-time code. */
function Added({ entry, inputs, onInputs, say }: AddedProps) {
  const { urls, urlExamples, phones, minutes, advice } = inputs;
  const fields = entry.buttons.flatMap(({ type, text = "" }, index) => {
    if (type === "URL") {
      const url = urls[index] ?? "";
      return [
        <TextInput
          key={`url ${index}`}
          label={`Address of “${text}”`}
          description="May end in {{1}}, for what differs from message to message"
          placeholder="https://shop.example/orders/{{1}}"
          value={url}
          error={say(`buttons[${index}].url`)}
          onChange={(event) => onInputs({ ...inputs, urls: { ...urls, [index]: event.currentTarget.value } })}
        />,
        ...(variablesIn(url).length > 0
          ? [
              <TextInput
                key={`example ${index}`}
                label={`Sample of the whole address of “${text}”`}
                placeholder="https://shop.example/orders/A-1042"
                value={urlExamples[index] ?? ""}
                error={say(`buttons[${index}].urlExample`)}
                onChange={(event) => onInputs({ ...inputs, urlExamples: { ...urlExamples, [index]: event.currentTarget.value } })}
              />,
            ]
          : []),
      ];
    }
    if (type !== "PHONE_NUMBER") return [];
    return [
      <TextInput
        key={`phone ${index}`}
        type="tel"
        label={`Phone number of “${text}”`}
        placeholder="+15550100123"
        value={phones[index] ?? ""}
        error={say(`buttons[${index}].phoneNumber`)}
        onChange={(event) => onInputs({ ...inputs, phones: { ...phones, [index]: event.currentTarget.value } })}
      />,
    ];
  });
  const isCode = entry.category === "AUTHENTICATION";
  if (fields.length === 0 && !isCode) return null;
  return (
    <Section title={isCode ? "The code" : "Buttons"}>
      <Stack gap="md">
        {fields}
        {isCode ? (
          <>
            <NumberInput
              label="Minutes until the code expires"
              description={`1 to ${templateLimits.codeMinutes}. Left empty, the message does not say it.`}
              min={1}
              max={templateLimits.codeMinutes}
              allowDecimal={false}
              value={minutes}
              onChange={(value) => onInputs({ ...inputs, minutes: typeof value === "number" ? value : "" })}
            />
            <Checkbox label="Advise not to share the code" checked={advice} onChange={(event) => onInputs({ ...inputs, advice: event.currentTarget.checked })} />
          </>
        ) : null}
      </Stack>
    </Section>
  );
}

/** Some languages were made and others not. */
function Refused({ result, provider }: { result: LibraryTemplateResult; provider: string }) {
  const seeThem = <ButtonLink to="/templates" search={{ provider }} size="xs" variant="default">See them</ButtonLink>;
  return (
    <Note kind="warm" announce="polite" title={`${result.items.length} made, ${result.refused.length} refused`} actions={seeThem}>
      <List size="sm">
        {result.refused.map(({ language, message }) => (
          <List.Item key={language}>
            {languageWords(language)}: {message}
          </List.Item>
        ))}
      </List>
    </Note>
  );
}
