import { ActionIcon, Button, Group, Input, MultiSelect, NativeSelect, Stack, Switch, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { Schedule } from "@tincan/api";
import { WeekdayChips } from "../QuietHoursField.tsx";
import { ZoneField } from "../ZoneField.tsx";
import { EventField } from "./EventField.tsx";
import { SpanField } from "./SpanField.tsx";
import { TimeField, tomorrowAt } from "./TimeField.tsx";

interface Props<K extends Schedule["kind"]> {
  schedule: Extract<Schedule, { kind: K }>;
  set: (schedule: Schedule) => void;
  say: (path: string) => string | null;
}

const oneWeekMs = 7 * 86_400_000;

export function DatesFields({ schedule, set, say }: Props<"dates">) {
  const { dates } = schedule;
  return (
    <Stack gap="sm">
      {dates.map((at, index) => (
        // Dates change in place.
        // oxlint-disable-next-line react/no-array-index-key
        <Group key={index} gap="xs" align="flex-end">
          <TimeField label={`Date ${index + 1}`} value={at} onChange={(next) => set({ ...schedule, dates: dates.map((one, i) => (i === index ? next : one)) })} />
          {dates.length > 1 ? (
            <ActionIcon size={36} aria-label={`Remove date ${index + 1}`} onClick={() => set({ ...schedule, dates: dates.filter((_, i) => i !== index) })}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          ) : null}
        </Group>
      ))}
      {say("schedule") ? <Input.Error>{say("schedule")}</Input.Error> : null}
      {dates.length < 50 ? (
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          style={{ alignSelf: "flex-start" }}
          onClick={() => set({ ...schedule, dates: [...dates, new Date(Date.parse(dates.at(-1) ?? tomorrowAt(10)) + oneWeekMs).toISOString()] })}
        >
          Date
        </Button>
      ) : null}
    </Stack>
  );
}

const monthDays = [...Array.from({ length: 31 }, (_, i) => ({ value: String(i + 1), label: String(i + 1) })), { value: "0", label: "the last day" }];

export function RecurringFields({ schedule, set, say }: Props<"recurring">) {
  const { every, weekdays = [], days = [] } = schedule;
  const turn = (next: typeof every) => {
    const { weekdays: _w, days: _d, ...others } = schedule;
    set({ ...others, every: next, ...(next === "week" ? { weekdays: [1] } : {}), ...(next === "month" ? { days: [1] } : {}) });
  };
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-start">
        <NativeSelect
          label="Every"
          value={every}
          onChange={(event) => turn(event.currentTarget.value as typeof every)}
          data={[
            { value: "day", label: "Day" },
            { value: "week", label: "Week" },
            { value: "month", label: "Month" },
          ]}
        />
        <TextInput type="time" label="At" value={schedule.time} onChange={(event) => event.currentTarget.value && set({ ...schedule, time: event.currentTarget.value })} />
        <ZoneField label="Time zone" value={schedule.timeZone} onChange={(timeZone) => set({ ...schedule, timeZone })} error={say("schedule.timeZone")} />
      </Group>
      {every === "week" ? (
        <div>
          <WeekdayChips label="Days of the week" value={weekdays} onChange={(next) => set({ ...schedule, weekdays: next })} />
          {say("schedule.weekdays") ? <Input.Error mt={4}>{say("schedule.weekdays")}</Input.Error> : null}
        </div>
      ) : null}
      {every === "month" ? (
        <MultiSelect label="Days of the month" data={monthDays} value={days.map(String)} onChange={(next) => set({ ...schedule, days: next.map(Number) })} error={say("schedule.days")} maw={480} />
      ) : null}
      <Bounds schedule={schedule} set={set} say={say} />
    </Stack>
  );
}

export function EventFields({ schedule, set, say }: Props<"event">) {
  const { trigger, delay = 0, unless, reentry } = schedule;
  const { unless: _, ...plain } = schedule;
  return (
    <Stack gap="sm">
      <EventField label="Event" description="Sent by your systems through the API, or from CleverTap." value={trigger} onChange={(next) => set({ ...schedule, trigger: next })} error={say("schedule.trigger")} />
      <Group gap="sm" align="flex-start">
        <SpanField label="Wait before sending" minutes={Math.round(delay / 60)} least={0} most={43_200} onChange={(minutes) => set({ ...schedule, delay: minutes * 60 })} />
        <NativeSelect
          label="The same person"
          value={reentry === null || reentry === undefined ? "once" : "again"}
          onChange={(event) => set({ ...schedule, reentry: event.currentTarget.value === "once" ? null : 1440 })}
          data={[
            { value: "again", label: "may get it again" },
            { value: "once", label: "gets it once only" },
          ]}
        />
        {reentry === null || reentry === undefined ? null : <SpanField label="But not within" minutes={reentry} least={0} most={525_600} onChange={(minutes) => set({ ...schedule, reentry: minutes })} />}
      </Group>
      <Switch
        label="Unless they did something meanwhile"
        description="Between the event and the sending, such as an order after a basket."
        checked={unless !== undefined}
        onChange={(event) => set(event.currentTarget.checked ? { ...schedule, unless: { event: "" } } : plain)}
      />
      {unless ? <EventField label="The event that keeps it back" value={unless} onChange={(next) => set({ ...schedule, unless: next })} error={say("schedule.unless")} /> : null}
      <Bounds schedule={schedule} set={set} say={say} />
      {say("schedule") && !say("schedule.trigger") && !say("schedule.unless") && !say("schedule.until") ? <Input.Error>{say("schedule")}</Input.Error> : null}
    </Stack>
  );
}

function Bounds({ schedule, set, say }: Props<"recurring"> | Props<"event">) {
  const without = (key: "from" | "until") => {
    const { [key]: _, ...others } = schedule;
    set(others);
  };
  return (
    <Group gap="sm" align="flex-start">
      <TimeField label="From (if not at once)" value={schedule.from} onChange={(from) => set({ ...schedule, from })} onClear={() => without("from")} />
      <TimeField label="Until (if it ends)" value={schedule.until} onChange={(until) => set({ ...schedule, until })} onClear={() => without("until")} error={say("schedule.until")} />
    </Group>
  );
}
