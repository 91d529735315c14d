import { Autocomplete } from "@mantine/core";
import type { EventTrigger } from "@tincan/api";
import { useFields } from "./choices.ts";

interface Props {
  label: string;
  description?: string;
  value: EventTrigger;
  onChange: (trigger: EventTrigger) => void;
  error: string | null;
}

/** An event by name: one of those seen, or one that is still to come. Conditions on its properties, set through the API, stay. */
export function EventField({ label, description, value, onChange, error }: Props) {
  const fields = useFields();
  const filters = value.filters?.length ?? 0;
  const note = filters > 0 ? `With ${filters === 1 ? "a condition" : `${filters} conditions`} on its properties, set through the API.` : null;
  return (
    <Autocomplete
      label={label}
      description={[description, note].filter(Boolean).join(" ")}
      placeholder="Order placed"
      maxLength={120}
      data={fields?.events.map(({ name }) => name) ?? []}
      value={value.event}
      onChange={(event) => onChange({ ...value, event })}
      error={error}
      maw={480}
    />
  );
}
