import {
  EmbeddedSignupConfig, EmbeddedSignupInput, IdParams, List, Provider, ProviderHealth, ProviderInput, ProviderPatch, ProviderQuery, ProviderReadiness,
  ProviderRemoval, ProviderUses, RotateCallbackUrlsInput, TemplateSyncResult,
} from "@tincan/api";
import { MetaError, MetaUnreachable } from "@tincan/whatsapp";
import Type from "typebox";
import { may } from "../accounts/permissions.ts";
import type { Actor } from "../http/actor.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { whyNoAnswer } from "../http/no-answer.ts";
import { pageOf, readCursor } from "../http/paging.ts";
import { changeNumber, connectNumber, verifyAgain, type ConnectDeps } from "./connect.ts";
import { finishSignup, signupConfig, type SignupApp } from "./embedded-signup.ts";
import { changeGeneric, connectGeneric, rotateCallbackUrls, verifyGenericAgain } from "./generic/connect.ts";
import { openGeneric } from "./generic/stored.ts";
import { archive, removeProvider, usesOf } from "./lifecycle.ts";
import { presentProviders } from "./present.ts";
import { readinessOf } from "./readiness.ts";
import { findProvider, listProviders, openNumber, type ProviderRow } from "./store.ts";

export interface ProviderRoutesDeps extends ConnectDeps {
  /** The Facebook app of Log in with Facebook; null when none is set up. */
  signupApp: SignupApp | null;
}

const tags = ["Providers"];

