import { Badge, Group, Table, Text } from "@mantine/core";
import type { CampaignReport, VariantReport } from "@tincan/api";
import { percent, shareOf } from "../../../pieces/figures.ts";
import { Section } from "../../../pieces/Section.tsx";
import { WideTable } from "../../../pieces/WideTable.tsx";
import { chanceWords } from "./chance-words.ts";
import { PeopleLink } from "./people-behind.tsx";
import classes from "./Report.module.css";

const measures: Record<CampaignReport["measure"], string> = { read: "read it", clicked: "clicked", replied: "replied", converted: "reached the goal" };
const steps = ["delivered", "read", "clicked", "replied", "converted", "failed"] as const;

interface Props {
  report: CampaignReport;
  /** The variant that was chosen, once it was. */
  winner: string | null;
}

/** Variants side by side, and whether the difference between them means anything. */
export function VariantsSection({ report: { variants, measure }, winner }: Props) {
  if (variants.length < 2) return null;
  return (
    <Section title="Variants" description={`Compared by the share of people who ${measures[measure]}.`}>
      <WideTable
        label="Variants"
        least={860}
        head={
          <>
            <Table.Th>Variant</Table.Th>
            <Table.Th ta="right">Messages</Table.Th>
            {steps.map((step) => (
              <Table.Th key={step} ta="right" tt="capitalize">
                {step}
              </Table.Th>
            ))}
            <Table.Th>Compared with the one ahead</Table.Th>
          </>
        }
      >
        {variants.map((variant) => (
          <Row key={variant.variant} variant={variant} measure={measure} won={variant.variant === winner} />
        ))}
      </WideTable>
    </Section>
  );
}

function Row({ variant: { variant, template, counts, rate, best, significance }, measure, won }: { variant: VariantReport; measure: CampaignReport["measure"]; won: boolean }) {
  // Where nobody did anything the first is called the best, which says nothing.
  const leads = best && (rate ?? 0) > 0;
  return (
    <Table.Tr className={leads ? classes.best : undefined}>
      <Table.Th scope="row" fw={560} miw={150}>
        <Group gap={6} wrap="nowrap">
          {variant}
          {leads ? <Badge size="sm">Ahead</Badge> : null}
          {won ? <Badge size="sm">Winner</Badge> : null}
        </Group>
        <Text size="xs" c="dimmed" className="break">
          {template}
        </Text>
      </Table.Th>
      <Table.Td ta="right" className="numeric">
        {counts.queued === 0 ? "0" : <PeopleLink title={`Variant ${variant}`} who={{ step: "queued", variant }}>{counts.queued.toLocaleString()}</PeopleLink>}
      </Table.Td>
      {steps.map((step) => (
        <Table.Td key={step} ta="right" className="numeric" fw={step === measure ? 620 : undefined}>
          {counts[step].toLocaleString()}
          <Text size="xs" c="dimmed" className="numeric nowrap">
            {percent(step === measure ? rate : shareOf(counts[step], counts.queued))}
          </Text>
        </Table.Td>
      ))}
      <Table.Td className={classes.verdict}>{leads ? "This one is ahead." : best ? "–" : chanceWords(significance)}</Table.Td>
    </Table.Tr>
  );
}
