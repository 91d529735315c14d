import { IdParams, List, Message, MessageQuery, MessageSummary, type Template, Trace } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { readCursor, writeCursor } from "../http/paging.ts";
import { presentMessage, presentSummary, type NamedOrigin } from "./present.ts";
import { findMessage, searchMessages } from "./search.ts";
import { traceMessage, type TraceContributor } from "./trace.ts";

/** Those of the origins' ids that one feature knows. */
export type OriginNames = (db: Database, workspaceId: string, ids: string[]) => Promise<Map<string, NamedOrigin>>;

export interface MessageRoutesDeps {
  db: Database;
  /** What origins are called, from the features that own them. */
  originNames: readonly OriginNames[];
  /** The registry's entry of a template, in the API's form. */
  findTemplate: (workspaceId: string, providerId: string, name: string, language: string) => Promise<Template | null>;
  trace: readonly TraceContributor[];
}

const tags = ["Messages"];

/** Messages: search, one message, its trace. */
export function messageRoutes(deps: MessageRoutesDeps): RoutePlugin {
  const { db } = deps;

  const namesOf = async (workspaceId: string, ids: string[]): Promise<Map<string, NamedOrigin>> => {
    const found = await Promise.all(deps.originNames.map((names) => names(db, workspaceId, [...new Set(ids)])));
    return new Map(found.flatMap((names) => [...names]));
  };

  return async (app) => {
    const config = { permission: "messages.read" } as const;

    app.get(
      "/messages",
      {
        config,
        schema: {
          tags, summary: "Search messages", querystring: MessageQuery, response: { 200: List(MessageSummary) },
          description: "Newest first unless told otherwise. `state` is where a message is now, `reached` a step it took at any time: a message that was read has reached delivered, too. With filters alone a page may hold fewer than `limit` and still have a `next`: reading on goes further.",
        },
      },
      async ({ actor, query }) => {
        const { limit = 50, q, state, reached, provider, origin, from, to, sort } = query;
        const [after] = readCursor(query.after, ["id"]) ?? [];
        const filter = { q: q?.trim(), state, reached, providerId: provider, originKind: origin, from: from === undefined ? undefined : new Date(from), to: to === undefined ? undefined : new Date(to), after, limit, oldestFirst: sort === "createdAt" };
        const { rows, next } = await searchMessages(db, actor.workspaceId, filter);
        const names = await namesOf(actor.workspaceId, rows.map((row) => row.origin_id));
        return { items: rows.map((row) => presentSummary(row, names.get(row.origin_id))), next: next === null ? null : writeCursor([next]) };
      },
    );

    app.get("/messages/:id", { config, schema: { tags, summary: "Show a message", params: IdParams, response: { 200: Message } } }, async ({ actor, params }) => {
      const row = await findMessage(db, actor.workspaceId, params.id);
      if (!row) throw new ApiError("message_not_found");
      const { content } = row;
      const template = content?.type === "template" ? await deps.findTemplate(actor.workspaceId, row.provider_id, content.name, content.language) : null;
      return presentMessage(row, (await namesOf(actor.workspaceId, [row.origin_id])).get(row.origin_id), template);
    });

    app.get(
      "/messages/:id/trace",
      { config, schema: { tags, summary: "Follow one message from its request to its receipts", params: IdParams, response: { 200: Trace } } },
      async ({ actor, params }) => {
        const steps = await traceMessage(db, actor.workspaceId, params.id, deps.trace);
        if (!steps) throw new ApiError("message_not_found");
        return { steps };
      },
    );
  };
}
