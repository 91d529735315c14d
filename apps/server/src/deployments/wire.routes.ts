/**
 * What a platform calls: the Callback URL and the template import URL (CleverTap: Generic WhatsApp, outbound and template import).
 *
 * CleverTap reads an answer's body only when the HTTP status is 200 and knows no 401, so everything that is wrong with a request,
 * its token included, is a failure inside a 200. Other statuses are left for what is no fault of the message: 413 for a body that
 * is never read, 500 when the database did not take it. A success means the message is committed. A list of templates has no form for a
 * refusal, and one that is no list would pass for an empty one: there the status tells, 401 for the token.
 */
import { hash, timingSafeEqual } from "node:crypto";
import { buildFailure, buildServerFailure, buildSuccess, buildTemplatePage, type SendCode } from "@tincan/clevertap";
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Database } from "../database/connection.ts";
import type { TemplateRegistry } from "../templates/registry.ts";
import type { Acceptance } from "./acceptance.ts";
import type { DeploymentDirectory, KnownDeployment } from "./directory.ts";
import { judge } from "./request.ts";
import { importPage } from "./template-page.ts";

export interface DeploymentWireDeps {
  db: Database;
  directory: DeploymentDirectory;
  registry: TemplateRegistry;
  acceptance: Acceptance;
  /** Without a slash at the end. */
  publicUrl: string;
}

/** CleverTap's longest carousel stays far below; anything longer is no message. */
const BODY_LIMIT = 3 * 1024 * 1024;

const SUCCESS = JSON.stringify(buildSuccess());
const WRONG_TOKEN = JSON.stringify(buildFailure(2000, "The Token is missing or is not the one of this deployment."));
const TOO_LARGE = JSON.stringify(buildFailure(2004, "body: expected at most 3 MB"));
const NO_LIST = JSON.stringify(buildServerFailure("The templates could not be read; ask again."));
const BROKEN = JSON.stringify(buildServerFailure("The message could not be stored; it was not taken."));

declare module "fastify" {
  interface FastifyRequest {
    /** Whose token a request on the deployments' wire carried. */
    deployment: KnownDeployment | null;
  }
}

interface Params {
  deploymentId: string;
}

/** Serves `/wire/clevertap/{deploymentId}/…`. Its own scope: any content type is read as bytes, errors are in the contract's words. */
export function deploymentWire(deps: DeploymentWireDeps): FastifyPluginAsync {
  const { directory, registry, acceptance } = deps;

  return async (scope) => {
    scope.decorateRequest("deployment", null);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      if (error.statusCode === 413) return json(reply.code(413), TOO_LARGE);
      if (error.statusCode !== undefined && error.statusCode < 500) return json(reply.code(error.statusCode), failure(2004, "The request is not complete HTTP."));
      request.log.error({ err: error, deployment: request.deployment?.id }, "A platform's request failed");
      return json(reply.code(500), request.method === "GET" ? NO_LIST : BROKEN);
    });

    scope.addHook<{ Params: Params }>("onRequest", async (request, reply) => {
      // The body is JSON whatever its header says, also when the header itself cannot be read.
      request.headers["content-type"] = "application/json";
      const found = directory.find(request.params.deploymentId);
      const deployment = found instanceof Promise ? await found : found;
      const token = tokenOf(request);
      if (!deployment || token === undefined || !isToken(token, deployment)) return json(request.method === "GET" ? reply.code(401) : reply, WRONG_TOKEN);
      directory.called(deployment.id);
      request.deployment = deployment;
    });

    scope.post<{ Params: Params; Body: Buffer }>("/wire/clevertap/:deploymentId/messages", { schema: { hide: true } }, async (request, reply) => {
      const deployment = request.deployment!;
      await registry.load(deployment.workspaceId, deployment.providerId);
      const verdict = judge(request.body ?? Buffer.alloc(0), deployment, registry);
      if (verdict.kind === "refuse") return json(reply, failure(verdict.code, verdict.message));
      if (verdict.kind === "store") await acceptance.add(deployment.workspaceId, verdict.message);
      return json(reply, SUCCESS);
    });

    scope.get<{ Params: Params; Querystring: { limit?: string; after?: string } }>(
      "/wire/clevertap/:deploymentId/templates",
      { schema: { hide: true } },
      async (request, reply) => {
        const deployment = request.deployment!;
        const self = `${deps.publicUrl}/wire/clevertap/${encodeURIComponent(request.params.deploymentId)}/templates`;
        const page = await importPage(deps.db, deployment.workspaceId, deployment.providerId, request.query, self);
        return json(reply, JSON.stringify(buildTemplatePage(page)));
      },
    );
  };
}

/** CleverTap sends the header its user typed in; both the documented `Token` and a bearer token are taken. */
function tokenOf(request: FastifyRequest): string | undefined {
  const { token, authorization } = request.headers;
  if (typeof token === "string" && token !== "") return token.trim();
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? "");
  return bearer?.[1];
}

/** Takes the same time for every wrong token of a length. */
function isToken(token: string, deployment: KnownDeployment): boolean {
  const given = Buffer.from(token);
  const proven = deployment.provenToken;
  if (proven?.length === given.length && timingSafeEqual(proven, given)) return true;
  if (!timingSafeEqual(hash("sha256", token, "buffer"), deployment.tokenHash)) return false;
  deployment.provenToken = given;
  return true;
}

function failure(code: SendCode, message: string): string {
  return JSON.stringify(buildFailure(code, message));
}

function json(reply: FastifyReply, body: string): FastifyReply {
  return reply.header("content-type", "application/json; charset=utf-8").send(body);
}
