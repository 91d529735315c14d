import { Button, Checkbox, FileButton, Group, NativeSelect, Radio, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useMay } from "../../../session.ts";
import { fileSize } from "../imports/import-words.ts";
import { countryChoice } from "../phone-reading.ts";
import { type CsvHead, type KeyKind, likelyColumn, readCsvHead } from "./csv-head.ts";

/** A file of people and how it is read. */
export interface ChosenFile {
  file: File;
  head: CsvHead;
  column: number;
  by: KeyKind;
  /** Two letters; empty for the workspace's own. */
  country: string;
  createMissing: boolean;
}

interface Props {
  value: ChosenFile | null;
  onChange: (value: ChosenFile | null) => void;
}

const kinds: { value: KeyKind; label: string }[] = [
  { value: "phone", label: "phone numbers" },
  { value: "identity", label: "your identities" },
  { value: "id", label: "ids of contacts here" },
];

/** Chooses a CSV file, the column that says who, and what happens to those nobody knows. */
export function PeopleFile({ value, onChange }: Props) {
  const mayMake = useMay("contacts.write");
  const choose = async (file: File | null) => {
    if (!file) return;
    const head = await readCsvHead(file);
    const { index, by } = likelyColumn(head.names);
    onChange({ file, head, column: index, by, country: "", createMissing: false });
  };
  const set = (part: Partial<ChosenFile>) => value && onChange({ ...value, ...part });
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <FileButton onChange={(file) => void choose(file)} accept=".csv,.txt,.tsv,text/csv,text/plain" inputProps={{ "aria-label": "CSV file" }}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileSpreadsheet size={16} aria-hidden />}>
              {value ? "Choose another file" : "Choose a CSV file"}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c={value ? undefined : "dimmed"} className="break" aria-live="polite">
          {value ? `${value.file.name}, ${fileSize(value.file.size)}` : "Its first row names the columns."}
        </Text>
      </Group>
      {value ? (
        <>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NativeSelect
              label="Column that says who"
              value={String(value.column)}
              onChange={(event) => set({ column: Number(event.currentTarget.value) })}
              data={value.head.names.map((name, index) => ({ value: String(index), label: name || `Column ${index + 1}, without a name`, disabled: index > 0 && name === "" }))}
            />
            <NativeSelect label="It holds" value={value.by} onChange={(event) => set({ by: kinds.find((kind) => kind.value === event.currentTarget.value)?.value ?? "phone" })} data={kinds} />
          </SimpleGrid>
          <FirstValues of={value} />
          {value.by === "phone" ? (
            <NativeSelect
              label="Country of numbers without one"
              value={value.country}
              onChange={(event) => set({ country: event.currentTarget.value })}
              data={[{ value: "", label: "As the workspace has it" }, ...countryChoice()]}
            />
          ) : null}
          {mayMake && value.by !== "id" ? (
            <Checkbox
              label="Add people who are not known yet"
              description="They become contacts without consent. Otherwise their rows can be downloaded afterwards."
              checked={value.createMissing}
              onChange={(event) => set({ createMissing: event.currentTarget.checked })}
            />
          ) : null}
        </>
      ) : null}
    </Stack>
  );
}

function FirstValues({ of: { head, column } }: { of: ChosenFile }) {
  const values = head.rows.map((row) => row[column]?.trim() ?? "").filter((value) => value !== "");
  return (
    <Text size="xs" c="dimmed" className="break" aria-live="polite">
      {values.length === 0 ? "The first rows have nothing in this column." : `It begins with ${values.slice(0, 3).join(", ")}.`}
    </Text>
  );
}

interface ModeProps {
  value: "add" | "replace";
  onChange: (mode: "add" | "replace") => void;
  members: number;
}

/** What becomes of those who are on the list already. */
export function FileMode({ value, onChange, members }: ModeProps) {
  return (
    <Radio.Group label="The people of the file" value={value} onChange={(mode) => onChange(mode === "replace" ? "replace" : "add")}>
      <Stack gap={6} mt={4}>
        <Radio value="add" label="join those on the list" />
        <Radio value="replace" label="take their place" description={`Of the ${members.toLocaleString()} now on the list, whoever is not in the file comes off it.`} />
      </Stack>
    </Radio.Group>
  );
}
