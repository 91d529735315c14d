import { IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Contact } from "@tincan/api";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { HarmButton } from "../../../pieces/HarmButton.tsx";
import { nameOf } from "./contact-words.ts";

/** Forgets a person, after naming what goes. */
export function DeleteContact({ contact }: { contact: Contact }) {
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
    <HarmButton
      label="Delete"
      icon={<IconTrash size={16} aria-hidden />}
      title={`Delete ${nameOf(contact)}`}
      affected={[
        `Their facts${count > 0 ? ` and ${count.toLocaleString()} custom ${count === 1 ? "property" : "properties"}` : ""}.`,
        "What they agreed to, and its history.",
        "Their events.",
        "What they wrote. Of what was sent to them only counts stay.",
      ]}
      confirm="Delete the person"
      onConfirm={() => remove.mutateAsync(undefined)}
    >
      This cannot be undone. The audit log keeps that it was done, and by whom.
    </HarmButton>
  );
}
