import { AuditEntry, AuditQuery, List } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import type { RoutePlugin } from "../http/app.ts";
import { pageOf, readCursor } from "../http/paging.ts";
import { listAudit } from "./audit.ts";

export function auditRoutes({ db }: { db: Database }): RoutePlugin {
  return async (app) => {
    app.get(
      "/audit",
      { config: { permission: "audit.read" }, schema: { tags: ["Audit"], summary: "List changes: who changed what", querystring: AuditQuery, response: { 200: List(AuditEntry) } } },
      async (request) => {
        const { limit = 50, after, q, action, from, to, sort } = request.query;
        const [id] = readCursor(after, ["id"]) ?? [];
        const entries = await listAudit(db, request.actor.workspaceId, { limit, after: id, q, action, from, to, oldestFirst: sort === "at" });
        return pageOf(entries, limit, { item: (entry) => entry, key: (entry) => [entry.id] });
      },
    );
  };
}
