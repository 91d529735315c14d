import { Group } from "@mantine/core";
import { CopyButton } from "./CopyButton.tsx";

interface Props {
  value: string;
  /** What it is, for the button: "phone number". */
  label: string;
  /** How people read it, where that differs. */
  shown?: string;
}

/** One of a page's facts that people carry elsewhere: the value, and right behind it the button that copies it. */
export function Copied({ value, label, shown = value }: Props) {
  return (
    <Group gap={4} wrap="nowrap">
      <span className="break">{shown}</span>
      <CopyButton value={value} label={label} />
    </Group>
  );
}
