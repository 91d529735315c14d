import { Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import type { ContactList } from "@tincan/api";
import { useState } from "react";
import { api } from "../../../api.ts";
import { useFormChange } from "../../../form-change.ts";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../../pieces/FormEnd.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { sayDone } from "../../../pieces/undo.tsx";
import { useMay } from "../../../session.ts";
import { type ChosenFile, PeopleFile } from "./PeopleFile.tsx";
import { Uploading } from "./Uploading.tsx";
import { useUpload } from "./use-upload.ts";

/** Makes a list: empty, or with the people of a file. */
export default function NewListPage() {
  const mayWrite = useMay("segments.write");
  return (
    <Page title="New list" parent={{ to: "/people/lists", label: "Lists" }} narrow>
      {mayWrite ? (
        <NewList />
      ) : (
        <Note kind="info" title="Your role may look at lists, not make them">
          Ask an admin of the workspace.
        </Note>
      )}
    </Page>
  );
}

function NewList() {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ChosenFile | null>(null);
  const upload = useUpload();
  /** Made already when its file failed: the next try only sends the file. */
  const [made, setMade] = useState<ContactList | null>(null);
  const form = useForm({ initialValues: { name: "", description: "" }, validate: { name: (name) => (name.trim() === "" ? "A list needs a name" : null) } });
  const { failure, submit, busy } = useFormChange(form, {
    run: async ({ name, description }: { name: string; description: string }) => {
      const input = { name: name.trim(), description: description.trim() };
      const list = made ? await api.lists.update(made.id, input) : await api.lists.create(input);
      setMade(list);
      const { id } = list;
      const done = chosen ? await upload.send(id, chosen, "add") : undefined;
      return { id, name: input.name, done };
    },
    stale: ["segments"],
    onDone: ({ id, name, done }) => {
      if (done === null) return;
      sayDone(done ? `${name} is made; the people of ${done.fileName} are being looked for` : `${name} is made`);
      void navigate({ to: "/people/lists/$id", params: { id } });
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Section title="About">
          <TextInput label="Name" maxLength={120} autoComplete="off" {...form.getInputProps("name")} />
          <Textarea label="Description" description="For those who find it later; may be left empty." autosize minRows={1} maxLength={500} {...form.getInputProps("description")} />
        </Section>
        <Section title="People from a file" description="Without a file the list begins empty; people can be put on it from the contacts.">
          <PeopleFile value={chosen} onChange={setChosen} />
        </Section>
        {upload.fraction !== null && chosen ? <Uploading name={chosen.file.name} fraction={upload.fraction} onCancel={upload.cancel} /> : null}
        {failure ? <ErrorNote error={failure} /> : null}
        {upload.failure ? <ErrorNote error={upload.failure} /> : null}
        {upload.failure && made ? <Note kind="info" title={`The list ${made.name} is made and still empty`}>Choose the file again, or another one.</Note> : null}
        <FormEnd busy={busy}>{chosen ? "Make the list from the file" : "Make an empty list"}</FormEnd>
      </Stack>
    </form>
  );
}
