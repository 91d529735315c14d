import { Button, Stack, Text } from "@mantine/core";
import { IconArrowLeft, IconArrowRight, IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Campaign } from "@tincan/api";
import { useState } from "react";
import { api } from "../../../api.ts";
import { EndBar } from "../../../pieces/EndBar.tsx";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { ButtonLink, PlainLink } from "../../../pieces/links.tsx";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { Page } from "../../../pieces/Page.tsx";
import type { WizardStep } from "../../../search-params.ts";
import { useMay } from "../../../session.ts";
import { isDraft } from "../campaign-words.ts";
import { CampaignMenu } from "../CampaignMenu.tsx";
import { problemAt, steps, stepOf, unfinished } from "./draft.ts";
import { GoalStep } from "./GoalStep.tsx";
import { ReviewStep } from "./ReviewStep.tsx";
import type { StepProps } from "./step-props.ts";
import { useDraft } from "./use-draft.ts";
import { WhatStep } from "./WhatStep.tsx";
import { WhenStep } from "./WhenStep.tsx";
import { WhoStep } from "./WhoStep.tsx";
import classes from "./Wizard.module.css";

/** A draft, step by step. The step is kept in the address, the draft saves itself. */
export default function WizardPage() {
  const { id } = useParams({ from: "/rooms/campaigns/$id/edit" });
  const mayWrite = useMay("campaigns.write");
  const campaign = useQuery({ queryKey: ["campaigns", "one", id], queryFn: ({ signal }) => api.campaigns.get(id, signal) });
  const { data } = campaign;
  if (data && (!isDraft(data.state) || !mayWrite)) return <Navigate to="/campaigns/$id" params={{ id }} replace />;
  return (
    <Page title={data?.name ?? "Campaign"} parent={{ to: "/campaigns", label: "Campaigns" }} description={data ? "A draft. Nobody gets it before it is launched." : null} actions={data ? <CampaignMenu campaign={data} /> : null}>
      <Loaded query={campaign} height={480}>
        {(loaded) => <Wizard key={loaded.id} campaign={loaded} />}
      </Loaded>
    </Page>
  );
}

function Wizard({ campaign }: { campaign: Campaign }) {
  const { step = "who" } = useSearch({ from: "/rooms/campaigns/$id/edit" });
  const navigate = useNavigate({ from: "/campaigns/$id/edit" });
  const { draft, change, flush, saving, failure } = useDraft(campaign);
  const at = steps.findIndex(({ key }) => key === step);
  // Whoever opens a later step has been through those before it.
  const [left, setLeft] = useState<WizardStep[]>(() => steps.slice(0, at).map(({ key }) => key));
  const [seen, setSeen] = useState(step);
  if (seen !== step) {
    setSeen(step);
    setLeft([...new Set([...left, ...steps.slice(0, Math.max(at, steps.findIndex(({ key }) => key === seen) + 1)).map(({ key }) => key)])]);
  }
  const own = unfinished(draft);
  const heldBack = new Set(own.map(({ path }) => /^\w+/.exec(path)?.[0]));
  // Of a member that is not saved yet the server speaks of its last state.
  const problems = [...own, ...campaign.problems.filter(({ path }) => !heldBack.has(/^\w+/.exec(path)?.[0]))];
  const go = (to: WizardStep | undefined) => {
    if (!to) return;
    void flush();
    void navigate({ search: { step: to } });
  };
  const props: StepProps = { draft, change, problems, say: (path) => (left.includes(step) ? problemAt(problems, path) : null) };
  return (
    <Stack gap="lg">
      {campaign.state === "rejected" && campaign.reason ? <Note kind="danger" title={campaign.reason} /> : null}
      <nav aria-label="Steps">
        <ol className={classes.steps}>
          {steps.map(({ key, label }, index) => {
            const open = problems.filter((problem) => stepOf(problem) === key).length;
            const visited = left.includes(key);
            return (
              <li key={key}>
                <PlainLink
                  from="/campaigns/$id/edit"
                  search={{ step: key }}
                  className={classes.step}
                  aria-current={key === step ? "step" : undefined}
                  data-current={key === step || undefined}
                  data-open={visited && open > 0 ? true : undefined}
                  aria-label={visited && key !== "review" ? `${label}, ${open > 0 ? `${open} open` : "complete"}` : label}
                  onClick={() => void flush()}
                >
                  <span className={classes.mark} aria-hidden>
                    {visited && open === 0 && key !== "review" ? <IconCheck size={14} /> : visited && open > 0 ? "!" : index + 1}
                  </span>
                  {label}
                </PlainLink>
              </li>
            );
          })}
        </ol>
      </nav>
      {step === "who" ? <WhoStep {...props} /> : null}
      {step === "what" ? <WhatStep {...props} /> : null}
      {step === "when" ? <WhenStep {...props} /> : null}
      {step === "goal" ? <GoalStep {...props} /> : null}
      {step === "review" ? <ReviewStep {...props} campaign={campaign} flush={flush} /> : null}
      {failure ? <ErrorNote error={failure} retry={() => void flush()} /> : null}
      <EndBar
        label="Steps before and after"
        before={
          <Text size="sm" c="dimmed" aria-live="polite">
            {failure ? "Not saved" : saving ? "Saving" : "Saved"}
          </Text>
        }
      >
        {at > 0 ? (
          <Button variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />} onClick={() => go(steps[at - 1]?.key)}>
            Back
          </Button>
        ) : (
          <ButtonLink to="/campaigns" variant="default">
            Close
          </ButtonLink>
        )}
        {step === "review" ? null : (
          <Button rightSection={<IconArrowRight size={16} aria-hidden />} onClick={() => go(steps[at + 1]?.key)}>
            Continue
          </Button>
        )}
      </EndBar>
    </Stack>
  );
}
