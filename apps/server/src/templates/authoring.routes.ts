import { IdParams, MediaSample, MediaSampleQuery, Template, TemplateCloneInput, TemplateInput, TemplatePatch } from "@tincan/api";
import multipart from "@fastify/multipart";
import Type from "typebox";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { archiveTemplate, changeTemplate, cloneTemplate, createTemplate, deleteTemplate, submitTemplate, unpauseTemplate, type AuthoringDeps } from "./authoring.ts";
import { addSample, SAMPLE_BYTES } from "./media-sample.ts";

const tags = ["Templates"];
const config = { permission: "templates.write" } as const;
const shown = { 200: Template };

/** Writing templates; what each step does at Meta stands in authoring.ts. */
export function authoringRoutes(deps: AuthoringDeps): RoutePlugin {
  return async (app) => {
    await app.register(multipart, { limits: { files: 1, fileSize: SAMPLE_BYTES, fields: 5, parts: 6 } });

    app.post(
      "/templates",
      { config, schema: { tags, summary: "Write a template: as a draft, or submitted at once", body: TemplateInput, response: { 201: Template } } },
      async ({ actor, body }, reply) => reply.code(201).send(await createTemplate(deps, actor, body)),
    );

    app.patch("/templates/:id", { config, schema: { tags, summary: "Change a template, at Meta too", params: IdParams, body: TemplatePatch, response: shown } }, async ({ actor, params, body }) =>
      changeTemplate(deps, actor, params.id, body),
    );

    app.delete("/templates/:id", { config, schema: { tags, summary: "Delete a template, at Meta too", params: IdParams, response: { 204: Type.Null() } } }, async ({ actor, params }, reply) => {
      await deleteTemplate(deps, actor, params.id);
      return reply.code(204).send(null);
    });

    app.post("/templates/:id/submit", { config, schema: { tags, summary: "Send a draft to review", params: IdParams, response: shown } }, async ({ actor, params }) =>
      submitTemplate(deps, actor, params.id),
    );

    app.post("/templates/:id/unpause", { config, schema: { tags, summary: "Ask Meta to let a paused template be sent again", params: IdParams, response: shown } }, async ({ actor, params }) =>
      unpauseTemplate(deps, actor, params.id),
    );

    app.post(
      "/templates/:id/clone",
      { config, schema: { tags, summary: "Make a draft like this template", params: IdParams, body: TemplateCloneInput, response: { 201: Template } } },
      async ({ actor, params, body }, reply) => reply.code(201).send(await cloneTemplate(deps, actor, params.id, body)),
    );

    app.post("/templates/:id/archive", { config, schema: { tags, summary: "Hide a template from lists", params: IdParams, response: shown } }, async ({ actor, params }) =>
      archiveTemplate(deps, actor, params.id, true),
    );

    app.post("/templates/:id/unarchive", { config, schema: { tags, summary: "Show an archived template again", params: IdParams, response: shown } }, async ({ actor, params }) =>
      archiveTemplate(deps, actor, params.id, false),
    );

    app.post(
      "/templates/:id/media-sample",
      {
        config,
        schema: { tags, summary: "Upload the sample of a media header (multipart/form-data, one file)", consumes: ["multipart/form-data"], params: IdParams, querystring: MediaSampleQuery, response: { 201: MediaSample } },
      },
      async (request, reply) => {
        const file = await request.file().catch(() => undefined);
        if (!file) throw new ApiError("invalid_input", { field: "file", expected: "multipart/form-data with one file" });
        const bytes = await file.toBuffer().catch(() => null);
        if (bytes === null || file.file.truncated) throw new ApiError("body_too_large");
        const sample = { bytes, mimeType: file.mimetype, filename: file.filename };
        return reply.code(201).send(await addSample(deps, request.actor, request.params.id, sample, request.query.card));
      },
    );
  };
}
