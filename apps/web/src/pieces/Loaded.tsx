import { Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Delayed } from "./Delayed.tsx";
import { ErrorNote } from "./ErrorNote.tsx";

interface Props<T> {
  query: UseQueryResult<T>;
  /** Height of the grey shape that keeps the place, in pixels, so that nothing jumps. */
  height?: number;
  children: (data: T) => ReactNode;
}

/** The three faces of data that is fetched: on its way, failed, here. */
export function Loaded<T>({ query, height = 160, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorNote error={query.error} retry={() => void query.refetch()} />;
  return (
    <Stack mih={height} aria-busy="true">
      <Delayed>
        <Skeleton height={height} radius={8} />
      </Delayed>
    </Stack>
  );
}
