import "@mantine/dates/styles.css";
import { DateTimePicker } from "@mantine/dates";
import dayjs from "dayjs";
import { viewerZone } from "../definition-words.ts";

/** Tomorrow at a full hour of the viewer's day. */
export function tomorrowAt(hour: number): string {
  return dayjs().add(1, "day").startOf("day").hour(hour).toISOString();
}

/** The picker's own writing of a time, in the viewer's zone. */
const localOf = (at: string): string => dayjs(at).format("YYYY-MM-DD HH:mm:ss");

interface Props {
  label: string;
  value: string | undefined;
  onChange: (at: string) => void;
  /** Given, the time may be left out. */
  onClear?: () => void;
  error?: string | null;
}

/** A day and a time, in the viewer's zone, which is named. */
export function TimeField({ label, value, onChange, onClear, error }: Props) {
  return (
    <DateTimePicker
      label={label}
      description={`Your time: ${viewerZone()}`}
      placeholder="Choose a day and a time"
      valueFormat="D MMM YYYY, HH:mm"
      value={value === undefined ? null : localOf(value)}
      minDate={dayjs().format("YYYY-MM-DD")}
      clearable={onClear !== undefined}
      onChange={(local) => (local ? onChange(new Date(local.replace(" ", "T")).toISOString()) : onClear?.())}
      timePickerProps={{ hoursInputLabel: "Hours", minutesInputLabel: "Minutes" }}
      submitButtonProps={{ "aria-label": "Take this time" }}
      popoverProps={{ withinPortal: true }}
      error={error}
      miw={220}
      maw={320}
    />
  );
}
