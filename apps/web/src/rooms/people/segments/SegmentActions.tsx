import { Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArchive, IconArchiveOff, IconCopy, IconPencil, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { Segment, SegmentDetail } from "@tincan/api";
import { type SubmitEvent, useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../../pieces/FormEnd.tsx";
import { ButtonLink } from "../../../pieces/links.tsx";
import { MoreMenu } from "../../../pieces/MoreMenu.tsx";
import { DeleteUnused } from "./DeleteUnused.tsx";

/** What can be done with a segment. */
export function SegmentActions({ segment }: { segment: SegmentDetail }) {
  const navigate = useNavigate();
  const [cloning, clone] = useDisclosure(false);
  const [leaving, setLeaving] = useState<"delete" | "archive" | null>(null);
  const { id, name } = segment;
  const archived = segment.archivedAt !== null;
  const archive = useChange({
    run: (away: boolean) => (away ? api.segments.archive(id) : api.segments.unarchive(id)),
    stale: ["segments"],
    done: (_, away) => (away ? `${name} is archived` : `${name} is listed again`),
    undo: (_, away) => () => (away ? api.segments.unarchive(id) : api.segments.archive(id)),
  });
  const removal = useChange({
    run: () => api.segments.remove(id),
    stale: [],
    done: `${name} is deleted`,
    onDone: () => void navigate({ to: "/people/segments" }),
  });
  return (
    <>
      <ButtonLink to="/people/segments/$id/edit" params={{ id }} leftSection={<IconPencil size={16} aria-hidden />}>
        Edit
      </ButtonLink>
      <MoreMenu>
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={clone.open}>
          Clone
        </Menu.Item>
        <Menu.Item
          leftSection={archived ? <IconArchiveOff size={16} aria-hidden /> : <IconArchive size={16} aria-hidden />}
          onClick={() => (!archived && segment.usedBy.length > 0 ? setLeaving("archive") : archive.mutate(!archived))}
        >
          {archived ? "Unarchive" : "Archive"}
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setLeaving("delete")}>
          Delete
        </Menu.Item>
      </MoreMenu>
      <Modal opened={cloning} onClose={clone.close} title={`Clone ${name}`}>
        <CloneForm segment={segment} onClose={clone.close} />
      </Modal>
      <DeleteUnused opened={leaving !== null} what="segment" act={leaving ?? "delete"} name={name} uses={segment.usedBy} busy={removal.isPending} onConfirm={() => removal.mutate(undefined)} onClose={() => setLeaving(null)} />
    </>
  );
}

function CloneForm({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState(`${segment.name} copy`.slice(0, 120));
  const clone = useChange({
    run: (input: { name: string }) => api.segments.clone(segment.id, input),
    stale: ["segments"],
    onDone: (copy) => {
      onClose();
      void navigate({ to: "/people/segments/$id/edit", params: { id: copy.id } });
    },
    onFailed: () => {},
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    clone.mutate({ name: name.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">A segment with the same conditions. The original stays as it is.</Text>
        <TextInput label="Name" maxLength={120} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        {clone.error ? <ErrorNote error={clone.error} /> : null}
        <FormEnd busy={clone.isPending} disabled={name.trim() === ""} onCancel={onClose}>
          Make the copy
        </FormEnd>
      </Stack>
    </form>
  );
}
