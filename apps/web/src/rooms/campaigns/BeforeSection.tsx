import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Campaign, CampaignFunnel } from "@tincan/api";
import { type ReactNode, useState } from "react";
import { api } from "../../api.ts";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Section } from "../../pieces/Section.tsx";
import { FunnelBefore } from "./FunnelBefore.tsx";

/** Who would be reached and who lost if the campaign started now. Of a large audience it takes some seconds. */
export function useFunnel({ id, definition }: Campaign, enabled = true): UseQueryResult<CampaignFunnel> {
  return useQuery({ queryKey: ["funnel", id, definition], queryFn: () => api.campaigns.funnel(id), staleTime: 60_000, retry: false, enabled });
}

/** The funnel before sending, with what follows from it. */
export function BeforeSection({ campaign, funnel, children }: { campaign: Campaign; funnel: UseQueryResult<CampaignFunnel>; children?: ReactNode }) {
  return (
    <Section
      title={campaign.live ? "Who could get it now" : "Who gets it"}
      description="As if it started now: everybody is looked at and their message filled. Nothing is sent by this."
      actions={
        <Button size="xs" variant="default" leftSection={<IconRefresh size={14} aria-hidden />} loading={funnel.isFetching} onClick={() => void funnel.refetch()}>
          Look again
        </Button>
      }
    >
      <Loaded query={funnel} height={220}>
        {(data) => <FunnelBefore funnel={data} live={campaign.live} />}
      </Loaded>
      {children}
    </Section>
  );
}

/** The same on the page of a campaign that waits for its approval or its time, for whoever asks. */
export function BeforeOnDemand({ campaign }: { campaign: Campaign }) {
  const [asked, setAsked] = useState(false);
  const funnel = useFunnel(campaign, asked);
  if (asked) return <BeforeSection campaign={campaign} funnel={funnel} />;
  return (
    <Section title="Before it is sent" description="Who would get it and who would be lost, and why, if it started now.">
      <Button variant="default" style={{ alignSelf: "flex-start" }} onClick={() => setAsked(true)}>
        Look who gets it
      </Button>
    </Section>
  );
}
