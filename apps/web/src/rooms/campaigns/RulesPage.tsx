import { Button, Group, NumberInput, Stack, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ApiFailure, CampaignSettings } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { useDraftOf } from "../../draft-of.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { LeaveGuard } from "../../pieces/LeaveGuard.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Page } from "../../pieces/Page.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useMay } from "../../session.ts";
import { QuietHoursField } from "./QuietHoursField.tsx";
import { SpanField } from "./wizard/SpanField.tsx";
import { ZoneField } from "./ZoneField.tsx";

/** Rules that hold for every campaign of the workspace. */
export default function RulesPage() {
  const query = useQuery({
    queryKey: ["campaigns", "settings"],
    queryFn: ({ signal }) => api.campaigns.settings(signal),
  });
  return (
    <Page title="Campaign rules" description="They hold for every campaign of this workspace; some of them a campaign can set for itself." narrow>
      <Loaded query={query} height={420}>
        {(settings) => <Form settings={settings} />}
      </Loaded>
    </Page>
  );
}

const within = (value: number | string, least: number, most: number): number => Math.min(most, Math.max(least, Math.round(Number(value)) || least));

function Form({ settings }: { settings: CampaignSettings }) {
  const mayChange = useMay("campaigns.approve");
  const { draft, setDraft, changed } = useDraftOf(settings);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const change = (part: Partial<CampaignSettings>) => setDraft((before) => ({ ...before, ...part }));
  const save = useChange({
    run: () => {
      setFailure(null);
      return api.campaigns.setSettings(draft);
    },
    stale: ["campaigns"],
    done: "Saved",
    onDone: setDraft,
    onFailed: setFailure,
  });
  const { frequencyCap, dwellMinutes } = draft;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      <LeaveGuard isDirty={() => changed && !save.isPending} />
      <Stack gap="lg">
        <Section title="Time">
          <ZoneField label="Time zone" description="For people whose own zone is not known, and for dates in texts." value={draft.timeZone} disabled={!mayChange} onChange={(timeZone) => change({ timeZone })} error={failure?.field?.includes("timeZone") ? failure.message : null} />
          <QuietHoursField label="Quiet hours" description="In each person's own time zone, for every campaign that has none of its own." value={draft.quietHours} disabled={!mayChange} onChange={(quietHours) => change({ quietHours })} />
        </Section>
        <Section title="How often" description="Over all campaigns together. A campaign can be told not to look at the cap.">
          <Switch
            label="Frequency cap"
            description="Nobody gets more campaign messages than this; whoever would is left out."
            checked={frequencyCap !== null}
            disabled={!mayChange}
            onChange={(event) => change({ frequencyCap: event.currentTarget.checked ? { messages: 3, days: 7 } : null })}
          />
          {frequencyCap ? (
            <Group gap="sm">
              <NumberInput label="Messages" value={frequencyCap.messages} min={1} max={1000} allowDecimal={false} disabled={!mayChange} onChange={(value) => change({ frequencyCap: { ...frequencyCap, messages: within(value, 1, 1000) } })} maw={140} />
              <NumberInput label="in so many days" value={frequencyCap.days} min={1} max={30} allowDecimal={false} disabled={!mayChange} onChange={(value) => change({ frequencyCap: { ...frequencyCap, days: within(value, 1, 30) } })} maw={140} />
            </Group>
          ) : null}
          <Switch
            label="Dwell"
            description="The least time between two campaign messages to one person."
            checked={dwellMinutes !== null}
            disabled={!mayChange}
            onChange={(event) => change({ dwellMinutes: event.currentTarget.checked ? 1440 : null })}
          />
          {dwellMinutes === null ? null : <SpanField label="Least time" minutes={dwellMinutes} least={15} most={10_080} onChange={(minutes) => change({ dwellMinutes: minutes })} />}
        </Section>
        <Section title="Approval">
          <Switch
            label="Launches need an approval"
            description="Creators ask, approvers and admins decide. What nobody approved before its time expires."
            checked={draft.approval}
            disabled={!mayChange}
            onChange={(event) => change({ approval: event.currentTarget.checked })}
          />
        </Section>
        {failure ? <ErrorNote error={failure} /> : null}
        {mayChange ? (
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        ) : null}
      </Stack>
    </form>
  );
}
