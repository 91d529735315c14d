import { IdParams, List, Template, TemplateQuery } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import type { RoutePlugin } from "../http/app.ts";
import { findTemplate, languagesOf, listTemplates, presentTemplate } from "./store.ts";

const tags = ["Templates"];

/** The registry as people see it: what each number's account has at Meta, and what is being written here. */
export function templateRoutes({ db }: { db: Database }): RoutePlugin {
  return async (app) => {
    const config = { permission: "templates.read" } as const;

    app.get("/templates", { config, schema: { tags, summary: "List templates", querystring: TemplateQuery, response: { 200: List(Template) } } }, async ({ actor, query }) =>
      listTemplates(db, actor.workspaceId, query),
    );

    app.get("/templates/:id", { config, schema: { tags, summary: "Show a template", params: IdParams, response: { 200: Template } } }, async ({ actor, params }) =>
      presentTemplate(await findTemplate(db, actor.workspaceId, params.id)),
    );

    app.get(
      "/templates/:id/languages",
      { config, schema: { tags, summary: "List all languages of a template's name", params: IdParams, response: { 200: List(Template) } } },
      async ({ actor, params }) => ({ items: await languagesOf(db, actor.workspaceId, await findTemplate(db, actor.workspaceId, params.id)), next: null }),
    );
  };
}
