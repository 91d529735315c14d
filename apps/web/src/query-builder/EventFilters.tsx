import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { EventFilter, SegmentFields } from "@tincan/api";
import { useEffect, useRef } from "react";
import classes from "./builder.module.css";
import { EventFilterRow } from "./EventFilterRow.tsx";
import { firstTest } from "./value-tests.ts";

interface Props {
  filters: EventFilter[];
  /** The event whose properties are looked at. */
  event: string;
  fields: SegmentFields;
  /** The server takes no more. */
  most: number;
  onChange: (filters: EventFilter[]) => void;
}

/** Which of the events: rows on their properties, all of which must be true. */
export function EventFilters({ filters, event, fields, most, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const adder = useRef<HTMLButtonElement>(null);
  const isNew = useRef(false);
  // After every drawing: the new filter comes with one of them.
  useEffect(() => {
    if (isNew.current) place.current?.querySelector<HTMLElement>("[data-filter]:last-of-type input")?.focus();
    isNew.current = false;
  });
  return (
    <>
      {filters.length > 0 ? (
        <div className={classes.filters} ref={place}>
          {filters.map((filter, index) => (
            <EventFilterRow
              // A filter has nothing but its place.
              // oxlint-disable-next-line react/no-array-index-key
              key={index}
              filter={filter}
              index={index}
              event={event}
              fields={fields}
              onChange={(next) => onChange(filters.map((one, i) => (i === index ? next : one)))}
              onRemove={() => {
                onChange(filters.filter((_, i) => i !== index));
                adder.current?.focus();
              }}
            />
          ))}
        </div>
      ) : null}
      {filters.length < most ? (
        <Button
          ref={adder}
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={12} aria-hidden />}
          aria-label={`Add a filter on a property of ${event || "the event"}`}
          onClick={() => {
            isNew.current = true;
            onChange([...filters, { key: "", test: firstTest("text") }]);
          }}
        >
          {filters.length === 0 ? "where" : "and where"}
        </Button>
      ) : null}
    </>
  );
}
