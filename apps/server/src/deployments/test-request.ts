import type { TestRequestInput, TestRequestResult } from "@tincan/api";
import { buildSendRequest, TRIAL_MSG_ID, VERIFICATION_NAMESPACE, type SendRequestDraft } from "@tincan/clevertap";
import { request } from "undici";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";
import type { RegisteredTemplate, TemplateRegistry } from "../templates/registry.ts";
import { examplesOf } from "./example-values.ts";
import { addressesOf, maskToken } from "./present.ts";
import type { StoredDeployment } from "./store.ts";

export interface TestRequestDeps {
  db: Database;
  registry: TemplateRegistry;
  publicUrl: string;
  /** Where this very server listens, such as `http://127.0.0.1:3000`. */
  ownOrigin: () => string;
}

/** CleverTap gives up after one second; a test waits longer, to show how long it took. */
const TIMEOUT_MS = 10_000;

/** Does what the platform does: posts a request, exact to the contract, to the deployment's Callback URL, over HTTP. */
export async function sendTestRequest(deps: TestRequestDeps, deployment: StoredDeployment, input: TestRequestInput, showSecrets: boolean): Promise<TestRequestResult> {
  await deps.registry.load(deployment.workspaceId, deployment.provider.id);
  const body = buildSendRequest(draftOf(deps.registry, deployment, input, new Date()));
  const path = `/wire/clevertap/${deployment.urlId}/messages`;
  const headers = { "content-type": "application/json", Token: deployment.token };
  const started = performance.now();
  const answer = await request(`${deps.ownOrigin()}${path}`, { method: "POST", headers, body: JSON.stringify(body), headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  const text = await answer.body.text();
  const ms = Math.round((performance.now() - started) * 10) / 10;
  const [stored] = await find.run(deps.db, [deployment.workspaceId, deployment.id, body.msgId]);
  return {
    request: {
      method: "POST",
      url: addressesOf(deployment, deps.publicUrl).callbackUrl,
      headers: { ...headers, Token: showSecrets ? deployment.token : maskToken(deployment.token) },
      body,
    },
    response: { status: answer.statusCode, body: parsed(text), ms },
    messageId: stored?.id ?? null,
  };
}

function draftOf(registry: TemplateRegistry, deployment: StoredDeployment, input: TestRequestInput, now: Date): SendRequestDraft {
  const envelope = { msgId: testId(now), to: input.to, wabaNumber: deployment.provider.number.replace(/\D/g, ""), customProps: {} };
  if (input.kind === "text") return { ...envelope, kind: "freeForm", content: { kind: "text", text: input.text ?? "This is a test." } };
  const empty = { ...envelope, kind: "template" as const, buttons: [] };
  if (input.kind === "probe") {
    const body = { text: "0 1 2", parameters: ["0", "1", "2"] };
    return { ...empty, msgId: TRIAL_MSG_ID, template: { name: VERIFICATION_NAMESPACE, language: "en" }, body };
  }
  const name = input.template;
  if (name === undefined) throw new ApiError("invalid_input", { field: "template", expected: "the name of a template", detail: "A test of this kind needs a template." });
  const template = chosen(registry.named(deployment.workspaceId, deployment.provider.id, name), input.language);
  if (template) return { ...empty, template: { name, language: template.language }, ...examplesOf(template, input.values ?? [], now) };
  // The platform could ask for a template that is not there; the answer then says so.
  const values = input.values ?? [];
  return { ...empty, template: { name, language: input.language ?? "en" }, ...(values.length > 0 && { body: { text: values.join(" "), parameters: [...values] } }) };
}

function chosen(found: readonly RegisteredTemplate[], language: string | undefined): RegisteredTemplate | undefined {
  if (language !== undefined) return found.find((template) => template.language === language);
  return found.find((template) => template.status === "APPROVED") ?? found[0];
}

/** Shaped as CleverTap's: number, epoch seconds, date, number. */
function testId(now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll("-", "");
  return `1|${Math.floor(now.getTime() / 1000)}|${day}|${Math.floor(Math.random() * 1e9)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** By messages_external_id. */
const find = statement<{ id: string }>(
  "deployments_find_test",
  `select id from messages where workspace_id = $1 and origin_id = $2 and external_id = $3 and external_id <> '0|0|0|0'`,
);
