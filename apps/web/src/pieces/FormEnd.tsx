import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** What the form does, as a verb. */
  children: ReactNode;
  icon?: ReactNode;
  busy: boolean;
  disabled?: boolean;
  /** What it does cannot be undone. */
  harm?: boolean;
  /** There is something more pressing on the page. */
  quiet?: boolean;
  /** In a dialog: the way out without doing it. */
  onCancel?: () => void;
}

/** How a form ends: its one button, at the right, and before it the way out. */
export function FormEnd({ children, icon, busy, disabled = false, harm = false, quiet = false, onCancel }: Props) {
  return (
    <Group justify="flex-end" gap="xs">
      {onCancel ? (
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      ) : null}
      <Button type="submit" leftSection={icon} loading={busy} disabled={disabled} variant={quiet ? "default" : "filled"} {...(harm ? { color: "red" } : {})}>
        {children}
      </Button>
    </Group>
  );
}
