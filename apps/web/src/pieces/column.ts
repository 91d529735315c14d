import type { ReactNode } from "react";
import type { Sortable } from "./sorting.ts";

/** One column of a list; one line of a card on a narrow screen. */
export interface Column<T> extends Sortable {
  key: string;
  cell: (item: T) => ReactNode;
  /** The value as text, for the CSV file; columns without one are not exported. */
  text?: (item: T) => string;
  /** Always shown: the column that names the row and holds its link. It heads the card on a narrow screen. */
  main?: boolean;
  /** Not shown until somebody chooses it. */
  optional?: boolean;
  align?: "right";
  /** A menu of what can be done: on a narrow screen it stands in the card's head, without a header. */
  menu?: true;
  /** Buttons of what can be done: on a narrow screen they end the card, without a header. */
  buttons?: true;
}

/** What a row is called aloud. */
export function nameOf<T>(columns: Column<T>[], item: T): string {
  return columns.find((column) => column.main)?.text?.(item) ?? "";
}
