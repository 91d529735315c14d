import { NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import type { ImportColumn, ImportSettings, ImportTarget } from "@tincan/api";
import { Section } from "../../../pieces/Section.tsx";
import { propertyTypeChoice } from "../property-types.ts";
import { choiceOf, mappingProblems, targetChoice, targetOf } from "./mapping.ts";
import classes from "./MappingSection.module.css";

interface Props {
  columns: ImportColumn[];
  mapping: ImportSettings["mapping"];
  onChange: (mapping: ImportSettings["mapping"]) => void;
  /** Keys of properties people have already, to choose from. */
  knownKeys: string[];
}

/** What each column of the file becomes: guessed from its name and values, changed at will. */
export function MappingSection({ columns, mapping, onChange, knownKeys }: Props) {
  const problems = mappingProblems(mapping, columns);
  const set = (index: number, target: ImportTarget) => onChange(mapping.map((old, i) => (i === index ? target : old)));
  return (
    <Section title="Columns" description="What each column becomes. The first guess comes from its name and its values.">
      <datalist id="known-properties">
        {knownKeys.map((key) => (
          <option key={key} value={key}>
            {key}
          </option>
        ))}
      </datalist>
      <ul className={classes.rows} aria-label="Columns of the file">
        {columns.map((column) => {
          const target = mapping[column.index] ?? { kind: "skip" as const };
          const problem = problems.get(column.index);
          return (
            <li key={column.index} className={classes.row} data-skipped={target.kind === "skip" || undefined}>
              <div className={classes.column}>
                <Text size="sm" fw={600} className="break">
                  {column.name || `Column ${column.index + 1}`}
                </Text>
                <Text size="xs" c="dimmed" lineClamp={1} className="break">
                  {column.samples.length > 0 ? column.samples.join(" · ") : "No values in the first rows"}
                </Text>
              </div>
              <Stack gap={6} className={classes.target}>
                <NativeSelect
                  aria-label={`“${column.name}” becomes`}
                  value={choiceOf(target)}
                  data={targetChoice}
                  onChange={(event) => set(column.index, targetOf(event.currentTarget.value, column))}
                  error={target.kind === "property" ? undefined : problem}
                />
                {target.kind === "property" ? (
                  <div className={classes.property}>
                    <TextInput
                      aria-label={`Property name for “${column.name}”`}
                      value={target.key}
                      maxLength={120}
                      list="known-properties"
                      autoComplete="off"
                      onChange={(event) => set(column.index, { ...target, key: event.currentTarget.value })}
                      error={problem}
                    />
                    <NativeSelect
                      aria-label={`Type of “${column.name}”`}
                      value={target.type}
                      data={[...propertyTypeChoice]}
                      onChange={(event) => {
                        const type = propertyTypeChoice.find(({ value }) => value === event.currentTarget.value)?.value ?? "text";
                        set(column.index, { ...target, type });
                      }}
                    />
                  </div>
                ) : null}
              </Stack>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
