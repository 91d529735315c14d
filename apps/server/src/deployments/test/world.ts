/** A workspace with a number, its templates and one deployment, on a database of its own, for this folder's tests. */
import type { TemplateComponent } from "@tincan/api";
import Fastify from "fastify";
import { createTestDatabase } from "../../../../../tests/support/database.ts";
import { Live } from "../../database/live.ts";
import { Secrets } from "../../database/secrets.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { createLane } from "../../lanes/leases.ts";
import type { RemoteTemplate } from "../../templates/sync.ts";
import { storeTemplates } from "../../templates/sync.ts";
import { TemplateRegistry } from "../../templates/registry.ts";
import { Acceptance } from "../acceptance.ts";
import { DeploymentDirectory } from "../directory.ts";
import { inboundCallbacks } from "../inbound-callbacks.ts";
import { statusCallbacks } from "../status-callbacks.ts";
import { defaultSettings, insertDeployment, type StoredDeployment } from "../store.ts";
import { WakeSoon } from "../wake-soon.ts";
import { deploymentWire } from "../wire.routes.ts";
import "../tables.ts";

export const TOKEN = "token-of-the-test-deployment";

export function remoteTemplate(name: string, components: TemplateComponent[], more: Partial<RemoteTemplate> = {}): RemoteTemplate {
  return { remoteId: `remote-${name}`, name, language: "en", category: "UTILITY", status: "APPROVED", parameterFormat: "POSITIONAL", components, ...more };
}

const body = (text: string): TemplateComponent => ({ type: "BODY", text });

export const templates: RemoteTemplate[] = [
  remoteTemplate("plain", [body("We are open today.")]),
  remoteTemplate("two_values", [body("Hi {{1}}, order {{2}} is ready.")]),
  remoteTemplate("two_values", [body("Hello {{1}}, your order {{2}} is ready.")], { language: "en_GB" }),
  remoteTemplate("news", [body("News for {{1}}.")], { category: "MARKETING" }),
  remoteTemplate("order_ready", [
    { type: "HEADER", format: "IMAGE" },
    body("Hi {{1}}, order {{2}} is ready."),
    { type: "FOOTER", text: "Open from 9 to 18" },
    {
      type: "BUTTONS",
      buttons: [
        { type: "URL", text: "Track", url: "https://shop.example/orders/{{1}}" },
        { type: "PHONE_NUMBER", text: "Call", phone_number: "+918000000002" },
        { type: "QUICK_REPLY", text: "Fine" },
      ],
    },
  ]),
  remoteTemplate("paused", [body("Sleeping.")], { status: "PAUSED" }),
];

export async function openWorld() {
  const database = await createTestDatabase({ connections: 12 });
  const { db, pool } = database;
  const live = new Live(database);
  const secrets = new Secrets("a secret of the tests");
  const workspaceId = uuidv7();
  const providerId = uuidv7();
  await pool.query("insert into workspaces (id, name) values ($1, 'Acme')", [workspaceId]);
  await pool.query(
    `insert into providers (workspace_id, id, kind, nickname, number, secrets, max_concurrency) values ($1, $2, 'cloud-api', 'Main', '+15550100199', '', 200)`,
    [workspaceId, providerId],
  );
  await storeTemplates(db, workspaceId, providerId, templates);

  const woken: string[] = [];
  const wake = new WakeSoon((ids) => woken.push(...ids), 1);
  const listeners = { status: [statusCallbacks(wake)], inbound: [inboundCallbacks(wake)] };
  const directory = new DeploymentDirectory({ db, live });
  const registry = new TemplateRegistry({ db, live });
  const stored: string[] = [];
  const acceptance = new Acceptance({ db, listeners: listeners.status, onStored: (_workspace, provider) => stored.push(provider) });

  const app = Fastify({ forceCloseConnections: true });
  await app.register(deploymentWire({ db, directory, registry, acceptance, publicUrl: "https://tincan.example" }));
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });

  async function addDeployment(more: Partial<StoredDeployment> = {}): Promise<StoredDeployment> {
    const id = uuidv7();
    const deployment: StoredDeployment = {
      workspaceId,
      id,
      urlId: id,
      platform: "clevertap",
      name: `Deployment ${uuidv7()}`,
      provider: { id: providerId, nickname: "Main", number: "+15550100199" },
      token: TOKEN,
      webhooks: { status: null, inbound: null },
      settings: defaultSettings,
      createdAt: new Date(),
      updatedAt: new Date(),
      ...more,
    };
    await insertDeployment(db, secrets, deployment);
    await createLane(db, workspaceId, deployment.id, "platform");
    return deployment;
  }

  return {
    database, db, pool, live, secrets, workspaceId, providerId, directory, registry, acceptance, listeners, origin, woken, stored, addDeployment,

    /** Posts to a deployment's Callback URL as CleverTap does. */
    async post(deploymentId: string, payload: unknown, headers: Record<string, string> = { token: TOKEN, "content-type": "application/json" }) {
      const text = typeof payload === "string" || payload instanceof Uint8Array ? payload : JSON.stringify(payload);
      const response = await fetch(`${origin}/wire/clevertap/${deploymentId}/messages`, { method: "POST", headers, body: text });
      return { status: response.status, body: (await response.json()) as { status?: string; error?: { code?: number; message: string } } };
    },

    async messagesOf(deploymentId: string) {
      return db
        .selectFrom("messages as m")
        .innerJoin("message_contents as c", (join) => join.onRef("c.workspace_id", "=", "m.workspace_id").onRef("c.message_id", "=", "m.id"))
        .selectAll("m")
        .select(["c.content", "c.request"])
        .where("m.workspace_id", "=", workspaceId)
        .where("m.origin_id", "=", deploymentId)
        .orderBy("m.id")
        .execute();
    },

    async callbacksOf(deploymentId: string) {
      return db.selectFrom("callbacks").selectAll().where("workspace_id", "=", workspaceId).where("deployment_id", "=", deploymentId).orderBy("id").execute();
    },

    /** The person has just written, so that free-form may be sent to them. */
    async openWindow(phone: string, at = new Date()) {
      await pool.query("insert into conversation_windows (workspace_id, provider_id, phone, last_inbound_at) values ($1, $2, $3, $4)", [workspaceId, providerId, phone, at]);
    },

    async close() {
      await app.close();
      wake.close();
      directory.close();
      registry.close();
      await live.close();
      await database.drop();
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

let nextId = 0;
/** A msgId as campaigns make them, each another. */
export function msgId(): string {
  return `4471|1790001111|20260921|${++nextId}|0`;
}

/** A template request with two body values, exact to the contract; `more` overrides its members. */
export function templateRequest(more: Record<string, unknown> = {}) {
  return {
    payloadVersion: 0.1,
    to: "+919800000001",
    wabaNumber: "15550100199",
    isTemplate: true,
    msgId: msgId(),
    template: { namespace: "two_values", languageCode: "en" },
    components: [bodyWith("Ravi", "42")],
    ...more,
  };
}

export function bodyWith(...values: string[]) {
  return { type: "body", body: { text: `Hi ${values.join(" ")}`, parameters: values.map((text) => ({ type: "text", text })) } };
}

export function textRequest(more: Record<string, unknown> = {}) {
  return { payloadVersion: 0.1, to: "919800000001", wabaNumber: "15550100199", isTemplate: false, msgId: msgId(), type: "text", text: { body: "Thanks, noted" }, ...more };
}
