import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import classes from "./SearchInput.module.css";

interface Props {
  label: string;
  placeholder: string;
  value: string | undefined;
  onSearch: (value: string | undefined) => void;
}

/** Searches as one types, a moment after the last key. */
export function SearchInput({ label, placeholder, value, onSearch }: Props) {
  const [text, setText] = useState(value ?? "");
  const asked = useRef(value);
  const ask = (next: string | undefined) => {
    asked.current = next;
    onSearch(next);
  };
  const search = useDebouncedCallback((next: string) => ask(next.trim() || undefined), 250);
  const router = useRouter();
  // A search that still waits when a room is opened would call one back from there.
  useEffect(() => router.subscribe("onBeforeNavigate", ({ pathChanged }) => void (pathChanged && search.cancel())), [router, search]);
  useEffect(() => {
    // Only a change that came from elsewhere (back, a link): what is being typed stays.
    if (value !== asked.current) setText(value ?? "");
    asked.current = value;
  }, [value]);
  const clear = () => {
    search.cancel();
    setText("");
    ask(undefined);
  };
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
      rightSection={text ? <CloseButton size="sm" aria-label="Clear search" onClick={clear} /> : null}
      className={classes.search}
    />
  );
}
