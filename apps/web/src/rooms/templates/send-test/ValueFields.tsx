import { SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { variablesIn } from "@tincan/whatsapp/templates";
import { isOpen, sampleSuffix } from "../editor/definition.ts";
import type { Draft, DraftButton, DraftHeader } from "../editor/draft.ts";
import type { TestExtras } from "./test-values.ts";

interface Props {
  draft: Draft;
  extras: TestExtras;
  onDraft: (draft: Draft) => void;
  onExtras: (extras: TestExtras) => void;
}

interface Field {
  label: string;
  value: string;
  set: (value: string) => void;
  type?: string;
}

/** One input for everything that is variable in the template, filled with its sample. */
export function ValueFields({ draft, extras, onDraft, onExtras }: Props) {
  const carousel = draft.shape === "carousel";
  const own: Field[] =
    draft.category === "AUTHENTICATION"
      ? [{ label: "One-time code", value: extras.code, set: (code) => onExtras({ ...extras, code }) }]
      : [
          ...(carousel ? [] : headerFields(draft.header, (header) => onDraft({ ...draft, header }))),
          ...bodyFields(draft.body, draft.samples, (samples) => onDraft({ ...draft, samples })),
          ...(draft.shape === "offer" && draft.offer.expires ? [{ label: "The offer ends", type: "datetime-local", value: extras.ends, set: (ends: string) => onExtras({ ...extras, ends }) }] : []),
          ...(carousel ? [] : buttonFields(draft.buttons, (buttons) => onDraft({ ...draft, buttons }))),
        ];
  const cards = carousel
    ? draft.cards.map((card, index) => {
        const set = (change: Partial<typeof card>) => onDraft({ ...draft, cards: draft.cards.map((each) => (each.id === card.id ? { ...each, ...change } : each)) });
        return {
          id: card.id,
          title: `Card ${index + 1}`,
          fields: [...headerFields(card.header, (header) => set({ header })), ...bodyFields(card.body, card.samples, (samples) => set({ samples })), ...buttonFields(card.buttons, (buttons) => set({ buttons }))],
        };
      })
    : [];
  if (own.length === 0 && cards.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        It has no variables.
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      <Inputs fields={own} />
      {cards.map(({ id, title, fields }) => (
        <Stack key={id} gap={6} role="group" aria-label={title}>
          <Text size="sm" fw={600}>
            {title}
          </Text>
          <Inputs fields={fields} />
        </Stack>
      ))}
    </Stack>
  );
}

function Inputs({ fields }: { fields: Field[] }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
      {fields.map(({ label, value, set, type }) => (
        <TextInput key={label} label={label} type={type} value={value} onChange={(event) => set(event.currentTarget.value)} />
      ))}
    </SimpleGrid>
  );
}

function headerFields(header: DraftHeader, set: (header: DraftHeader) => void): Field[] {
  const [variable] = variablesIn(header.text);
  const place = (key: keyof DraftHeader["place"], label: string): Field => ({ label, value: header.place[key], set: (value) => set({ ...header, place: { ...header.place, [key]: value } }) });
  switch (header.format) {
    case "TEXT":
      return variable ? [{ label: `{{${variable}}} in the header`, value: header.samples[variable] ?? "", set: (value) => set({ ...header, samples: { ...header.samples, [variable]: value } }) }] : [];
    case "LOCATION":
      return [place("latitude", "Latitude"), place("longitude", "Longitude"), place("name", "Name of the place"), place("address", "Its address")];
    case "IMAGE":
    case "VIDEO":
    case "DOCUMENT":
      return [{ label: `Address of the ${header.format.toLowerCase()}`, value: header.link, set: (link) => set({ ...header, link }) }];
    default:
      return [];
  }
}

function bodyFields(text: string, samples: Record<string, string>, set: (samples: Record<string, string>) => void): Field[] {
  return variablesIn(text).map((name) => ({ label: `Value of {{${name}}}`, value: samples[name] ?? "", set: (value) => set({ ...samples, [name]: value }) }));
}

function buttonFields(buttons: DraftButton[], set: (buttons: DraftButton[]) => void): Field[] {
  const change = (button: DraftButton, part: Partial<DraftButton>) => set(buttons.map((each) => (each.id === button.id ? { ...each, ...part } : each)));
  return buttons.flatMap((button): Field[] => {
    if (button.kind === "URL" && isOpen(button)) {
      const fixed = button.url.trim().replace(/\{\{[^{}]*\}\}$/, "");
      return [{ label: `End of the link “${button.text}”`, value: sampleSuffix(button), set: (suffix) => change(button, { example: fixed + suffix }) }];
    }
    if (button.kind === "COPY_CODE") return [{ label: "Code to copy", value: button.example, set: (example) => change(button, { example }) }];
    if (button.kind === "QUICK_REPLY" || button.kind === "OPT_OUT") return [{ label: `Payload of “${button.text}”`, value: button.payload, set: (payload) => change(button, { payload }) }];
    return [];
  });
}
