import { Checkbox, Paper, Stack } from "@mantine/core";
import { nameOf } from "./column.ts";
import classes from "./Listing.module.css";
import { type Shown, withShift } from "./ListTable.tsx";

/** The list on a narrow screen: a card for each row, headed by its main column. */
export function ListCards<T>({ name, columns, items, idOf, selection }: Shown<T>) {
  const main = columns.filter((column) => column.main);
  const rest = columns.filter((column) => !column.main && !column.menu && !column.buttons);
  const menus = columns.filter((column) => column.menu);
  const buttons = columns.filter((column) => column.buttons);
  return (
    <Stack gap="xs" component="ul" aria-label={name} className={classes.cards}>
      {items.map((item) => {
        const id = idOf(item);
        return (
          <Paper key={id} p="sm" component="li" data-picked={selection?.has(id) || undefined}>
            <div className={classes.cardHead}>
              <div className={classes.cardName}>
                {main.map((column) => (
                  <div key={column.key}>{column.cell(item)}</div>
                ))}
              </div>
              {menus.map((column) => (
                <div key={column.key} className={classes.cardMenu}>
                  {column.cell(item)}
                </div>
              ))}
              {selection ? <Checkbox size="sm" aria-label={`Select ${nameOf(columns, item)}`} checked={selection.has(id)} onChange={(event) => selection.toggle(id, withShift(event))} /> : null}
            </div>
            <dl className={classes.cardFacts}>
              {rest.map((column) => {
                const value = column.cell(item);
                return value === null || value === "" ? null : (
                  <div key={column.key}>
                    <dt>{column.header}</dt>
                    <dd>{value}</dd>
                  </div>
                );
              })}
            </dl>
            {buttons.map((column) => (
              <div key={column.key} className={classes.cardButtons}>
                {column.cell(item)}
              </div>
            ))}
          </Paper>
        );
      })}
    </Stack>
  );
}
