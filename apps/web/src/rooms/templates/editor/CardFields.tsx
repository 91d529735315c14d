import { Accordion, Button, Group, Input, NativeSelect, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { templateLimits as limits } from "@tincan/whatsapp/templates";
import { AddButton, ButtonRows } from "./ButtonRows.tsx";
import { type ButtonKind, type DraftCard, type HeaderFormat, newButton, newCard } from "./draft.ts";
import { HeaderFields } from "./HeaderFields.tsx";
import { TextWithVariables } from "./TextWithVariables.tsx";
import { buttonWords } from "./words.ts";

interface Props {
  cards: DraftCard[];
  uploads: boolean;
  onChange: (cards: DraftCard[]) => void;
  say: (field: string) => string | null;
  isWrong: (prefix: string) => boolean;
}

const kinds: ButtonKind[] = ["QUICK_REPLY", "URL", "PHONE_NUMBER"];

/** The cards of a carousel. What they are made of is chosen once for all, since Meta wants them alike. */
export function CardFields({ cards, uploads, onChange, say, isWrong }: Props) {
  const [first] = cards;
  const all = (change: (card: DraftCard) => Partial<DraftCard>) => onChange(cards.map((card) => ({ ...card, ...change(card) })));
  const error = say("cards");
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="md">
        <NativeSelect
          label="Header of all cards"
          value={first?.header.format ?? "IMAGE"}
          onChange={(event) => {
            const format = event.currentTarget.value as HeaderFormat;
            all((card) => ({ header: { ...card.header, format, file: null, fileAddress: "", handle: "" } }));
          }}
          data={[
            { value: "IMAGE", label: "Image" },
            { value: "VIDEO", label: "Video" },
          ]}
        />
        <Stack gap={4}>
          <Input.Label component="div">Buttons of all cards</Input.Label>
          <Group gap="xs">
            {first?.buttons.map((button, index) => (
              <Button
                key={button.id}
                size="compact-sm"
                variant="default"
                onClick={() => all((card) => ({ buttons: card.buttons.filter((_each, place) => place !== index) }))}
                disabled={first.buttons.length === 1}
                aria-label={`Remove ${buttonWords[button.kind]} from all cards`}
              >
                {buttonWords[button.kind]} ✕
              </Button>
            ))}
            <AddButton buttons={first?.buttons ?? []} kinds={kinds} total={limits.cardButtons} onAdd={(kind) => all((card) => ({ buttons: [...card.buttons, newButton(kind)] }))} />
          </Group>
        </Stack>
      </Group>
      {error ? <Input.Error role="alert">{error}</Input.Error> : null}
      <Accordion variant="separated" defaultValue={String(first?.id ?? "")} chevronPosition="left">
        {cards.map((card, index) => {
          const set = (change: Partial<DraftCard>) => onChange(cards.map((each) => (each.id === card.id ? { ...each, ...change } : each)));
          const sayHere = (field: string) => say(`cards.${index}.${field}`);
          return (
            <Accordion.Item key={card.id} value={String(card.id)}>
              <Accordion.Control fz="sm">
                Card {index + 1}
                {isWrong(`cards.${index}.`) || say(`cards.${index}`) ? (
                  <Text span size="sm" c="var(--mantine-color-error)">
                    {" · "}
                    {say(`cards.${index}`) ?? "something is left to do"}
                  </Text>
                ) : null}
              </Accordion.Control>
              <Accordion.Panel>
                <Stack gap="sm">
                  <HeaderFields header={card.header} formats={[]} uploads={uploads} fixed onChange={(header) => set({ header })} say={sayHere} />
                  <TextWithVariables
                    label={`Text of card ${index + 1}`}
                    rows={2}
                    text={card.body}
                    samples={card.samples}
                    most={limits.cardBody}
                    error={sayHere("body")}
                    samplesError={sayHere("samples")}
                    onText={(body) => set({ body })}
                    onSamples={(samples) => set({ samples })}
                  />
                  <ButtonRows buttons={card.buttons} kinds={kinds} total={limits.cardButtons} fixed onChange={(buttons) => set({ buttons })} say={sayHere} />
                  <Group justify="flex-end">
                    <Button size="compact-sm" variant="default" disabled={cards.length <= limits.cardsLeast} onClick={() => onChange(cards.filter((each) => each.id !== card.id))}>
                      Remove card {index + 1}
                    </Button>
                  </Group>
                </Stack>
              </Accordion.Panel>
            </Accordion.Item>
          );
        })}
      </Accordion>
      <Group gap="sm">
        <Button size="compact-sm" variant="light" leftSection={<IconPlus size={14} aria-hidden />} disabled={cards.length >= limits.cardsMost} onClick={() => onChange([...cards, newCard(first)])}>
          Add a card
        </Button>
        <Text size="xs" c="dimmed">
          {cards.length} of {limits.cardsMost}; how many there are is fixed once Meta has it
        </Text>
      </Group>
    </Stack>
  );
}
