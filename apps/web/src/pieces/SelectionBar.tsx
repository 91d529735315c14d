import { Button, CloseButton, Group, Paper, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ConfirmHarm } from "./ConfirmHarm.tsx";
import classes from "./SelectionBar.module.css";

/** Something to do with many rows at once. */
export interface BulkAction<T> {
  /** A verb: "Replay". */
  label: string;
  icon?: ReactNode;
  /** Which of the picked rows it is for; the button counts them. All when left out. */
  fits?: (item: T) => boolean;
  /** For what cannot be undone: asked first, with everything affected named. */
  harm?: { title: (items: T[]) => string; says: string; named: (item: T) => string };
  /** Says itself how it went, as `useChange` does. The rows stay picked when it rejects. */
  run: (items: T[]) => unknown;
}

/** No confirmation names more rows than this one by one. */
const mostNamed = 8;

interface Props<T> {
  picked: T[];
  actions: BulkAction<T>[];
  onClear: () => void;
  /** Picks everything shown, where the list has no header to do it. */
  onAll?: (() => void) | undefined;
}

/** What can be done with the picked rows; it floats over the list's end, so that nothing moves when it comes. */
export function SelectionBar<T>({ picked, actions, onClear, onAll }: Props<T>) {
  const [asking, setAsking] = useState<BulkAction<T> | null>(null);
  const [busy, setBusy] = useState<BulkAction<T> | null>(null);
  const fitting = (action: BulkAction<T>) => (action.fits ? picked.filter(action.fits) : picked);
  const run = async (action: BulkAction<T>) => {
    setBusy(action);
    try {
      await action.run(fitting(action));
      onClear();
    } catch {
      // The action has said what went wrong.
    } finally {
      setBusy(null);
      setAsking(null);
    }
  };
  const affected = asking ? fitting(asking) : [];
  const named = affected.length > mostNamed ? affected.slice(0, mostNamed - 1) : affected;
  return (
    <>
      <Paper className={classes.bar} role="region" aria-label="Selected rows" shadow="md">
        <Group gap="xs" wrap="wrap">
          <CloseButton aria-label="Clear the selection" onClick={onClear} />
          <Text size="sm" fw={560} aria-live="polite" className="numeric nowrap">
            {picked.length.toLocaleString()} selected
          </Text>
          {onAll ? (
            <Button size="xs" variant="subtle" onClick={onAll}>
              All shown
            </Button>
          ) : null}
          <Group gap="xs" ml="auto">
            {actions.map((action) => {
              const count = fitting(action).length;
              return (
                <Button
                  key={action.label}
                  size="xs"
                  variant="default"
                  c={action.harm ? "var(--mantine-color-error)" : undefined}
                  leftSection={action.icon}
                  disabled={count === 0}
                  loading={busy === action}
                  onClick={() => (action.harm ? setAsking(action) : void run(action))}
                >
                  {action.label}
                  {count > 0 && count < picked.length ? ` ${count.toLocaleString()}` : ""}
                </Button>
              );
            })}
          </Group>
        </Group>
      </Paper>
      <ConfirmHarm
        opened={asking !== null}
        onClose={() => setAsking(null)}
        title={asking?.harm?.title(affected) ?? ""}
        affected={asking?.harm ? [...named.map(asking.harm.named), ...(affected.length > named.length ? [`and ${(affected.length - named.length).toLocaleString()} more`] : [])] : []}
        confirm={asking?.label ?? ""}
        busy={busy !== null}
        onConfirm={() => asking && void run(asking)}
      >
        {asking?.harm?.says ?? ""}
      </ConfirmHarm>
    </>
  );
}
