import { ScrollArea, Table } from "@mantine/core";
import type { ReactNode } from "react";

/** A table of figures that scrolls by itself where it is wider than its place. Its rows are its own: nothing is sorted or picked. */
export function WideTable({ label, head, children }: { label: string; head: ReactNode; children: ReactNode }) {
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
      <Table aria-label={label} verticalSpacing={8} horizontalSpacing="sm" fz="sm">
        <Table.Thead>
          <Table.Tr>{head}</Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
