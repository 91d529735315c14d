import { Button, Group, NumberInput, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { CampaignValues, Content, SegmentFields, Template } from "@tincan/api";
import { SearchSelect } from "../../../pieces/SearchSelect.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { type PickerField, ValuePicker } from "../../../pieces/ValuePicker.tsx";
import { approvedTemplates, keyOfTemplate, templateNamed } from "../../templates/approved-templates.ts";
import { pickerFields } from "./choices.ts";
import { OfferEnd } from "./OfferEnd.tsx";
import type { StepProps } from "./step-props.ts";
import { type Slot, slotsOf } from "./values.ts";
import { variantName, without, withTemplate, withVariant } from "./variants.ts";

interface Props extends StepProps {
  /** None before the first template is chosen. */
  content: Content | undefined;
  index: number;
  /** Those that the variants name. */
  templates: Template[];
  fields: SegmentFields | undefined;
}

/** One variant: its template and everything the template leaves open. */
export function VariantFields({ content, index, templates, fields, draft, change, say }: Props) {
  const client = useQueryClient();
  const variant = content?.variants[index];
  const template = variant ? templates.find((one) => keyOfTemplate(one) === keyOfTemplate(variant.template)) : undefined;
  const path = `content.variants[${index}]`;
  const chosen = variant ? keyOfTemplate(variant.template) : null;
  const event = draft.schedule?.kind === "event" ? draft.schedule.trigger.event : undefined;
  const setValues = (values: CampaignValues) => content && change({ content: withVariant(content, index, { values }) });
  const removable = content && (content.mode === "ab" ? content.variants.length > 2 : content.mode === "split" && content.variants.length > 1);
  return (
    <Section
      title={content && variant ? variantName(content, variant) : "Template"}
      actions={
        removable ? (
          <Button size="xs" variant="subtle" color="gray" onClick={() => change({ content: without(content, index) })}>
            Remove
          </Button>
        ) : null
      }
    >
      {content?.mode === "split" && variant?.equals !== undefined ? (
        <TextInput label={`Value of “${content.property}”`} value={variant.equals} maxLength={512} onChange={(input) => change({ content: withVariant(content, index, { equals: input.currentTarget.value }) })} maw={320} />
      ) : null}
      {content?.mode === "ab" && variant ? (
        <NumberInput label="Share, in percent" value={variant.share ?? 0} min={1} max={100} allowDecimal={false} onChange={(share) => change({ content: withVariant(content, index, { share: Math.max(1, Number(share) || 1) }) })} maw={160} />
      ) : null}
      <SearchSelect
        source={approvedTemplates(draft.provider)}
        label="Template"
        description="Only approved ones can be sent."
        placeholder="Choose a template"
        nothingFound="No approved template of this name"
        value={chosen}
        onChange={(_key, _name, { template: next }) => {
          client.setQueryData(templateNamed(draft.provider, next).queryKey, next);
          change({ content: withTemplate(content, index, next) });
        }}
        error={variant ? say(`${path}.template`) : say("content")}
      />
      {template && variant ? <Values template={template} values={variant.values} onChange={setValues} fields={pickerFields(fields, event)} say={(of) => say(`${path}.values.${of}`)} track={draft.links?.track ?? false} /> : null}
    </Section>
  );
}

interface ValuesProps {
  template: Template;
  values: CampaignValues;
  onChange: (values: CampaignValues) => void;
  fields: PickerField[];
  say: (path: string) => string | null;
  track: boolean;
}

function Values({ template, values, onChange, fields, say, track }: ValuesProps) {
  const { own, cards, links, offer } = slotsOf(template, values);
  const buttonProblem = say("buttons");
  const row = (slot: Slot) => <Field key={slot.path + slot.label} slot={slot} fields={fields} error={slot.path.endsWith("buttons") && slot.value !== "" ? null : say(slot.path)} onChange={onChange} />;
  // The values of an older template, with more or fewer variables.
  const mismatch = say("body")?.includes("variable") && !say("body")?.includes("needs a value") ? say("body") : null;
  return (
    <Stack gap="md">
      {mismatch ? (
        <Text size="sm" c="var(--mantine-color-error)">
          {mismatch}
        </Text>
      ) : null}
      {own.length === 0 && cards.length === 0 && !offer ? (
        <Text size="sm" c="dimmed">
          It has no variables: everybody gets the same.
        </Text>
      ) : null}
      {own.filter(({ liquid }) => liquid).map(row)}
      {own.some(({ liquid }) => !liquid) ? <SimpleGrid cols={{ base: 1, xs: 2 }}>{own.filter(({ liquid }) => !liquid).map(row)}</SimpleGrid> : null}
      {track
        ? links.map((link) => (
            <Switch key={link.index} label={`“${link.text}” is a tracked link`} description="For a template whose button leads to this server's short links." checked={link.isTracked} onChange={(event) => onChange(link.set(event.currentTarget.checked))} />
          ))
        : null}
      {buttonProblem && own.every(({ path }) => path !== "buttons") ? (
        <Text size="sm" c="var(--mantine-color-error)">
          {buttonProblem}
        </Text>
      ) : null}
      {offer ? <OfferEnd value={values.offerEnds} onChange={(offerEnds) => onChange({ ...values, offerEnds })} error={say("offerEnds")} fields={fields} /> : null}
      {cards.map((slots, index) => (
        // Cards stand in the template's order and have no name of their own.
        // oxlint-disable-next-line react/no-array-index-key
        <Stack key={index} gap="sm" role="group" aria-label={`Card ${index + 1}`}>
          <Group>
            <Text size="sm" fw={600}>
              Card {index + 1}
            </Text>
          </Group>
          {slots.map(row)}
        </Stack>
      ))}
    </Stack>
  );
}

function Field({ slot: { label, hint, value, liquid, set }, fields, error, onChange }: { slot: Slot; fields: PickerField[]; error: string | null; onChange: (values: CampaignValues) => void }) {
  if (!liquid) return <TextInput label={label} description={hint} value={value} onChange={(event) => onChange(set(event.currentTarget.value))} error={error} />;
  return <ValuePicker label={label} description={hint} value={value} fields={fields} onChange={(text) => onChange(set(text))} error={error} />;
}
