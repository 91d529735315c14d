import { Group, List, Text } from "@mantine/core";
import { IconRocket } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Campaign, CampaignFunnel } from "@tincan/api";
import { useEffect, useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { AskButton } from "../../../pieces/AskButton.tsx";
import { breakable } from "../../../pieces/breakable.tsx";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { TextLink } from "../../../pieces/links.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { useMay } from "../../../session.ts";
import { BeforeSection, useFunnel } from "../BeforeSection.tsx";
import { people } from "../campaign-words.ts";
import { DefinitionFacts } from "../DefinitionSection.tsx";
import { caution, reachedBy, whatHappens } from "../launch-words.ts";
import { stepOf } from "./draft.ts";
import type { StepProps } from "./step-props.ts";
import { placeOf } from "./variants.ts";

interface Props extends StepProps {
  campaign: Campaign;
  flush: () => Promise<boolean>;
}

/** The whole campaign in sentences, who it would reach and who not, and the launch. */
export function ReviewStep({ draft, problems, campaign, flush }: Props) {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    void flush().then(setReady);
  }, [flush]);
  const open = problems.length > 0;
  return (
    <>
      {open ? (
        <Note kind="warm" title="A launch still needs this" announce="polite">
          <List size="sm">
            {problems.map((problem) => (
              <List.Item key={problem.path + problem.message}>
                <TextLink from="/campaigns/$id/edit" search={{ step: stepOf(problem) }} underline="always">
                  {placeOf(problem, draft)}
                </TextLink>
                : {breakable(problem.message)}
              </List.Item>
            ))}
          </List>
        </Note>
      ) : null}
      <Section title="What will happen">
        <DefinitionFacts campaign={{ definition: draft, provider: campaign.provider }} />
      </Section>
      {ready && !open ? <Before campaign={campaign} flush={flush} /> : null}
    </>
  );
}

/** The funnel before sending, and the launch below it. */
function Before({ campaign, flush }: Pick<Props, "campaign" | "flush">) {
  const funnel = useFunnel(campaign);
  return (
    <BeforeSection campaign={campaign} funnel={funnel}>
      <Launch campaign={campaign} flush={flush} funnel={funnel.data} />
    </BeforeSection>
  );
}

function Launch({ campaign, flush, funnel }: Pick<Props, "campaign" | "flush"> & { funnel: CampaignFunnel | undefined }) {
  const { id, name, live } = campaign;
  const navigate = useNavigate();
  const client = useQueryClient();
  const settings = useQuery({ queryKey: ["campaigns", "settings"], queryFn: ({ signal }) => api.campaigns.settings(signal) });
  const mayApprove = useMay("campaigns.approve");
  const asks = settings.data?.approval === true && !mayApprove;
  const launch = useChange({
    run: async () => {
      if (!(await flush())) throw new Error("What was changed last is not saved yet.");
      return api.campaigns.launch(id);
    },
    stale: ["campaigns", "segments"],
    done: ({ state }) => (state === "awaitingApproval" ? `${name} waits for an approval` : `${name} is launched`),
    onDone: (answer) => {
      client.setQueryData(["campaigns", "one", id], answer);
      void navigate({ to: "/campaigns/$id", params: { id } });
    },
    onFailed: () => undefined,
  });
  const reached = reachedBy(funnel);
  const verb = asks ? "Ask for approval" : "Launch";
  return (
    <Group justify="flex-end">
      <AskButton
        label={verb}
        icon={<IconRocket size={16} aria-hidden />}
        disabled={!settings.data}
        title={asks ? `Ask for approval of ${name}` : `Launch ${name}`}
        confirm={asks ? verb : !reached || live ? "Launch it" : `Send to ${people(reached)}`}
        busy={launch.isPending}
        onConfirm={() => launch.mutate(undefined)}
      >
        <Text size="sm" aria-live="polite">
          {whatHappens(live, funnel)}
          {asks ? " An approver looks at it first; nothing leaves before." : caution(live, funnel)}
        </Text>
        {launch.error ? <ErrorNote error={launch.error} /> : null}
      </AskButton>
    </Group>
  );
}
