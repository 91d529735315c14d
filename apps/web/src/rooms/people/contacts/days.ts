/** Things of one day, in the viewer's zone. */
interface Day<T> {
  label: string;
  items: T[];
}

function labelOf(at: Date, now: number): string {
  const sameDay = (other: Date) => at.toDateString() === other.toDateString();
  if (sameDay(new Date(now))) return "Today";
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (sameDay(yesterday)) return "Yesterday";
  return at.toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

/** Groups what comes in order of time by day. */
export function daysOf<T extends { at: string }>(items: T[], now: number): Day<T>[] {
  const days: Day<T>[] = [];
  for (const item of items) {
    const label = labelOf(new Date(item.at), now);
    const last = days.at(-1);
    if (last?.label === label) last.items.push(item);
    else days.push({ label, items: [item] });
  }
  return days;
}
