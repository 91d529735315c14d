import { CloseButton, Group, Paper, Text, ThemeIcon, Title } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Overview } from "@tincan/api";
import type { ReactNode } from "react";
import { api } from "../../api.ts";
import { TextLink } from "../../pieces/links.tsx";
import { RemoveDemo } from "../../pieces/RemoveDemo.tsx";
import { sayDone } from "../../pieces/undo.tsx";
import { useSession } from "../../session.ts";
import { useSeen } from "../../seen.ts";
import classes from "./FirstSteps.module.css";
import { TestLink, TraceLink } from "./step-links.tsx";

interface Step {
  title: ReactNode;
  text: string;
  done: boolean;
}

/** The one that was launched last, if any was. */
const newestCampaignQuery = { queryKey: ["campaigns", "newest"], queryFn: ({ signal }: { signal: AbortSignal }) => api.campaigns.list({ sort: "-launchedAt", limit: 1 }, signal) };

/** The first ten minutes: each step ticks itself off when it has happened. Gone when all are done or it is put away. */
export function FirstSteps({ steps: known }: { steps: Overview["firstSteps"] }) {
  const { phonesUrl, workspace } = useSession();
  const [hidden, setHidden] = useLocalStorage({ key: `first-steps-hidden:${workspace.id}`, defaultValue: false, getInitialValueInEffect: false });
  const [phoneOpened, markPhoneOpened] = useSeen("phone");
  const [traceSeen] = useSeen("trace");

  const { data: campaigns } = useQuery(newestCampaignQuery);
  const campaignLaunched = campaigns?.items.some(({ launchedAt }) => launchedAt !== null) ?? false;

  const steps: Step[] = [
    phonesUrl && known.numberConnected
      ? {
          title: (
            <a href={phonesUrl} target="_blank" rel="noreferrer" onClick={markPhoneOpened}>
              Open a phone
            </a>
          ),
          text: "A simulated WhatsApp in another tab: it receives what you send.",
          done: phoneOpened || known.replyReceived,
        }
      : { title: <TextLink to="/channels/whatsapp">Connect a number</TextLink>, text: "Paste its ids and token, or log in with Facebook.", done: known.numberConnected },
    { title: <TestLink hasDeployment={known.deploymentCreated} />, text: "“Send a test request” on a deployment posts what CleverTap would post.", done: known.testSent },
    { title: <TraceLink />, text: "Open the message: every hop with its time and body.", done: traceSeen && known.testSent },
    {
      title: phonesUrl ? (
        <a href={phonesUrl} target="_blank" rel="noreferrer" onClick={markPhoneOpened}>
          Write back from the phone
        </a>
      ) : (
        "Write back from your phone"
      ),
      text: "The reply shows in the trace and goes to the platform.",
      done: known.replyReceived,
    },
    { title: <TextLink to="/campaigns">Make a campaign</TextLink>, text: "One message to many people: who, what, when, and who would be left out.", done: campaignLaunched },
    ...(phonesUrl
      ? [{ title: <TextLink to="/channels/whatsapp/new">Connect a real number</TextLink>, text: "When you are ready: a number on Meta's Cloud API.", done: known.realNumberConnected }]
      : []),
  ];
  const putAway = () => {
    setHidden(true);
    sayDone("The first steps are put away", () => setHidden(false));
  };
  const left = steps.filter((step) => !step.done).length;
  if (hidden || left === 0) return null;
  return (
    <Paper className={classes.card} component="section" aria-label="First steps">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Title order={2}>First steps</Title>
          <Text size="sm" c="dimmed">
            {left === steps.length ? `About ten minutes${phonesUrl ? ", no account needed" : ""}.` : `${left} of ${steps.length} left.`}
          </Text>
        </div>
        <CloseButton aria-label="Put away the first steps" onClick={putAway} />
      </Group>
      <ol className={classes.steps}>
        {steps.map((step, index) => (
          // The steps stand in a fixed order.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className={classes.step} data-done={step.done || undefined}>
            <ThemeIcon size={26} radius="xl" variant={step.done ? "filled" : "default"} color="deep" className={classes.mark}>
              {step.done ? <IconCheck size={15} aria-label="Done" /> : <span aria-hidden>{index + 1}</span>}
            </ThemeIcon>
            <div>
              <div className={classes.title}>{step.title}</div>
              <div className={classes.text}>{step.text}</div>
            </div>
          </li>
        ))}
      </ol>
      <div className={classes.end}>
        <RemoveDemo variant="transparent" />
      </div>
    </Paper>
  );
}
