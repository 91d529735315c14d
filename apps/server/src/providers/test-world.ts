/** A server with providers alone, and a sandbox beside it, for the tests of this folder. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sandboxAccount, startSandbox, type Sandbox, type SandboxOptions } from "@tincan/sandbox";
import { signBody } from "@tincan/whatsapp";
import { startTestServer, type TestServer } from "../../../../tests/support/server.ts";
import type { InboundMessage } from "../ledger/inbound-message.ts";
import type { StatusChange } from "../ledger/types.ts";
import { laneRoutes } from "../lanes/lanes.routes.ts";
import { messageRoutes } from "../ledger/messages.routes.ts";
import { TemplateRegistry } from "../templates/registry.ts";
import { templateRoutes } from "../templates/routes.ts";
import { openProviders, type Providers } from "./assembly.ts";
import { wireRequestSteps } from "./trace.ts";

export interface World extends TestServer {
  sandbox: Sandbox;
  providers: Providers;
  registry: TemplateRegistry;
  /** What listeners were told, in order. */
  told: { changes: StatusChange[]; inbound: InboundMessage[] };
  /** The input that connects the sandbox's number. */
  input: Record<string, unknown> & { nickname: string };
  /** Posts a body to Meta's webhook; signed with the sandbox's app secret unless another is given. */
  webhook(body: unknown, options?: { secret?: string; headers?: Record<string, string> }): Promise<number>;
}

const fast: SandboxOptions["behaviour"] = { receipts: { sentAfterMs: [1, 5], deliveredAfterMs: [10, 20] } };

export async function startWorld(): Promise<World> {
  const sandbox = await startSandbox({ port: 0, behaviour: fast });
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "tincan-providers-"));
  const told: World["told"] = { changes: [], inbound: [] };
  let opened: { providers: Providers; registry: TemplateRegistry } | undefined;
  const server = await startTestServer({
    build: ({ settings, database, live, secrets, metrics, log, accounts }) => {
      const registry = new TemplateRegistry({ db: database.db, live });
      const { appId, appSecret } = sandboxAccount;
      const providers = openProviders({
        database, hot: database.db, live, secrets, metrics, log, registry, dataDir,
        publicUrl: settings.publicUrl,
        reach: { sandbox: true, allowedHosts: [] },
        statusListeners: [async (_tx, _workspace, changes) => void told.changes.push(...changes)],
        inboundListeners: [async (_tx, _workspace, messages) => void told.inbound.push(...messages)],
        choiceListeners: [],
        removeDeployment: async () => {},
        deploymentsRemoved: () => {},
        campaignsOf: async () => [],
        signupApp: { appId, appSecret, baseUrl: sandbox.url, dialogUrl: `${sandbox.url}/dialog/oauth` },
      });
      opened = { providers, registry };
      return {
        api: [...accounts.api, ...providers.api, laneRoutes({ database }), templateRoutes({ db: database.db }), messageRoutes({ db: database.db, originNames: [], findTemplate: async () => null, trace: [wireRequestSteps(registry)] })],
        wire: providers.wire,
        appliers: [],
        seedDemo: async () => {},
        start: async () => {},
        stop: async () => {
          await providers.close();
          registry.close();
        },
      };
    },
  });
  const { number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken } = sandboxAccount;
  return {
    ...server,
    ...opened!,
    sandbox,
    told,
    input: { kind: "cloud-api", nickname: "Main", number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken, baseUrl: sandbox.url },
    webhook: async (body, { secret = appSecret, headers } = {}) => {
      const raw = typeof body === "string" ? body : JSON.stringify(body);
      const answer = await fetch(`${server.url}/wire/meta/webhook`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-hub-signature-256": signBody(raw, secret), ...headers },
        body: raw,
      });
      await answer.text();
      return answer.status;
    },
    stop: async () => {
      await server.stop();
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A webhook body with one change about the sandbox's number. */
export function messagesBody(value: object, origin: { wabaId?: string; phoneNumberId?: string } = {}): object {
  const { wabaId = sandboxAccount.wabaId, phoneNumberId = sandboxAccount.phoneNumberId } = origin;
  const metadata = { display_phone_number: sandboxAccount.number.slice(1), phone_number_id: phoneNumberId };
  return { object: "whatsapp_business_account", entry: [{ id: wabaId, changes: [{ field: "messages", value: { messaging_product: "whatsapp", metadata, ...value } }] }] };
}

/** A webhook body about the sandbox's account. */
export function accountBody(field: string, value: object): object {
  return { object: "whatsapp_business_account", entry: [{ id: sandboxAccount.wabaId, time: 1_798_000_000, changes: [{ field, value }] }] };
}
