import { ScrollArea } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { CSSProperties } from "react";
import { clock, type Heat, weekdayName } from "./heat.ts";
import classes from "./HeatTable.module.css";

const weekdays = [1, 2, 3, 4, 5, 6, 7];
const hours = Array.from({ length: 24 }, (_, hour) => hour);
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });

/** Every hour of the week with its number. The shade helps the eye; the number says it, and the best three are bold with a frame. */
export function HeatTable({ heat, label }: { heat: Heat; label: string }) {
  // Twenty-four columns are too many for a narrow screen: there the hours go down.
  const wide = useMediaQuery("(min-width: 75em)", undefined, { getInitialValueInEffect: false });
  const cell = (weekday: number, hour: number) => {
    const value = heat.grid[weekday - 1]?.[hour] ?? 0;
    const best = heat.best.some((one) => one.weekday === weekday && one.hour === hour);
    return (
      <td key={`${weekday} ${hour}`} className={classes.cell} data-best={best || undefined} style={{ "--heat": heat.most === 0 ? 0 : value / heat.most } as CSSProperties}>
        {value === 0 ? "–" : short.format(value)}
      </td>
    );
  };
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
      <table className={classes.table} data-down={!wide || undefined} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{wide ? "Day" : "Hour"}</th>
            {wide
              ? hours.map((hour) => (
                  <th key={hour} scope="col" aria-label={clock(hour)}>
                    {hour}
                  </th>
                ))
              : weekdays.map((weekday) => (
                  <th key={weekday} scope="col" aria-label={weekdayName(weekday, "long")}>
                    {weekdayName(weekday, "short")}
                  </th>
                ))}
          </tr>
        </thead>
        <tbody>
          {wide
            ? weekdays.map((weekday) => (
                <tr key={weekday}>
                  <th scope="row">{weekdayName(weekday, "long")}</th>
                  {hours.map((hour) => cell(weekday, hour))}
                </tr>
              ))
            : hours.map((hour) => (
                <tr key={hour}>
                  <th scope="row">{clock(hour)}</th>
                  {weekdays.map((weekday) => cell(weekday, hour))}
                </tr>
              ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
