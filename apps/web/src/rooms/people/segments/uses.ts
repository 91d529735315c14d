import type { SegmentUse } from "@tincan/api";

const kinds: Record<SegmentUse["kind"], string> = { segment: "the segment", campaign: "the campaign", journey: "the journey" };

/** "the campaign Spring offer". */
export const wordsOfUse = ({ kind, name }: SegmentUse): string => `${kinds[kind]} ${name}`;

/** What uses a segment or a list, in one line. */
export function usesWords(uses: readonly SegmentUse[]): string {
  const shown = uses.length > 4 ? [...uses.slice(0, 3).map(wordsOfUse), `${uses.length - 3} more`] : uses.map(wordsOfUse);
  return shown.length < 2 ? (shown[0] ?? "nothing") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
