import { Group, Paper } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./EndBar.module.css";

/** How a long form ends: its buttons, which stay in sight however far one has scrolled. What stands before them goes to the left. */
export function EndBar({ label, before, children }: { label: string; before?: ReactNode; children: ReactNode }) {
  return (
    <Paper p="sm" className={classes.bar} component="section" aria-label={label}>
      <Group justify="space-between" gap="xs">
        <div className={classes.before}>{before}</div>
        <Group gap={8} ml="auto" justify="flex-end">
          {children}
        </Group>
      </Group>
    </Paper>
  );
}
