/** A whole server and a sandbox beside it, with the sandbox's number connected, for the tests of this folder. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Provider, Template, TemplateComponent, TemplateInput } from "@tincan/api";
import { sandboxAccount, startSandbox, type BehaviourChange, type Sandbox } from "@tincan/sandbox";
import { startTestServer, type TestServer } from "../../../../../tests/support/server.ts";
import type { Answer, Visitor } from "../../../../../tests/support/visitor.ts";
import { buildFeatures } from "../../wiring.ts";

export interface TemplateWorld extends TestServer {
  sandbox: Sandbox;
  api: Visitor;
  provider: Provider;
  create(input: Partial<TemplateInput>): Promise<Answer<Template>>;
  template(id: string): Promise<Template>;
  /** Waits, at most 5 s, until the template has this status. */
  becomes(id: string, status: string): Promise<Template>;
  /** Meta's reviewers decide. */
  decide(template: Template, decision: object): Promise<void>;
}

const quick: BehaviourChange = {
  pairRate: null,
  throughput: { messagesPerSecond: null },
  receipts: { sentAfterMs: [1, 5], deliveredAfterMs: [5, 20] },
  templates: { reviewMs: null },
};

export async function startTemplateWorld(): Promise<TemplateWorld> {
  const sandbox = await startSandbox({ port: 0, behaviour: quick });
  const server = await startTestServer({ env: { TINCAN_SANDBOX: "on" }, build: buildFeatures });
  sandbox.subscribe(`${server.url}/wire/meta/webhook`);
  await server.features.start();
  await server.admin();
  const api = await server.script("admin");
  const { number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken } = sandboxAccount;
  const input = { kind: "cloud-api", nickname: "Main", number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken, baseUrl: sandbox.url, default: true };
  const { status, body: provider } = await api.post<Provider>("/api/v1/providers", input);
  if (status !== 201) throw new Error(`The number was not connected: ${JSON.stringify(provider)}`);
  const template = async (id: string) => (await api.get<Template>(`/api/v1/templates/${id}`)).body;
  return {
    ...server,
    sandbox,
    api,
    provider,
    template,
    create: (given) => api.post<Template>("/api/v1/templates", { ...plain("parcel"), provider: provider.id, ...given }),
    becomes: async (id, status) => {
      const end = Date.now() + 5000;
      for (;;) {
        const found = await template(id);
        if (found.status === status) return found;
        if (Date.now() > end) throw new Error(`The template is ${found.status}, not ${status}.`);
        await sleep(20);
      }
    },
    decide: async ({ externalId }, decision) => {
      const answer = await fetch(`${sandbox.url}/sandbox/templates/${externalId}/decision`, {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(decision),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    stop: async () => {
      await server.stop();
      await sandbox.close();
    },
  };
}

/** A template without variables that keeps every rule. */
export function plain(name: string): Omit<TemplateInput, "provider"> {
  return { name, language: "en", category: "UTILITY", components: [body(`Your ${name.replaceAll("_", " ")} is ready to be picked up at the shop.`)] };
}

export function body(text: string, ...values: string[]): TemplateComponent {
  return { type: "BODY", text, ...(values.length > 0 && { example: { body_text: [values] } }) };
}

/** The code and field of a refusal. */
export function refusal(answer: Answer<unknown>): { status: number; code?: string; field?: string; expected?: string } {
  const { error } = answer.body as { error?: { code: string; field?: string; expected?: string } };
  return { status: answer.status, ...(error && { code: error.code, ...(error.field && { field: error.field }), ...(error.expected && { expected: error.expected }) }) };
}
