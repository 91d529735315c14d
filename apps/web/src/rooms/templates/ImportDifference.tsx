import { Accordion, Button, Group, List, Stack, Text } from "@mantine/core";
import type { TemplateImportPreview } from "@tincan/api";
import { Note } from "../../pieces/Note.tsx";
import { Section } from "../../pieces/Section.tsx";
import classes from "./ImportDifference.module.css";
import { inWords } from "./template-words.ts";

interface Props {
  preview: TemplateImportPreview;
  applying: boolean;
  onApply: () => void;
}

const shown = (value: unknown): string => (value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value, null, 1));
const count = (number: number, what: string) => `${number.toLocaleString()} ${what}${number === 1 ? "" : "s"}`;

/** What would change, before it does. */
export function ImportDifference({ preview, applying, onApply }: Props) {
  const { changed, drafts, gone, rejected, unchanged, pages } = preview;
  const fresh = preview.new;
  const nothing = fresh.length + changed.length + gone.length === 0;
  return (
    <Section
      title="Difference"
      description={`${count(pages, "page")} read: ${fresh.length} new, ${changed.length} changed, ${gone.length} gone, ${unchanged} the same.`}
      actions={
        <Button onClick={onApply} loading={applying} disabled={nothing}>
          Apply
        </Button>
      }
    >
      {nothing ? (
        <Text size="sm" c="dimmed">
          Nothing to change. All templates are as the provider lists them.
        </Text>
      ) : null}
      {rejected.length > 0 ? (
        <Note kind="warm" title={`${count(rejected.length, "template")} could not be read and ${rejected.length === 1 ? "is" : "are"} left alone`}>
          <List size="sm">
            {rejected.map(({ page, message }) => (
              <List.Item key={`${page} ${message}`}>
                Page {page}: {message}
              </List.Item>
            ))}
          </List>
        </Note>
      ) : null}
      {drafts.length > 0 ? (
        <Note kind="warm" title="Drafts have the names of new templates, and say something else. They will be kept under other names">
          <List size="sm">
            {drafts.map(({ name, language }) => (
              <List.Item key={`${name} ${language}`}>
                {name} ({language})
              </List.Item>
            ))}
          </List>
        </Note>
      ) : null}
      <Names title="New" entries={fresh} />
      {changed.length > 0 ? (
        <Stack gap={6}>
          <Text size="sm" fw={600}>
            Changed
          </Text>
          <Accordion variant="separated" chevronPosition="left">
            {changed.map((entry) => (
              <Accordion.Item key={`${entry.name} ${entry.language}`} value={`${entry.name} ${entry.language}`}>
                <Accordion.Control fz="sm">
                  {entry.name} ({entry.language}): {entry.changes.map(({ field }) => field).join(", ")}
                </Accordion.Control>
                <Accordion.Panel>
                  <Stack gap="sm">
                    {entry.changes.map(({ field, before, after }) => (
                      <div key={field}>
                        <Text size="xs" c="dimmed" ff="monospace">
                          {field}
                        </Text>
                        <div className={classes.sides}>
                          <del className={classes.before}>{shown(before)}</del>
                          <ins className={classes.after}>{shown(after)}</ins>
                        </div>
                      </div>
                    ))}
                  </Stack>
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        </Stack>
      ) : null}
      <Names title="Gone at the provider" entries={gone} />
      <Text size="xs" c="dimmed">
        Messages already accepted keep the template as it was.
      </Text>
    </Section>
  );
}

function Names({ title, entries }: { title: string; entries: TemplateImportPreview["new"] }) {
  if (entries.length === 0) return null;
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <List size="sm">
        {entries.map(({ name, language, category, status }) => (
          <List.Item key={`${name} ${language}`}>
            <Group gap="xs" component="span" display="inline-flex">
              <b>{name}</b> {language} · {inWords(category)} · {inWords(status)}
            </Group>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
