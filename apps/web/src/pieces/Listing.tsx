import { Button, NativeSelect, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { List } from "@tincan/api";
import { hashKey, type InfiniteData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { asFailure, showFailure } from "../change.ts";
import { ColumnChoice, useColumnChoice } from "./ColumnChoice.tsx";
import type { Column } from "./column.ts";
import { csvOf, saveText } from "./csv.ts";
import { Delayed } from "./Delayed.tsx";
import { ErrorNote } from "./ErrorNote.tsx";
import { ListCards } from "./ListCards.tsx";
import classes from "./Listing.module.css";
import { ListTable } from "./ListTable.tsx";
import { useNarrow } from "./narrow.ts";
import { type BulkAction, SelectionBar } from "./SelectionBar.tsx";
import { useSelection } from "./selection.ts";
import { sortChoices } from "./sorting.ts";

export type { Column } from "./column.ts";
export type { BulkAction } from "./SelectionBar.tsx";

interface Props<T> {
  /** Names the list for screen readers, the column choice and the file. */
  name: string;
  columns: Column<T>[];
  queryKey: readonly unknown[];
  page: (after: string | undefined, signal: AbortSignal | undefined) => Promise<List<T>>;
  idOf: (item: T) => string;
  empty: ReactNode;
  filters?: ReactNode;
  /** Whether only some of what there is was asked for. Without it an empty list is an empty room, with nothing to search, choose or save. */
  filtered?: boolean;
  /** What stays out of the list while nothing is asked for, such as the archived: a room that has some of it is not empty. */
  leftOut?: (signal: AbortSignal) => Promise<List<unknown>>;
  /** The order in force, the server's own where the address names none. Columns with `sort` offer theirs. */
  sort?: string;
  onSort?: (sort: string) => void;
  /** What can be done with many rows; given, even empty, rows can be picked and saved as CSV. */
  bulk?: BulkAction<T>[];
  /** Where the server writes the whole list as CSV; without it the file is made here, page by page. */
  csvUrl?: string;
}

/** No export made here is longer than this many pages of 200. */
const exportPages = 250;

/**
 * A list as every room shows it: rows in a table (cards on a narrow screen), sorted by its headers, columns to choose, rows to pick,
 * CSV of everything that matches, more at a click. Search, filters and order belong to the room, which keeps them in the address.
 */
export function Listing<T>({ name, columns, queryKey, page, idOf, empty, filters, filtered = false, leftOut, sort, onSort, bulk, csvUrl }: Props<T>) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => page(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: List<T>) => last.next ?? undefined,
    placeholderData: (previous: InfiniteData<List<T>, string | undefined> | undefined) => previous,
  });
  const { shown, choose } = useColumnChoice(name, columns);
  const narrow = useNarrow();
  const items = query.data?.pages.flatMap((part) => part.items) ?? [];
  // While the answer to an earlier question stands in, nothing is known yet.
  const nothing = query.data !== undefined && !query.isPlaceholderData && items.length === 0 && !filtered;
  const elsewhere = useQuery({ queryKey: [...queryKey, "left out"], queryFn: ({ signal }) => leftOut?.(signal), enabled: nothing && leftOut !== undefined });
  const isBare = nothing && !elsewhere.data?.items.length;
  const { picked, selection } = useSelection(hashKey(queryKey), items.map(idOf));
  const pickedItems = items.filter((item) => picked.includes(idOf(item)));
  const orders = onSort ? sortChoices(columns) : [];

  const save = (rows: T[]) => {
    const exported = columns.filter((column) => column.text);
    saveText(`${name}.csv`, csvOf([exported.map((column) => column.header), ...rows.map((row) => exported.map((column) => column.text?.(row) ?? ""))]));
  };
  const actions: BulkAction<T>[] = [...(bulk ?? []), { label: "Save as CSV", icon: <IconDownload size={14} aria-hidden />, run: save }];
  const rows = { name, columns: shown, items, idOf, sort, onSort, selection: bulk ? selection : undefined };

  return (
    <Stack gap="sm" onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && picked.length > 0 && selection.clear()}>
      {isBare ? null : (
        <div className={classes.head}>
          <div className={classes.filters}>{filters}</div>
          <div className={classes.tools}>
            {narrow && orders.length > 0 ? <NativeSelect className={classes.order} aria-label="Order" value={sort ?? ""} onChange={(event) => onSort?.(event.currentTarget.value)} data={orders} /> : null}
            {narrow ? null : <ColumnChoice columns={columns} shown={shown} choose={choose} />}
            {csvUrl !== undefined || columns.some((column) => column.text) ? <ExportButton url={csvUrl} page={page} save={save} isEmpty={items.length === 0} why={query.data ? "There is nothing to save" : undefined} /> : null}
          </div>
        </div>
      )}

      {query.error && items.length === 0 ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : null}
      {query.isPending ? (
        <Delayed>
          <Skeleton height={240} radius={8} />
        </Delayed>
      ) : null}
      {query.data && items.length === 0 ? <Paper>{empty}</Paper> : null}
      {items.length > 0 ? (
        <div className={classes.rows} aria-busy={query.isPlaceholderData}>
          {narrow ? <ListCards {...rows} /> : <ListTable {...rows} />}
        </div>
      ) : null}

      {query.hasNextPage ? (
        <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage} mx="auto">
          Show more
        </Button>
      ) : items.length > 20 ? (
        <Text size="xs" c="dimmed" ta="center">
          That is all: {items.length.toLocaleString()}
        </Text>
      ) : null}
      {picked.length > 0 && bulk ? <SelectionBar picked={pickedItems} actions={actions} onClear={selection.clear} onAll={narrow ? selection.toggleAll : undefined} /> : null}
    </Stack>
  );
}

/** Hands over everything that matches, not just what is shown, as a file. */
function ExportButton<T>({ url, page, save, isEmpty, why }: { url: string | undefined; page: Props<T>["page"]; save: (rows: T[]) => void; isEmpty: boolean; why: string | undefined }) {
  const [busy, setBusy] = useState(false);
  const exportAll = async () => {
    setBusy(true);
    const rows: T[] = [];
    let after: string | undefined;
    try {
      for (let count = 0; count < exportPages; count++) {
        const part = await page(after, undefined);
        rows.push(...part.items);
        if (!part.next) break;
        after = part.next;
      }
      save(rows);
    } catch (error) {
      showFailure(asFailure(error));
    } finally {
      setBusy(false);
    }
  };
  const look = { variant: "default", leftSection: <IconDownload size={16} aria-hidden /> } as const;
  return url === undefined || isEmpty ? (
    <Button {...look} onClick={() => void exportAll()} disabled={isEmpty} title={isEmpty ? why : undefined} loading={busy}>
      CSV
    </Button>
  ) : (
    <Button {...look} component="a" href={url} download>
      CSV
    </Button>
  );
}
