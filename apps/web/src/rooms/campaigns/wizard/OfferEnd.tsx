import { Group, NativeSelect } from "@mantine/core";
import type { CampaignValues } from "@tincan/api";
import type { PickerField } from "../../../pieces/ValuePicker.tsx";
import { SpanField } from "./SpanField.tsx";
import { TimeField, tomorrowAt } from "./TimeField.tsx";

type End = NonNullable<CampaignValues["offerEnds"]>;

/** When a limited-time offer ends for each person. */
export function OfferEnd({ value, onChange, error, fields }: { value: End | undefined; onChange: (end: End) => void; error: string | null; fields: PickerField[] }) {
  const properties = [...new Set(fields.filter(({ root }) => root === "profile").map(({ key }) => key))];
  const begin = (kind: string) => onChange(kind === "at" ? { kind, at: tomorrowAt(18) } : kind === "property" ? { kind, property: properties.at(-1) ?? "name" } : { kind: "after", minutes: 1440 });
  return (
    <Group gap="sm" align="flex-start">
      <NativeSelect
        label="The offer ends"
        value={value?.kind ?? ""}
        onChange={(event) => begin(event.currentTarget.value)}
        data={[
          ...(value ? [] : [{ value: "", label: "Choose" }]),
          { value: "after", label: "some time after sending" },
          { value: "at", label: "at one time for all" },
          { value: "property", label: "at a date of the person" },
        ]}
        error={error}
      />
      {value?.kind === "after" ? <SpanField label="After" minutes={value.minutes} onChange={(minutes) => onChange({ kind: "after", minutes })} most={43_200} /> : null}
      {value?.kind === "at" ? <TimeField label="On" value={value.at} onChange={(at) => onChange({ kind: "at", at })} /> : null}
      {value?.kind === "property" ? <NativeSelect label="Property" value={value.property} onChange={(event) => onChange({ kind: "property", property: event.currentTarget.value })} data={[...new Set([...properties, value.property])]} /> : null}
    </Group>
  );
}
