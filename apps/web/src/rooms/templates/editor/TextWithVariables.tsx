import { ActionIcon, Button, Group, SimpleGrid, TextInput, Tooltip } from "@mantine/core";
import { IconBold, IconCode, IconItalic, IconStrikethrough, IconVariable, type TablerIcon } from "@tabler/icons-react";
import { variablesIn } from "@tincan/whatsapp/templates";
import { useRef } from "react";
import type { Samples } from "./draft.ts";
import { LimitedTextarea } from "./Limited.tsx";

interface Props {
  label: string;
  text: string;
  samples: Samples;
  most: number;
  error: string | null;
  samplesError: string | null;
  onText: (text: string) => void;
  onSamples: (samples: Samples) => void;
  rows?: number;
  placeholder?: string;
}

const marks: { mark: string; name: string; icon: TablerIcon }[] = [
  { mark: "*", name: "Bold", icon: IconBold },
  { mark: "_", name: "Italic", icon: IconItalic },
  { mark: "~", name: "Struck through", icon: IconStrikethrough },
  { mark: "```", name: "Monospace", icon: IconCode },
];

/** A body: its text with WhatsApp's marks and variables, and a sample value for each variable. */
export function TextWithVariables({ label, text, samples, most, error, samplesError, onText, onSamples, rows = 4, placeholder }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const names = variablesIn(text);
  /** Puts something around or in place of what is selected, and goes on typing there. */
  const insert = (before: string, after = "") => {
    const { selectionStart: from = text.length, selectionEnd: to = text.length } = area.current ?? {};
    onText(text.slice(0, from) + before + text.slice(from, to) + after + text.slice(to));
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(from + before.length, to + before.length);
    });
  };
  const next = Math.max(0, ...names.filter((name) => /^\d+$/.test(name)).map(Number)) + 1;
  return (
    <div>
      <LimitedTextarea
        ref={area}
        label={label}
        value={text}
        most={most}
        minRows={rows}
        placeholder={placeholder}
        error={error}
        hint={
          <Group gap={2} component="span" display="inline-flex">
            {marks.map(({ mark, name, icon: Icon }) => (
              <Tooltip key={name} label={name}>
                <ActionIcon size={26} aria-label={`${name} in ${label.toLowerCase()}`} onClick={() => insert(mark, mark)}>
                  <Icon size={15} />
                </ActionIcon>
              </Tooltip>
            ))}
            <Button size="compact-xs" variant="subtle" leftSection={<IconVariable size={14} aria-hidden />} onClick={() => insert(`{{${next}}}`)}>
              Variable
            </Button>
          </Group>
        }
        onText={onText}
      />
      {names.length > 0 ? (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" verticalSpacing="xs" mt="xs">
          {names.map((name) => (
            <TextInput
              key={name}
              size="xs"
              label={`Sample for {{${name}}}`}
              value={samples[name] ?? ""}
              onChange={(event) => onSamples({ ...samples, [name]: event.currentTarget.value })}
              error={samplesError && !samples[name] ? "A sample shows Meta what belongs here" : null}
            />
          ))}
        </SimpleGrid>
      ) : null}
    </div>
  );
}
