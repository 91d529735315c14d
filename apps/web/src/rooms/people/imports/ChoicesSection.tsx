import { NativeSelect, SimpleGrid, Stack, Textarea } from "@mantine/core";
import type { ImportSettings } from "@tincan/api";
import { Section } from "../../../pieces/Section.tsx";
import { countryChoice } from "../phone-reading.ts";
import { dateOrderChoice, optInChoice } from "./import-words.ts";

interface Props {
  settings: ImportSettings;
  onChange: (change: Partial<ImportSettings>) => void;
  /** Shown beside the proof when it is missing. */
  proofProblem: string | undefined;
}

/** How numbers and dates are read, and what the file says about consent. */
export function ChoicesSection({ settings, onChange, proofProblem }: Props) {
  const hasConsentColumn = settings.mapping.some(({ kind }) => kind === "consent");
  const hasDates = settings.mapping.some((target) => target.kind === "property" && target.type === "date");
  return (
    <Section title="Choices">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NativeSelect
          label="Country of numbers without one"
          description="Numbers with + and a country's code keep their own."
          value={settings.defaultCountry ?? ""}
          onChange={(event) => onChange({ defaultCountry: event.currentTarget.value || null })}
          data={[{ value: "", label: "Refuse them" }, ...countryChoice()]}
        />
        {hasDates ? (
          <NativeSelect
            label="Dates written with figures"
            description="Dates like 2026-12-31 are read as they are."
            value={settings.dateOrder}
            onChange={(event) => onChange({ dateOrder: dateOrderChoice.find(({ value }) => value === event.currentTarget.value)?.value ?? "day-month-year" })}
            data={dateOrderChoice}
          />
        ) : null}
      </SimpleGrid>
      <Stack gap="sm">
        <NativeSelect
          label={hasConsentColumn ? "Consent where its column is empty" : "Consent"}
          description="Nobody who has opted out gets marketing. Claim only what people have really agreed to."
          value={settings.optIn}
          onChange={(event) => onChange({ optIn: optInChoice.find(({ value }) => value === event.currentTarget.value)?.value ?? "nobody" })}
          data={optInChoice}
        />
        {settings.optIn !== "nobody" || hasConsentColumn ? (
          <Textarea
            label="How they agreed"
            description="Kept with each person's consent as its proof."
            placeholder="Form on our website, March 2026"
            autosize
            minRows={2}
            maxLength={500}
            value={settings.consentProof ?? ""}
            onChange={(event) => onChange({ consentProof: event.currentTarget.value || null })}
            error={proofProblem}
          />
        ) : null}
      </Stack>
    </Section>
  );
}
