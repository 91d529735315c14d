import { Text } from "@mantine/core";
import type { CampaignReport, LossReason } from "@tincan/api";
import { Section } from "../../../pieces/Section.tsx";
import { lossWords, people } from "../campaign-words.ts";
import { PeopleLink } from "./people-behind.tsx";
import classes from "./Report.module.css";

/** Who of the audience got nothing, and why. */
export function LossesSection({ losses }: { losses: CampaignReport["losses"] }) {
  const total = losses.reduce((sum, loss) => sum + loss.people, 0);
  return (
    <Section title="Left out" description={total === 0 ? undefined : `${people(total)} of the audience got no message.`}>
      {total === 0 ? (
        <Text size="sm" c="dimmed">
          Nobody was left out.
        </Text>
      ) : (
        <ul className={classes.rows} aria-label="Left out">
          {losses.map((loss) => (
            <li key={loss.reason} className={classes.row}>
              <Text size="sm" className="break">
                {lossWords(loss.reason)}
              </Text>
              <PeopleLink title={lossWords(loss.reason)} who={{ loss: loss.reason as LossReason }}>
                {people(loss.people)}
              </PeopleLink>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
