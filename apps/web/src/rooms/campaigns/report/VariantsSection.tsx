import { Badge, Group, Text } from "@mantine/core";
import type { CampaignReport, VariantReport } from "@tincan/api";
import { Section } from "../../../pieces/Section.tsx";
import { type FigureColumn, WideTable } from "../../../pieces/WideTable.tsx";
import { chanceWords } from "./chance-words.ts";
import { countedSteps, StepCount } from "./counted-steps.tsx";
import { PeopleLink } from "./people-behind.tsx";

const measures: Record<CampaignReport["measure"], string> = { read: "read it", clicked: "clicked", replied: "replied", converted: "reached the goal" };

interface Props {
  report: CampaignReport;
  /** The variant that was chosen, once it was. */
  winner: string | null;
}

/** Variants side by side, and whether the difference between them means anything. */
export function VariantsSection({ report: { variants, measure }, winner }: Props) {
  if (variants.length < 2) return null;
  const columns = columnsOf(measure, winner);
  return (
    <Section title="Variants" description={`Compared by the share of people who ${measures[measure]}.`}>
      <WideTable label="Variants" least={860} columns={columns} items={variants} idOf={({ variant }) => variant} marked={leads} />
    </Section>
  );
}

// Where nobody did anything the first is called the best, which says nothing.
const leads = ({ best, rate }: VariantReport): boolean => best && (rate ?? 0) > 0;

function columnsOf(measure: CampaignReport["measure"], winner: string | null): FigureColumn<VariantReport>[] {
  return [
    { key: "variant", header: "Variant", least: 150, cell: (variant) => <Name of={variant} won={variant.variant === winner} /> },
    {
      key: "messages",
      header: "Messages",
      align: "right",
      narrow: "line",
      cell: ({ variant, counts: { queued } }) => (queued === 0 ? "0" : <PeopleLink title={`Variant ${variant}`} who={{ step: "queued", variant }}>{queued.toLocaleString()}</PeopleLink>),
    },
    ...countedSteps.map(({ step, label }): FigureColumn<VariantReport> => ({
      key: step,
      header: label,
      align: "right",
      strong: step === measure,
      cell: ({ counts, rate }) => <StepCount counts={counts} step={step} {...(step === measure ? { rate } : {})} />,
    })),
    {
      key: "compared",
      header: "Compared with the one ahead",
      narrow: "line",
      least: 220,
      cell: (variant) => (leads(variant) ? "This one is ahead." : variant.best ? "–" : chanceWords(variant.significance)),
    },
  ];
}

function Name({ of: variant, won }: { of: VariantReport; won: boolean }) {
  return (
    <>
      <Group gap={6} wrap="nowrap">
        {variant.variant}
        {leads(variant) ? <Badge size="sm">Ahead</Badge> : null}
        {won ? <Badge size="sm">Winner</Badge> : null}
      </Group>
      <Text size="xs" c="dimmed" className="break">
        {variant.template}
      </Text>
    </>
  );
}
