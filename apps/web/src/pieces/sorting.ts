/*
 * The order of a list, as addresses and the server write it: `field` upwards, `-field` downwards.
 */

/** What a list's header says of its order to those who do not see it. */
export type Direction = "ascending" | "descending";

/** A column somebody may sort by. `sort` is the server's name for it; `first` the direction that the first click gives. */
export interface Sortable {
  header: string;
  sort?: string;
  first?: Direction;
  /** What is sorted are amounts, not times. */
  amounts?: boolean;
}

const write = (field: string, direction: Direction) => (direction === "descending" ? `-${field}` : field);

/** In which direction a list in this order is sorted by a field; undefined when it is sorted by another. */
export function directionOf(sort: string | undefined, field: string): Direction | undefined {
  if (sort === field) return "ascending";
  return sort === `-${field}` ? "descending" : undefined;
}

/** The order after a click on a column's header: by that column, and the other way round when it is so already. */
export function nextSort(sort: string | undefined, { sort: field = "", first = "ascending" }: Sortable): string {
  const now = directionOf(sort, field);
  if (now === undefined) return write(field, first);
  return write(field, now === "ascending" ? "descending" : "ascending");
}

/** Every order to choose from, for screens too narrow for headers. */
export function sortChoices(columns: Sortable[]): { value: string; label: string }[] {
  return columns.flatMap(({ header, sort, first = "ascending", amounts = false }) => {
    if (sort === undefined) return [];
    const directions: Direction[] = first === "ascending" ? ["ascending", "descending"] : ["descending", "ascending"];
    return directions.map((direction) => ({ value: write(sort, direction), label: `${header}, ${wordOf(direction, first, amounts)}` }));
  });
}

/** Times begin with the newest, amounts with the largest, names with A. */
function wordOf(direction: Direction, first: Direction, amounts: boolean): string {
  if (amounts) return direction === "descending" ? "largest first" : "smallest first";
  if (first === "descending") return direction === "descending" ? "newest first" : "oldest first";
  return direction === "ascending" ? "A to Z" : "Z to A";
}
