import { Button, Group, Text } from "@mantine/core";
import { IconCalendarTime, IconPencil, IconPlus, IconSend, IconTrash } from "@tabler/icons-react";
import type { ReportSchedule } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { dropRows } from "../../cached-rows.ts";
import { useChange } from "../../change.ts";
import { ConfirmHarm } from "../../pieces/ConfirmHarm.tsx";
import { CopyButton } from "../../pieces/CopyButton.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { useMay } from "../../session.ts";
import { ReportsFrame } from "./ReportsFrame.tsx";
import { byChoice, toWords, whenWords } from "./schedule-words.ts";
import { type Editing, ScheduleModal } from "./ScheduleForm.tsx";
import { useTimeZone } from "./time-zone.ts";

const byWords = (by: ReportSchedule["by"]): string => byChoice.find(({ value }) => value === by)?.label ?? by;

function Target({ to }: Pick<ReportSchedule, "to">) {
  const address = <span className="break">{toWords(to)}</span>;
  if (to.kind === "email") return address;
  return (
    <Group gap={4} wrap="nowrap">
      {address}
      <CopyButton value={to.url} label="webhook address" />
    </Group>
  );
}

const columns: Column<ReportSchedule>[] = [
  {
    key: "name",
    header: "Name",
    main: true,
    cell: ({ name, lastFailure }) => (
      <>
        <Text size="sm" fw={550} className="break">
          {name}
        </Text>
        {lastFailure ? (
          <Text size="xs" c="var(--mantine-color-error)" className="break">
            The last one did not arrive: {lastFailure}
          </Text>
        ) : null}
      </>
    ),
  },
  { key: "when", header: "When", cell: whenWords },
  { key: "by", header: "Holds", cell: ({ by }) => byWords(by) },
  { key: "to", header: "Goes to", cell: ({ to }) => <Target to={to} /> },
  { key: "nextAt", header: "Next", cell: ({ nextAt }) => <RelativeTime at={nextAt} /> },
  { key: "lastAt", header: "Last", cell: ({ lastAt }) => <RelativeTime at={lastAt} /> },
  { key: "createdBy", header: "Made by", optional: true, cell: ({ createdBy }) => createdBy },
];

interface Acts {
  send: (one: ReportSchedule) => void;
  /** The one that is being sent. */
  sending: ReportSchedule | undefined;
  edit: (one: ReportSchedule) => void;
  remove: (one: ReportSchedule) => void;
}

const actionColumn = ({ send, sending, edit, remove }: Acts): Column<ReportSchedule> => ({
  key: "actions",
  header: "Actions",
  align: "right",
  buttons: true,
  cell: (one) => (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <Button size="compact-sm" variant="default" leftSection={<IconSend size={14} aria-hidden />} aria-label={`Send ${one.name} now`} loading={sending?.id === one.id} onClick={() => send(one)}>
        Send now
      </Button>
      <Button size="compact-sm" variant="default" leftSection={<IconPencil size={14} aria-hidden />} aria-label={`Edit ${one.name}`} onClick={() => edit(one)}>
        Edit
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconTrash size={14} aria-hidden />} aria-label={`Delete ${one.name}`} onClick={() => remove(one)}>
        Delete
      </Button>
    </Group>
  ),
});

/** Reports that go out by themselves. */
export default function SchedulesPage() {
  const mayWrite = useMay("reports.write");
  const { data: timeZone = "the workspace's" } = useTimeZone();
  const [editing, edit] = useState<Editing>(null);
  const [leaving, setLeaving] = useState<ReportSchedule | null>(null);
  const send = useChange({ run: (one: ReportSchedule) => api.reportSchedules.send(one.id), stale: ["reports"], done: (_, one) => `${one.name} has been sent` });
  const remove = useChange({
    run: (one: ReportSchedule) => api.reportSchedules.remove(one.id),
    stale: ["reports"],
    ahead: (client, one) => {
      setLeaving(null);
      return dropRows(client, ["reports"], [one.id]);
    },
    done: (_, one) => `${one.name} is deleted`,
    undo: (_, { name, every, weekday, time, by, to }) => () => api.reportSchedules.create({ name, every, time, by, to, ...(weekday === undefined ? {} : { weekday }) }),
  });
  const actions = actionColumn({ send: send.mutate, sending: send.isPending ? send.variables : undefined, edit, remove: setLeaving });
  const add = mayWrite ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => edit("new")}>
      Schedule a report
    </Button>
  ) : null;
  return (
    <ReportsFrame title="Scheduled reports" description={`The numbers of the day, week or month before, sent by themselves at ${timeZone} time.`} actions={add}>
      <Listing
        name="scheduled-reports"
        columns={mayWrite ? [...columns, actions] : columns}
        queryKey={["reports", "schedules"]}
        page={(after, signal) => api.reportSchedules.list({ limit: 50, after }, signal)}
        idOf={({ id }) => id}
        empty={
          <EmptyState icon={<IconCalendarTime size={26} />} title="No scheduled reports yet" firstStep={add}>
            Choose how often it comes, how it is grouped, and who gets it: people by e-mail, or another system by a webhook.
          </EmptyState>
        }
      />
      <ScheduleModal editing={editing} timeZone={timeZone} onClose={() => edit(null)} />
      <ConfirmHarm opened={leaving !== null} onClose={() => setLeaving(null)} title={`Delete ${leaving?.name ?? ""}`} confirm="Delete" busy={false} onConfirm={() => leaving && remove.mutate(leaving)}>
        It is not sent any more. What it has sent stays with those who got it.
      </ConfirmHarm>
    </ReportsFrame>
  );
}
