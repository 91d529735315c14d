import { LibraryQuery, LibraryTemplate, LibraryTemplateInput, LibraryTemplateResult, List } from "@tincan/api";
import type { RoutePlugin } from "../http/app.ts";
import type { AuthoringDeps } from "./authoring.ts";
import { createFromLibrary, listLibrary } from "./library.ts";

const tags = ["Templates"];

/** Meta's ready-made templates: looking at them, and making templates of them. */
export function libraryRoutes(deps: AuthoringDeps): RoutePlugin {
  return async (app) => {
    app.get(
      "/templates/library",
      { config: { permission: "templates.read" }, schema: { tags, summary: "List the ready-made templates of Meta's library", querystring: LibraryQuery, response: { 200: List(LibraryTemplate) } } },
      async ({ actor, query }) => listLibrary(deps, actor, query),
    );

    app.post(
      "/templates/library",
      { config: { permission: "templates.write" }, schema: { tags, summary: "Make templates from an entry of Meta's library", body: LibraryTemplateInput, response: { 201: LibraryTemplateResult } } },
      async ({ actor, body }, reply) => reply.code(201).send(await createFromLibrary(deps, actor, body)),
    );
  };
}
