import { ErrorBody } from "@tincan/api";
import Fastify from "fastify";
import type { FastifyInstance, RouteOptions } from "fastify";
import { bodyExamples } from "./openapi-examples.ts";
import { nameSchemas } from "./openapi-schemas.ts";
import { answers, introduction, operationId, tags } from "./openapi-words.ts";

type DescribedRoute = Pick<RouteOptions, "method" | "url" | "schema" | "config">;

/**
 * Answers what writes the document. Must be called before the routes it is to describe; those without a tag stay out. What writes is loaded
 * when somebody first asks: it is a hundred modules.
 */
export function describeRoutes(app: FastifyInstance, options: { publicUrl: string; version: string }): () => Promise<string> {
  const routes: DescribedRoute[] = [];
  app.addHook("onRoute", ({ method, url, schema, config }) => {
    if (schema?.tags) routes.push({ method, url, schema, config });
  });
  let document: Promise<string> | undefined;
  return () => (document ??= writeDocument(routes, options));
}

/** The routes are put into an app that nobody calls, which the writer looks at. */
async function writeDocument(routes: readonly DescribedRoute[], options: { publicUrl: string; version: string }): Promise<string> {
  const { default: swagger } = await import("@fastify/swagger");
  const app = Fastify({ exposeHeadRoutes: false });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => () => "");
  await app.register(swagger, {
    hideUntagged: true,
    openapi: {
      openapi: "3.1.0",
      info: { title: "Tincan", version: options.version, description: introduction },
      tags,
      servers: [{ url: options.publicUrl }],
      components: {
        securitySchemes: {
          apiKey: { type: "http", scheme: "bearer", description: "An API key of the workspace." },
          session: { type: "apiKey", in: "cookie", name: "tincan.session_token", description: "The dashboard's session." },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    transform: ({ schema, url, route }) => {
      const { permission, access } = route.config ?? {};
      const needs = permission === undefined ? undefined : `Needs the permission \`${permission}\`.`;
      const said = typeof schema?.description === "string" ? schema.description : undefined;
      const description = [said, needs].filter(Boolean).join("\n\n");
      return {
        url,
        schema: {
          ...schema,
          operationId: operationId(String(route.method), url, isList(schema?.response)),
          ...(description !== "" && { description }),
          ...(access === "public" ? { security: [] } : {}),
          response: { ...(schema?.response ?? { 200: {} }), default: ErrorBody },
        },
      };
    },
  });
  for (const route of routes) app.route({ ...route, handler: () => undefined });
  await app.ready();
  return JSON.stringify(nameSchemas(finished(JSON.parse(JSON.stringify(app.swagger())))));
}

/** Whether a route answers a page of a list. */
function isList(response: unknown): boolean {
  return "items" in ((response as Record<string, { properties?: object }> | undefined)?.["200"]?.properties ?? {});
}

interface Written {
  paths: Record<string, Record<string, { operationId: string; requestBody?: { content: Record<string, { example?: unknown }> }; responses: Record<string, { description: string }> }>>;
}

/** Bodies get their example, answers the description of their status. */
function finished<Document extends Written>(document: Document): Document {
  for (const { operationId: id, requestBody, responses } of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
    const body = requestBody?.content["application/json"];
    if (body && id in bodyExamples) body.example = bodyExamples[id];
    for (const [status, answer] of Object.entries(responses)) answer.description = answers[status] ?? answer.description;
  }
  return document;
}

/** `/api/openapi.json` and the readable `/api/docs`, both served from here alone. */
export function openApiRoutes(app: FastifyInstance, document: () => Promise<string>): void {
  app.get("/api/openapi.json", async (_request, reply) => reply.type("application/json").send(await document()));

  // The reference's browser part is a text of 4 MB: loaded when somebody first reads the docs.
  let docs: Promise<FastifyInstance> | undefined;
  app.get("/api/docs", async (_request, reply) => reply.redirect("/api/docs/"));
  app.get("/api/docs/*", { config: { docs: true } }, async (request, reply) => {
    docs ??= loadDocs();
    const page = await (await docs).inject({ url: request.url });
    return reply.code(page.statusCode).type(String(page.headers["content-type"] ?? "text/plain")).send(page.rawPayload);
  });
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** The API reference's page, which starts itself with a script inside the page. */
    docs?: true;
  }
}

async function loadDocs(): Promise<FastifyInstance> {
  const { default: reference } = await import("@scalar/fastify-api-reference");
  const app = Fastify();
  await app.register(reference, {
    routePrefix: "/api/docs",
    configuration: {
      url: "/api/openapi.json",
      pageTitle: "Tincan API",
      withDefaultFonts: false,
      telemetry: false,
      showDeveloperTools: "never",
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  await app.ready();
  return app;
}
