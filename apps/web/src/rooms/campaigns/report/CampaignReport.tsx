import { Grid, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Campaign } from "@tincan/api";
import { useState } from "react";
import { api } from "../../../api.ts";
import { type BehindProps, CountTiles } from "../../../pieces/CountTiles.tsx";
import { TextLink } from "../../../pieces/links.tsx";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { ControlSection } from "./ControlSection.tsx";
import { FailuresSection } from "./FailuresSection.tsx";
import { LossesSection } from "./LossesSection.tsx";
import { PeopleBehind, PeopleLink } from "./people-behind.tsx";
import { nameOf, RunsSection } from "./RunsSection.tsx";
import { TrendSection } from "./TrendSection.tsx";
import { VariantsSection } from "./VariantsSection.tsx";

/** What became of a campaign, from the first number to the people behind each; it follows while messages leave. */
export function CampaignReport({ campaign }: { campaign: Pick<Campaign, "id" | "state" | "runs"> }) {
  const [run, setRun] = useState<string>();
  const { id, runs } = campaign;
  const query = useQuery({
    queryKey: ["figures", "campaign", id, run],
    queryFn: ({ signal }) => api.reports.campaign(id, { run }, signal),
    placeholderData: keepPreviousData,
  });
  const winner = runs.find((one) => (run === undefined || one.id === run) && one.winner !== null)?.winner ?? null;
  return (
    <PeopleBehind campaign={id} run={run}>
      <Loaded query={query} height={480}>
        {(report) => (
          <Stack gap="lg">
            {runs.length > 1 ? (
              <Group>
                <NativeSelect
                  aria-label="Runs"
                  value={run ?? ""}
                  onChange={(event) => setRun(event.currentTarget.value || undefined)}
                  data={[{ value: "", label: "All runs" }, ...runs.map((one) => ({ value: one.id, label: nameOf(one) }))]}
                />
              </Group>
            ) : null}
            <div>
              <CountTiles counts={report.counts} cost={report.cost} Behind={CountBehind} />
              <Text size="xs" c="dimmed" mt={6} component="div">
                A message counts in every step it has reached; shares are of all messages. Read <RelativeTime at={report.at} />.
                {report.cost.withoutPrice > 0 ? (
                  <>
                    {" "}
                    {report.cost.withoutPrice === 1 ? "1 billed message has" : `${report.cost.withoutPrice.toLocaleString()} billed messages have`} no price in the <TextLink to="/reports/rate-card" size="xs" underline="always">rate card</TextLink>.
                  </>
                ) : null}
              </Text>
            </div>
            <TrendSection trend={report.trend} />
            <VariantsSection report={report} winner={winner} />
            {report.control ? <ControlSection control={report.control} counts={report.counts} /> : null}
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, lg: 7 }}>
                <FailuresSection failures={report.failures} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 5 }}>
                <LossesSection losses={report.losses} />
              </Grid.Col>
            </Grid>
            {runs.length > 1 ? <RunsSection campaign={campaign} chosen={run} choose={setRun} /> : null}
          </Stack>
        )}
      </Loaded>
    </PeopleBehind>
  );
}

function CountBehind({ step, title, className, children }: BehindProps) {
  return (
    <PeopleLink title={title} who={{ step }} className={className}>
      {children}
    </PeopleLink>
  );
}
