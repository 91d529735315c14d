import { Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconBulb, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Note.module.css";

interface Props {
  kind: "info" | "warm" | "danger";
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** Read out when it appears: at once (`alert`) or when there is a pause (`polite`). */
  announce?: "alert" | "polite";
}

const icons = { info: IconInfoCircle, warm: IconBulb, danger: IconAlertTriangle };

/** A boxed remark: information, "look here", or trouble. */
export function Note({ kind, title, children, actions, announce }: Props) {
  const Icon = icons[kind];
  return (
    <Group className={classes.note} data-kind={kind} gap="sm" align="flex-start" wrap="nowrap" role={announce === "alert" ? "alert" : undefined} aria-live={announce === "polite" ? "polite" : undefined}>
      <Icon size={19} className={classes.icon} aria-hidden />
      <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
        {title ? (
          <Text size="sm" fw={600} className="break">
            {title}
          </Text>
        ) : null}
        {children ? (
          <Text size="sm" component="div" className="break">
            {children}
          </Text>
        ) : null}
        {actions ? (
          <Group gap="xs" mt={4}>
            {actions}
          </Group>
        ) : null}
      </Stack>
    </Group>
  );
}
