import {
  CloudApiProvider, CloudApiProviderInput, EmbeddedSignupConfig, EmbeddedSignupInput, IdParams, List, ProviderHealth, ProviderPatch,
  ProviderQuery, TemplateSyncResult,
} from "@tincan/api";
import { MetaError, MetaUnreachable } from "@tincan/whatsapp";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { may } from "../accounts/permissions.ts";
import type { Actor } from "../http/actor.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { pageOf, readCursor } from "../http/paging.ts";
import { presentHealth } from "./cloud-api/health.ts";
import { changeNumber, connectNumber, removeProvider, verifyAgain, type ConnectDeps } from "./connect.ts";
import { finishSignup, signupConfig, type SignupApp } from "./embedded-signup.ts";
import { presentProvider } from "./present.ts";
import { findProvider, listProviders, openNumber, type CloudApiNumber, type ProviderRow } from "./store.ts";

export interface ProviderRoutesDeps extends ConnectDeps {
  /** The Facebook app of Log in with Facebook; null when none is set up. */
  signupApp: SignupApp | null;
}

const tags = ["Providers"];

/** WhatsApp Connect: the numbers a workspace sends from. */
export function providerRoutes(deps: ProviderRoutesDeps): RoutePlugin {
  const { secrets, publicUrl } = deps;
  const { db } = deps.database;

  const find = async (actor: Actor, id: string): Promise<{ row: ProviderRow; number: CloudApiNumber }> => {
    const row = await findProvider(db, actor.workspaceId, id);
    const number = row && openNumber(row, secrets);
    if (!row || !number) throw new ApiError("provider_not_found");
    return { row, number };
  };
  const present = (actor: Actor, row: ProviderRow) => presentProvider(row, { secrets, publicUrl, showVerifyToken: may(actor.role, "providers.write") });
  const show = async (actor: Actor, id: string): Promise<CloudApiProvider> => {
    const shown = present(actor, (await find(actor, id)).row);
    if (!shown) throw new ApiError("provider_not_found");
    return shown;
  };
  const health = async ({ actor, params }: FastifyRequest<{ Params: IdParams }>) => {
    const { row } = await find(actor, params.id);
    return presentHealth(row.health, row.last_webhook_at);
  };

  return async (app) => {
    const read = { permission: "providers.read" } as const;
    const write = { permission: "providers.write" } as const;

    app.get("/providers", { config: read, schema: { tags, summary: "List providers", querystring: ProviderQuery, response: { 200: List(CloudApiProvider) } } }, async ({ actor, query }) => {
      const { limit = 50, kind, q } = query;
      const [nickname, id] = readCursor(query.after, 2) ?? [];
      const after = nickname !== undefined && id !== undefined ? { nickname, id } : undefined;
      const page = pageOf(await listProviders(db, actor.workspaceId, { kind, q, after, limit: limit + 1 }), limit, {
        item: (row) => present(actor, row),
        key: (row) => [row.nickname, row.id],
      });
      return { ...page, items: page.items.filter((item) => item !== null) };
    });

    app.post(
      "/providers",
      { config: write, schema: { tags, summary: "Connect a number: it is verified at Meta, then saved", body: CloudApiProviderInput, response: { 201: CloudApiProvider } } },
      async ({ actor, body }, reply) => reply.code(201).send(await show(actor, (await connectNumber(deps, actor, body)).id)),
    );

    app.get("/providers/embedded-signup/config", { config: write, schema: { tags, summary: "How to open Log in with Facebook", response: { 200: EmbeddedSignupConfig } } }, async ({ actor }) =>
      signupConfig(deps, deps.signupApp, actor),
    );

    app.post(
      "/providers/embedded-signup",
      { config: write, schema: { tags, summary: "Connect the number chosen in Log in with Facebook", body: EmbeddedSignupInput, response: { 201: CloudApiProvider } } },
      async ({ actor, body }, reply) => reply.code(201).send(await show(actor, (await finishSignup(deps, deps.signupApp, actor, body)).id)),
    );

    app.get("/providers/:id", { config: read, schema: { tags, summary: "Show a provider", params: IdParams, response: { 200: CloudApiProvider } } }, async ({ actor, params }) =>
      show(actor, params.id),
    );

    app.patch(
      "/providers/:id",
      { config: write, schema: { tags, summary: "Change a provider; what Meta must know is verified first", params: IdParams, body: ProviderPatch, response: { 200: CloudApiProvider } } },
      async ({ actor, params, body }) => {
        const { number } = await find(actor, params.id);
        await changeNumber(deps, actor, number, body);
        return show(actor, params.id);
      },
    );

    app.delete("/providers/:id", { config: write, schema: { tags, summary: "Remove a provider", params: IdParams, response: { 204: Type.Null() } } }, async ({ actor, params }, reply) => {
      const { row } = await find(actor, params.id);
      await removeProvider(deps, actor, row);
      return reply.code(204).send(null);
    });

    app.get("/providers/:id/health", { config: read, schema: { tags, summary: "How a provider is doing", params: IdParams, response: { 200: ProviderHealth } } }, health);

    app.post("/providers/:id/verify", { config: write, schema: { tags, summary: "Verify a provider again", params: IdParams, response: { 200: ProviderHealth } } }, async (request) => {
      const { number } = await find(request.actor, request.params.id);
      await verifyAgain(deps, number);
      return health(request);
    });

    app.post(
      "/providers/:id/sync-templates",
      { config: { permission: "templates.write" }, schema: { tags, summary: "Read all templates from Meta now", params: IdParams, response: { 200: TemplateSyncResult } } },
      async ({ actor, params }) => {
        const { number } = await find(actor, params.id);
        const result = await deps.upkeep.syncTemplates(number).catch((cause: unknown) => {
          if (cause instanceof MetaError || cause instanceof MetaUnreachable) throw new ApiError("provider_unreachable", { detail: cause.message }, { cause });
          throw cause;
        });
        return { ...result, syncedAt: result.syncedAt.toISOString() };
      },
    );
  };
}
