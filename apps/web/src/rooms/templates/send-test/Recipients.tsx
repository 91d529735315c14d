import { MultiSelect, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../../api.ts";
import { displayNumber } from "../../../pieces/phone.ts";
import { useMay, useSession } from "../../../session.ts";

interface Props {
  numbers: string;
  onNumbers: (numbers: string) => void;
  contacts: string[];
  onContacts: (ids: string[]) => void;
}

/** Who gets the test: typed numbers, contacts, or both; ten at most of each. */
export function Recipients({ numbers, onNumbers, contacts, onContacts }: Props) {
  const { phonesUrl } = useSession();
  const mayReadContacts = useMay("contacts.read");
  return (
    <>
      <Textarea
        label="Test numbers"
        description={phonesUrl ? "With country code, one to a line. Any number: its phone opens on the page of simulated phones." : "With country code, one to a line."}
        placeholder="+15550100123"
        inputMode="tel"
        autosize
        minRows={1}
        maxRows={5}
        value={numbers}
        onChange={(event) => onNumbers(event.currentTarget.value)}
      />
      {mayReadContacts ? <ContactChoice chosen={contacts} onChange={onContacts} /> : null}
    </>
  );
}

function ContactChoice({ chosen, onChange }: { chosen: string[]; onChange: (ids: string[]) => void }) {
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 250);
  /** Names of those chosen earlier, who may not be among those found now. */
  const [known, setKnown] = useState<Record<string, string>>({});
  const found = useQuery({
    queryKey: ["contacts", "for-test", q],
    queryFn: ({ signal }) => api.contacts.list({ q: q || undefined, limit: 20 }, signal),
    placeholderData: (before) => before,
  });
  const choices = Object.fromEntries(
    (found.data?.items ?? []).filter((contact) => contact.phone).map((contact) => [contact.id, [contact.name, displayNumber(contact.phone ?? "")].filter(Boolean).join(" · ")]),
  );
  const all = { ...known, ...choices };
  return (
    <MultiSelect
      label="Or contacts"
      placeholder={chosen.length === 0 ? "Search by name or number" : undefined}
      searchable
      clearable
      maxValues={10}
      value={chosen}
      onChange={(ids) => {
        setKnown({ ...known, ...Object.fromEntries(ids.map((id) => [id, all[id] ?? id])) });
        onChange(ids);
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has searched already.
      filter={({ options }) => options}
      data={Object.entries({ ...Object.fromEntries(chosen.map((id) => [id, all[id] ?? id])), ...choices }).map(([value, label]) => ({ value, label }))}
      nothingFoundMessage={found.isFetching ? "Searching" : "Nobody with a number found"}
      clearButtonProps={{ "aria-label": "Clear the contacts" }}
    />
  );
}
