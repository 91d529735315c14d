import { Input, NativeSelect, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { Provider, Template } from "@tincan/api";
import { templateLimits } from "@tincan/whatsapp/templates";
import { useMemo } from "react";
import { Section } from "../../../pieces/Section.tsx";
import type { Category, Draft, Shape } from "./draft.ts";
import { LimitedInput } from "./Limited.tsx";
import { categories, languageChoices, shapes } from "./words.ts";

interface Props {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  say: (field: string) => string | null;
  existing: Template | null;
  providers: Provider[];
}

/** What Meta takes as the time to live of a template's messages. Marketing has one on another route of Meta's only. */
const deliveryTimes: Partial<Record<Category, string>> = {
  UTILITY: "30 to 43,200 (12 hours). Empty: 30 days. Undelivered by then, a message is dropped without a word.",
  AUTHENTICATION: "30 to 900 (15 minutes). Empty: 10 minutes. Undelivered by then, a message is dropped without a word.",
};

/** Name, language, category: what a template is called and what it is for. Name and language never change once Meta has it. */
export function AboutSection({ draft, set, say, existing, providers }: Props) {
  const fixed = existing !== null && existing.status !== "DRAFT";
  const generic = (providers.find((one) => one.id === draft.provider)?.kind ?? existing?.provider.kind) === "generic";
  const languages = useMemo(() => languageChoices(draft.language), [draft.language]);
  const deliveryTime = deliveryTimes[draft.category];
  const meaning = categories.find(({ value }) => value === draft.category)?.meaning;
  return (
    <Section title="About" description={fixed ? "Name and language stay as they are; clone the template for other ones." : null}>
      <Stack gap="md">
        {existing || providers.length < 2 ? null : (
          <NativeSelect
            label="Number"
            value={draft.provider}
            onChange={(event) => set({ provider: event.currentTarget.value })}
            data={providers.map((one) => ({ value: one.id, label: one.nickname }))}
          />
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {fixed ? (
            <TextInput label="Name" value={draft.name} readOnly variant="filled" />
          ) : (
            <LimitedInput
              label={generic ? "Name (namespace)" : "Name"}
              placeholder="order_ready"
              value={draft.name}
              most={templateLimits.name}
              hint={generic ? "Exactly as the provider writes it" : "Lowercase letters, digits and _"}
              error={say("name")}
              spellCheck={false}
              onText={(name) => set({ name: generic ? name.trim() : name.toLowerCase().replaceAll(/[\s-]+/g, "_") })}
            />
          )}
          {fixed ? (
            <TextInput label="Language" value={languages.find(({ value }) => value === draft.language)?.label ?? draft.language} readOnly variant="filled" />
          ) : (
            <Select
              label="Language"
              searchable
              allowDeselect={false}
              leftSection={<IconSearch size={15} aria-hidden />}
              value={draft.language}
              onChange={(language) => (language ? set({ language }) : undefined)}
              data={languages}
              error={say("language")}
              nothingFoundMessage="No such language at Meta"
            />
          )}
        </SimpleGrid>
        <Stack gap={6}>
          <Input.Label component="div" id="template-category">
            Category
          </Input.Label>
          <SegmentedControl
            aria-labelledby="template-category"
            value={draft.category}
            disabled={existing?.status === "APPROVED"}
            onChange={(category) => set({ category: category as Category, timeToLive: "", ...(category === "MARKETING" ? {} : { shape: "basic" }) })}
            data={categories.map(({ value, label }) => ({ value, label }))}
          />
          <Text size="xs" c="dimmed">
            {meaning}
          </Text>
        </Stack>
        {generic || !deliveryTime ? null : (
          <NumberInput
            label="Give up delivering after (seconds)"
            description={deliveryTime}
            placeholder="As Meta does"
            min={-1}
            clampBehavior="none"
            allowDecimal={false}
            value={draft.timeToLive}
            error={say("timeToLiveSeconds")}
            onChange={(seconds) => set({ timeToLive: typeof seconds === "number" ? seconds : "" })}
          />
        )}
        {draft.category === "MARKETING" ? (
          <Stack gap={6}>
            <Input.Label component="div" id="template-shape">
              Kind
            </Input.Label>
            <SegmentedControl aria-labelledby="template-shape" value={draft.shape} onChange={(shape) => set({ shape: shape as Shape })} data={shapes} />
          </Stack>
        ) : null}
      </Stack>
    </Section>
  );
}
