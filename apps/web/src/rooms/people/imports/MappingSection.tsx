import { NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import type { ContactProperty, ImportColumn, ImportSettings, ImportTarget } from "@tincan/api";
import { Section } from "../../../pieces/Section.tsx";
import { knownType } from "../contacts/properties.ts";
import { PropertyTypeField } from "../PropertyTypeField.tsx";
import { choiceOf, mappingProblems, targetChoice, targetOf } from "./mapping.ts";
import classes from "./MappingSection.module.css";

interface Props {
  columns: ImportColumn[];
  mapping: ImportSettings["mapping"];
  onChange: (mapping: ImportSettings["mapping"]) => void;
  /** Properties people have already: their names can be chosen, their types cannot be changed. */
  known: ContactProperty[];
}

/** What each column of the file becomes: guessed from its name and values, changed at will. */
export function MappingSection({ columns, mapping, onChange, known }: Props) {
  const problems = mappingProblems(mapping, columns);
  const set = (index: number, target: ImportTarget) => onChange(mapping.map((old, i) => (i === index ? target : old)));
  return (
    <Section title="Columns" description="What each column becomes. The first guess comes from its name and its values.">
      <datalist id="known-properties">
        {known.map(({ key }) => (
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
                  onChange={(event) => set(column.index, targetOf(event.currentTarget.value, column, known))}
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
                      onChange={(event) => set(column.index, { ...target, key: event.currentTarget.value, type: knownType(known, event.currentTarget.value) ?? target.type })}
                      error={problem}
                    />
                    <PropertyTypeField label={`Type of “${column.name}”`} type={target.type} fixed={knownType(known, target.key) !== undefined} onChange={(type) => set(column.index, { ...target, type })} />
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
