import { ActionIcon, Button, Checkbox, Group, Input, Menu, Paper, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { templateLimits as limits } from "@tincan/whatsapp/templates";
import type { ReactNode } from "react";
import { isOpen } from "./definition.ts";
import { type ButtonKind, type DraftButton, newButton } from "./draft.ts";
import { LimitedInput } from "./Limited.tsx";
import { buttonWords } from "./words.ts";

/** How many of a kind there may be. Five quick replies are CleverTap's limit; Meta allows more within the ten. */
const most: Record<ButtonKind, number> = { QUICK_REPLY: limits.buttons, OPT_OUT: limits.optOutButtons, URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1, KEPT: 0 };

interface Props {
  buttons: DraftButton[];
  kinds: ButtonKind[];
  total: number;
  onChange: (buttons: DraftButton[]) => void;
  say: (field: string) => string | null;
  /** Which buttons there are is decided elsewhere, for all cards at once. */
  fixed?: boolean;
}

/** The buttons, in the order people see them. */
export function ButtonRows({ buttons, kinds, total, onChange, say, fixed = false }: Props) {
  const move = (index: number, by: number) => {
    const next = [...buttons];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + by, 0, moved);
    onChange(next);
  };
  const error = say("buttons");
  return (
    <Stack gap="sm">
      {buttons.map((button, index) => (
        <Paper key={button.id} p="sm" component="fieldset" m={0} style={{ minInlineSize: 0 }}>
          <Group justify="space-between" mb={6} gap="xs" wrap="nowrap">
            <Text component="legend" size="sm" fw={600} p={0} style={{ float: "left" }}>
              {index + 1}. {buttonWords[button.kind]}
            </Text>
            {fixed ? null : (
              <Group gap={2} wrap="nowrap">
                <ActionIcon aria-label={`Move button ${index + 1} up`} disabled={index === 0} onClick={() => move(index, -1)}>
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon aria-label={`Move button ${index + 1} down`} disabled={index === buttons.length - 1} onClick={() => move(index, 1)}>
                  <IconArrowDown size={16} />
                </ActionIcon>
                <ActionIcon aria-label={`Remove button ${index + 1}`} onClick={() => onChange(buttons.filter((each) => each.id !== button.id))}>
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            )}
          </Group>
          <ButtonFields
            button={button}
            say={(member) => say(`buttons.${index}.${member}`)}
            set={(change) => onChange(buttons.map((each) => (each.id === button.id ? { ...each, ...change } : each)))}
          />
        </Paper>
      ))}
      {error ? <Input.Error role="alert">{error}</Input.Error> : null}
      {fixed ? null : <AddButton buttons={buttons} kinds={kinds} total={total} onAdd={(kind) => onChange([...buttons, newButton(kind)])} />}
    </Stack>
  );
}

/** The kinds of button one may still add, and how many there may be. */
export function AddButton({ buttons, kinds, total, onAdd }: { buttons: DraftButton[]; kinds: ButtonKind[]; total: number; onAdd: (kind: ButtonKind) => void }) {
  const full = buttons.length >= total;
  return (
    <Group gap="sm">
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="compact-sm" variant="light" leftSection={<IconPlus size={14} aria-hidden />} disabled={full}>
            Add a button
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {kinds.map((kind) => (
            <Menu.Item key={kind} disabled={buttons.filter((button) => button.kind === kind).length >= Math.min(most[kind], total)} onClick={() => onAdd(kind)}>
              {buttonWords[kind]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Text size="xs" c="dimmed">
        {buttons.length} of {total}
      </Text>
    </Group>
  );
}

interface Fields {
  button: DraftButton;
  set: (change: Partial<DraftButton>) => void;
  say: (member: string) => string | null;
}

function ButtonFields({ button, set, say }: Fields) {
  const label = <LimitedInput label="Label" value={button.text} most={limits.buttonText} error={say("text")} onText={(text) => set({ text })} />;
  const two = (fields: ReactNode) => <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">{fields}</SimpleGrid>;
  switch (button.kind) {
    case "QUICK_REPLY":
    case "OPT_OUT":
      return two(
        <>
          {label}
          <LimitedInput
            label="Payload"
            value={button.payload}
            most={limits.payload}
            hint={button.kind === "OPT_OUT" ? "Pressing it opts the person out" : "Comes back with the reply"}
            error={say("payload")}
            onText={(payload) => set({ payload })}
          />
        </>,
      );
    case "URL":
      return (
        <Stack gap="xs">
          {two(
            <>
              {label}
              <LimitedInput
                label="Address"
                placeholder="https://shop.example/orders/{{1}}"
                value={button.url}
                most={limits.url}
                hint={isOpen(button) ? "Dynamic: each message fills in its end" : "End it with {{1}} to make it dynamic"}
                error={say("url")}
                inputMode="url"
                spellCheck={false}
                onText={(url) => set({ url })}
              />
            </>,
          )}
          {isOpen(button) ? (
            <TextInput
              label="Sample of the whole address"
              placeholder={button.url.replace(/\{\{[^{}]*\}\}$/, "A-1042")}
              value={button.example}
              onChange={(event) => set({ example: event.currentTarget.value })}
              error={say("example")}
              spellCheck={false}
            />
          ) : null}
          <Checkbox size="xs" label="Track clicks" checked={button.tracked} onChange={(event) => set({ tracked: event.currentTarget.checked })} />
        </Stack>
      );
    case "PHONE_NUMBER":
      return two(
        <>
          {label}
          <LimitedInput label="Phone number" placeholder="+15550100199" value={button.phone} most={limits.phone} error={say("phone_number")} inputMode="tel" onText={(phone) => set({ phone })} />
        </>,
      );
    case "COPY_CODE":
      return (
        <LimitedInput
          label="Sample code"
          placeholder="SPRING15"
          value={button.example}
          most={limits.couponCode}
          hint="Each message brings its own. WhatsApp labels the button itself."
          error={say("example")}
          onText={(example) => set({ example })}
        />
      );
    default:
      return (
        <Text size="sm" c="dimmed">
          {button.text ? `“${button.text}” was` : "It was"} made at Meta and stays as it is.
        </Text>
      );
  }
}
