import { List } from "@mantine/core";
import type { Campaign } from "@tincan/api";
import { Facts } from "../../pieces/Facts.tsx";
import { Section } from "../../pieces/Section.tsx";
import { QueryWords } from "../../query-builder/QueryWords.tsx";
import { contentWords, goalWords, paceWords, quietWords, scheduleWords, timingWords } from "./definition-words.ts";
import { useAudienceWords } from "./use-audience-words.ts";

/** What the campaign is, in sentences. */
export function DefinitionFacts({ campaign }: { campaign: Pick<Campaign, "definition" | "provider"> }) {
  const { definition, provider } = campaign;
  const audience = useAudienceWords(definition.audience, definition.schedule?.kind === "event");
  const rules = paceWords(definition);
  const utm = Object.keys(definition.links?.utm ?? {});
  return (
    <Facts
      rows={[
        ["Who", audience],
        ["Query", definition.audience && "query" in definition.audience ? <QueryWords key="query" query={definition.audience.query} /> : null],
        ["What", contentWords(definition.content)],
        ["From", provider?.nickname ?? "Not chosen yet."],
        ["When", scheduleWords(definition.schedule)],
        ["Time of day", timingWords(definition.timing)],
        ["Quiet hours", quietWords(definition.quietHours)],
        [
          "Rules",
          rules.length > 0 ? (
            <List key="rules" size="sm" listStyleType="none">
              {rules.map((rule) => (
                <List.Item key={rule}>{rule}</List.Item>
              ))}
            </List>
          ) : null,
        ],
        ["Goal", goalWords(definition.goal) ?? "None."],
        ["Links", definition.links?.track ? `Clicks are tracked${utm.length > 0 ? `, with ${utm.join(", ")} added` : ""}.` : null],
      ]}
    />
  );
}

export function DefinitionSection({ campaign }: { campaign: Campaign }) {
  return (
    <Section title="What it is">
      <DefinitionFacts campaign={campaign} />
    </Section>
  );
}
