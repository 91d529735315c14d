import { ActionIcon, Combobox, Stack, Text, Textarea, TextInput, Tooltip, useCombobox } from "@mantine/core";
import { IconAt } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { liquidPieces, outputOf, readsOf, withFallback } from "./liquid-reads.ts";
import classes from "./ValuePicker.module.css";

export interface PickerField {
  root: "profile" | "event";
  key: string;
  /** What people call it. */
  label: string;
}

interface Props {
  label: string;
  description?: ReactNode;
  value: string;
  onChange: (value: string) => void;
  fields: PickerField[];
  error?: ReactNode;
}

const groups = { profile: "Of the person", event: "Of the event" } as const;

/**
 * A text in which properties of the person, or of the event, are filled: `@` or its button opens them, Liquid stands out, and beside each
 * property what is written when it is empty.
 */
export function ValuePicker({ label, description, value, onChange, fields, error }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const place = useRef<{ from: number; to: number }>({ from: value.length, to: value.length });
  const [query, setQuery] = useState("");
  const picker = useCombobox({
    onDropdownOpen: () => requestAnimationFrame(() => picker.focusSearchInput()),
    onDropdownClose: () => {
      picker.resetSelectedOption();
      setQuery("");
    },
  });
  const found = fields.filter((field) => field.label.toLowerCase().includes(query.trim().toLowerCase()));
  const reads = [...new Map(readsOf(value).map((read) => [read.name, read])).values()];

  const open = (from: number, to: number) => {
    place.current = { from, to };
    picker.openDropdown();
  };
  const insert = (id: string) => {
    const field = fields[Number(id)];
    if (!field) return;
    const { from, to } = place.current;
    const output = outputOf(field.root, field.key);
    onChange(value.slice(0, from) + output + value.slice(to));
    picker.closeDropdown();
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(from + output.length, from + output.length);
    });
  };
  return (
    <Stack gap={6}>
      <Combobox store={picker} onOptionSubmit={insert} position="bottom-start" withinPortal>
        <Combobox.DropdownTarget>
          <Textarea
            ref={area}
            label={label}
            description={description}
            autosize
            minRows={1}
            maxRows={8}
            value={value}
            error={error}
            spellCheck
            onChange={(event) => {
              const { value: next, selectionStart } = event.currentTarget;
              onChange(next);
              // A fresh @ at the beginning of a word asks for a property; it stays when none is chosen, as in an address.
              if (next.length === value.length + 1 && next[selectionStart - 1] === "@" && /(^|\s)$/.test(next.slice(0, selectionStart - 1))) open(selectionStart - 1, selectionStart);
            }}
            rightSection={
              <Tooltip label="Insert a property">
                <ActionIcon
                  aria-label={`Insert a property into ${label}`}
                  onClick={() => {
                    const { selectionStart = value.length, selectionEnd = value.length } = area.current ?? {};
                    if (picker.dropdownOpened) picker.closeDropdown();
                    else open(selectionStart, selectionEnd);
                  }}
                >
                  <IconAt size={16} aria-hidden />
                </ActionIcon>
              </Tooltip>
            }
          />
        </Combobox.DropdownTarget>
        <Combobox.Dropdown>
          <Combobox.Search value={query} onChange={(event) => setQuery(event.currentTarget.value)} placeholder="Search properties" aria-label="Search properties" />
          <Combobox.Options mah={260} style={{ overflowY: "auto" }}>
            {found.length === 0 ? <Combobox.Empty>No property of this name</Combobox.Empty> : null}
            {(["profile", "event"] as const).map((root) => {
              const here = found.filter((field) => field.root === root);
              return here.length === 0 ? null : (
                <Combobox.Group key={root} label={groups[root]}>
                  {here.map((field) => (
                    <Combobox.Option key={field.key} value={String(fields.indexOf(field))}>
                      {field.label}
                    </Combobox.Option>
                  ))}
                </Combobox.Group>
              );
            })}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {reads.length > 0 ? (
        <>
          <Text component="div" className={classes.text} aria-hidden>
            {liquidPieces(value).map((piece) =>
              piece.isLiquid ? (
                <span key={piece.at} className={classes.liquid}>
                  {piece.text}
                </span>
              ) : (
                piece.text
              ),
            )}
          </Text>
          <div className={classes.reads}>
            {reads.map(({ name, fallback }) => {
              const called = name.replace(/^(profile|event)\.?/, "").replaceAll(/[[\]"]/g, "").trim();
              return (
                <div key={name} className={classes.read}>
                  <span>When {called} is empty</span>
                  <TextInput size="xs" w={150} aria-label={`When ${called} is empty, in ${label}`} placeholder="leave them out" value={fallback ?? ""} onChange={(event) => onChange(withFallback(value, name, event.currentTarget.value))} />
                </div>
              );
            })}
          </div>
        </>
      ) : null}
    </Stack>
  );
}
