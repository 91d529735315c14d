import { ActionIcon, Text, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { EventFilter, PropertyType, SegmentFields } from "@tincan/api";
import { useId } from "react";
import classes from "./builder.module.css";
import { eventPropertyKeys, eventPropertyTypes } from "./subjects.ts";
import { TestFields } from "./TestFields.tsx";
import { firstTest } from "./value-tests.ts";

interface Props {
  filter: EventFilter;
  index: number;
  /** The event whose property is looked at. */
  event: string;
  fields: SegmentFields;
  onChange: (filter: EventFilter) => void;
  onRemove: () => void;
}

/** "where amount is more than 100". */
export function EventFilterRow({ filter: { key, test }, index, event, fields, onChange, onRemove }: Props) {
  const list = useId();
  const label = key.trim() || `property ${index + 1}`;
  const setKey = (next: string) => {
    const types = eventPropertyTypes(fields, event, next);
    const fits = test.type === "any" || types.includes(test.type as PropertyType);
    onChange({ key: next, test: fits ? test : firstTest(types[0] ?? "text") });
  };
  return (
    <div className={classes.filter} data-filter>
      <Text size="sm">{index === 0 ? "where" : "and where"}</Text>
      <datalist id={list}>
        {eventPropertyKeys(fields, event).map((known) => (
          <option key={known} value={known}>
            {known}
          </option>
        ))}
      </datalist>
      <TextInput size="xs" className={classes.key} aria-label={`Property ${index + 1} of ${event || "the event"}`} placeholder="Property" list={list} autoComplete="off" maxLength={120} value={key} onChange={(changed) => setKey(changed.currentTarget.value)} />
      <TestFields label={label} types={eventPropertyTypes(fields, event, key)} test={test} zone="utc" onChange={(next) => onChange({ key, test: next })} />
      <ActionIcon size="sm" onClick={onRemove} aria-label={`Remove the filter on ${label}`}>
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </div>
  );
}
