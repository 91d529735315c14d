/*
 * What a test of significance says, for people who never heard of one.
 */

/** Above this chance a difference is not called one. */
const tooOften = 0.05;

/** `chance`: how likely a difference at least as large is when there is none in truth; null when there were too few messages to say. */
export function chanceWords(chance: number | null): string {
  if (chance === null) return "Too few messages to compare: each side needs 30.";
  if (chance > 0.99) return "There is no difference between them.";
  const sentence = `A difference this large would come about by chance in ${timesOf(chance)}`;
  return chance > tooOften ? `${sentence}: too often to call one of them better.` : `${sentence}.`;
}

function timesOf(chance: number): string {
  if (chance < 0.001) return "fewer than 1 of 1,000 tests";
  if (chance < 0.01) return `${Math.round(chance * 1000)} of 1,000 tests`;
  return `${Math.round(chance * 100)} of 100 tests`;
}
