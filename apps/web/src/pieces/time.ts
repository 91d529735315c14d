const units: [seconds: number, name: string][] = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/* Made once: a table shows hundreds of times, and making a format takes longer than drawing a cell. */
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat(undefined, {
  day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
});
const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
const toTheSecond = new Intl.DateTimeFormat(undefined, clock);
const toTheMillisecond = new Intl.DateTimeFormat(undefined, { ...clock, fractionalSecondDigits: 3 });

/** "just now", "12 s ago", "in 4 min"; a date once it is more than a week away. */
export function relativeTime(at: string, now: number): string {
  const seconds = Math.round((now - Date.parse(at)) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 5) return "just now";
  if (distance >= 7 * 86_400) return day.format(new Date(at));
  const [size, name] = units.find(([unit]) => distance >= unit) ?? [1, "s"];
  const amount = `${Math.floor(distance / size)} ${name}`;
  return seconds > 0 ? `${amount} ago` : `in ${amount}`;
}

/** Date, time to the second and zone, as the viewer writes them. */
export function exactTime(at: string): string {
  return exact.format(new Date(at));
}

/** Clock time to the millisecond, for steps that follow each other closely; to the second where no more is known. */
export function clockTime(at: string): string {
  const date = new Date(at);
  return (date.getMilliseconds() === 0 ? toTheSecond : toTheMillisecond).format(date);
}

/** "8 ms", "1.2 s", "4 min 10 s": how long something took. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
