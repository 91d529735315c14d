import { ApiKey, ApiKeyCreated, ApiKeyInput, IdParams, List, ListQuery } from "@tincan/api";
import Type from "typebox";
import type { Database } from "../database/connection.ts";
import type { RoutePlugin } from "../http/app.ts";
import { pageOf, readCursor } from "../http/paging.ts";
import { createApiKey, deleteApiKey, listApiKeys } from "./api-keys.ts";

const tags = ["API keys"];

export function apiKeyRoutes({ db }: { db: Database }): RoutePlugin {
  return async (app) => {
    app.get("/api-keys", { config: { permission: "api-keys.read" }, schema: { tags, summary: "List API keys", querystring: ListQuery, response: { 200: List(ApiKey) } } }, async (request) => {
      const { limit = 50, after, q } = request.query;
      const [name] = readCursor(after, ["text"]) ?? [];
      const keys = await listApiKeys(db, request.actor.workspaceId, { limit, after: name, q });
      return pageOf(keys, limit, { item: (key) => key, key: (key) => [key.name] });
    });

    app.post(
      "/api-keys",
      {
        config: { permission: "api-keys.write" },
        schema: { tags, summary: "Make an API key", description: "The only answer that ever holds the key itself.", body: ApiKeyInput, response: { 201: ApiKeyCreated } },
      },
      async (request, reply) => reply.code(201).send(await createApiKey(db, request.actor, request.body)),
    );

    app.delete(
      "/api-keys/:id",
      { config: { permission: "api-keys.write" }, schema: { tags, summary: "Delete an API key", params: IdParams, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await deleteApiKey(db, request.actor, request.params.id);
        return reply.code(204).send(null);
      },
    );
  };
}
