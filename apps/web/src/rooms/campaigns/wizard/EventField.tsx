import { Autocomplete, Stack } from "@mantine/core";
import type { EventTrigger } from "@tincan/api";
import { EventFilters } from "../../../query-builder/EventFilters.tsx";
import { useFields } from "./choices.ts";

interface Props {
  label: string;
  description?: string;
  value: EventTrigger;
  onChange: (trigger: EventTrigger) => void;
  error: string | null;
}

/** The server takes no more. */
const mostFilters = 20;

/** An event by name, one of those seen or one that is still to come, and which of them: filters on its properties. */
export function EventField({ label, description, value, onChange, error }: Props) {
  const fields = useFields();
  const { filters = [], ...plain } = value;
  return (
    <Stack gap={6} align="flex-start">
      <Autocomplete
        label={label}
        description={description}
        placeholder="Order placed"
        maxLength={120}
        data={fields?.events.map(({ name }) => name) ?? []}
        value={value.event}
        onChange={(event) => onChange({ ...value, event })}
        error={error}
        maw={480}
        w="100%"
      />
      {fields && (value.event.trim() !== "" || filters.length > 0) ? (
        <EventFilters filters={filters} event={value.event} fields={fields} most={mostFilters} onChange={(next) => onChange(next.length === 0 ? plain : { ...plain, filters: next })} />
      ) : null}
    </Stack>
  );
}
