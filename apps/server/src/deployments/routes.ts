import {
  Callback, CallbackQuery, CallbackReplayInput, CallbackReplayResult, Deployment, DeploymentInput, DeploymentPatch, DeploymentQuery, IdParams, List,
  TestRequestInput, TestRequestResult,
} from "@tincan/api";
import Type from "typebox";
import { audit } from "../accounts/audit.ts";
import { may } from "../accounts/permissions.ts";
import type { Actor } from "../http/actor.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { pageOf, readCursor } from "../http/paging.ts";
import { signalLanes } from "../lanes/signals.ts";
import { activityOf } from "./callback-health.ts";
import { listCallbacks, presentCallback } from "./callback-list.ts";
import { replayCallbacks } from "./callback-store.ts";
import { storedId } from "./deployment-id.ts";
import { changeDeployment, createDeployment, type ManageDeps, removeDeployment, rotateToken } from "./manage.ts";
import { presentDeployment } from "./present.ts";
import { findDeployment, listDeployments, type StoredDeployment } from "./store.ts";
import { sendTestRequest, type TestRequestDeps } from "./test-request.ts";

export type DeploymentRoutesDeps = ManageDeps & Omit<TestRequestDeps, "db">;

const tags = ["Platform deployments"];

/** Platform Deployments: what an engagement platform is given, and where it hears back. */
export function deploymentRoutes(deps: DeploymentRoutesDeps): RoutePlugin {
  const { secrets, publicUrl, directory } = deps;
  const { db } = deps.database;
  const showSecrets = (actor: Actor): boolean => may(actor.role, "deployments.write");

  const find = async (actor: Actor, id: string): Promise<StoredDeployment> => {
    const deployment = await findDeployment(db, secrets, actor.workspaceId, storedId(id));
    if (!deployment) throw new ApiError("deployment_not_found");
    return deployment;
  };
  const presentAll = async (actor: Actor, deployments: StoredDeployment[]): Promise<Deployment[]> => {
    const activity = await activityOf(db, actor.workspaceId, deployments.map((d) => ({ id: d.id, hasWebhooks: Boolean(d.webhooks.status ?? d.webhooks.inbound) })));
    return deployments.map((d) => presentDeployment(d, activity.get(d.id)!, { publicUrl, showSecrets: showSecrets(actor), lastRequestAt: directory.lastRequest(d.id) }));
  };
  const present = async (actor: Actor, deployment: StoredDeployment): Promise<Deployment> => (await presentAll(actor, [deployment]))[0]!;

  return async (app) => {
    const read = { permission: "deployments.read" } as const;
    const write = { permission: "deployments.write" } as const;

    app.get("/deployments", { config: read, schema: { tags, summary: "List platform deployments", querystring: DeploymentQuery, response: { 200: List(Deployment) } } }, async ({ actor, query }) => {
      const { limit = 50, provider = null, q = null } = query;
      const [after = null] = readCursor(query.after, ["id"]) ?? [];
      const rows = await listDeployments(db, secrets, actor.workspaceId, { after, provider, q, limit: limit + 1 });
      const page = pageOf(rows, limit, { item: (row) => row, key: (row) => [row.id] });
      return { items: await presentAll(actor, page.items), next: page.next };
    });

    app.post(
      "/deployments",
      { config: write, schema: { tags, summary: "Make a platform deployment", description: "The answer holds the Callback URL and the Token to give to the platform.", body: DeploymentInput, response: { 201: Deployment } } },
      async ({ actor, body }, reply) => {
        // An id and a token are chosen by the provisioning file alone.
        const { platform, name, provider, webhooks, settings } = body;
        return reply.code(201).send(await present(actor, await createDeployment(deps, actor, { platform, name, provider, webhooks, settings })));
      },
    );

    app.get("/deployments/:id", { config: read, schema: { tags, summary: "Show a platform deployment", params: IdParams, response: { 200: Deployment } } }, async ({ actor, params }) =>
      present(actor, await find(actor, params.id)),
    );

    app.patch(
      "/deployments/:id",
      { config: write, schema: { tags, summary: "Change a platform deployment", params: IdParams, body: DeploymentPatch, response: { 200: Deployment } } },
      async ({ actor, params, body }) => {
        const { name, provider, webhooks, settings } = body;
        return present(actor, await changeDeployment(deps, actor, await find(actor, params.id), { name, provider, webhooks, settings }));
      },
    );

    app.delete(
      "/deployments/:id",
      { config: write, schema: { tags, summary: "Remove a platform deployment", description: "Callbacks still to be delivered go with it; messages stay.", params: IdParams, response: { 204: Type.Null() } } },
      async ({ actor, params }, reply) => {
        await removeDeployment(deps, actor, await find(actor, params.id));
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/deployments/:id/rotate-token",
      { config: write, schema: { tags, summary: "Replace the Token of a deployment", description: "The old one is refused at once.", params: IdParams, response: { 200: Deployment } } },
      async ({ actor, params }) => present(actor, await rotateToken(deps, actor, await find(actor, params.id))),
    );

    app.post(
      "/deployments/:id/test-request",
      {
        config: { permission: "messages.send" },
        schema: { tags, summary: "Send a test request", description: "Posts a request, exact to the contract, to the Callback URL.", params: IdParams, body: TestRequestInput, response: { 200: TestRequestResult } },
      },
      async ({ actor, params, body }) => {
        const deployment = await find(actor, params.id);
        const result = await sendTestRequest({ ...deps, db }, deployment, body, showSecrets(actor));
        const target = { kind: "deployment", id: deployment.urlId, name: deployment.name };
        // The message counts as the platform's; that a person asked for it stands here alone.
        if (result.messageId !== null) await audit(db, actor, { action: "deployment.tested", target, detail: { message: result.messageId } });
        return result;
      },
    );

    app.get(
      "/deployments/:id/callbacks",
      { config: read, schema: { tags, summary: "List the callbacks of a deployment", params: IdParams, querystring: CallbackQuery, response: { 200: List(Callback) } } },
      async ({ actor, params, query }) => {
        const deployment = await find(actor, params.id);
        const { limit = 50, state = null, q = null } = query;
        const [after = null] = readCursor(query.after, ["id"]) ?? [];
        const rows = await listCallbacks(db, actor.workspaceId, deployment.id, { state, after, q, limit: limit + 1 });
        return pageOf(rows, limit, { item: (row) => presentCallback(row, deployment, showSecrets(actor)), key: (row) => [row.id] });
      },
    );

    app.post(
      "/deployments/:id/callbacks/replay",
      {
        config: { permission: "lanes.write" },
        schema: { tags, summary: "Give parked callbacks another 72 hours", params: IdParams, body: CallbackReplayInput, response: { 200: CallbackReplayResult } },
      },
      async ({ actor, params, body }) => {
        const deployment = await find(actor, params.id);
        if (!body.all && !body.ids) throw new ApiError("invalid_input", { field: "ids", expected: "ids of callbacks, or all: true" });
        const replayed = await db.transaction().execute(async (tx) => {
          const count = await replayCallbacks(tx, actor.workspaceId, deployment.id, body.all ? null : uuids(body.ids ?? []), new Date());
          const target = { kind: "deployment", id: deployment.urlId, name: deployment.name };
          if (count > 0) await audit(tx, actor, { action: "deployment.callbacks_replayed", target, detail: { count } });
          return count;
        });
        await signalLanes(deps.database, "wake", [deployment.id]);
        return { replayed };
      },
    );
  };
}

/** Ids that can be ours; others name nothing. */
function uuids(ids: string[]): string[] {
  return ids.filter((id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id));
}
