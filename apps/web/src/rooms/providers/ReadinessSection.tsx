import { Anchor, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconPointFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Provider, ReadinessStep } from "@tincan/api";
import { api } from "../../api.ts";
import { TextLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Section } from "../../pieces/Section.tsx";
import classes from "./HealthSection.module.css";
import { linkParts } from "./provider-words.ts";

/** What is still missing before messages can leave and reports come back, each with the place where it is done. */
export function ReadinessSection({ provider }: { provider: Provider }) {
  const readiness = useQuery({
    queryKey: ["providers", "readiness", provider.id],
    queryFn: ({ signal }) => api.providers.readiness(provider.id, signal),
    // Its steps are done on other pages: whoever comes back sees them ticked.
    staleTime: 0,
  });
  const steps = readiness.data?.steps ?? [];
  const done = steps.filter((step) => step.done).length;
  return (
    <Section title="Readiness" description={steps.length === 0 ? null : done === steps.length ? "Everything is set up." : `${done} of ${steps.length} steps are done.`}>
      <Loaded query={readiness} height={150}>
        {(data) => (
          <Stack component="ol" gap="sm" className={classes.checks} aria-label="Readiness">
            {data.steps.map((step) => (
              <Step key={step.key} step={step} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

/** The place where a step is done: another page, or a section of this one. */
const places: Record<ReadinessStep["key"], { label: string; section?: string }> = {
  number: { label: "See the health", section: "health" },
  credentials: { label: "See the health", section: "health" },
  callbacks: { label: "See the addresses", section: "callbacks" },
  template: { label: "See the templates" },
};

function Way({ step }: { step: ReadinessStep }) {
  const { label, section } = places[step.key];
  if (section) {
    return (
      <Anchor size="sm" href={`#${section}`} underline="always">
        {label}
      </Anchor>
    );
  }
  return step.link ? (
    <TextLink {...linkParts(step.link)} underline="always">
      {label}
    </TextLink>
  ) : null;
}

function Step({ step }: { step: ReadinessStep }) {
  return (
    <li className={classes.check}>
      <ThemeIcon size={22} radius="xl" color={step.done ? "deep" : "gray"} variant="light">
        {step.done ? <IconCheck size={14} aria-label="done" /> : <IconPointFilled size={12} aria-label="to do" />}
      </ThemeIcon>
      <div>
        <Text size="sm" fw={550}>
          {step.title}
        </Text>
        <Text size="sm" c="dimmed" className="break">
          {step.detail}{" "}
          {step.done ? null : <Way step={step} />}
        </Text>
      </div>
    </li>
  );
}
