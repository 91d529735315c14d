import { ScrollArea, Table } from "@mantine/core";
import type { ReactNode } from "react";
import { useNarrow } from "./narrow.ts";
import classes from "./WideTable.module.css";

/** One figure of each row. The first column names the row. */
export interface FigureColumn<T> {
  key: string;
  header: string;
  cell: (item: T) => ReactNode;
  align?: "right";
  /** On a narrow screen: words take a line to themselves, and what can be done stands beside the row's name without its header. */
  narrow?: "line" | "action";
  /** Of a cell that says more than the others. */
  strong?: boolean;
  /** The cell is no narrower than this (px). */
  least?: number;
}

interface Props<T> {
  label: string;
  /** Narrower than this (px) it scrolls and no word is broken. */
  least: number;
  columns: FigureColumn<T>[];
  items: T[];
  idOf: (item: T) => string;
  /** The row that stands out. */
  marked?: (item: T) => boolean;
}

/**
 * A table of figures, nothing of which is sorted or picked. On a narrow screen each row is a block of its own, so that nothing is to be scrolled
 * sideways; between the two the table scrolls by itself.
 */
export function WideTable<T>(props: Props<T>) {
  const narrow = useNarrow();
  return narrow ? <Blocks {...props} /> : <Rows {...props} />;
}

function Rows<T>({ label, least, columns, items, idOf, marked }: Props<T>) {
  return (
    <ScrollArea type="auto" offsetScrollbars="present" viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
      <Table aria-label={label} miw={least} verticalSpacing={8} horizontalSpacing="sm" fz="sm">
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ key, header, align }) => (
              <Table.Th key={key} ta={align}>
                {header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={idOf(item)} className={marked?.(item) ? classes.marked : undefined}>
              {columns.map(({ key, cell, align, strong, least: width }, index) =>
                index === 0 ? (
                  <Table.Th key={key} scope="row" fw={560} miw={width}>
                    {cell(item)}
                  </Table.Th>
                ) : (
                  <Table.Td key={key} ta={align} miw={width} fw={strong ? 620 : undefined} className={align ? "numeric" : undefined}>
                    {cell(item)}
                  </Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function Blocks<T>({ label, columns: [name, ...rest], items, idOf, marked }: Props<T>) {
  const actions = rest.filter(({ narrow }) => narrow === "action");
  const figures = rest.filter(({ narrow }) => narrow !== "action");
  return (
    <ul className={classes.blocks} aria-label={label}>
      {items.map((item) => (
        <li key={idOf(item)} className={marked?.(item) ? classes.marked : undefined}>
          <div className={classes.head}>
            <div className={classes.name}>{name?.cell(item)}</div>
            {actions.map(({ key, cell }) => (
              <div key={key}>{cell(item)}</div>
            ))}
          </div>
          <dl className={classes.figures}>
            {figures.map(({ key, header, cell, narrow, strong }) => (
              <div key={key} className={narrow === "line" ? classes.line : undefined}>
                <dt>{header}</dt>
                <dd className="numeric" data-strong={strong || undefined}>
                  {cell(item)}
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
