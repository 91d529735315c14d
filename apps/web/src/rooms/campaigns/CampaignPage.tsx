import { Badge, Group, List, Stack, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Campaign } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { breakable } from "../../pieces/breakable.tsx";
import { Dot } from "../../pieces/Dot.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { BeforeOnDemand } from "./BeforeSection.tsx";
import { isDraft, stateOf } from "./campaign-words.ts";
import { DefinitionSection } from "./DefinitionSection.tsx";
import { LifeActions } from "./LifeActions.tsx";
import { LossesSection, NumbersSection } from "./NumbersSection.tsx";
import { type Behind, PeopleDrawer } from "./PeopleDrawer.tsx";
import { CampaignReport } from "./report/CampaignReport.tsx";
import { ProgressSection } from "./ProgressSection.tsx";
import { RunsSection } from "./RunsSection.tsx";
import { placeOf } from "./wizard/variants.ts";

/** One campaign, live while it sends. */
export default function CampaignPage() {
  const { id } = useParams({ from: "/rooms/campaigns/$id" });
  const campaign = useQuery({ queryKey: ["campaigns", "one", id], queryFn: ({ signal }) => api.campaigns.get(id, signal) });
  const { data } = campaign;
  return (
    <Page title={data?.name ?? "Campaign"} parent={{ to: "/campaigns", label: "Campaigns" }} description={data ? <Standing campaign={data} /> : null} actions={data ? <LifeActions key={data.id} campaign={data} /> : null}>
      <Loaded query={campaign} height={420}>
        {(loaded) => <Body key={loaded.id} campaign={loaded} />}
      </Loaded>
    </Page>
  );
}

function Standing({ campaign }: { campaign: Campaign }) {
  const { tone, word } = stateOf(campaign.state);
  return (
    <Group gap="md" style={{ rowGap: 2 }}>
      <Dot tone={tone} pulse={campaign.state === "running"}>
        {word}
      </Dot>
      {campaign.nextRunAt && campaign.state !== "awaitingApproval" ? (
        <span>
          Next run <RelativeTime at={campaign.nextRunAt} />
        </span>
      ) : null}
      {campaign.nextRunAt && campaign.state === "awaitingApproval" ? (
        <span>
          To be approved by <RelativeTime at={campaign.nextRunAt} />
        </span>
      ) : null}
      {campaign.endedAt ? (
        <span>
          Ended <RelativeTime at={campaign.endedAt} />
        </span>
      ) : null}
      <span>Made by {campaign.createdBy}</span>
      {campaign.approvedBy ? <span>Approved by {campaign.approvedBy}</span> : null}
      {campaign.archivedAt ? <Badge size="sm">Archived</Badge> : null}
      {campaign.labels.map((label) => (
        <Badge key={label} size="sm">
          {label}
        </Badge>
      ))}
    </Group>
  );
}

function Body({ campaign }: { campaign: Campaign }) {
  const { tab = "campaign" } = useSearch({ from: "/rooms/campaigns/$id" });
  const navigate = useNavigate({ from: "/campaigns/$id" });
  const [behind, setBehind] = useState<Behind | null>(null);
  // Kept while the drawer closes, so that its title does not vanish before it.
  const [title, setTitle] = useState("");
  const open = (of: string, what: Behind) => {
    setTitle(of);
    setBehind(what);
  };
  const began = campaign.runs.length > 0 || campaign.counts.queued > 0;
  const about = (
    <Stack gap="lg">
      {began ? <NumbersSection campaign={campaign} onOpen={open} /> : null}
      <LossesSection campaign={campaign} onOpen={open} />
      <RunsSection campaign={campaign} />
      {campaign.state === "awaitingApproval" || campaign.state === "scheduled" || (isDraft(campaign.state) && campaign.problems.length === 0) ? <BeforeOnDemand campaign={campaign} /> : null}
      <DefinitionSection campaign={campaign} />
    </Stack>
  );
  return (
    <Stack gap="lg">
      {campaign.reason ? <Note kind={campaign.state === "failed" || campaign.state === "rejected" || campaign.state === "expired" ? "danger" : "info"} title={campaign.reason} announce="polite" /> : null}
      {isDraft(campaign.state) && campaign.problems.length > 0 ? (
        <Note kind="warm" title="A launch still needs this">
          <List size="sm">
            {campaign.problems.map((problem) => (
              <List.Item key={problem.path + problem.message}>{breakable(`${placeOf(problem, campaign.definition)}: ${problem.message}`)}</List.Item>
            ))}
          </List>
        </Note>
      ) : null}
      <ProgressSection campaign={campaign} onWaiting={() => open("Waiting", { step: "waiting" })} />
      {began ? (
        <Tabs value={tab} onChange={(next) => void navigate({ search: { tab: next === "report" ? "report" : undefined }, replace: true })} keepMounted={false}>
          <Tabs.List mb="lg">
            <Tabs.Tab value="campaign">Campaign</Tabs.Tab>
            <Tabs.Tab value="report">Report</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="campaign">{about}</Tabs.Panel>
          <Tabs.Panel value="report">
            <CampaignReport campaign={campaign} />
          </Tabs.Panel>
        </Tabs>
      ) : (
        about
      )}
      <PeopleDrawer campaignId={campaign.id} title={title} behind={behind} onClose={() => setBehind(null)} />
    </Stack>
  );
}
