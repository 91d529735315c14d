/** Rows that a busy counter is spread over: batches that are stored at the same moment then seldom wait for each other. */
const SLOTS = 8;

/** One of them, by chance. Who reads a counter adds up all of them. */
export function anySlot(): number {
  return Math.floor(Math.random() * SLOTS);
}
