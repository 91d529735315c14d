import { ScrollArea, Table } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  label: string;
  /** Narrower than this (px) it scrolls and no word is broken. */
  least: number;
  head: ReactNode;
  children: ReactNode;
}

/** A table of figures that scrolls by itself where it is wider than its place. Its rows are its own: nothing is sorted or picked. */
export function WideTable({ label, least, head, children }: Props) {
  return (
    <ScrollArea type="auto" offsetScrollbars="present" viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
      <Table aria-label={label} miw={least} verticalSpacing={8} horizontalSpacing="sm" fz="sm">
        <Table.Thead>
          <Table.Tr>{head}</Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
