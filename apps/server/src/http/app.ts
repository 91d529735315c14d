/**
 * The HTTP server. Two kinds of visitors, kept apart so that the second never pays for the first:
 *
 *   browsers and scripts   /api, /, pages    security headers, cookies, sessions, permissions, rate limits
 *   machines on the wire   /wire, /media …   none of these: their features check tokens and signatures themselves
 */
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, { LogController } from "fastify";
import type { FastifyBaseLogger, FastifyError } from "fastify";
import { codeOf, isBroken, isDatabaseAway, isRefused } from "../lost-connection.ts";
import { guard } from "./access.ts";
import type { Actor, Gate } from "./actor.ts";
import { ApiError } from "./errors.ts";
import { healthRoutes } from "./health.ts";
import type { ReadyCheck } from "./health.ts";
import { liveRoutes } from "./live-routes.ts";
import type { LiveSource } from "./live-routes.ts";
import type { Metrics } from "./metrics.ts";
import { describeRoutes, openApiRoutes } from "./openapi.ts";
import { securityHeaders } from "./security-headers.ts";
import { serializerCompiler } from "./serializing.ts";
import { validatorCompiler } from "./validation.ts";
import { webRoutes } from "./web.ts";

export type RoutePlugin = FastifyPluginAsyncTypebox;

export interface AppDeps {
  log: FastifyBaseLogger;
  publicUrl: string;
  version: string;
  /** Whether a proxy with a private address may say who the visitor is (X-Forwarded-For). */
  behindProxy: boolean;
  sandboxOrigin: string | undefined;
  /** Folder of the built dashboard. */
  webFolder: string;
  gate: Gate;
  live: LiveSource;
  metrics: Metrics;
  ready: ReadyCheck;
  routes: {
    /** Under /api/v1, guarded. */
    api: RoutePlugin[];
    /** With cookies and security headers but outside /api/v1: sign-in, welcome link. */
    pages: RoutePlugin[];
    /** At the root, with nothing in front of them. */
    wire: RoutePlugin[];
  };
}

/** Most bytes in a body of the management API; wire endpoints and uploads set their own limit. */
const BODY_LIMIT = 1_000_000;
/** Sign-in and the like may set `config: { rateLimit }`; nothing else is limited. */
const RATE_LIMIT_CACHE = 10_000;

/** Every request in the log would cost more than answering it; failures are logged by the error handler. */
const noRequestLog = new LogController({ disableRequestLogging: true });

/** Builds the app with all routes, not yet listening. */
export async function buildApp(deps: AppDeps) {
  const app = Fastify({
    loggerInstance: deps.log,
    logController: noRequestLog,
    bodyLimit: BODY_LIMIT,
    trustProxy: deps.behindProxy ? ["loopback", "linklocal", "uniquelocal"] : false,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // A client that sends its request drop by drop holds a connection for at most this long. Node would take headersTimeout's own
    // 60 s for the body if it were the longer of the two, and would look only every 30 s.
    requestTimeout: 30_000,
    http: { headersTimeout: 20_000, connectionsCheckingInterval: 3_000 },
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 500 },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const known = toApiError(error);
    if (known.status >= 500) request.log.error({ err: error, method: request.method, url: request.routeOptions.url }, "request failed");
    if (known.status === 503) void reply.header("retry-after", "2");
    return reply.code(known.status).send(known.toBody());
  });
  app.decorateRequest("actor", undefined as unknown as Actor);

  const document = describeRoutes(app, deps);
  healthRoutes(app, deps);
  for (const routes of deps.routes.wire) await app.register(routes);

  await app.register(async (browser) => {
    deps.metrics.time(browser);
    await securityHeaders(browser, deps);
    await browser.register(cookie);
    await browser.register(rateLimit, { global: false, cache: RATE_LIMIT_CACHE, errorResponseBuilder: () => new ApiError("too_many_requests") });
    openApiRoutes(browser, document);
    for (const routes of deps.routes.pages) await browser.register(routes);
    await browser.register(
      async (api) => {
        guard(api, deps);
        for (const routes of [liveRoutes(deps), ...deps.routes.api]) await api.register(routes);
      },
      { prefix: "/api/v1" },
    );
    await webRoutes(browser, { folder: deps.webFolder });
  });
  await app.ready();
  return app;
}

/** For a process that serves no HTTP but must still be watched: health and metrics alone. */
export async function buildHealthApp(deps: { log: FastifyBaseLogger; ready: ReadyCheck; metrics: Metrics }) {
  const app = Fastify({ loggerInstance: deps.log, logController: noRequestLog, forceCloseConnections: true });
  healthRoutes(app, deps);
  await app.ready();
  return app;
}

/** Fastify's, the database's and our own errors in the words of the catalogue. */
function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const code = codeOf(error);
  const status = error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE" || status === 413) return new ApiError("body_too_large");
  if (code.startsWith("FST_ERR_CTP_INVALID_MEDIA_TYPE") || status === 415) return new ApiError("wrong_content_type");
  if (code === "FST_ERR_CTP_INVALID_JSON_BODY" || code === "FST_ERR_CTP_EMPTY_JSON_BODY" || error instanceof SyntaxError) return new ApiError("malformed_json");
  if (status === 429) return new ApiError("too_many_requests");
  if (status >= 400 && status < 500) return new ApiError("bad_request", { detail: error instanceof Error ? error.message : undefined });
  // A request's other connections are their features' business: what reaches this place broken or refused was the database's.
  const away = isDatabaseAway(error) || isRefused(error) || isBroken(error);
  return away ? new ApiError("database_unavailable", {}, { cause: error }) : new ApiError("internal", {}, { cause: error });
}
