import { Drawer, List, Stack, Text } from "@mantine/core";
import type { CampaignFunnel } from "@tincan/api";
import { useState } from "react";
import { Funnel, type FunnelRow } from "../../pieces/Funnel.tsx";
import { ListCards } from "../../pieces/ListCards.tsx";
import { Note } from "../../pieces/Note.tsx";
import { lossWords, people } from "./campaign-words.ts";
import { personColumns } from "./PeopleDrawer.tsx";

/** From everybody matched to those who would get it, each lost slice with its reason and its people. */
export function FunnelBefore({ funnel, live }: { funnel: CampaignFunnel; live: boolean }) {
  const [shown, setShown] = useState<CampaignFunnel["losses"][number] | null>(null);
  const [opened, setOpened] = useState(false);
  const { matched, looked, refused, willBeSent, later, losses, variants, missing, tier, estimatedCost } = funnel;
  const rows: FunnelRow[] = [
    { key: "matched", label: "In the audience", value: matched, tone: "queued" },
    ...losses.map((loss): FunnelRow => ({
      key: loss.reason, label: lossWords(loss.reason), value: loss.people, tone: "unknown", lost: true,
      onOpen: loss.behind.length > 0 ? () => {
        setShown(loss);
        setOpened(true);
      } : undefined,
    })),
    { key: "sent", label: live ? "Could get it" : later > 0 ? "Get it at once" : "Get it", value: willBeSent, tone: "delivered" },
    ...(later > 0 ? [{ key: "later", label: "Get it later", value: later, tone: "sent" } satisfies FunnelRow] : []),
  ];
  return (
    <Stack gap="md">
      {refused ? (
        <Note kind="danger" title="It would not start, and nobody would get it" announce="polite">
          {refused}
        </Note>
      ) : null}
      <Funnel name="Before sending" of={matched} rows={rows} />
      {looked < matched ? (
        <Text size="sm" c="dimmed">
          An estimate: {people(looked)} of them, chosen evenly, were looked at, and the numbers scaled.
        </Text>
      ) : null}
      {variants.length > 1 ? (
        <Text size="sm">
          By variant: {variants.map(({ key, people: count }) => `${key} ${count.toLocaleString()}`).join(", ")}.
        </Text>
      ) : null}
      {missing.length > 0 ? (
        <Note kind="warm" title="Values that are empty for some">
          <List size="sm">
            {missing.map(({ variable, people: count }) => (
              <List.Item key={variable}>
                <code>{variable}</code>: {people(count)}
              </List.Item>
            ))}
          </List>
        </Note>
      ) : null}
      {tier && tier.days > 1 && !refused ? (
        <Note kind="info" title={`The number's 24-hour limit spreads it over ${tier.days} days`}>
          {tier.limit === null ? null : `${tier.used.toLocaleString()} of ${tier.limit.toLocaleString()} people are used up now.`}
        </Note>
      ) : null}
      {estimatedCost ? (
        <Text size="sm">
          It costs about {estimatedCost.amount.toLocaleString(undefined, { style: "currency", currency: estimatedCost.currency })} for {estimatedCost.messages.toLocaleString()} messages.
        </Text>
      ) : null}
      <Drawer opened={opened} onClose={() => setOpened(false)} position="right" size={520} title={shown ? lossWords(shown.reason) : ""}>
        {shown ? (
          <Stack gap="sm">
            {shown.people > shown.behind.length ? (
              <Text size="sm" c="dimmed">
                {shown.behind.length} of {shown.people.toLocaleString()}.
              </Text>
            ) : null}
            <ListCards name="People left out" columns={personColumns.filter(({ optional }) => !optional)} items={shown.behind} idOf={({ contactId, phone }) => contactId ?? phone ?? ""} sort={undefined} />
          </Stack>
        ) : null}
      </Drawer>
    </Stack>
  );
}
