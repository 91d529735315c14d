import { Select } from "@mantine/core";
import type { ReactNode } from "react";

/** A time zone by its name, such as Europe/Berlin. */
export function ZoneField({ label, description, value, onChange, disabled = false, error }: { label: string; description?: ReactNode; value: string; onChange: (zone: string) => void; disabled?: boolean; error?: string | null }) {
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <Select
      label={label}
      description={description}
      searchable
      allowDeselect={false}
      disabled={disabled}
      limit={50}
      nothingFoundMessage="No zone of this name"
      data={[...new Set([value, "UTC", ...zones])]}
      value={value}
      onChange={(zone) => zone && onChange(zone)}
      error={error}
      maw={320}
    />
  );
}
