/** The control plane: everything under `/sandbox`, never under a Graph version. */
import type { FastifyError, FastifyPluginAsync } from "fastify";
import { sampleByFilename } from "../assets/samples.ts";
import { parseJson } from "../json.ts";
import type { World } from "../world/world.ts";
import { ControlError, notFound } from "./control-error.ts";
import { phoneRoutes } from "./phone-routes.ts";
import { templateRoutes } from "./template-routes.ts";
import { worldRoutes } from "./world-routes.ts";

export function controlPlugin(world: World): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    // Base64 files of up to 16 MB fit; a missing body counts as an empty object.
    app.addContentTypeParser("*", { parseAs: "string", bodyLimit: 24 * 1024 * 1024 }, (_request, text, done) => {
      const body = text === "" ? {} : parseJson(text as string);
      if (body === undefined) done(new ControlError(400, "invalid_json", "The body is not valid JSON."), undefined);
      else done(null, body);
    });
    app.setErrorHandler((error, _request, reply) => {
      const { status, body } = refusalOf(error as FastifyError);
      return reply.status(status).send({ error: body });
    });
    phoneRoutes(app, world);
    templateRoutes(app, world);
    worldRoutes(app, world);
    app.get<{ Params: { name: string } }>("/assets/:name", async ({ params }, reply) => {
      const sample = sampleByFilename(params.name);
      if (!sample) throw notFound(`The sample ${params.name}`);
      return reply.header("cache-control", "max-age=3600").type(sample.mimeType).send(sample.bytes);
    });
    app.get<{ Params: { id: string } }>("/files/:id", async ({ params }, reply) => {
      const file = world.media.find(params.id, world.clock.now());
      if (!file) throw notFound(`The file ${params.id}`);
      return reply.header("content-disposition", "inline").header("x-content-type-options", "nosniff").type(file.mimeType).send(file.bytes);
    });
    app.all("/*", async (request) => {
      throw notFound(`${request.method} ${request.url.split("?")[0]} of the control plane`);
    });
  };
}

function refusalOf(error: FastifyError | ControlError): { status: number; body: { code: string; message: string; field?: string; expected?: string } } {
  if (error instanceof ControlError) {
    const { status, code, message, field, expected } = error;
    return { status, body: { code, message, ...(field !== undefined && { field }), ...(expected !== undefined && { expected }) } };
  }
  const problem = error.validation?.[0];
  if (problem) {
    const named = problem.params["additionalProperty"] ?? problem.params["missingProperty"];
    const field = [...problem.instancePath.split("/").slice(1), ...(named === undefined ? [] : [String(named)])].join(".") || "body";
    const expected = expectation(problem);
    return { status: 400, body: { code: "invalid_input", message: `${field}: ${expected}.`, field, expected } };
  }
  return { status: error.statusCode ?? 500, body: { code: "failed", message: error.message } };
}

/** A finding of the schema's check; `parentSchema` is there because the checker is told to be verbose. */
interface Problem {
  keyword: string;
  params: { [name: string]: unknown };
  message?: string;
  parentSchema?: { [member: string]: unknown };
}

function expectation({ keyword, params, message, parentSchema }: Problem): string {
  if (keyword === "additionalProperties") return "is not a member that is known here";
  if (keyword === "required") return "is required";
  if (keyword === "enum") return `must be one of ${(params["allowedValues"] as unknown[]).map(String).join(", ")}`;
  const described = parentSchema?.["description"];
  return typeof described === "string" ? `must be ${described}` : (message ?? "is not valid");
}
