import { Code, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyButton } from "./CopyButton.tsx";
import classes from "./CopyField.module.css";

interface Props {
  label: string;
  value: string;
  hint?: ReactNode;
  /** Shown instead of the copy button when the value may not be read. */
  hidden?: ReactNode;
  actions?: ReactNode;
}

/** A value somebody has to carry into another system: readable, in one piece, with a copy button. */
export function CopyField({ label, value, hint, hidden, actions }: Props) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={550}>
        {label}
      </Text>
      <Group gap={4} wrap="nowrap" className={classes.field}>
        <Code className={classes.value}>{value}</Code>
        {hidden ?? <CopyButton value={value} label={label} />}
        {actions}
      </Group>
      {hint ? (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      ) : null}
    </Stack>
  );
}
