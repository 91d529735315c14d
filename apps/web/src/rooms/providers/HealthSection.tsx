import { Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import type { Provider, ProviderCheck } from "@tincan/api";
import { Facts } from "../../pieces/Facts.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Quality } from "../../pieces/Quality.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";
import { inWords } from "../templates/template-words.ts";
import classes from "./HealthSection.module.css";
import { tierWords } from "./provider-words.ts";

const names: Record<ProviderCheck["name"], string> = { number: "Number", token: "Token", webhooks: "Webhooks", endpoint: "Endpoint" };

/** What the other side says about the number, and what we found when we last looked. */
export function HealthSection({ provider }: { provider: Provider }) {
  const { health } = provider;
  return (
    <Section
      title="Health"
      description={
        <>
          Looked at <RelativeTime at={health.checkedAt} />.
        </>
      }
    >
      {health.reason && health.status !== "ok" ? <Note kind={health.status === "down" ? "danger" : "warm"} title={health.reason} /> : null}
      {provider.kind === "cloud-api" ? (
        <Facts
          rows={[
            ["Name people see", health.verifiedName],
            ["Number at Meta", health.numberStatus ? inWords(health.numberStatus) : null],
            ["Can send", health.canSend ? inWords(health.canSend) : null],
            ["Quality", <Quality key="quality" rating={health.quality} />],
            ["Messaging limit", health.tier ? tierWords(health.tier) : "Not known"],
            ["Throughput", health.throughput ? `${health.throughput.perSecond.toLocaleString()} messages a second (${inWords(health.throughput.level)})` : "Not known"],
            ["Last webhook", <RelativeTime key="webhook" at={health.lastWebhookAt} none="none came yet" />],
          ]}
        />
      ) : null}
      {health.checks.length > 0 ? (
        <Stack gap="xs" component="ul" className={classes.checks} aria-label="Checks">
          {health.checks.map((check) => (
            <li key={check.name} className={classes.check}>
              <ThemeIcon size={22} radius="xl" color={check.ok ? "deep" : "red"} variant={check.ok ? "light" : "filled"}>
                {check.ok ? <IconCheck size={14} aria-label="in order" /> : <IconX size={14} aria-label="not in order" />}
              </ThemeIcon>
              <div>
                <Text size="sm">
                  <b>{names[check.name]}</b>: {check.message}
                </Text>
                {check.fix && !check.ok ? (
                  <Text size="sm" c="dimmed">
                    {check.fix}
                  </Text>
                ) : null}
              </div>
            </li>
          ))}
        </Stack>
      ) : null}
    </Section>
  );
}
