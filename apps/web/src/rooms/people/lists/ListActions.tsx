import { Button, Menu, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil, IconTrash, IconUpload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { ContactListDetail, ContactListInput } from "@tincan/api";
import { type SubmitEvent, useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { useFormChange } from "../../../form-change.ts";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../../pieces/FormEnd.tsx";
import { MoreMenu } from "../../../pieces/MoreMenu.tsx";
import { sayDone } from "../../../pieces/undo.tsx";
import { useMay } from "../../../session.ts";
import { DeleteUnused } from "../segments/DeleteUnused.tsx";
import { type ChosenFile, FileMode, PeopleFile } from "./PeopleFile.tsx";
import { Uploading } from "./Uploading.tsx";
import { useUpload } from "./use-upload.ts";

/** What can be done with a list. */
export function ListActions({ list }: { list: ContactListDetail }) {
  const navigate = useNavigate();
  const mayWrite = useMay("segments.write");
  const [uploading, upload] = useDisclosure(false);
  const [renaming, rename] = useDisclosure(false);
  const [deleting, remove] = useDisclosure(false);
  const removal = useChange({ run: () => api.lists.remove(list.id), stale: [], done: `${list.name} is deleted`, onDone: () => void navigate({ to: "/people/lists" }) });
  if (!mayWrite) return null;
  return (
    <>
      <Button leftSection={<IconUpload size={16} aria-hidden />} onClick={upload.open}>
        Upload a file
      </Button>
      <MoreMenu>
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={rename.open}>
          Rename
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={remove.open}>
          Delete
        </Menu.Item>
      </MoreMenu>
      <Modal opened={uploading} onClose={upload.close} size="lg" title={`Upload a file to ${list.name}`}>
        <UploadForm list={list} onClose={upload.close} />
      </Modal>
      <Modal opened={renaming} onClose={rename.close} title={`Rename ${list.name}`}>
        <RenameForm list={list} onClose={rename.close} />
      </Modal>
      <DeleteUnused opened={deleting} what="list" name={list.name} uses={list.usedBy} busy={removal.isPending} onConfirm={() => removal.mutate(undefined)} onClose={remove.close} />
    </>
  );
}

function UploadForm({ list, onClose }: { list: ContactListDetail; onClose: () => void }) {
  const [chosen, setChosen] = useState<ChosenFile | null>(null);
  const [mode, setMode] = useState<"add" | "replace">("add");
  const { send, fraction, failure, cancel } = useUpload();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!chosen) return;
    const done = await send(list.id, chosen, mode);
    if (!done) return;
    sayDone(`${done.fileName} is uploaded; its people are being looked for`);
    onClose();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <PeopleFile value={chosen} onChange={setChosen} />
        {chosen ? <FileMode value={mode} onChange={setMode} members={list.members} /> : null}
        {fraction !== null && chosen ? <Uploading name={chosen.file.name} fraction={fraction} onCancel={cancel} /> : null}
        {failure ? <ErrorNote error={failure} /> : null}
        <FormEnd busy={fraction !== null} disabled={!chosen} harm={mode === "replace"} onCancel={onClose}>
          {mode === "replace" ? "Replace the list" : "Put them on the list"}
        </FormEnd>
      </Stack>
    </form>
  );
}

function RenameForm({ list, onClose }: { list: ContactListDetail; onClose: () => void }) {
  const form = useForm({ initialValues: { name: list.name, description: list.description }, validate: { name: (name) => (name.trim() === "" ? "A list needs a name" : null) } });
  const { failure, submit, busy } = useFormChange(form, { run: (input: { name: string; description: string }) => api.lists.update(list.id, input satisfies ContactListInput), stale: ["segments"], onDone: onClose });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput label="Name" maxLength={120} data-autofocus autoComplete="off" {...form.getInputProps("name")} />
        <Textarea label="Description" autosize minRows={1} maxLength={500} {...form.getInputProps("description")} />
        {failure ? <ErrorNote error={failure} /> : null}
        <FormEnd busy={busy} onCancel={onClose}>
          Save
        </FormEnd>
      </Stack>
    </form>
  );
}
