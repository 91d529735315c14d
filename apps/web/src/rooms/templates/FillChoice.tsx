import { SegmentedControl } from "@mantine/core";

/** What a preview puts in place of the variables: the samples, or the variables themselves. */
export function FillChoice({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="What fills the variables"
      value={value}
      onChange={onChange}
      data={[
        { value: "samples", label: "With samples" },
        { value: "variables", label: "With variables" },
      ]}
    />
  );
}
