import { Paper } from "@mantine/core";
import type { ReactNode } from "react";
import type { Tone } from "./Dot.tsx";
import classes from "./Tile.module.css";

interface Props {
  label: string;
  tone?: Tone | undefined;
  value: string;
  /** A line below the value; an empty one keeps its place beside tiles that have one. */
  note?: string;
  /** What tests and styles know it by. */
  name?: string;
  /** Makes the whole tile a way to what is behind its number. */
  way?: ((className: string, figure: ReactNode) => ReactNode) | undefined;
}

/** One number with its name, as reports and Home show them. */
export function Tile({ label, tone, value, note, name, way }: Props) {
  const inner = classes.inner ?? "";
  const figure = (
    <>
      <span className={classes.label}>
        {tone ? <span className={classes.dot} style={{ background: `var(--status-${tone})` }} aria-hidden /> : null}
        {label}
      </span>
      <span className={`${classes.value} numeric`}>{value}</span>
      {note === undefined ? null : <span className={`${classes.note} numeric`}>{note}</span>}
    </>
  );
  return (
    <Paper className={classes.tile} data-link={way ? true : undefined} data-count={name}>
      {way ? way(inner, figure) : <div className={inner}>{figure}</div>}
    </Paper>
  );
}
