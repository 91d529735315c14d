import { Select, type SelectProps, VisuallyHidden } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { foundWords, moreOption, nameKey, type Source, useFound, useNames } from "./found.ts";

type Look = "label" | "aria-label" | "placeholder" | "error" | "size" | "className" | "classNames" | "maw" | "style" | "comboboxProps" | "openOnFocus" | "withScrollArea";

interface Props extends Pick<SelectProps, Look> {
  source: Source;
  value: string | null;
  onChange: (id: string, name: string) => void;
  nothingFound: string;
  /** What is not offered. */
  without?: string | undefined;
}

/** One of many things, found by the server while one types. What is chosen is called by its name, whether it is among the found or not. */
export function SearchSelect({ source, value, onChange, nothingFound, without, ...look }: Props) {
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const chosen = useNames(source, value === null ? [] : [value]).get(value ?? "");
  const words = typed === chosen ? "" : typed;
  const found = useFound(source, words);
  const items = found.items.filter(({ id }) => id !== without);
  const options = [...items.map(({ id, name }) => ({ value: id, label: name })), ...(found.isMore ? [moreOption] : [])];
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
          const name = items.find((item) => item.id === id)?.name;
          if (id === null || name === undefined) return;
          client.setQueryData(nameKey(source, id), name);
          onChange(id, name);
        }}
      />
      <VisuallyHidden aria-live="polite">{words === "" ? "" : foundWords({ ...found, items }, nothing)}</VisuallyHidden>
    </>
  );
}
