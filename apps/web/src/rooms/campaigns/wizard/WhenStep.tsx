import { Radio, Stack } from "@mantine/core";
import type { Schedule } from "@tincan/api";
import { Section } from "../../../pieces/Section.tsx";
import { viewerZone } from "../definition-words.ts";
import { RulesSection } from "./RulesSection.tsx";
import { DatesFields, EventFields, RecurringFields } from "./ScheduleFields.tsx";
import type { StepProps } from "./step-props.ts";
import { TimeField, tomorrowAt } from "./TimeField.tsx";

/** What each way of sending begins with. */
function fresh(kind: Schedule["kind"]): Schedule {
  switch (kind) {
    case "now":
      return { kind };
    case "at":
      return { kind, at: tomorrowAt(10) };
    case "dates":
      return { kind, dates: [tomorrowAt(10)] };
    case "recurring":
      return { kind, every: "week", weekdays: [1], time: "10:00", timeZone: viewerZone() };
    case "event":
      return { kind, trigger: { event: "" }, delay: 0, reentry: 1440 };
  }
}

/** When it is sent, and under which rules. */
export function WhenStep(props: StepProps) {
  const { draft, change, say } = props;
  const { schedule } = draft;
  const set = (next: Schedule) => change({ schedule: next });
  return (
    <>
      <Section title="When">
        <Radio.Group aria-label="When it is sent" value={schedule?.kind ?? ""} onChange={(kind) => set(fresh(kind as Schedule["kind"]))} error={schedule ? null : say("schedule")}>
          <Stack gap="xs">
            <Radio value="now" label="Now" description="As soon as it is launched" />
            <Radio value="at" label="Later" description="Once, at a time you choose" />
            <Radio value="dates" label="On several dates" description="Each is a run of its own" />
            <Radio value="recurring" label="Again and again" description="By the day, the week or the month" />
            <Radio value="event" label="When somebody does something" description="Live: each person gets it after an event of theirs" />
          </Stack>
        </Radio.Group>
        {schedule?.kind === "at" ? <TimeField label="Send it on" value={schedule.at} onChange={(at) => set({ ...schedule, at })} error={say("schedule")} /> : null}
        {schedule?.kind === "dates" ? <DatesFields schedule={schedule} set={set} say={say} /> : null}
        {schedule?.kind === "recurring" ? <RecurringFields schedule={schedule} set={set} say={say} /> : null}
        {schedule?.kind === "event" ? <EventFields schedule={schedule} set={set} say={say} /> : null}
      </Section>
      <RulesSection {...props} />
    </>
  );
}
