import { Checkbox, Paper, ScrollArea, Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react";
import type { ChangeEvent, KeyboardEvent } from "react";
import { type Column, nameOf } from "./column.ts";
import classes from "./Listing.module.css";
import type { Selection } from "./selection.ts";
import { directionOf, nextSort } from "./sorting.ts";

/** A list's rows and how they are shown; the table and the cards take the same. */
export interface Shown<T> {
  name: string;
  columns: Column<T>[];
  items: T[];
  idOf: (item: T) => string;
  /** Left out where there is nothing to do with many rows. */
  selection?: Selection | undefined;
  sort: string | undefined;
  onSort?: ((sort: string) => void) | undefined;
}

/** Whether Shift was held: everything from the row touched before is meant. */
export function withShift({ nativeEvent }: ChangeEvent<HTMLInputElement>): boolean {
  return nativeEvent instanceof MouseEvent && nativeEvent.shiftKey;
}

/** Up and down go to the same place in the next row; text fields and choices keep their own arrows. */
function moveByRow(event: KeyboardEvent<HTMLTableSectionElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const from = event.target;
  if (!(from instanceof HTMLElement) || from.matches("select, textarea, input:not([type=checkbox])")) return;
  const cell = from.closest("td");
  const row = cell?.parentElement;
  const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
  const target = cell && next?.children[cell.cellIndex]?.querySelector<HTMLElement>("a, button, input");
  if (!target) return;
  event.preventDefault();
  target.focus();
}

/** The list as a table; headers sort, the first column picks. */
export function ListTable<T>({ name, columns, items, idOf, selection, sort, onSort }: Shown<T>) {
  const picked = selection ? items.filter((item) => selection.has(idOf(item))).length : 0;
  return (
    <Paper style={{ overflow: "hidden" }}>
      <ScrollArea type="auto" offsetScrollbars="present" viewportProps={{ tabIndex: 0, role: "region", "aria-label": name }}>
        <Table highlightOnHover verticalSpacing={10} horizontalSpacing="md" aria-label={name} className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              {selection ? (
                <Table.Th className={classes.pick}>
                  <Checkbox
                    size="xs"
                    aria-label="Select all shown"
                    checked={picked === items.length}
                    indeterminate={picked > 0 && picked < items.length}
                    onChange={selection.toggleAll}
                  />
                </Table.Th>
              ) : null}
              {columns.map((column) => (
                <Header key={column.key} column={column} sort={sort} onSort={onSort} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody onKeyDown={moveByRow}>
            {items.map((item) => {
              const id = idOf(item);
              const chosen = selection?.has(id) ?? false;
              return (
                <Table.Tr key={id} data-picked={chosen || undefined}>
                  {selection ? (
                    <Table.Td className={classes.pick}>
                      <Checkbox size="xs" aria-label={`Select ${nameOf(columns, item)}`} checked={chosen} onChange={(event) => selection.toggle(id, withShift(event))} />
                    </Table.Td>
                  ) : null}
                  {columns.map((column) => (
                    <Table.Td key={column.key} ta={column.align}>
                      {column.cell(item)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Paper>
  );
}

function Header<T>({ column, sort, onSort }: { column: Column<T>; sort: string | undefined; onSort: ((sort: string) => void) | undefined }) {
  if (column.sort === undefined || !onSort) return <Table.Th ta={column.align}>{column.header}</Table.Th>;
  const direction = directionOf(sort, column.sort);
  const Icon = direction === undefined ? IconArrowsSort : direction === "ascending" ? IconArrowUp : IconArrowDown;
  return (
    <Table.Th ta={column.align} aria-sort={direction ?? "none"}>
      <UnstyledButton className={classes.sort} data-sorted={direction !== undefined || undefined} onClick={() => onSort(nextSort(sort, column))}>
        {column.header}
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
}
