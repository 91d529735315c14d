import { List } from "@mantine/core";
import type { SetAsideDraft } from "@tincan/api";
import { TextLink } from "./links.tsx";
import { Note } from "./Note.tsx";

/** Drafts that gave their name up to a template of the provider. */
export function SetAsideDrafts({ drafts }: { drafts: readonly SetAsideDraft[] }) {
  if (drafts.length === 0) return null;
  return (
    <Note kind="warm" announce="polite" title="The provider has templates with the names of drafts. The drafts are kept under other names">
      <List size="sm">
        {drafts.map(({ id, name, language, keptAs }) => (
          <List.Item key={id}>
            {name} ({language}) is now{" "}
            <TextLink to="/templates/$id" params={{ id }} size="sm">
              {keptAs}
            </TextLink>
          </List.Item>
        ))}
      </List>
    </Note>
  );
}
