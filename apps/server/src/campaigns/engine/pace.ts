/**
 * A campaign's own throttle: no more than `perMinute` messages leave in a minute of the clock, spread over its tenths. What was handed over is
 * counted in the run's row, so a restart changes nothing.
 */

const MINUTE_MS = 60_000;
const TENTH_MS = 6_000;

export interface Minute {
  /** When the minute began in which `handedOver` were counted. */
  began: Date | null;
  handedOver: number;
}

/** The minute in which `now` lies, as the clock has it. */
export function minuteOf(now: Date): Date {
  return new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
}

/** How many messages may be handed over now; when it is none, `next` is when there will be some. */
export function allowance(perMinute: number, minute: Minute, now: Date): { messages: number; next: Date } {
  const began = minuteOf(now);
  const used = minute.began?.getTime() === began.getTime() ? minute.handedOver : 0;
  const tenth = Math.floor((now.getTime() - began.getTime()) / TENTH_MS);
  const upTo = (n: number): number => Math.ceil((perMinute * (n + 1)) / 10);
  let free = tenth;
  while (free < 10 && upTo(free) <= used) free++;
  return { messages: Math.max(0, upTo(tenth) - used), next: new Date(began.getTime() + free * TENTH_MS) };
}
