import { Text } from "@mantine/core";
import type { Campaign } from "@tincan/api";
import { Funnel, type FunnelRow } from "../../pieces/Funnel.tsx";
import { Section } from "../../pieces/Section.tsx";
import { lossWords } from "./campaign-words.ts";
import type { Behind } from "./PeopleDrawer.tsx";

type Open = (title: string, behind: Behind) => void;
type Step = NonNullable<Behind["step"]>;

const steps: [step: Step & keyof Campaign["counts"], label: string, tone: FunnelRow["tone"]][] = [
  ["queued", "Queued", "queued"],
  ["sent", "Sent", "sent"],
  ["delivered", "Delivered", "delivered"],
  ["read", "Read", "read"],
  ["clicked", "Clicked", "clicked"],
  ["replied", "Replied", "replied"],
  ["converted", "Converted", "read"],
];

/** What became of the messages; each number includes those that went further. */
export function NumbersSection({ campaign, onOpen }: { campaign: Campaign; onOpen: Open }) {
  const { counts, definition } = campaign;
  const shown = steps.filter(([step]) => step !== "converted" || definition.goal || counts.converted > 0);
  const row = ([step, label, tone]: (typeof steps)[number], lost = false): FunnelRow => ({ key: step, label, tone, lost, value: counts[step], onOpen: () => onOpen(label, { step }) });
  return (
    <Section title="What became of it" description="Each number includes those that went further, and opens the people behind it.">
      <Funnel name="Messages" of={counts.queued} rows={[...shown.map((step) => row(step)), row(["failed", "Failed", "failed"], true), row(["optedOut", "Opted out", "unknown"], true)]} />
      {counts.revenue > 0 ? (
        <Text size="sm">
          Revenue of those who converted: <b className="numeric">{counts.revenue.toLocaleString()}</b>
        </Text>
      ) : null}
    </Section>
  );
}

/** Who was left out before a message was made, and why. */
export function LossesSection({ campaign, onOpen }: { campaign: Campaign; onOpen: Open }) {
  const total = campaign.losses.reduce((sum, loss) => sum + loss.people, 0);
  if (total === 0) return null;
  return (
    <Section title="Left out" description={`${total.toLocaleString()} of the audience got no message, for these reasons.`}>
      <Funnel
        name="Left out"
        of={total}
        rows={campaign.losses.map(({ reason, people }) => ({ key: reason, label: lossWords(reason), value: people, tone: "unknown", onOpen: () => onOpen(lossWords(reason), { loss: reason }) }))}
      />
    </Section>
  );
}
