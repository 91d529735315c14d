import { type ComboboxParsedItem, MultiSelect, VisuallyHidden } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { AudiencePart } from "@tincan/api";
import { useState } from "react";
import { foundWords, moreOption, nameKey, useFound, useNames } from "../../../pieces/found.ts";
import { listSource, segmentSource } from "../../people/people-sources.ts";

const NOTHING = "No segment and no list of this name";
const kinds = { segment: segmentSource, list: listSource };

/** "segment 0199…": options of both kinds stand in one list. */
const keyOf = (part: AudiencePart): string[] => ("segmentId" in part ? [`segment ${part.segmentId}`] : "listId" in part ? [`list ${part.listId}`] : []);
const partOf = (key: string): AudiencePart => {
  const [kind, id = ""] = key.split(" ");
  return kind === "segment" ? { segmentId: id } : { listId: id };
};

/** Segments and lists whose people get nothing, found while one types. Parts of other kinds stay as they are. */
export function WithoutField({ except, onChange }: { except: AudiencePart[]; onChange: (except: AudiencePart[]) => void }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const chosen = except.flatMap(keyOf);
  const segments = useKind("segment", typed, chosen);
  const lists = useKind("list", typed, chosen);
  const isSearching = segments.found.isSearching || lists.found.isSearching;
  const isMore = segments.found.isMore || lists.found.isMore;
  const items = isSearching ? [] : [...segments.found.items, ...lists.found.items];
  const nothing = segments.found.isError || lists.found.isError ? "They could not be read" : isSearching ? "Searching" : NOTHING;
  if (typed === "" && items.length === 0 && chosen.length === 0) return null;
  const offered = new Set(isSearching ? [] : [...segments.options, ...lists.options, moreOption].map(({ value }) => value));
  return (
    <div>
      <MultiSelect
        label="Without"
        description="Whoever is in one of these gets nothing."
        placeholder={except.length > 0 ? "" : "Nobody left out"}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "Clear those left out" }}
        selectFirstOptionOnChange={typed !== "" && !isSearching}
        nothingFoundMessage={nothing}
        data={[{ group: "Segments", items: segments.all }, { group: "Lists", items: lists.all }, ...(isMore ? [moreOption] : [])]}
        // The server has searched already; what is chosen has its name from here and is not offered again.
        filter={({ options }) =>
          options.flatMap((option): ComboboxParsedItem[] => {
            if (!("items" in option)) return offered.has(option.value) ? [option] : [];
            const some = option.items.filter(({ value }) => offered.has(value));
            return some.length > 0 ? [{ ...option, items: some }] : [];
          })
        }
        searchValue={typed}
        onSearchChange={setTyped}
        value={chosen}
        onChange={(keys) => {
          for (const { source, options } of [segments, lists]) for (const { value, label, id } of options) if (keys.includes(value)) client.setQueryData(nameKey(source, id), label);
          onChange([...except.filter((part) => keyOf(part).length === 0), ...keys.map(partOf)]);
        }}
        maw={480}
      />
      <VisuallyHidden aria-live="polite">{typed === "" ? "" : foundWords({ items, isMore, isSearching, isError: false }, nothing)}</VisuallyHidden>
    </div>
  );
}

/** What is found of one kind, and with it what was chosen before. */
function useKind(kind: keyof typeof kinds, typed: string, chosen: string[]) {
  const source = kinds[kind];
  const found = useFound(source, typed);
  const ids = chosen.filter((key) => key.startsWith(`${kind} `)).map((key) => key.slice(kind.length + 1));
  const names = useNames(source, ids);
  const option = (id: string, name: string) => ({ value: `${kind} ${id}`, label: name, id });
  const options = found.items.map(({ id, name }) => option(id, name));
  const others = ids.filter((id) => !found.items.some((item) => item.id === id)).map((id) => option(id, names.get(id) ?? "…"));
  return { source, found, options, all: [...options, ...others].map(({ value, label }) => ({ value, label })) };
}
