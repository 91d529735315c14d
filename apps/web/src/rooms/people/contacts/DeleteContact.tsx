import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Contact } from "@tincan/api";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { ConfirmHarm } from "../../../pieces/ConfirmHarm.tsx";
import { nameOf } from "./contact-words.ts";

/** Forgets a person, after naming what goes. */
export function DeleteContact({ contact }: { contact: Contact }) {
  const [asking, ask] = useDisclosure(false);
  const navigate = useNavigate();
  const client = useQueryClient();
  const remove = useChange({
    run: () => api.contacts.remove(contact.id),
    stale: [],
    done: `${nameOf(contact)} is deleted`,
    onDone: async () => {
      await navigate({ to: "/people/contacts" });
      client.removeQueries({ queryKey: ["contacts", "one", contact.id] });
      await client.invalidateQueries({ queryKey: ["contacts"] });
    },
  });
  const count = Object.keys(contact.properties).length;
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
        Delete
      </Button>
      <ConfirmHarm
        opened={asking}
        onClose={ask.close}
        title={`Delete ${nameOf(contact)}`}
        affected={[
          `Their facts${count > 0 ? ` and ${count.toLocaleString()} custom ${count === 1 ? "property" : "properties"}` : ""}.`,
          "What they agreed to, and its history.",
          "Their events.",
          "What they wrote. Of what was sent to them only counts stay.",
        ]}
        confirm="Delete the person"
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined)}
      >
        This cannot be undone. The audit log keeps that it was done, and by whom.
      </ConfirmHarm>
    </>
  );
}
