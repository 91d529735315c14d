import { Paper, SimpleGrid } from "@mantine/core";
import type { CampaignCounts, CampaignPeopleQuery, Cost } from "@tincan/api";
import type { ComponentType, ReactNode } from "react";
import classes from "./CountTiles.module.css";
import type { Tone } from "./Dot.tsx";
import { amount, costWords, percent, shareOf } from "./figures.ts";

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
    <SimpleGrid cols={{ base: 2, xs: 3, sm: 4, lg: 6 }} spacing="sm">
      {steps.map(({ key, label, tone }) => {
        const inner = <Figure label={label} tone={tone} value={counts[key].toLocaleString()} note={key === "queued" ? "handed over for sending" : percent(shareOf(counts[key], counts.queued))} />;
        const open = counts[key] > 0;
        return (
          <Paper key={key} className={classes.tile} data-link={(Behind && open) || undefined} data-count={key}>
            {Behind && open ? (
              <Behind step={key} title={label} className={classes.inner ?? ""}>
                {inner}
              </Behind>
            ) : (
              <div className={classes.inner}>{inner}</div>
            )}
          </Paper>
        );
      })}
      <Paper className={classes.tile} data-count="cost">
        <div className={classes.inner}>
          <Figure label="Cost" value={price.value} note={price.note || `${cost.messages.toLocaleString()} billed`} />
        </div>
      </Paper>
      <Paper className={classes.tile} data-count="revenue">
        <div className={classes.inner}>
          <Figure label="Revenue" value={amount(counts.revenue)} note={counts.converted > 0 ? `${amount(counts.revenue / counts.converted)} each` : ""} />
        </div>
      </Paper>
    </SimpleGrid>
  );
}

function Figure({ label, tone, value, note }: { label: string; tone?: Tone | undefined; value: string; note: string }) {
  return (
    <>
      <span className={classes.label}>
        {tone ? <span className={classes.dot} style={{ background: `var(--status-${tone})` }} aria-hidden /> : null}
        {label}
      </span>
      <span className={`${classes.value} numeric`}>{value}</span>
      <span className={`${classes.note} numeric`}>{note}</span>
    </>
  );
}
