import { Select, type SelectProps, VisuallyHidden } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { foundWords, moreOption, type Named, nameKey, type Source, useFound, useNames } from "./found.ts";

type Look = "label" | "aria-label" | "description" | "placeholder" | "error" | "size" | "className" | "classNames" | "maw" | "style" | "comboboxProps" | "openOnFocus" | "withScrollArea";

interface Props<T extends Named> extends Pick<SelectProps, Look> {
  source: Source<T>;
  value: string | null;
  onChange: (id: string, name: string, item: T) => void;
  /** Lets one choose none of them. */
  onNone?: () => void;
  nothingFound: string;
  /** What is not offered. */
  without?: string | undefined;
}

const noneOption = { value: "none", label: "None" };

/** One of many things, found by the server while one types. What is chosen is called by its name, whether it is among the found or not. */
export function SearchSelect<T extends Named>({ source, value, onChange, onNone, nothingFound, without, ...look }: Props<T>) {
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const chosen = useNames(source, value === null ? [] : [value]).get(value ?? "");
  const words = typed === chosen ? "" : typed;
  const found = useFound(source, words);
  const items = found.items.filter(({ id }) => id !== without);
  // What a name says may have changed since: what is chosen is called the same wherever it stands.
  const named = items.map(({ id, name }) => ({ value: id, label: id === value ? (chosen ?? name) : name }));
  const options = [...(onNone && value !== null && words === "" ? [noneOption] : []), ...named, ...(found.isMore ? [moreOption] : [])];
  const isFound = (id: string) => options.some((option) => option.value === id);
  const nothing = found.isError ? "They could not be read" : found.isSearching ? "Searching" : nothingFound;
  return (
    <>
      <Select
        {...look}
        searchable
        allowDeselect={false}
        // It picks the first option whenever this becomes true: each time something was found.
        selectFirstOptionOnChange={words !== "" && !found.isSearching}
        nothingFoundMessage={nothing}
        data={value !== null && chosen !== undefined && !isFound(value) ? [{ value, label: chosen }, ...options] : options}
        // The server has searched already.
        filter={({ options: all }) => (words === "" ? all : all.filter((option) => "value" in option && isFound(option.value)))}
        onSearchChange={setTyped}
        value={value}
        onChange={(id) => {
          if (id === noneOption.value) onNone?.();
          const item = items.find((one) => one.id === id);
          if (!item) return;
          client.setQueryData(nameKey(source, item.id), item.name);
          onChange(item.id, item.name, item);
        }}
      />
      <VisuallyHidden aria-live="polite">{words === "" ? "" : foundWords({ ...found, items }, nothing)}</VisuallyHidden>
    </>
  );
}
