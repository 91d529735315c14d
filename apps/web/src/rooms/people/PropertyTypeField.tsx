import { NativeSelect, TextInput } from "@mantine/core";
import type { PropertyType } from "@tincan/api";

const types: { value: PropertyType; label: string }[] = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Yes or no" },
  { value: "date", label: "Date" },
  { value: "list", label: "List" },
];

interface Props {
  label: string;
  type: PropertyType;
  /** Other people have the property already, in this type. */
  fixed: boolean;
  onChange: (type: PropertyType) => void;
}

/** The type of a custom property: a choice, unless the workspace has made it already. */
export function PropertyTypeField({ label, type, fixed, onChange }: Props) {
  if (fixed) return <TextInput variant="filled" readOnly aria-label={label} value={types.find(({ value }) => value === type)?.label ?? type} title="As other people have it" />;
  return <NativeSelect aria-label={label} value={type} data={types} onChange={(event) => onChange(types.find(({ value }) => value === event.currentTarget.value)?.value ?? "text")} />;
}
