import { Paper, SimpleGrid } from "@mantine/core";
import type { ReactNode } from "react";
import type { Tone } from "./Dot.tsx";
import classes from "./Tile.module.css";

interface FigureProps {
  label: string;
  tone?: Tone | undefined;
  value: string;
  /** A line below the value; an empty one keeps its place beside tiles that have one. */
  note?: string;
}

/** What a way to the things behind a number looks like: it fills its tile. */
export const tileWay = classes.inner ?? "";

/** One number with its name. */
export function Figure({ label, tone, value, note }: FigureProps) {
  return (
    <>
      <span className={classes.label}>
        {tone ? <span className={classes.dot} style={{ background: `var(--status-${tone})` }} aria-hidden /> : null}
        {label}
      </span>
      <span className={`${classes.value} numeric`}>{value}</span>
      {note === undefined ? null : <span className={`${classes.note} numeric`}>{note}</span>}
    </>
  );
}

interface TileProps extends FigureProps {
  /** What tests know it by. */
  name?: string;
  /** The number as a way to what is behind it: a link or a button of the class `tileWay` around a `Figure`. */
  way?: ReactNode;
}

/** A number in a box, as reports and Home show them. */
export function Tile({ name, way, ...figure }: TileProps) {
  return (
    <Paper className={classes.tile} data-link={way ? true : undefined} data-count={name}>
      {way ?? (
        <div className={tileWay}>
          <Figure {...figure} />
        </div>
      )}
    </Paper>
  );
}

/** Tiles in rows, `wide` of them in one on a wide screen. No row ends with a single tile on a narrow one. */
export function TileGrid({ wide, children }: { wide: number; children: ReactNode }) {
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, sm: 4, lg: wide }} spacing="sm" className={classes.grid}>
      {children}
    </SimpleGrid>
  );
}
