import { DateInput } from "@mantine/dates";
import "@mantine/dates/styles.css";
import classes from "./builder.module.css";

/** Only what is a whole day: half-typed ones would be taken for other years. */
const wholeDay = (typed: string): string | null => (/^\d{4}-\d\d-\d\d$/.test(typed.trim()) && !Number.isNaN(Date.parse(typed.trim())) ? typed.trim() : null);

interface Props {
  label: string;
  day: string | null;
  onChange: (day: string) => void;
}

/** A day, typed or chosen from a calendar. */
export function DayField({ label, day, onChange }: Props) {
  return (
    <DateInput
      size="xs"
      className={classes.day}
      aria-label={label}
      placeholder="2026-05-31"
      valueFormat="YYYY-MM-DD"
      dateParser={wholeDay}
      value={day}
      onChange={(next) => onChange(next ?? "")}
      previousLabel="Previous month"
      nextLabel="Next month"
      hideOutsideDates
      classNames={{ day: classes.calendarDay }}
      popoverProps={{ position: "bottom-start", withinPortal: false }}
    />
  );
}
