import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import type { FailureFamily, FailureRow, LossReason } from "@tincan/api";
import { Section } from "../../../pieces/Section.tsx";
import { people } from "../campaign-words.ts";
import { PeopleLink } from "./people-behind.tsx";
import classes from "./Report.module.css";

const families: { family: FailureFamily; title: string; says: string }[] = [
  { family: "internal", title: "Not sent by us", says: "They never left: something here prevented it." },
  { family: "dispatch", title: "Not taken by the provider", says: "The provider refused them, or could not be reached." },
  { family: "delivery", title: "Taken and not delivered", says: "The provider took them and reported later that they did not arrive." },
];

/** Why messages failed, by where it happened: what it means, what to do, and who it was. */
export function FailuresSection({ failures }: { failures: FailureRow[] }) {
  const of = (wanted: (family: FailureFamily) => boolean) => failures.reduce((sum, { family, messages }) => (wanted(family) ? sum + messages : sum), 0);
  const [failed, never] = [of((family) => family !== "internal"), of((family) => family === "internal")];
  return (
    <Section title="Failures" description={failures.length === 0 ? undefined : `${failed.toLocaleString()} ${failed === 1 ? "message" : "messages"} failed, and ${people(never)} could not be sent one.`}>
      {failures.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing has failed.
        </Text>
      ) : (
        <Stack gap="lg">
          {families.map(({ family, title, says }) => {
            const rows = failures.filter((row) => row.family === family);
            if (rows.length === 0) return null;
            return (
              <div key={family}>
                <Group gap="xs">
                  <Title order={3}>{title}</Title>
                  <Badge className="numeric">{rows.reduce((sum, { messages }) => sum + messages, 0).toLocaleString()}</Badge>
                </Group>
                <Text size="sm" c="dimmed">
                  {says}
                </Text>
                <ul className={classes.rows} aria-label={title}>
                  {rows.map((row) => (
                    <li key={row.failure} className={classes.row}>
                      <Reason row={row} />
                      <Behind row={row} />
                    </li>
                  ))}
                </ul>
              </div>
            );
          })}
        </Stack>
      )}
    </Section>
  );
}

function Reason({ row: { title, meaning, fix, failure } }: { row: FailureRow }) {
  return (
    <div className={classes.reason}>
      <Text size="sm" fw={560} className="break">
        {title}
      </Text>
      {meaning && meaning !== title ? (
        <Text size="sm" className="break">
          {meaning}
        </Text>
      ) : null}
      {fix ? (
        <Text size="sm" className="break">
          <b>What to do:</b> {fix}
        </Text>
      ) : null}
      <Text size="xs" c="dimmed" className="break">
        {failure}
      </Text>
    </div>
  );
}

/** A failure is named by who refused and a code; what has no code is a reason for leaving people out, and they are found under it. */
function Behind({ row: { failure, title, messages } }: { row: FailureRow }) {
  const who = failure.includes(":") ? { failure } : { loss: failure as LossReason };
  return (
    <PeopleLink title={title} who={who}>
      {people(messages)}
    </PeopleLink>
  );
}
