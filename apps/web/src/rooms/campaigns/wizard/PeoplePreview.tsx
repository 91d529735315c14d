import { ActionIcon, Group, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { CampaignPreview, Template, TemplateContent, Variant } from "@tincan/api";
import { useState } from "react";
import { api } from "../../../api.ts";
import { asFailure } from "../../../change.ts";
import { bubbleOfTemplate } from "../../../phone-preview/bubble.ts";
import { PhonePreview } from "../../../phone-preview/PhonePreview.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { displayNumber } from "../../../pieces/phone.ts";
import { keyOfTemplate } from "../../templates/approved-templates.ts";
import { lossWords } from "../campaign-words.ts";
import { type Draft, savable } from "./draft.ts";

type ButtonValue = NonNullable<TemplateContent["buttons"]>[number];

/** The message as the first people of the audience would see it; with the texts as they are typed where nobody can be shown. */
export function PeoplePreview({ draft, templates, title }: { draft: Draft; templates: Template[]; title: string }) {
  const { audience, content, provider, couponPool, links, schedule } = savable(draft);
  const definition = { audience, content, provider, couponPool, links, schedule };
  const [asked] = useDebouncedValue(JSON.stringify(definition), 500);
  const preview = useQuery({
    queryKey: ["preview", asked],
    queryFn: () => api.campaigns.preview({ definition: JSON.parse(asked) as typeof definition }),
    enabled: content !== undefined && provider !== undefined,
    placeholderData: (before) => before,
    retry: false,
  });
  const [at, setAt] = useState(0);
  // What an event will say is not known before it happens.
  const people = (preview.data?.people ?? []).map((one) => (schedule?.kind === "event" ? withoutEvent(one) : one));
  const person = people[Math.min(at, people.length - 1)];
  const step = (by: number) => setAt((Math.min(at, people.length - 1) + by + people.length) % people.length);
  const variants = draft.content?.variants ?? [];
  const variant = variants.find(({ key }) => key === person?.variant) ?? variants[0];
  const template = variant ? templates.find((one) => keyOfTemplate(one) === keyOfTemplate(variant.template)) : undefined;
  const name = person ? (person.name ?? (person.phone ? displayNumber(person.phone) : "Somebody")) : null;
  return (
    <Stack gap="sm" align="center">
      {name ? (
        <Group gap={4} wrap="nowrap">
          <ActionIcon aria-label="The person before" onClick={() => step(-1)} disabled={people.length < 2}>
            <IconChevronLeft size={18} aria-hidden />
          </ActionIcon>
          <Text size="sm" ta="center" miw={180} aria-live="polite">
            As <b>{name}</b> would see it
            {draft.content && draft.content.mode !== "single" && variant ? ` (${variant.equals ?? variant.key})` : ""}
          </Text>
          <ActionIcon aria-label="The next person" onClick={() => step(1)} disabled={people.length < 2}>
            <IconChevronRight size={18} aria-hidden />
          </ActionIcon>
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          With the texts as they are typed
        </Text>
      )}
      {template && variant ? <PhonePreview title={title} messages={[{ id: "preview", bubble: bubbleOfTemplate(template.components, person?.content ? withGaps(person.content) : typed(variant), { examples: false }), side: "in", time: "10:42" }]} /> : null}
      <Remarks person={person} failure={preview.error} people={people} />
    </Stack>
  );
}

function Remarks({ person, failure, people }: { person: CampaignPreview["people"][number] | undefined; failure: unknown; people: CampaignPreview["people"] }) {
  if (failure) return <Note kind="info" title={asFailure(failure).message} announce="polite">{asFailure(failure).expected ?? asFailure(failure).fix}</Note>;
  const lacking = people.filter(({ missing }) => missing.length > 0).length;
  return (
    <>
      {person?.lost ? (
        <Note kind="warm" title="They would get nothing" announce="polite">
          {`${lossWords(person.lost)}. ${person.missing.length > 0 ? `Empty for them: ${person.missing.join(", ")}.` : (person.detail ?? "")}`}
        </Note>
      ) : null}
      {lacking > 0 ? (
        <Text size="sm" c="dimmed">
          {lacking === people.length ? (lacking === 1 ? "The one person shown lacks a value." : `All ${lacking} people shown lack a value.`) : `${lacking} of the ${people.length} people shown ${lacking === 1 ? "lacks" : "lack"} a value.`}
        </Text>
      ) : null}
    </>
  );
}

function withoutEvent(person: CampaignPreview["people"][number]): CampaignPreview["people"][number] {
  const missing = person.missing.filter((name) => !name.startsWith("event"));
  return { ...person, missing, lost: person.lost === "missingValue" && missing.length === 0 ? null : person.lost };
}

/** What is empty shows where it would stand. */
function withGaps(content: TemplateContent): TemplateContent {
  const gaps = <P extends { body?: { text: string }[] }>(part: P): P => (part.body ? { ...part, body: part.body.map((value) => (value.text === "" ? { ...value, text: "…" } : value)) } : part);
  return gaps(content.cards ? { ...content, cards: content.cards.map(gaps) } : content);
}

/** The values as they are typed, Liquid and all. */
function typed({ template, values }: Variant): TemplateContent {
  const { header, body, buttons, cards } = values;
  const part = ({ header: top, body: texts, buttons: below }: Pick<Variant["values"], "header" | "body" | "buttons">) => ({
    ...(top ? { header: top } : {}),
    body: texts ?? [],
    buttons: (below ?? []).map((button): ButtonValue => (button.kind === "url" ? { kind: button.kind, index: button.index, suffix: button.suffix ?? button.target ?? "" } : button)),
  });
  return withGaps({ type: "template", ...template, ...part({ header, body, buttons }), ...(cards ? { cards: cards.map(part) } : {}) });
}
