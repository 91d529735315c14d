import { Drawer, Text } from "@mantine/core";
import type { CampaignPeopleQuery, CampaignPerson } from "@tincan/api";
import { api } from "../../api.ts";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { IconUsers } from "@tabler/icons-react";
import { TextLink } from "../../pieces/links.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { lossWords } from "./campaign-words.ts";

/** Whose people: one loss, one step or one failure. */
export type Behind = Pick<CampaignPeopleQuery, "loss" | "step" | "failure" | "variant" | "run">;

export const personColumns: Column<CampaignPerson>[] = [
  {
    key: "name",
    header: "Person",
    main: true,
    cell: ({ contactId, name, phone }) => {
      const called = name ?? (phone ? displayNumber(phone) : "Deleted meanwhile");
      return (
        <>
          {contactId ? (
            <TextLink to="/people/contacts/$id" params={{ id: contactId }} className="break">
              {called}
            </TextLink>
          ) : (
            <span>{called}</span>
          )}
          {name && phone ? (
            <Text size="xs" c="dimmed" className="nowrap">
              {displayNumber(phone)}
            </Text>
          ) : null}
        </>
      );
    },
    text: ({ name, phone }) => name ?? phone ?? "",
  },
  { key: "phone", header: "Phone", optional: true, cell: ({ phone }) => (phone ? displayNumber(phone) : "–"), text: ({ phone }) => phone ?? "" },
  { key: "variant", header: "Variant", cell: ({ variant }) => variant ?? "–", text: ({ variant }) => variant ?? "" },
  {
    key: "reason",
    header: "Why",
    cell: ({ reason, detail }) => [reason ? lossWords(reason) : null, detail].filter(Boolean).join(": ") || "–",
    text: ({ reason, detail }) => [reason ? lossWords(reason) : null, detail].filter(Boolean).join(": "),
  },
];

const columns: Column<CampaignPerson>[] = [
  ...personColumns,
  { key: "at", header: "When", cell: ({ at }) => <RelativeTime at={at} none="–" />, text: ({ at }) => at ?? "" },
  {
    key: "message",
    header: "Message",
    cell: ({ messageId }) =>
      messageId ? (
        <TextLink to="/messages/$id" params={{ id: messageId }}>
          Open
        </TextLink>
      ) : (
        "–"
      ),
  },
];

/** The people behind a number of a campaign, page by page. */
export function PeopleDrawer({ campaignId, title, behind, onClose }: { campaignId: string; title: string; behind: Behind | null; onClose: () => void }) {
  return (
    <Drawer opened={behind !== null} onClose={onClose} position="right" size={760} title={title}>
      {behind ? (
        <Listing
          name={`people ${title.toLowerCase()}`}
          columns={columns.filter(({ key }) => key !== "reason" || behind.loss !== undefined || behind.step === "failed" || behind.failure !== undefined)}
          queryKey={["campaigns", "people", campaignId, behind]}
          page={(after, signal) => api.campaigns.people(campaignId, { ...behind, limit: after ? 200 : 50, after }, signal)}
          idOf={({ contactId, messageId, phone }) => messageId ?? contactId ?? phone ?? ""}
          empty={
            <EmptyState icon={<IconUsers size={26} />} title="Nobody">
              There is nobody behind this number now.
            </EmptyState>
          }
        />
      ) : null}
    </Drawer>
  );
}
