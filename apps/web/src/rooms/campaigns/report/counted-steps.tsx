import { Text } from "@mantine/core";
import type { CampaignReport } from "@tincan/api";
import { percent, shareOf } from "../../../pieces/figures.ts";

/** What runs and variants are compared by, in the order a message goes through it. */
export const countedSteps = [
  { step: "delivered", label: "Delivered" },
  { step: "read", label: "Read" },
  { step: "clicked", label: "Clicked" },
  { step: "replied", label: "Replied" },
  { step: "converted", label: "Converted" },
  { step: "failed", label: "Failed" },
] as const;

interface Props {
  /** Undefined while they are being read. */
  counts: CampaignReport["counts"] | undefined;
  step: (typeof countedSteps)[number]["step"];
  /** Of the messages, unless it is known better. */
  rate?: number | null;
}

/** How many, and under it their share of the messages. */
export function StepCount({ counts, step, rate }: Props) {
  return (
    <>
      {counts?.[step].toLocaleString() ?? "…"}
      <Text size="xs" c="dimmed" className="nowrap">
        {counts ? percent(rate === undefined ? shareOf(counts[step], counts.queued) : rate) : ""}
      </Text>
    </>
  );
}
