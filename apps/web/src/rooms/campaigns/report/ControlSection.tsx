import { Text } from "@mantine/core";
import type { CampaignReport, ControlReport } from "@tincan/api";
import { amount, difference, percent, shareOf } from "../../../pieces/figures.ts";
import { Section } from "../../../pieces/Section.tsx";
import { type FigureColumn, WideTable } from "../../../pieces/WideTable.tsx";
import { people } from "../campaign-words.ts";
import { chanceWords } from "./chance-words.ts";

/** Those who got a message beside those who, to compare with, did not. */
export function ControlSection({ control, counts }: { control: ControlReport; counts: CampaignReport["counts"] }) {
  const sides: Side[] = [
    { who: "Got a message", people: counts.queued, converted: counts.converted, rate: control.messagesRate, revenue: counts.revenue },
    { who: "Control group, got nothing", people: control.people, converted: control.converted, rate: control.rate, revenue: control.revenue },
  ];
  return (
    <Section title="Control group" description={`${people(control.people)} got nothing, so that it shows what the messages changed.`}>
      <WideTable label="Control group" least={620} columns={columns} items={sides} idOf={({ who }) => who} />
      <Text size="sm">
        {control.uplift === null ? (
          "The uplift shows once somebody of the control group has converted, too."
        ) : (
          <>
            <b>Uplift {difference(control.uplift)}</b> in conversions{control.revenueUplift === null ? "" : `, ${difference(control.revenueUplift)} in revenue per person`}. {chanceWords(control.chance)}
          </>
        )}
      </Text>
    </Section>
  );
}

interface Side {
  who: string;
  people: number;
  converted: number;
  rate: number | null;
  revenue: number;
}

const columns: FigureColumn<Side>[] = [
  { key: "who", header: "People", cell: ({ who }) => who },
  { key: "people", header: "How many", align: "right", cell: (side) => side.people.toLocaleString() },
  { key: "converted", header: "Converted", align: "right", cell: ({ converted }) => converted.toLocaleString() },
  { key: "rate", header: "Rate", align: "right", cell: ({ rate }) => percent(rate) },
  { key: "revenue", header: "Revenue", align: "right", cell: ({ revenue }) => amount(revenue) },
  { key: "each", header: "Revenue per person", align: "right", cell: (side) => (side.people === 0 ? "–" : amount(shareOf(side.revenue, side.people) ?? 0)) },
];
