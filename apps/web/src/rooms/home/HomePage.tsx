import { Grid, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Overview } from "@tincan/api";
import { lazy, Suspense } from "react";
import { api } from "../../api.ts";
import { PlainLink, TextLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Page } from "../../pieces/Page.tsx";
import { Section } from "../../pieces/Section.tsx";
import { StatusStrip } from "../../pieces/StatusStrip.tsx";
import type { Tone } from "../../pieces/Dot.tsx";
import { Figure, Tile, TileGrid, tileWay } from "../../pieces/Tile.tsx";
import { useMay, useSession } from "../../session.ts";
import type { MessageSearch } from "../../search-params.ts";
import { FirstSteps } from "./FirstSteps.tsx";
import { LatestMessages } from "./LatestMessages.tsx";

const LastHourChart = lazy(() => import("./LastHourChart.tsx"));

/** What is going on, at a glance. */
export default function HomePage() {
  const { user, workspace } = useSession();
  const overview = useQuery({ queryKey: ["overview"], queryFn: ({ signal }) => api.overview.get(signal), refetchInterval: 30_000 });
  const mayReadMessages = useMay("messages.read");
  const mayReadLanes = useMay("lanes.read");
  const maySetUp = useMay("deployments.write");
  return (
    <Page title={user.name ? `Hello, ${user.name.split(" ")[0]}` : "Home"} description={`What ${workspace.name} sends and hears back.`}>
      <Loaded query={overview} height={420}>
        {(data) => (
          <Stack gap="lg">
            {maySetUp ? <FirstSteps steps={data.firstSteps} /> : null}
            <Numbers numbers={data.numbers} since={data.since} />
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, lg: 7 }}>
                <Section fill title="Last hour" description="Messages per minute, by what became of them.">
                  <Suspense fallback={<Skeleton height={296} radius={8} />}>
                    <LastHourChart minutes={data.minutes} />
                  </Suspense>
                </Section>
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 5 }}>
                <Section fill title="Latest messages" actions={mayReadMessages ? <TextLink to="/messages" size="sm">All messages</TextLink> : null}>
                  <LatestMessages />
                </Section>
              </Grid.Col>
            </Grid>
            {mayReadLanes ? (
              <Section title="Lanes" description="The ways out: one for each number, one for each platform's callbacks.">
                {data.lanes.length === 0 ? (
                  <Text size="sm" c="dimmed">
                    There are none yet. Connecting a number makes the first one.
                  </Text>
                ) : (
                  <Stack gap="xs">
                    {data.lanes.map((lane) => (
                      <StatusStrip
                        key={lane.id}
                        lane={lane}
                        title={
                          <TextLink to={lane.kind === "provider" ? "/channels/whatsapp/$id" : "/channels/platforms/$id"} params={{ id: lane.ownerId }} inherit c="inherit">
                            {lane.name}
                            {lane.kind === "platform" ? " callbacks" : ""}
                          </TextLink>
                        }
                      />
                    ))}
                  </Stack>
                )}
              </Section>
            ) : null}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

interface Shown {
  label: string;
  value: number;
  tone?: Tone;
  search?: Pick<MessageSearch, "state" | "reached" | "from">;
}

/** The last 24 hours in figures; each opens the messages behind it. */
function Numbers({ numbers, since: from }: Pick<Overview, "numbers" | "since">) {
  const figures: Shown[] = [
    { label: "Accepted", value: numbers.accepted, search: { from } },
    { label: "Delivered", value: numbers.delivered, tone: "delivered", search: { reached: "delivered", from } },
    { label: "Read", value: numbers.read, tone: "read", search: { reached: "read", from } },
    { label: "Clicked", value: numbers.clicked, tone: "clicked", search: { reached: "clicked", from } },
    { label: "Replied", value: numbers.replied, tone: "replied" },
    { label: "Failed", value: numbers.failed, tone: "failed", search: { reached: "failed", from } },
    ...(numbers.unknown > 0 ? [{ label: "Unknown", value: numbers.unknown, tone: "unknown" as const, search: { state: "unknown" as const, from } }] : []),
    { label: "Waiting now", value: numbers.waitingMessages, tone: "queued", search: { state: "queued" } },
  ];
  const mayRead = useMay("messages.read");
  return (
    <div>
      <TileGrid wide={figures.length}>
        {figures.map(({ search, ...shown }) => {
          const figure = { ...shown, value: shown.value.toLocaleString() };
          return (
            <Tile
              key={figure.label}
              {...figure}
              way={
                search && mayRead ? (
                  <PlainLink to="/messages" search={search} className={tileWay}>
                    <Figure {...figure} />
                  </PlainLink>
                ) : null
              }
            />
          );
        })}
      </TileGrid>
      <Text size="xs" c="dimmed" mt={6}>
        The last 24 hours. A message counts in every state it has reached.
        {parkedWords(numbers.parkedCallbacks)}
      </Text>
    </div>
  );
}

function parkedWords(count: number): string {
  if (count === 0) return "";
  const which = count === 1 ? "One callback is parked: open the deployment to replay it" : `${count.toLocaleString()} callbacks are parked: open the deployment to replay them`;
  return ` ${which}.`;
}
