import { Button, Group, Stack, Text } from "@mantine/core";
import type { CategoryConsent, ConsentState, Contact } from "@tincan/api";
import { useState } from "react";
import { Dot } from "../../../pieces/Dot.tsx";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { useMay } from "../../../session.ts";
import { ChangeConsent } from "./ChangeConsent.tsx";
import type { ConsentStep } from "./consent-step.ts";
import classes from "./ConsentSection.module.css";
import { categories, consentSource, verdictWords } from "./contact-words.ts";

/** What the person may be sent, why, who said so and when, and the way to change it. */
export function ConsentSection({ contact }: { contact: Contact }) {
  const mayWrite = useMay("contacts.write");
  const [step, setStep] = useState<ConsentStep | null>(null);
  const { consent } = contact;
  const offer = (scope: ConsentStep["scope"], state: ConsentState, label: string, about: string) =>
    mayWrite ? (
      <Button size="compact-xs" variant="default" onClick={() => setStep({ scope, state })} aria-label={`${label}: ${about}`}>
        {label}
      </Button>
    ) : null;
  return (
    <Section title="Consent">
      <ul className={classes.list} aria-label="Consent">
        {categories.map(({ value, label }) => {
          const category = consent.categories[value];
          const { may, answer } = verdictWords(category);
          return (
            <li key={value} className={classes.item}>
              <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
                <Dot tone={may ? "read" : category.verdict === "notOptedIn" ? "queued" : "failed"}>{label}</Dot>
                {category.state === "in" || (category.state === null && may) ? offer(value, "out", "Opt out", label) : offer(value, "in", "Opt in", label)}
              </Group>
              <Text size="sm" mt={2}>
                May receive {label.toLowerCase()}: {answer}.
              </Text>
              <Proof of={category} />
            </li>
          );
        })}
        <li className={classes.item}>
          <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
            <Text size="sm" fw={550}>
              WhatsApp as a whole
            </Text>
            {consent.msgWhatsapp ? offer("all", "out", "Opt out", "everything") : offer("all", "in", "Opt in", "everything")}
          </Group>
          <Text size="sm" mt={2}>
            {consent.msgWhatsapp ? "They agreed to messages on WhatsApp." : "They have not agreed to messages on WhatsApp."} A category without a word of its own follows this.
          </Text>
          <Text size="xs" c="dimmed">
            MSG-whatsapp: {String(consent.msgWhatsapp)}
          </Text>
        </li>
        {contact.phone ? (
          <li className={classes.item}>
            <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
              <Text size="sm" fw={550}>
                Do not disturb
              </Text>
              {consent.dndWhatsapp ? offer("doNotDisturb", "in", "Lift", "do not disturb") : offer("doNotDisturb", "out", "Turn on", "do not disturb")}
            </Group>
            <Text size="sm" mt={2}>
              {consent.dndWhatsapp ? "Their number takes nothing at all, whatever they agreed to." : "Their number is not on the list that stops everything."}
            </Text>
            <Text size="xs" c="dimmed">
              MSG-dndWhatsApp: {String(consent.dndWhatsapp)}
            </Text>
          </li>
        ) : null}
      </ul>
      <ChangeConsent contact={contact} step={step} onClose={() => setStep(null)} />
    </Section>
  );
}

function Proof({ of: { state, source, at, proof } }: { of: CategoryConsent }) {
  if (state === null) return null;
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed" component="div">
        Said {source ? consentSource(source) : ""} <RelativeTime at={at} none="" />
      </Text>
      {proof ? (
        <Text size="xs" c="dimmed" className="break">
          Proof: {proof}
        </Text>
      ) : null}
    </Stack>
  );
}
