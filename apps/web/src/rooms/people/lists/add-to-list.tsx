import { Button, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconListDetails } from "@tabler/icons-react";
import type { Contact } from "@tincan/api";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { type Named, useFound } from "../../../pieces/found.ts";
import { FormEnd } from "../../../pieces/FormEnd.tsx";
import type { BulkAction } from "../../../pieces/Listing.tsx";
import { SearchSelect } from "../../../pieces/SearchSelect.tsx";
import { listSource } from "../people-sources.ts";

/** No more people than this are put on a list by one request. */
const atOnce = 1000;

interface Asked {
  people: Contact[];
  done: () => void;
  giveUp: (reason: Error) => void;
}

/** Puts picked people on a list: the action for a selection, and the dialog that it opens. */
export function useAddToList(): { action: BulkAction<Contact>; dialog: ReactNode } {
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (isDone: boolean) => {
    if (isDone) asked?.done();
    else asked?.giveUp(new Error("Nobody was put on a list."));
    setAsked(null);
  };
  return {
    action: {
      label: "Add to a list",
      icon: <IconListDetails size={14} aria-hidden />,
      // The people stay picked until they are on a list.
      run: (people) => new Promise<void>((done, giveUp) => setAsked({ people, done, giveUp })),
    },
    dialog: (
      <Modal opened={asked !== null} onClose={() => close(false)} title={<Text fw={620}>{asked?.people.length === 1 ? "Put 1 person on a list" : `Put ${asked?.people.length.toLocaleString()} people on a list`}</Text>}>
        {asked ? <Choice people={asked.people} onClose={close} /> : null}
      </Modal>
    ),
  };
}

function Choice({ people, onClose }: { people: Contact[]; onClose: (isDone: boolean) => void }) {
  const [list, setList] = useState<Named | null>(null);
  const [newName, setNewName] = useState<string | null>(null);
  const some = useFound(listSource, "");
  const isAny = some.items.length > 0;
  const isNew = newName !== null || (!some.isSearching && !isAny);
  const add = useChange({
    run: async () => {
      const to = isNew ? await api.lists.create({ name: (newName ?? "").trim() }) : (list ?? { id: "", name: "" });
      let changed = 0;
      for (let from = 0; from < people.length; from += atOnce) {
        changed += (await api.lists.addMembers(to.id, { contactIds: people.slice(from, from + atOnce).map(({ id }) => id) })).changed;
      }
      return { name: to.name, changed };
    },
    stale: ["segments"],
    done: ({ name, changed }) => (changed === people.length ? `They are on ${name}` : `${changed.toLocaleString()} are new on ${name}; the others were on it already`),
    onDone: () => onClose(true),
    onFailed: () => {},
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    add.mutate(undefined);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {isNew ? (
          <TextInput label="Name of the new list" maxLength={120} value={newName ?? ""} onChange={(event) => setNewName(event.currentTarget.value)} data-autofocus autoComplete="off" />
        ) : (
          <SearchSelect source={listSource} label="List" placeholder="Choose a list" nothingFound="No list is called so" openOnFocus={false} value={list?.id ?? null} onChange={(id, name) => setList({ id, name })} />
        )}
        {isAny ? (
          <Button size="compact-sm" variant="subtle" onClick={() => setNewName(isNew ? null : "")} style={{ alignSelf: "flex-start" }}>
            {isNew ? "Choose a list that is there" : "Make a new list"}
          </Button>
        ) : null}
        {add.error ? <ErrorNote error={add.error} /> : null}
        <FormEnd busy={add.isPending} disabled={isNew ? (newName ?? "").trim() === "" : list === null} onCancel={() => onClose(false)}>
          Put on the list
        </FormEnd>
      </Stack>
    </form>
  );
}
