import type { ReactNode } from "react";
import { breakable } from "./breakable.tsx";
import classes from "./Facts.module.css";

/** Stacked: the value stands below its name and has the whole width, for ids that would break into many lines. */
type Fact = [name: string, value: ReactNode, layout?: "stacked"];

/** Names and values side by side; one below the other on a narrow screen. Rows without a value are left out. */
export function Facts({ rows }: { rows: Fact[] }) {
  return (
    <dl className={classes.facts}>
      {rows
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value, layout]) => (
          <div key={name} className={classes.row} data-layout={layout}>
            <dt>{name}</dt>
            <dd>{typeof value === "string" ? breakable(value) : value}</dd>
          </div>
        ))}
    </dl>
  );
}
