import { Alert, Button, Grid, Group, NativeSelect, SegmentedControl, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Content } from "@tincan/api";
import { useEffect } from "react";
import { useFound } from "../../../pieces/found.ts";
import { ButtonLink } from "../../../pieces/links.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { SearchSelect } from "../../../pieces/SearchSelect.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { approvedTemplates, useTemplatesNamed } from "../../templates/approved-templates.ts";
import { providersInUse } from "../../templates/providers-in-use.ts";
import { poolSource, useFields } from "./choices.ts";
import { PeoplePreview } from "./PeoplePreview.tsx";
import type { StepProps } from "./step-props.ts";
import { TestFields } from "./TestFields.tsx";
import { VariantFields } from "./VariantFields.tsx";
import { withMode, withOneMore } from "./variants.ts";
import classes from "./WhatStep.module.css";

/** What is sent and from which number, beside what real people would see. */
export function WhatStep(props: StepProps) {
  const { draft, change, say, problems } = props;
  const { provider, content } = draft;
  const providers = useQuery(providersInUse);
  const approved = useFound(approvedTemplates(provider), "");
  const templates = useTemplatesNamed(provider, content?.variants.map(({ template }) => template) ?? []);
  const fields = useFields();
  const standard = providers.data?.find((one) => one.default) ?? providers.data?.[0];
  useEffect(() => {
    if (provider === undefined && standard) change({ provider: standard.id });
  }, [provider, standard, change]);
  const chosen = providers.data?.find(({ id }) => id === provider);
  // What is wrong with the variants as a whole, such as their shares; each tells its own problems itself.
  const together = say("content.variants") && problems.find(({ path }) => path === "content.variants")?.message;
  const setMode = (mode: string) => content && change({ content: withMode(content, mode as Content["mode"], fields?.properties[0]?.key ?? "") });
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack gap="lg">
          <Section title="What">
            <NativeSelect
              label="Number"
              value={provider ?? ""}
              onChange={(event) => change({ provider: event.currentTarget.value })}
              data={[...(provider === undefined ? [{ value: "", label: "Choose a number" }] : []), ...(providers.data ?? []).map(({ id, nickname }) => ({ value: id, label: nickname }))]}
              error={say("provider")}
              maw={480}
            />
            {provider !== undefined && !approved.isSearching && !approved.isError && approved.items.length === 0 ? (
              <Note kind="warm" title="This number has no approved template" actions={<ButtonLink to="/templates/new" search={{ provider }} size="xs" variant="default">Write a template</ButtonLink>}>
                Only a template that Meta has approved can be sent to people.
              </Note>
            ) : null}
            {content ? (
              <div>
                <Text size="sm" fw={500} mb={4} id="message-mode">
                  Messages
                </Text>
                <SegmentedControl
                  aria-labelledby="message-mode"
                  value={content.mode}
                  onChange={setMode}
                  data={[
                    { value: "single", label: "One for all" },
                    { value: "ab", label: "A/B" },
                    { value: "split", label: "By property" },
                  ]}
                />
              </div>
            ) : null}
            {content?.mode === "split" ? (
              <NativeSelect
                label="Property"
                description="Each person gets the message for their value, in upper or lower case."
                value={content.property}
                onChange={(event) => change({ content: { ...content, property: event.currentTarget.value } })}
                data={[...(content.property === "" ? [{ value: "", label: "Choose a property" }] : []), ...splitChoices(content.property, fields?.properties.map(({ key }) => key) ?? [])]}
                error={say("content.property")}
                maw={480}
              />
            ) : null}
            {together ? (
              <Alert color="red" variant="light" py="xs">
                {together}
              </Alert>
            ) : null}
          </Section>
          {content ? (
            content.variants.map((variant, index) => <VariantFields key={variant.key} {...props} content={content} index={index} templates={templates} fields={fields} />)
          ) : (
            <VariantFields {...props} content={undefined} index={0} templates={templates} fields={fields} />
          )}
          {content && content.mode !== "single" && content.variants.length < (content.mode === "ab" ? 3 : 51) ? (
            <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => change({ content: withOneMore(content) })} style={{ alignSelf: "flex-start" }}>
              {content.mode === "ab" ? "Variant" : "Value"}
            </Button>
          ) : null}
          {content?.mode === "ab" ? <TestFields {...props} content={content} /> : null}
          {content ? <LinksSection {...props} isGeneric={chosen?.kind === "generic"} /> : null}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <div className={classes.aside}>{content ? <PeoplePreview draft={draft} templates={templates} title={chosen?.nickname ?? "Your number"} /> : null}</div>
      </Grid.Col>
    </Grid>
  );
}

