import { Button, Checkbox, Popover, Stack } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconColumns3 } from "@tabler/icons-react";
import type { Column } from "./column.ts";

/** The columns of a list that this viewer wants to see; the browser remembers them, per list. */
export function useColumnChoice<T>(list: string, columns: Column<T>[]): { shown: Column<T>[]; choose: (key: string, show: boolean) => void } {
  const [chosen, setChosen] = useLocalStorage<Record<string, boolean>>({ key: `columns:${list}`, defaultValue: {}, getInitialValueInEffect: false });
  return {
    shown: columns.filter((column) => column.main || (chosen[column.key] ?? !column.optional)),
    choose: (key, show) => setChosen({ ...chosen, [key]: show }),
  };
}

interface Props<T> {
  columns: Column<T>[];
  shown: Column<T>[];
  choose: (key: string, show: boolean) => void;
}

export function ColumnChoice<T>({ columns, shown, choose }: Props<T>) {
  return (
    <Popover position="bottom-end" withinPortal={false} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap="xs">
          {columns
            .filter((column) => !column.main)
            .map((column) => (
              <Checkbox key={column.key} size="xs" label={column.header} checked={shown.includes(column)} onChange={(event) => choose(column.key, event.currentTarget.checked)} />
            ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
