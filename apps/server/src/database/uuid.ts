import { randomFillSync } from "node:crypto";

/** A clock step back of up to this many ms is bridged by the counter, so that ids stay in order; a longer one is followed. */
const BRIDGED_MS = 10_000;

const hex = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));
const random = new Uint8Array(8192);
let used = random.length;
let lastMs = 0;
let counter = 0;

/**
 * A new UUID version 7 as text: time in ms, then a counter, then 62 random bits. Ids made by one process sort in the order
 * they were made; ids of different processes sort by time.
 */
export function uuidv7(nowMs: number = Date.now()): string {
  if (used + 10 > random.length) {
    randomFillSync(random);
    used = 0;
  }
  if (nowMs > lastMs || lastMs - nowMs > BRIDGED_MS) {
    lastMs = nowMs;
    // Starts in the lower half, so that at least 2,048 more ids of this ms fit before the time must be borrowed from.
    counter = ((random[used]! << 8) | random[used + 1]!) & 0x7ff;
  } else if (counter === 0xfff) {
    lastMs++;
    counter = 0;
  } else {
    counter++;
  }
  const r = used + 2;
  used += 10;
  const time = lastMs.toString(16).padStart(12, "0");
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-${hex[0x70 | (counter >> 8)]}${hex[counter & 0xff]}-` +
    `${hex[0x80 | (random[r]! & 0x3f)]}${hex[random[r + 1]!]}-` +
    `${hex[random[r + 2]!]}${hex[random[r + 3]!]}${hex[random[r + 4]!]}${hex[random[r + 5]!]}${hex[random[r + 6]!]}${hex[random[r + 7]!]}`
  );
}

/** The smallest id that could be made in this millisecond, to compare with: ids made earlier are smaller. */
export function firstUuidAt(ms: number): string {
  const time = Math.max(0, Math.min(ms, 2 ** 48 - 1)).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
