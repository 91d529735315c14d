import { Accordion, Group, NativeSelect, NumberInput, Stack, TextInput } from "@mantine/core";
import type { Draft } from "./draft.ts";
import { QuietHoursField } from "../QuietHoursField.tsx";
import { SpanField } from "./SpanField.tsx";
import type { StepProps } from "./step-props.ts";
import { TimeField } from "./TimeField.tsx";

type Timing = NonNullable<Draft["timing"]>;
type Pace = NonNullable<Draft["pace"]>;

/** A count that may be left empty for none. */
function Limit({ label, description, value, onChange, least = 1, error }: { label: string; description?: string; value: number | null | undefined; onChange: (count: number | null) => void; least?: number; error?: string | null }) {
  return (
    <NumberInput
      label={label}
      description={description}
      placeholder="No limit"
      value={value ?? ""}
      min={least}
      allowDecimal={false}
      thousandSeparator=","
      onChange={(count) => onChange(count === "" ? null : Math.max(least, Number(count) || least))}
      error={error}
      maw={320}
    />
  );
}

/** Everything beside the time itself: the time of day, the pace, the caps. Most campaigns need none of it. */
export function RulesSection({ draft, change, say }: StepProps) {
  const { timing = { kind: "together" }, quietHours = null, pace = {}, retryCapped = null, schedule } = draft;
  const live = schedule?.kind === "event";
  const setPace = (part: Partial<Pace>) => change({ pace: { ...pace, ...part } });
  const setTiming = (kind: Timing["kind"]) => change({ timing: kind === "together" ? { kind } : kind === "zone" ? { kind, time: "10:00", ifPassed: "nextDay" } : { kind, fallback: "10:00" } });
  const isSet = timing.kind !== "together" || quietHours !== null || retryCapped !== null || Object.values(pace).some((value) => value !== null && value !== undefined);
  return (
    <Accordion variant="contained" defaultValue={isSet ? "rules" : null} chevronPosition="left">
      <Accordion.Item value="rules">
        <Accordion.Control>More rules</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="lg">
            {live && timing.kind === "together" ? null : (
              <Group gap="sm" align="flex-start">
                <NativeSelect
                  label="Time of day"
                  value={timing.kind}
                  onChange={(event) => setTiming(event.currentTarget.value as Timing["kind"])}
                  data={[
                    { value: "together", label: "Everybody at once" },
                    { value: "zone", label: "At one time in each person's zone" },
                    { value: "best", label: "When each person reads most" },
                  ]}
                  error={say("timing")}
                />
                {timing.kind === "zone" ? (
                  <>
                    <TextInput type="time" label="At" value={timing.time} onChange={(event) => event.currentTarget.value && change({ timing: { ...timing, time: event.currentTarget.value } })} />
                    <NativeSelect
                      label="Where it has passed"
                      value={timing.ifPassed}
                      onChange={(event) => change({ timing: { ...timing, ifPassed: event.currentTarget.value === "drop" ? "drop" : "nextDay" } })}
                      data={[
                        { value: "nextDay", label: "send the next day" },
                        { value: "drop", label: "leave them out" },
                      ]}
                    />
                  </>
                ) : null}
                {timing.kind === "best" ? (
                  <TextInput type="time" label="For those we know too little of" value={timing.fallback} onChange={(event) => event.currentTarget.value && change({ timing: { ...timing, fallback: event.currentTarget.value } })} />
                ) : null}
              </Group>
            )}
            <QuietHoursField label="Quiet hours" description="In each person's own time zone. Without them the workspace's quiet hours hold." value={quietHours} onChange={(quiet) => change({ quietHours: quiet })} error={say("quietHours")} />
            <Group gap="sm" align="flex-start">
              <Limit label="Messages a minute" description="No more than these leave." value={pace.perMinute} onChange={(perMinute) => setPace({ perMinute })} error={say("pace.perMinute")} />
              <Limit label="Safety limit" description="It does not start for more people." value={pace.safetyLimit} onChange={(safetyLimit) => setPace({ safetyLimit })} error={say("pace.safetyLimit")} />
            </Group>
            <Group gap="sm" align="flex-start">
              <Limit label="Most people" description="Whoever is beyond is left out." least={100} value={pace.targetCap?.people} onChange={(people) => setPace({ targetCap: people === null ? null : { people, per: pace.targetCap?.per ?? "run" } })} />
              {pace.targetCap ? (
                <NativeSelect
                  label="Per"
                  description="What they are counted in."
                  value={pace.targetCap.per}
                  onChange={(event) => pace.targetCap && setPace({ targetCap: { ...pace.targetCap, per: event.currentTarget.value as "run" | "day" | "campaign" } })}
                  data={[
                    { value: "run", label: "Run" },
                    { value: "day", label: "Day" },
                    { value: "campaign", label: "Campaign" },
                  ]}
                />
              ) : null}
            </Group>
            <Group gap="sm" align="flex-end">
              <NativeSelect
                label="Between two messages of it"
                value={pace.gap ? "gap" : "none"}
                onChange={(event) => setPace({ gap: event.currentTarget.value === "gap" ? 1440 : null })}
                data={[
                  { value: "none", label: "No least time" },
                  { value: "gap", label: "At least" },
                ]}
              />
              {pace.gap ? <SpanField label="Least time" minutes={pace.gap} least={5} most={43_200} onChange={(gap) => setPace({ gap })} /> : null}
              <TimeField label="Nothing after" value={pace.cutOff ?? undefined} onChange={(cutOff) => setPace({ cutOff })} onClear={() => setPace({ cutOff: null })} error={say("pace.cutOff")} />
            </Group>
            <Group gap="sm" align="flex-start">
              <NativeSelect
                label="The workspace's frequency cap"
                value={pace.frequencyCap ?? "respect"}
                onChange={(event) => setPace({ frequencyCap: event.currentTarget.value === "ignore" ? "ignore" : "respect" })}
                data={[
                  { value: "respect", label: "holds" },
                  { value: "ignore", label: "is not looked at" },
                ]}
              />
              <NativeSelect
                label="If the number's 24-hour limit is too small"
                value={pace.tier ?? "split"}
                onChange={(event) => setPace({ tier: event.currentTarget.value === "refuse" ? "refuse" : "split" })}
                data={[
                  { value: "split", label: "go on the next day" },
                  { value: "refuse", label: "do not start" },
                ]}
              />
            </Group>
            <Group gap="sm" align="flex-start">
              <NativeSelect
                label="Whom Meta's own limit keeps from it (131049)"
                value={String(retryCapped?.times ?? 0)}
                onChange={(event) => change({ retryCapped: event.currentTarget.value === "0" ? null : { hours: retryCapped?.hours ?? 24, times: Number(event.currentTarget.value) } })}
                data={[
                  { value: "0", label: "is not tried again" },
                  { value: "1", label: "is tried once more" },
                  { value: "2", label: "is tried twice more" },
                  { value: "3", label: "is tried three times more" },
                ]}
              />
              {retryCapped ? <NumberInput label="Hours between" value={retryCapped.hours} min={6} max={168} allowDecimal={false} onChange={(hours) => typeof hours === "number" && change({ retryCapped: { ...retryCapped, hours: Math.min(168, Math.max(6, hours)) } })} maw={140} /> : null}
            </Group>
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
