/**
 * Who may call what under /api/v1. Every route says it itself: `config: { permission: "providers.write" }`, or `access: "member"`
 * or `"public"`; one that says neither stops the start. Requests that carry a cookie and change something must come from our own pages.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Gate } from "./actor.ts";
import { ApiError } from "./errors.ts";

/** Guards every route registered on `scope` after this call. */
export function guard(scope: FastifyInstance, options: { gate: Gate; publicUrl: string }): void {
  const { gate, publicUrl } = options;

  scope.addHook("onRoute", (route) => {
    const { permission, access } = route.config ?? {};
    if ((permission === undefined) === (access === undefined)) {
      throw new Error(`The route ${String(route.method)} ${route.url} must have either a permission or an access.`);
    }
  });

  scope.addHook("onRequest", async (request, reply) => {
    refuseForeignOrigin(request, publicUrl);
    const { permission, access } = request.routeOptions.config;
    if (access === "public" || (permission === undefined && access === undefined)) return;
    const actor = await gate.authenticate(request, reply);
    if (!actor) throw new ApiError("not_signed_in");
    if (permission !== undefined && !gate.may(actor.role, permission)) {
      throw new ApiError("not_allowed", { detail: `It needs the permission ${permission}; you are ${actor.role}.` });
    }
    request.actor = actor;
  });
}

/**
 * Cookies travel with requests that other sites' pages make. Session cookies are SameSite=Lax, which keeps them from most of these;
 * the Origin header, which browsers always send along with a change, settles the rest.
 */
export function refuseForeignOrigin(request: FastifyRequest, publicUrl: string): void {
  if (request.method === "GET" || request.method === "HEAD" || request.headers.cookie === undefined) return;
  const { origin } = request.headers;
  if (origin !== undefined && !isOwnOrigin(origin, request, publicUrl)) throw new ApiError("foreign_origin", { detail: `The page is from ${origin}.` });
}

/** Ours is the public address, and whatever address this very request was sent to. */
export function isOwnOrigin(origin: string, request: { headers: { host?: string | undefined } }, publicUrl: string): boolean {
  if (origin === publicUrl) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}
