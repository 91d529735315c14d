/** What a provider still needs before it can be used, in the order in which it is done. */
import type { Provider, ProviderReadiness, ReadinessStep } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

export async function readinessOf(db: Database, workspaceId: string, provider: Provider): Promise<ProviderReadiness> {
  const [templates] = await templateCounts.run(db, [workspaceId, provider.id]);
  const { approved = 0, present = 0 } = templates ?? {};
  const page = `/channels/whatsapp/${provider.id}`;
  const steps = provider.kind === "cloud-api" ? cloudApiSteps(provider, page) : genericSteps(provider, page);
  return { steps: [...steps, templateStep(provider, approved, present)] };
}

function cloudApiSteps({ health, number }: Extract<Provider, { kind: "cloud-api" }>, page: string): ReadinessStep[] {
  const failed = (name: string) => health.checks.find((check) => check.name === name && !check.ok)?.message;
  const checked = health.checkedAt !== null;
  const connected = health.numberStatus === "CONNECTED";
  const tokenProblem = failed("token") ?? failed("endpoint");
  const heard = health.lastWebhookAt !== null;
  return [
    {
      key: "number", done: connected, link: page, title: "The number is registered at Meta",
      detail: connected ? `${number} is connected.` : (failed("number") ?? (checked ? `Meta says the number is ${health.numberStatus ?? "unknown"}.` : "Meta has not been asked yet.")),
    },
    {
      key: "credentials", done: checked && tokenProblem === undefined, link: page, title: "Meta accepts the access token",
      detail: tokenProblem ?? (checked ? "The token may read the account and send." : "Meta has not been asked yet."),
    },
    {
      key: "callbacks", done: heard, link: page, title: "Meta's webhook arrives here",
      detail: heard ? "Receipts and answers arrive." : (failed("webhooks") ?? "Nothing has arrived yet. Write to the number from a phone."),
    },
  ];
}

function genericSteps({ health, number }: Extract<Provider, { kind: "generic" }>, page: string): ReadinessStep[] {
  const endpoint = health.checks.find((check) => check.name === "endpoint");
  const { lastStatusAt, lastInboundAt, warning } = health.callbacks ?? { lastStatusAt: null, lastInboundAt: null, warning: null };
  const missing = [...(lastStatusAt === null ? ["no delivery report"] : []), ...(lastInboundAt === null ? ["no inbound message"] : [])];
  const report = lastStatusAt !== null && warning === null;
  return [
    {
      key: "number", done: true, link: page, title: "The number is entered as the provider knows it",
      detail: `${number}. The provider has onboarded it at Meta; only it can tell how the number is doing.`,
    },
    {
      key: "credentials", done: endpoint?.ok === true, link: page, title: "The endpoint accepts the headers",
      detail: endpoint?.message ?? "The endpoint has not been asked yet.",
    },
    {
      key: "callbacks", done: report, link: page, title: "Delivery reports and answers arrive here",
      detail: warning ?? (missing.length === 0 ? "Both callback URLs are in use." : `There was ${missing.join(" and ")} yet. Give the provider both callback URLs.`),
    },
  ];
}

function templateStep(provider: Provider, approved: number, present: number): ReadinessStep {
  const of = provider.kind === "cloud-api" ? "approved by Meta" : "known here";
  const detail = approved > 0 ? `${approved} ${approved === 1 ? "template is" : "templates are"} ${of}.` : present > 0 ? "There are templates, but none is approved." : "There is no template yet.";
  return { key: "template", done: approved > 0, link: `/templates?provider=${provider.id}`, title: provider.kind === "cloud-api" ? "A template is approved" : "A template is there", detail };
}

const templateCounts = statement<{ approved: number; present: number }>(
  "providers_template_counts",
  `select count(*) filter (where status = 'APPROVED') as approved, count(*) as present
   from templates where workspace_id = $1 and provider_id = $2 and status <> 'DELETED'`,
);
