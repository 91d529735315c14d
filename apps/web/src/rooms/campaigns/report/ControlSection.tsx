import { Table, Text } from "@mantine/core";
import type { CampaignReport, ControlReport } from "@tincan/api";
import { amount, difference, percent, shareOf } from "../../../pieces/figures.ts";
import { Section } from "../../../pieces/Section.tsx";
import { WideTable } from "../../../pieces/WideTable.tsx";
import { people } from "../campaign-words.ts";
import { chanceWords } from "./chance-words.ts";

/** Those who got a message beside those who, to compare with, did not. */
export function ControlSection({ control, counts }: { control: ControlReport; counts: CampaignReport["counts"] }) {
  const sides = [
    { who: "Got a message", people: counts.queued, converted: counts.converted, rate: control.messagesRate, revenue: counts.revenue },
    { who: "Control group, got nothing", people: control.people, converted: control.converted, rate: control.rate, revenue: control.revenue },
  ];
  return (
    <Section title="Control group" description={`${people(control.people)} got nothing, so that it shows what the messages changed.`}>
      <WideTable
        label="Control group"
        least={620}
        head={
          <>
            <Table.Th>People</Table.Th>
            <Table.Th ta="right">How many</Table.Th>
            <Table.Th ta="right">Converted</Table.Th>
            <Table.Th ta="right">Rate</Table.Th>
            <Table.Th ta="right">Revenue</Table.Th>
            <Table.Th ta="right">Revenue per person</Table.Th>
          </>
        }
      >
        {sides.map((side) => (
          <Table.Tr key={side.who}>
            <Table.Th scope="row" fw={560}>
              {side.who}
            </Table.Th>
            <Table.Td ta="right">{side.people.toLocaleString()}</Table.Td>
            <Table.Td ta="right">{side.converted.toLocaleString()}</Table.Td>
            <Table.Td ta="right">{percent(side.rate)}</Table.Td>
            <Table.Td ta="right">{amount(side.revenue)}</Table.Td>
            <Table.Td ta="right">{side.people === 0 ? "–" : amount(shareOf(side.revenue, side.people) ?? 0)}</Table.Td>
          </Table.Tr>
        ))}
      </WideTable>
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
