import { Autocomplete, NumberInput, Stack, Switch } from "@mantine/core";
import { Section } from "../../../pieces/Section.tsx";
import { useFields } from "./choices.ts";
import { EventField } from "./EventField.tsx";
import { SpanField } from "./SpanField.tsx";
import type { StepProps } from "./step-props.ts";

/** What the campaign is for, and whom it is compared with. */
export function GoalStep({ draft, change, say }: StepProps) {
  const { goal = null, controlShare = 0 } = draft;
  const fields = useFields();
  const numbers = fields?.events.find(({ name }) => name === goal?.event)?.properties.filter(({ types }) => types.includes("number")) ?? [];
  const { revenue: _, ...plain } = goal ?? { event: "", within: 1440 };
  const { filters: _filters, ...anyOfThem } = goal ?? plain;
  return (
    <>
      <Section title="Goal" description="One event that says the message did what it was for. It is counted per person and shown on the campaign's page.">
        <Switch label="Measure a goal" checked={goal !== null} onChange={(event) => change({ goal: event.currentTarget.checked ? { event: "", within: 4320 } : null })} error={goal ? null : say("goal")} />
        {goal ? (
          <Stack gap="sm">
            <EventField label="Event" value={goal} onChange={(next) => change({ goal: { ...anyOfThem, ...next } })} error={say("goal")} />
            <SpanField label="Within, after the message" minutes={goal.within} most={223_200} onChange={(within) => change({ goal: { ...goal, within } })} />
            <Autocomplete
              label="Revenue"
              description="A number property of the event that is added up. May stay empty."
              data={numbers.map(({ key }) => key)}
              maxLength={120}
              value={goal.revenue ?? ""}
              onChange={(revenue) => change({ goal: revenue.trim() === "" ? plain : { ...goal, revenue } })}
              maw={480}
            />
          </Stack>
        ) : null}
      </Section>
      <Section title="Control group" description="A share of the audience that gets nothing, to see what would have happened anyway. Who is in it is the same in each run.">
        <NumberInput label="Share, in percent" description="0 for none, or 2 to 99." value={controlShare} min={0} max={99} allowDecimal={false} onChange={(share) => typeof share === "number" && change({ controlShare: Math.min(99, Math.max(0, share)) })} error={say("controlShare")} maw={200} />
      </Section>
    </>
  );
}
