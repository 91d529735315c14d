import { ScrollArea, Table } from "@mantine/core";
import type { Import } from "@tincan/api";
import { Section } from "../../../pieces/Section.tsx";

const encodings: Record<Import["encoding"], string> = { "utf-8": "UTF-8", "utf-16le": "UTF-16", "utf-16be": "UTF-16", "windows-1252": "Windows-1252" };
const delimiters: Record<Import["delimiter"], string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" };

/** The file's beginning as it was read: wrong letters or everything in one column show here at once. */
export function FirstRows({ of: { columns, rows, encoding, delimiter } }: { of: Import }) {
  return (
    <Section title="First rows" description={`Read as ${encodings[encoding]}, separated by ${delimiters[delimiter]}.`}>
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "First rows" }}>
        <Table fz="sm" verticalSpacing={6} aria-label="First rows of the file">
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column.index} className="nowrap">
                  {column.name || `Column ${column.index + 1}`}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, line) => (
              // The file's rows have nothing but their place, and never change.
              // oxlint-disable-next-line react/no-array-index-key
              <Table.Tr key={line}>
                {columns.map((column) => (
                  <Table.Td key={column.index} className="nowrap" style={{ maxWidth: 240, overflow: "hidden", textOverflow: "ellipsis" }} title={row[column.index]}>
                    {row[column.index] ?? ""}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Section>
  );
}
