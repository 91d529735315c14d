import { Button, Checkbox, Group, Paper, Popover, ScrollArea, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { IconColumns3, IconDownload } from "@tabler/icons-react";
import type { List } from "@tincan/api";
import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { asFailure, showFailure } from "../change.ts";
import { csvOf, saveText } from "./csv.ts";
import { Delayed } from "./Delayed.tsx";
import { ErrorNote } from "./ErrorNote.tsx";
import classes from "./Listing.module.css";

export interface Column<T> {
  key: string;
  header: string;
  cell: (item: T) => ReactNode;
  /** The value as text, for the CSV file; columns without one are not exported. */
  text?: (item: T) => string;
  /** Always shown: the column that names the row and holds its link. It heads the card on a narrow screen. */
  main?: boolean;
  /** Not shown until somebody chooses it. */
  optional?: boolean;
  align?: "right";
}

interface Props<T> {
  /** Names the list for screen readers, the column choice and the file. */
  name: string;
  columns: Column<T>[];
  queryKey: readonly unknown[];
  page: (after: string | undefined, signal: AbortSignal | undefined) => Promise<List<T>>;
  idOf: (item: T) => string;
  empty: ReactNode;
  filters?: ReactNode;
}

/** No export is longer than this many pages of 200. */
const exportPages = 250;

/**
 * A list as every room shows it: rows in a table (cards on a narrow screen), columns to choose, CSV of everything that matches, more at a
 * click. Search and filters belong to the room, which keeps them in the address.
 */
export function Listing<T>({ name, columns, queryKey, page, idOf, empty, filters }: Props<T>) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => page(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: List<T>) => last.next ?? undefined,
    placeholderData: (previous: InfiniteData<List<T>, string | undefined> | undefined) => previous,
  });
  const [chosen, setChosen] = useLocalStorage<Record<string, boolean>>({ key: `columns:${name}`, defaultValue: {} });
  const narrow = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });

  const items = query.data?.pages.flatMap((part) => part.items) ?? [];
  const shown = columns.filter((column) => column.main || (chosen[column.key] ?? !column.optional));

  const exportAll = async () => {
    const rows: T[] = [];
    let after: string | undefined;
    try {
      for (let count = 0; count < exportPages; count++) {
        const part = await page(after, undefined);
        rows.push(...part.items);
        if (!part.next) break;
        after = part.next;
      }
      const exported = columns.filter((column) => column.text);
      const body = rows.map((row) => exported.map((column) => column.text?.(row) ?? ""));
      saveText(`${name}.csv`, csvOf([exported.map((column) => column.header), ...body]));
    } catch (error) {
      showFailure(asFailure(error));
    }
  };

  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Group gap="xs" style={{ flex: 1 }}>
          {filters}
        </Group>
        <Group gap="xs">
          {narrow ? null : (
            <Popover position="bottom-end" withinPortal={false} trapFocus>
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
                      <Checkbox
                        key={column.key}
                        size="xs"
                        label={column.header}
                        checked={shown.includes(column)}
                        onChange={(event) => setChosen({ ...chosen, [column.key]: event.currentTarget.checked })}
                      />
                    ))}
                </Stack>
              </Popover.Dropdown>
            </Popover>
          )}
          {columns.some((column) => column.text) ? (
            <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => void exportAll()} disabled={items.length === 0}>
              CSV
            </Button>
          ) : null}
        </Group>
      </Group>

      {query.error && items.length === 0 ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : null}
      {query.isPending ? (
        <Delayed>
          <Skeleton height={240} radius={8} />
        </Delayed>
      ) : null}
      {query.data && items.length === 0 ? <Paper>{empty}</Paper> : null}
      {items.length > 0 ? (
        narrow ? (
          <Cards name={name} columns={shown} items={items} idOf={idOf} />
        ) : (
          <Rows name={name} columns={shown} items={items} idOf={idOf} />
        )
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
    </Stack>
  );
}

interface Shown<T> {
  name: string;
  columns: Column<T>[];
  items: T[];
  idOf: (item: T) => string;
}

function Rows<T>({ name, columns, items, idOf }: Shown<T>) {
  return (
    <Paper style={{ overflow: "hidden" }}>
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": name }}>
        <Table highlightOnHover verticalSpacing={10} horizontalSpacing="md" aria-label={name} className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column.key} ta={column.align}>
                  {column.header}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr key={idOf(item)}>
                {columns.map((column) => (
                  <Table.Td key={column.key} ta={column.align}>
                    {column.cell(item)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Paper>
  );
}

function Cards<T>({ name, columns, items, idOf }: Shown<T>) {
  const main = columns.filter((column) => column.main);
  const rest = columns.filter((column) => !column.main);
  return (
    <Stack gap="xs" component="ul" aria-label={name} className={classes.cards}>
      {items.map((item) => (
        <Paper key={idOf(item)} p="sm" component="li">
          {main.map((column) => (
            <div key={column.key} className={classes.cardHead}>
              {column.cell(item)}
            </div>
          ))}
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
        </Paper>
      ))}
    </Stack>
  );
}
