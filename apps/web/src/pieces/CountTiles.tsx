import type { CampaignCounts, CampaignPeopleQuery, Cost } from "@tincan/api";
import type { ComponentType, ReactNode } from "react";
import type { Tone } from "./Dot.tsx";
import { amount, costWords, percent, shareOf } from "./figures.ts";
import { Figure, Tile, TileGrid, tileWay } from "./Tile.tsx";

/** A number that has people behind it. */
type CountStep = Exclude<CampaignPeopleQuery["step"], "waiting" | undefined>;

const steps: { key: Exclude<keyof CampaignCounts, "revenue">; label: string; tone?: Tone }[] = [
  { key: "queued", label: "Messages", tone: "queued" },
  { key: "sent", label: "Sent", tone: "sent" },
  { key: "delivered", label: "Delivered", tone: "delivered" },
  { key: "read", label: "Read", tone: "read" },
  { key: "clicked", label: "Clicked", tone: "clicked" },
  { key: "replied", label: "Replied", tone: "replied" },
  { key: "converted", label: "Converted" },
  { key: "optedOut", label: "Opted out" },
  { key: "failed", label: "Failed", tone: "failed" },
];

interface Props {
  counts: CampaignCounts;
  cost: Cost;
  /** What makes a tile the way to the people behind it; without it tiles are figures and nothing more. */
  Behind?: ComponentType<BehindProps>;
}

export interface BehindProps {
  step: CountStep;
  title: string;
  className: string;
  children: ReactNode;
}

/** What became of messages: counts, their share of all messages, what they cost and what they brought. */
export function CountTiles({ counts, cost, Behind }: Props) {
  const price = costWords(cost);
  return (
    <TileGrid wide={6}>
      {steps.map(({ key, label, tone }) => {
        const figure = { label, tone, value: counts[key].toLocaleString(), note: key === "queued" ? "handed over for sending" : percent(shareOf(counts[key], counts.queued)) };
        const way =
          Behind && counts[key] > 0 ? (
            <Behind step={key} title={label} className={tileWay}>
              <Figure {...figure} />
            </Behind>
          ) : null;
        return <Tile key={key} name={key} {...figure} way={way} />;
      })}
      <Tile name="cost" label="Cost" value={price.value} note={price.note || `${cost.messages.toLocaleString()} billed`} />
      <Tile name="revenue" label="Revenue" value={amount(counts.revenue)} note={counts.converted > 0 ? `${amount(counts.revenue / counts.converted)} each` : ""} />
    </TileGrid>
  );
}
