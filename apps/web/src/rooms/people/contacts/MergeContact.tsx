import { Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowMerge } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Contact } from "@tincan/api";
import { useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { FormEnd } from "../../../pieces/FormEnd.tsx";
import { displayNumber } from "../../../pieces/phone.ts";
import { SearchInput } from "../../../pieces/SearchInput.tsx";
import { nameOf } from "./contact-words.ts";

const MOST_SHOWN = 8;

/** Makes two entries about one person into one. */
export function MergeContact({ contact }: { contact: Contact }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconArrowMerge size={16} aria-hidden />} onClick={open}>
        Merge
      </Button>
      <Modal opened={opened} onClose={close} title={`Merge another entry into ${nameOf(contact)}`}>
        <Choice contact={contact} onClose={close} />
      </Modal>
    </>
  );
}

function Choice({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const [words, setWords] = useState<string | undefined>(contact.name ?? undefined);
  const [chosen, setChosen] = useState<Contact | null>(null);
  const others = useQuery({
    queryKey: ["contacts", "merge", words],
    queryFn: ({ signal }) => api.contacts.list({ q: words, limit: MOST_SHOWN + 1 }, signal),
    enabled: words !== undefined,
    placeholderData: (before) => before,
  });
  const merge = useChange({
    run: (other: Contact) => api.contacts.merge(contact.id, { with: other.id }),
    stale: ["contacts", "timeline"],
    done: (_, other) => `${nameOf(other)} is part of ${nameOf(contact)} now`,
    onDone: onClose,
  });
  const all = (others.data?.items ?? []).filter(({ id }) => id !== contact.id);
  const found = all.slice(0, MOST_SHOWN);
  const isMore = found.length < all.length || others.data?.next != null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen) merge.mutate(chosen);
      }}
    >
      <Stack>
        <Text size="sm">Choose who is the same person. Their messages, events and consent move here; where both have a fact, the one of {nameOf(contact)} stays.</Text>
        <Group>
          <SearchInput label="Search people" placeholder="Name, phone, e-mail or identity" value={words} onSearch={setWords} />
        </Group>
        {found.length === 0 ? (
          <Text size="sm" c="dimmed" aria-live="polite">
            {words === undefined ? "Search for the other entry." : "Nobody else matches."}
          </Text>
        ) : (
          <Radio.Group aria-label="The other entry" value={chosen?.id ?? ""} onChange={(id) => setChosen(found.find((one) => one.id === id) ?? null)}>
            <Stack gap="xs">
              {found.map((other) => (
                <Radio key={other.id} value={other.id} label={nameOf(other)} description={[other.phone ? displayNumber(other.phone) : null, other.email, other.identity].filter(Boolean).join(" · ")} />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {isMore ? (
          <Text size="sm" c="dimmed" aria-live="polite">
            There are more: type more of the name, phone, e-mail or identity.
          </Text>
        ) : null}
        {chosen ? (
          <Text size="sm" aria-live="polite">
            The entry of <b>{nameOf(chosen)}</b>
            {chosen.phone ? ` (${displayNumber(chosen.phone)})` : ""} is gone afterwards. This cannot be undone.
          </Text>
        ) : null}
        <FormEnd busy={merge.isPending} disabled={!chosen} harm onCancel={onClose}>
          Merge
        </FormEnd>
      </Stack>
    </form>
  );
}
