const hours: Record<string, number> = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 };

export const periods = [
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
  { value: "since", label: "Since a time", disabled: true },
];

/** Where a period begins, to the minute, so that the same choice is the same address for a while. */
export function startOf(period: string | undefined, now: number): string | undefined {
  const length = hours[period ?? ""];
  return length === undefined ? undefined : new Date(Math.floor(now / 60_000) * 60_000 - length * 3_600_000).toISOString();
}

/** The period whose beginning is nearest to `from`; "since" when none is near. */
export function periodOf(from: string | undefined, now = Date.now()): string {
  if (!from) return "";
  const age = (now - Date.parse(from)) / 3_600_000;
  return Object.entries(hours).find(([, length]) => age >= length * 0.99 && age <= length * 1.15 + 0.1)?.[0] ?? "since";
}
