import { ActionIcon, Button, Chip, Group, NativeSelect, Stack, Switch, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { QuietHours } from "@tincan/api";
import { weekdays } from "./definition-words.ts";

interface Props {
  label: string;
  description: string;
  value: QuietHours | null;
  onChange: (quiet: QuietHours | null) => void;
  disabled?: boolean;
  error?: string | null;
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const night = { days: everyDay, from: "21:00", to: "08:00" };

/** Times at which nobody is written to, by weekday, and what becomes of a message that falls in them. */
export function QuietHoursField({ label, description, value, onChange, disabled = false, error }: Props) {
  const ranges = value?.ranges ?? [];
  const change = (index: number, part: Partial<(typeof ranges)[number]>) => value && onChange({ ...value, ranges: ranges.map((range, i) => (i === index ? { ...range, ...part } : range)) });
  return (
    <Stack gap="sm">
      <Switch label={label} description={description} checked={value !== null} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked ? { ranges: [night], action: "delay" } : null)} error={error} />
      {value ? (
        <Stack gap="sm" pl={{ base: 0, xs: 46 }}>
          {ranges.map((range, index) => (
            // A range has nothing but its place to be known by.
            // oxlint-disable-next-line react/no-array-index-key
            <Stack key={index} gap={6} role="group" aria-label={`Quiet hours ${index + 1}`}>
              <Group gap="xs" align="flex-end">
                <TextInput type="time" label="From" value={range.from} disabled={disabled} onChange={(event) => event.currentTarget.value && change(index, { from: event.currentTarget.value })} />
                <TextInput type="time" label="To" value={range.to} disabled={disabled} onChange={(event) => event.currentTarget.value && change(index, { to: event.currentTarget.value })} />
                {ranges.length > 1 ? (
                  <ActionIcon size={36} aria-label={`Remove quiet hours ${index + 1}`} disabled={disabled} onClick={() => onChange({ ...value, ranges: ranges.filter((_, i) => i !== index) })}>
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                ) : null}
              </Group>
              <WeekdayChips label={`Days of quiet hours ${index + 1}`} value={range.days} disabled={disabled} onChange={(days) => days.length > 0 && change(index, { days })} />
            </Stack>
          ))}
          <Group gap="xs" align="flex-end">
            <NativeSelect
              label="A message that falls in them"
              value={value.action}
              disabled={disabled}
              onChange={(event) => onChange({ ...value, action: event.currentTarget.value === "discard" ? "discard" : "delay" })}
              data={[
                { value: "delay", label: "is sent when they end" },
                { value: "discard", label: "is not sent at all" },
              ]}
            />
            {ranges.length < 14 ? (
              <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} disabled={disabled} onClick={() => onChange({ ...value, ranges: [...ranges, night] })}>
                Hours
              </Button>
            ) : null}
          </Group>
        </Stack>
      ) : null}
    </Stack>
  );
}

/** Days of the week to pick from; 1 is Monday. */
export function WeekdayChips({ label, value, onChange, disabled = false }: { label: string; value: number[]; onChange: (days: number[]) => void; disabled?: boolean }) {
  return (
    <Chip.Group multiple value={value.map(String)} onChange={(days) => onChange(days.map(Number).toSorted((a, b) => a - b))}>
      <Group gap={4} role="group" aria-label={label}>
        {weekdays.map((day, index) => (
          <Chip key={day} size="xs" value={String(index + 1)} disabled={disabled} aria-label={day}>
            {day.slice(0, 3)}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
