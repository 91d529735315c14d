import { List, Text } from "@mantine/core";
import type { SegmentUse } from "@tincan/api";
import { TextLink } from "../../../pieces/links.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { wordsOfUse } from "./uses.ts";

/** What uses a segment or a list, each leading there. */
export function UsedBy({ uses }: { uses: readonly SegmentUse[] }) {
  return (
    <Section title="Used by">
      {uses.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing yet.
        </Text>
      ) : (
        <List size="sm" spacing={4}>
          {uses.map((use) => (
            <List.Item key={`${use.kind} ${use.id}`}>
              <Use use={use} />
            </List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}

function Use({ use }: { use: SegmentUse }) {
  const words = wordsOfUse(use);
  switch (use.kind) {
    case "segment":
      return (
        <TextLink to="/people/segments/$id" params={{ id: use.id }}>
          {words}
        </TextLink>
      );
    case "campaign":
      return (
        <TextLink to="/campaigns/$id" params={{ id: use.id }}>
          {words}
        </TextLink>
      );
    case "journey":
      return words;
  }
}
