import { UnstyledButton } from "@mantine/core";
import type { Tone } from "./Dot.tsx";
import classes from "./Funnel.module.css";

export interface FunnelRow {
  key: string;
  label: string;
  value: number;
  tone: Tone;
  /** A slice that is lost on the way, shown smaller below where it leaves. */
  lost?: boolean;
  /** Shows the people behind the number. */
  onOpen?: (() => void) | undefined;
}

interface Props {
  /** Names the bars for those who do not see them. */
  name: string;
  rows: FunnelRow[];
  /** What the whole width stands for. */
  of: number;
}

const percent = (share: number): string => `${(share * 100).toLocaleString(undefined, { maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0 })}%`;

/** Bars from all people to those who went furthest, and the slices lost on the way. A number opens the people behind it. */
export function Funnel({ name, rows, of }: Props) {
  return (
    <ol className={classes.rows} aria-label={name}>
      {rows.map(({ key, label, value, tone, lost, onOpen }) => {
        const share = of > 0 ? Math.min(1, value / of) : 0;
        const inside = (
          <>
            <span className={classes.label}>{label}</span>
            <span className={classes.track} aria-hidden>
              <span className={classes.bar} style={{ width: `${value > 0 ? Math.max(0.6, share * 100) : 0}%`, background: `var(--status-${tone})` }} />
            </span>
            <span className={`${classes.value} numeric`}>{value.toLocaleString()}</span>
            <span className={`${classes.share} numeric`}>{of > 0 ? percent(share) : ""}</span>
          </>
        );
        return (
          <li key={key}>
            {onOpen && value > 0 ? (
              <UnstyledButton className={classes.row} data-lost={lost || undefined} onClick={onOpen} title="See the people">
                {inside}
              </UnstyledButton>
            ) : (
              <div className={classes.row} data-lost={lost || undefined}>
                {inside}
              </div>
            )}
          </li>
        );
      })}
    </ol>
  );
}
