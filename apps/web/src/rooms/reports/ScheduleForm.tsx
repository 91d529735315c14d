import { Modal, NativeSelect, SegmentedControl, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { ReportSchedule } from "@tincan/api";
import { api } from "../../api.ts";
import { useFormChange } from "../../form-change.ts";
import { CopyField } from "../../pieces/CopyField.tsx";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { weekdayName } from "./heat.ts";
import { addressesOf, byChoice, draftOf, inputOf, type ScheduleDraft } from "./schedule-words.ts";

/** What is open: nothing, a new one, or one to be changed. */
export type Editing = null | "new" | ReportSchedule;

export function ScheduleModal({ editing, timeZone, onClose }: { editing: Editing; timeZone: string; onClose: () => void }) {
  const schedule = editing === "new" ? undefined : (editing ?? undefined);
  return (
    <Modal opened={editing !== null} onClose={onClose} closeOnClickOutside={false} title={schedule ? `Edit ${schedule.name}` : "New scheduled report"}>
      {editing ? <ScheduleForm key={schedule?.id ?? "new"} schedule={schedule} timeZone={timeZone} onClose={onClose} /> : null}
    </Modal>
  );
}

const weekdayChoice = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: weekdayName(day, "long") }));

function ScheduleForm({ schedule, timeZone, onClose }: { schedule: ReportSchedule | undefined; timeZone: string; onClose: () => void }) {
  const form = useForm<ScheduleDraft>({
    initialValues: draftOf(schedule),
    validate: {
      name: (value) => (value.trim() ? null : "What is it called?"),
      time: (value) => (/^\d\d:\d\d$/.test(value) ? null : "A time of day, like 09:00"),
      addresses: (value, { kind }) => (kind === "email" && addressesOf(value).length === 0 ? "Who gets it?" : null),
      url: (value, { kind }) => (kind === "webhook" && !/^https?:\/\/\S+$/.test(value.trim()) ? "An address that begins with https://" : null),
    },
  });
  const { failure, submit, busy } = useFormChange(form, {
    run: (values: ScheduleDraft) => (schedule ? api.reportSchedules.update(schedule.id, inputOf(values)) : api.reportSchedules.create(inputOf(values))),
    stale: ["reports"],
    done: ({ name }) => `${name} is ${schedule ? "changed" : "scheduled"}`,
    onDone: onClose,
  });
  const { every, kind } = form.values;
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {failure ? <ErrorNote error={failure} /> : null}
        <TextInput label="Name" placeholder="Weekly numbers" maxLength={120} data-autofocus {...form.getInputProps("name")} />
        <SimpleGrid cols={{ base: 1, xs: every === "week" ? 3 : 2 }} spacing="sm">
          <NativeSelect
            label="Every"
            data={[
              { value: "day", label: "Day" },
              { value: "week", label: "Week" },
              { value: "month", label: "Month" },
            ]}
            {...form.getInputProps("every")}
          />
          {every === "week" ? <NativeSelect label="On" data={weekdayChoice} {...form.getInputProps("weekday")} /> : null}
          <TextInput type="time" label="At" {...form.getInputProps("time")} />
        </SimpleGrid>
        <NativeSelect label="Put together" description={`It holds the numbers of the ${every} before, in ${timeZone} time.`} data={byChoice} {...form.getInputProps("by")} />
        <SegmentedControl
          aria-label="How it is sent"
          data={[
            { value: "email", label: "By e-mail" },
            { value: "webhook", label: "To a webhook" },
          ]}
          {...form.getInputProps("kind")}
        />
        {kind === "email" ? (
          <Textarea label="E-mail addresses" description="One on each line." autosize minRows={2} placeholder="ada@example.com" {...form.getInputProps("addresses")} />
        ) : (
          <>
            <TextInput label="Webhook address" description="The report is posted there as JSON." inputMode="url" placeholder="https://example.com/reports" maxLength={2000} {...form.getInputProps("url")} />
            {schedule?.secret ? <CopyField label="Secret" value={schedule.secret} hint="The header X-Tincan-Signature is sha256= and the HMAC of the body, made with it." /> : null}
          </>
        )}
        <FormEnd busy={busy} onCancel={onClose}>
          {schedule ? "Save" : "Schedule it"}
        </FormEnd>
      </Stack>
    </form>
  );
}