/** Standard fields can split too; a property that is gone stays, so that it can be seen. */
const splitChoices = (now: string, own: string[]): string[] => [...new Set(["language", "timeZone", ...own, ...(now ? [now] : [])])];

function LinksSection({ draft, change, say, isGeneric }: StepProps & { isGeneric: boolean }) {
  const { links = { track: false }, couponPool } = draft;
  const pools = useFound(poolSource, "");
  const tag = (key: string, label: string, placeholder: string) => (
    <TextInput
      label={label}
      placeholder={placeholder}
      maxLength={200}
      value={links.utm?.[key] ?? ""}
      onChange={(event) => {
        const { [key]: _, ...others } = links.utm ?? {};
        const text = event.currentTarget.value;
        change({ links: { ...links, utm: text ? { ...others, [key]: text } : others } });
      }}
    />
  );
  return (
    <Section title="Links and codes">
      <Switch
        label="Track clicks"
        description="Web addresses in the values become short links of this server that lead on and count who opened them."
        checked={links.track}
        onChange={(event) => change({ links: { ...links, track: event.currentTarget.checked } })}
        error={say("links")}
      />
      {links.track ? (
        <Group gap="sm" grow preventGrowOverflow={false}>
          {tag("utm_source", "utm_source", "whatsapp")}
          {tag("utm_medium", "utm_medium", "message")}
          {tag("utm_campaign", "utm_campaign", "spring")}
        </Group>
      ) : null}
      {pools.items.length > 0 || couponPool ? (
        <SearchSelect
          source={poolSource}
          label="Coupon codes"
          description="{{ coupon }} in a value gives each person a code of their own."
          placeholder="None"
          nothingFound="No pool of this name"
          value={couponPool ?? null}
          onChange={(id) => change({ couponPool: id })}
          onNone={() => change({ couponPool: null })}
          error={say("couponPool")}
          maw={480}
        />
      ) : null}
      {isGeneric || Object.keys(draft.customProps ?? {}).length > 0 ? (
        <CustomProps {...{ draft, change, say }} />
      ) : null}
    </Section>
  );
}

/** Rows of `name = value`, which the provider gets as customProps. */
function CustomProps({ draft, change, say }: Pick<StepProps, "draft" | "change" | "say">) {
  const rows = Object.entries(draft.customProps ?? {});
  const set = (next: [string, string][]) => change({ customProps: Object.fromEntries(next) });
  return (
    <Stack gap="xs" role="group" aria-label="Custom key-values">
      <Text size="sm" fw={500}>
        Custom key-values
      </Text>
      {rows.map(([key, value], index) => (
        <Group key={key} gap="xs" wrap="nowrap">
          <TextInput aria-label={`Key ${index + 1}`} value={key} readOnly style={{ flex: 1 }} />
          <TextInput aria-label={`Value of ${key}`} value={value} maxLength={512} onChange={(event) => set(rows.map((row, i) => (i === index ? [key, event.currentTarget.value] : row)))} style={{ flex: 1 }} />
          <Button variant="subtle" color="gray" onClick={() => set(rows.filter((_, i) => i !== index))}>
            Remove
          </Button>
        </Group>
      ))}
      <TextInput
        aria-label="Key to add"
        placeholder="Key; Enter adds it"
        maxLength={120}
        error={say("customProps")}
        onKeyDown={(event) => {
          const key = event.currentTarget.value.trim();
          if (event.key !== "Enter" || key === "" || rows.some(([known]) => known === key)) return;
          event.preventDefault();
          set([...rows, [key, ""]]);
          event.currentTarget.value = "";
        }}
        maw={240}
      />
    </Stack>
  );
}
