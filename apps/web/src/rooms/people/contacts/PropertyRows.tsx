import { ActionIcon, Button, Group, NativeSelect, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ContactProperty } from "@tincan/api";
import { PropertyTypeField } from "../PropertyTypeField.tsx";
import { knownType, propertyLimits, type PropertyRow } from "./properties.ts";
import classes from "./PropertyRows.module.css";

interface Props {
  rows: PropertyRow[];
  onChange: (rows: PropertyRow[]) => void;
  known: ContactProperty[];
  problems: Map<number, { key?: string; value?: string }>;
}

/** Custom properties, each with its type. A property that other people have keeps the type it has there. */
export function PropertyRows({ rows, onChange, known, problems }: Props) {
  const set = (id: number, change: Partial<PropertyRow>) => onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)));
  const setKey = (row: PropertyRow, key: string) => {
    const type = knownType(known, key);
    set(row.id, { key, ...(type && type !== row.type ? { type, text: "" } : {}) });
  };
  const add = () => onChange([...rows, { id: Math.max(-1, ...rows.map(({ id }) => id)) + 1, key: "", type: "text", text: "", items: [] }]);
  const full = rows.length >= propertyLimits.keys;
  return (
    <Stack gap="sm">
      <datalist id="contact-properties">
        {known.map(({ key }) => (
          <option key={key} value={key}>
            {key}
          </option>
        ))}
      </datalist>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          Anything else you know: a city, a plan, a birthday, favourite colours.
        </Text>
      ) : (
        <ul className={classes.rows} aria-label="Custom properties">
          {rows.map((row, index) => {
            const called = row.key.trim() || `property ${index + 1}`;
            return (
              <li key={row.id} className={classes.row}>
                <TextInput
                  aria-label={`Name of property ${index + 1}`}
                  list="contact-properties"
                  autoComplete="off"
                  value={row.key}
                  onChange={(event) => setKey(row, event.currentTarget.value)}
                  error={problems.get(row.id)?.key}
                />
                <PropertyTypeField type={row.type} label={`Type of ${called}`} fixed={knownType(known, row.key) !== undefined} onChange={(type) => set(row.id, { type, text: "", items: [] })} />
                <Value row={row} label={`Value of ${called}`} error={problems.get(row.id)?.value} onChange={(change) => set(row.id, change)} />
                <ActionIcon size="lg" aria-label={`Remove ${called}`} onClick={() => onChange(rows.filter(({ id }) => id !== row.id))}>
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </li>
            );
          })}
        </ul>
      )}
      <Group justify="space-between">
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add} disabled={full}>
          Property
        </Button>
        <Text size="xs" c="dimmed">
          {rows.length} of {propertyLimits.keys}; names up to {propertyLimits.keyLength} characters, values up to {propertyLimits.valueLength}, lists up to {propertyLimits.listItems} items.
        </Text>
      </Group>
    </Stack>
  );
}

interface ValueProps {
  row: PropertyRow;
  label: string;
  error: string | undefined;
  onChange: (change: Partial<PropertyRow>) => void;
}

function Value({ row, label, error, onChange }: ValueProps) {
  if (row.type === "list") {
    return <TagsInput aria-label={label} placeholder={row.items.length === 0 ? "Enter after each" : undefined} value={row.items} onChange={(items) => onChange({ items })} maxTags={propertyLimits.listItems} error={error} />;
  }
  if (row.type === "boolean") {
    return (
      <NativeSelect
        aria-label={label}
        value={row.text}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        data={[
          { value: "", label: "Choose" },
          { value: "true", label: "Yes" },
          { value: "false", label: "No" },
        ]}
        error={error}
      />
    );
  }
  return (
    <TextInput
      aria-label={label}
      type={row.type === "date" ? "date" : "text"}
      inputMode={row.type === "number" ? "decimal" : undefined}
      value={row.text}
      onChange={(event) => onChange({ text: event.currentTarget.value })}
      error={error}
    />
  );
}
