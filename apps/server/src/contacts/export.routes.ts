import { ContactQuery } from "@tincan/api";
import Type from "typebox";
import { audit } from "../accounts/audit.ts";
import type { Database } from "../database/connection.ts";
import type { RoutePlugin } from "../http/app.ts";
import { toCsv } from "./csv.ts";
import { exportContacts } from "./export.ts";
import { propertyAsked } from "./routes.ts";

const ExportQuery = Type.Omit(ContactQuery, ["limit", "after"]);

/** Reading a file of everybody is more than looking somebody up: it needs the right to write, and is noted in the audit log. */
export function exportRoutes({ db }: { db: Database }): RoutePlugin {
  return async (app) => {
    app.get(
      "/exports/contacts.csv",
      {
        config: { permission: "contacts.write" },
        schema: {
          tags: ["People"], summary: "Export contacts", description: "Everybody the filters find, as CSV (UTF-8), with a column for each custom property.",
          querystring: ExportQuery, produces: ["text/csv"], response: { 200: Type.Any() },
        },
      },
      async (request, reply) => {
        const { q, consent, source, property, value, sort = "newest" } = request.query;
        const having = propertyAsked(request.query);
        const { actor } = request;
        const filters = { ...(q !== undefined && { q }), ...(consent !== undefined && { consent }), ...(source !== undefined && { source }) };
        const asked = { ...filters, ...(property !== undefined && { property }), ...(value !== undefined && { value }) };
        await audit(db, actor, { action: "contacts.exported", target: { kind: "workspace", id: actor.workspaceId, name: "contacts.csv" }, detail: asked });
        const { header, lines } = await exportContacts(db, actor.workspaceId, { ...filters, property: having, sort });
        return reply.header("content-type", "text/csv; charset=utf-8").header("content-disposition", 'attachment; filename="contacts.csv"').send(toCsv(header, lines));
      },
    );
  };
}
