import { TemplateImportApply, TemplateImportInput, TemplateImportPreview, TemplateImportResult } from "@tincan/api";
import type { RoutePlugin } from "../http/app.ts";
import { applyImport, previewImport, type ImportDeps } from "./import.ts";

const tags = ["Templates"];
const config = { permission: "templates.write" } as const;

/** Taking over a provider's templates: the difference first, then all of it or nothing. */
export function importRoutes(deps: ImportDeps): RoutePlugin {
  return async (app) => {
    app.post(
      "/templates/import",
      { config, schema: { tags, summary: "Preview an import of templates from a provider", body: TemplateImportInput, response: { 200: TemplateImportPreview } } },
      async ({ actor, body }) => previewImport(deps, actor, body),
    );

    app.post(
      "/templates/import/apply",
      { config, schema: { tags, summary: "Apply an import of templates as a whole", body: TemplateImportApply, response: { 200: TemplateImportResult } } },
      async ({ actor, body }) => applyImport(deps, actor, body.id),
    );
  };
}
