import { ActionIcon, Button, Group, Input, Stack, TextInput, VisuallyHidden } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useId, useRef } from "react";
import classes from "./KeyValueRows.module.css";
import { type KeyValue, newRow } from "./key-values.ts";

interface Props {
  label: string;
  description?: ReactNode;
  /** What one row is, e.g. "header". */
  what: string;
  rows: KeyValue[];
  onChange: (rows: KeyValue[]) => void;
  /** Values are hidden while typed; a stored one is shown masked and can only be replaced. */
  secret?: boolean;
  keyPlaceholder: string;
  error?: string | null;
  most?: number;
}

/** Names and values, row by row. */
export function KeyValueRows({ label, description, what, rows, onChange, secret = false, keyPlaceholder, error, most = 20 }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const change = (row: KeyValue, next: Partial<KeyValue>) => onChange(rows.map((each) => (each.id === row.id ? { ...each, ...next } : each)));
  const add = () => {
    onChange([...rows, newRow()]);
    // The new row takes the focus once it is there.
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>("[data-row]:last-of-type input")?.focus());
  };
  return (
    <Stack gap={6} role="group" aria-labelledby={id}>
      <div>
        <Input.Label id={id} component="div">
          {label}
        </Input.Label>
        {description ? <Input.Description>{description}</Input.Description> : null}
      </div>
      <Stack gap={6} ref={list}>
        {rows.map((row, index) => {
          const stored = row.stored !== undefined && row.value === null;
          return (
            <div key={row.id} className={classes.row} data-row>
              <TextInput
                aria-label={`Name of ${what} ${index + 1}`}
                placeholder={keyPlaceholder}
                value={row.key}
                readOnly={stored}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => change(row, { key: event.currentTarget.value })}
              />
              <TextInput
                aria-label={`Value of ${what} ${index + 1}`}
                type={secret && !stored ? "password" : "text"}
                value={stored ? row.stored : (row.value ?? "")}
                readOnly={stored}
                autoComplete={secret ? "new-password" : "off"}
                spellCheck={false}
                classNames={stored ? { input: classes.stored } : {}}
                onChange={(event) => change(row, { value: event.currentTarget.value })}
                rightSectionWidth={stored ? 78 : undefined}
                rightSection={
                  stored ? (
                    <Button size="compact-xs" variant="subtle" onClick={() => change(row, { value: "" })}>
                      Replace
                      <VisuallyHidden> the value of {row.key}</VisuallyHidden>
                    </Button>
                  ) : undefined
                }
              />
              <ActionIcon size={36} aria-label={`Remove ${what} ${row.key || index + 1}`} onClick={() => onChange(rows.filter((each) => each.id !== row.id))}>
                <IconTrash size={16} />
              </ActionIcon>
            </div>
          );
        })}
      </Stack>
      {error ? <Input.Error role="alert">{error}</Input.Error> : null}
      <Group>
        <Button size="compact-sm" variant="light" leftSection={<IconPlus size={14} aria-hidden />} onClick={add} disabled={rows.length >= most}>
          Add a {what}
        </Button>
      </Group>
    </Stack>
  );
}
