import { Button, Text, Textarea } from "@mantine/core";
import { IconCheck, IconPencil, IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import type { Campaign } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { AskButton } from "../../pieces/AskButton.tsx";
import { HarmButton } from "../../pieces/HarmButton.tsx";
import { ButtonLink } from "../../pieces/links.tsx";
import { useMay } from "../../session.ts";
import { useFunnel } from "./BeforeSection.tsx";
import { CampaignMenu } from "./CampaignMenu.tsx";
import { isDraft } from "./campaign-words.ts";
import { caution, whatHappens } from "./launch-words.ts";

/** What moves a campaign on, for those who may: which of it is offered follows from its state. */
export function LifeActions({ campaign }: { campaign: Campaign }) {
  const { id, name, state } = campaign;
  const mayWrite = useMay("campaigns.write");
  const mayApprove = useMay("campaigns.approve");
  const client = useQueryClient();
  const step = useChange({
    run: (next: "pause" | "resume" | "stop") => api.campaigns[next](id),
    stale: ["campaigns"],
    onDone: (answer) => client.setQueryData(["campaigns", "one", id], answer),
  });
  const busy = (next: string) => step.isPending && step.variables === next;
  if (!mayWrite) return null;
  const stoppable = state === "awaitingApproval" || state === "scheduled" || state === "running" || state === "paused";
  return (
    <>
      {isDraft(state) ? (
        <ButtonLink to="/campaigns/$id/edit" params={{ id }} leftSection={<IconPencil size={16} aria-hidden />}>
          Continue editing
        </ButtonLink>
      ) : null}
      {state === "awaitingApproval" && mayApprove ? (
        <>
          <Approve campaign={campaign} />
          <Reject campaign={campaign} />
        </>
      ) : null}
      {state === "running" || state === "scheduled" ? (
        <Button variant="default" leftSection={<IconPlayerPause size={16} aria-hidden />} loading={busy("pause")} onClick={() => step.mutate("pause")}>
          Pause
        </Button>
      ) : null}
      {state === "paused" ? (
        <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={busy("resume")} onClick={() => step.mutate("resume")}>
          Resume
        </Button>
      ) : null}
      {stoppable ? (
        <HarmButton label="Stop" icon={<IconPlayerStop size={16} aria-hidden />} title={`Stop ${name}`} confirm="Stop it for good" onConfirm={() => step.mutateAsync("stop")}>
          What has not left is never sent, and the campaign cannot be started again. To go on later, pause it instead.
        </HarmButton>
      ) : null}
      <CampaignMenu campaign={campaign} />
    </>
  );
}

/** Lets it go, once it is clear to how many. */
function Approve({ campaign }: { campaign: Campaign }) {
  const { id, name } = campaign;
  const client = useQueryClient();
  const approve = useChange({
    run: () => api.campaigns.approve(id),
    stale: ["campaigns"],
    done: `${name} is approved`,
    onDone: (answer) => client.setQueryData(["campaigns", "one", id], answer),
  });
  return (
    <AskButton label="Approve" icon={<IconCheck size={16} aria-hidden />} title={`Approve ${name}`} confirm="Approve it" busy={approve.isPending} onConfirm={(close) => approve.mutate(undefined, { onSuccess: close })}>
      <Outlook campaign={campaign} />
    </AskButton>
  );
}

function Outlook({ campaign }: { campaign: Campaign }) {
  const { data } = useFunnel(campaign);
  return (
    <Text size="sm" aria-live="polite">
      {whatHappens(campaign.live, data)}
      {caution(campaign.live, data)}
    </Text>
  );
}

/** Sends it back to its maker with a reason. */
function Reject({ campaign: { id, name } }: { campaign: Campaign }) {
  const [reason, setReason] = useState("");
  const reject = useChange({ run: () => api.campaigns.reject(id, reason.trim() ? { reason: reason.trim() } : {}), stale: ["campaigns"], done: `${name} is sent back` });
  return (
    <AskButton label="Reject" icon={<IconX size={16} aria-hidden />} quiet title={`Reject ${name}`} confirm="Send it back" busy={reject.isPending} onConfirm={(close) => reject.mutate(undefined, { onSuccess: close })}>
      <Textarea label="Reason" description="Its maker reads this, changes the campaign, and asks again." autosize minRows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
    </AskButton>
  );
}