/** WhatsApp Connect: the numbers a workspace sends from, at Meta or through a provider of the open contract. */
export function providerRoutes(deps: ProviderRoutesDeps): RoutePlugin {
  const { secrets, publicUrl } = deps;
  const { db } = deps.database;

  const find = async (actor: Actor, id: string): Promise<ProviderRow> => {
    const row = await findProvider(db, actor.workspaceId, id);
    if (!row) throw new ApiError("provider_not_found");
    return row;
  };
  const present = (actor: Actor, rows: ProviderRow[]) =>
    presentProviders(actor.workspaceId, rows, { db, secrets, publicUrl, showSecrets: may(actor.role, "providers.write") });
  const show = async (actor: Actor, id: string): Promise<Provider> => {
    const [shown] = await present(actor, [await find(actor, id)]);
    if (!shown) throw new ApiError("provider_not_found");
    return shown;
  };

  return async (app) => {
    const read = { permission: "providers.read" } as const;
    const write = { permission: "providers.write" } as const;

    app.get("/providers", { config: read, schema: { tags, summary: "List providers", querystring: ProviderQuery, response: { 200: List(Provider) } } }, async ({ actor, query }) => {
      const { limit = 50, kind, q } = query;
      const [nickname, id] = readCursor(query.after, ["text", "id"]) ?? [];
      const after = nickname !== undefined && id !== undefined ? { nickname, id } : undefined;
      const page = pageOf(await listProviders(db, actor.workspaceId, { kind, q, after, limit: limit + 1 }), limit, {
        item: (row) => row,
        key: (row) => [row.nickname, row.id],
      });
      return { ...page, items: await present(actor, page.items) };
    });

    app.post(
      "/providers",
      { config: write, schema: { tags, summary: "Connect a number: Meta, or the endpoint, must confirm before it is saved", body: ProviderInput, response: { 201: Provider } } },
      async ({ actor, body }, reply) => {
        const { id } = body.kind === "generic" ? await connectGeneric(deps, actor, body) : await connectNumber(deps, actor, body);
        return reply.code(201).send(await show(actor, id));
      },
    );

    app.get("/providers/embedded-signup/config", { config: write, schema: { tags, summary: "Show how to open Log in with Facebook", response: { 200: EmbeddedSignupConfig } } }, async ({ actor }) =>
      signupConfig(deps, deps.signupApp, actor),
    );

    app.post(
      "/providers/embedded-signup",
      { config: write, schema: { tags, summary: "Connect the number chosen in Log in with Facebook", body: EmbeddedSignupInput, response: { 201: Provider } } },
      async ({ actor, body }, reply) => reply.code(201).send(await show(actor, (await finishSignup(deps, deps.signupApp, actor, body)).id)),
    );

    app.get("/providers/:id", { config: read, schema: { tags, summary: "Show a provider", params: IdParams, response: { 200: Provider } } }, async ({ actor, params }) => show(actor, params.id));

    app.patch(
      "/providers/:id",
      { config: write, schema: { tags, summary: "Change a provider; what Meta or the endpoint must know is verified first", params: IdParams, body: ProviderPatch, response: { 200: Provider } } },
      async ({ actor, params, body }) => {
        const row = await find(actor, params.id);
        const generic = openGeneric(row, secrets);
        const number = openNumber(row, secrets);
        if (generic) await changeGeneric(deps, actor, generic, body);
        if (number) await changeNumber(deps, actor, number, body);
        return show(actor, params.id);
      },
    );

    app.delete(
      "/providers/:id",
      { config: write, schema: { tags, summary: "Remove a provider", params: IdParams, querystring: ProviderRemoval, response: { 204: Type.Null() } } },
      async ({ actor, params, query }, reply) => {
        await removeProvider(deps, actor, await find(actor, params.id), query);
        return reply.code(204).send(null);
      },
    );

    app.get("/providers/:id/uses", { config: read, schema: { tags, summary: "List what archiving or deleting a provider would affect", params: IdParams, response: { 200: ProviderUses } } }, async ({ actor, params }) =>
      usesOf(deps, await find(actor, params.id)),
    );

    for (const archived of [true, false]) {
      app.post(
        archived ? "/providers/:id/archive" : "/providers/:id/unarchive",
        { config: write, schema: { tags, summary: archived ? "Archive a provider: its lane stops, what waits goes on waiting" : "Take a provider out of the archive", params: IdParams, response: { 200: Provider } } },
        async ({ actor, params }) => {
          await archive(deps, actor, await find(actor, params.id), archived);
          return show(actor, params.id);
        },
      );
    }

    app.post(
      "/providers/:id/rotate-callback-urls",
      { config: write, schema: { tags, summary: "Give out new callback URLs", params: IdParams, body: RotateCallbackUrlsInput, response: { 200: Provider } } },
      async ({ actor, params, body }) => {
        const generic = openGeneric(await find(actor, params.id), secrets);
        if (!generic) throw new ApiError("provider_of_other_kind", { detail: "A Cloud API number has Meta's webhook instead of callback URLs." });
        await rotateCallbackUrls(deps, actor, generic, body.overlapHours);
        return show(actor, params.id);
      },
    );

    app.get("/providers/:id/readiness", { config: read, schema: { tags, summary: "List what a provider still needs", params: IdParams, response: { 200: ProviderReadiness } } }, async ({ actor, params }) =>
      readinessOf(db, actor.workspaceId, await show(actor, params.id)),
    );

    app.get("/providers/:id/health", { config: read, schema: { tags, summary: "Show the health of a provider", params: IdParams, response: { 200: ProviderHealth } } }, async ({ actor, params }) =>
      (await show(actor, params.id)).health,
    );

    app.post("/providers/:id/verify", { config: write, schema: { tags, summary: "Verify a provider again", params: IdParams, response: { 200: ProviderHealth } } }, async ({ actor, params }) => {
      const row = await find(actor, params.id);
      const generic = openGeneric(row, secrets);
      const number = openNumber(row, secrets);
      if (generic) await verifyGenericAgain(deps, generic, actor);
      if (number) await verifyAgain(deps, number, actor);
      return (await show(actor, params.id)).health;
    });

    app.post(
      "/providers/:id/sync-templates",
      { config: { permission: "templates.write" }, schema: { tags, summary: "Read all templates from Meta now", params: IdParams, response: { 200: TemplateSyncResult } } },
      async ({ actor, params }) => {
        const number = openNumber(await find(actor, params.id), secrets);
        if (!number) throw new ApiError("provider_of_other_kind", { detail: "A generic provider's templates are imported instead." });
        const result = await deps.upkeep.syncTemplates(number, actor).catch((cause: unknown) => {
          if (cause instanceof MetaError) throw new ApiError("provider_unreachable", { detail: cause.message }, { cause });
          if (cause instanceof MetaUnreachable) throw new ApiError("provider_unreachable", { detail: `${whyNoAnswer(cause)}.` }, { cause });
          throw cause;
        });
        return { ...result, syncedAt: result.syncedAt.toISOString() };
      },
    );
  };
}
