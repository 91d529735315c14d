import type { FastifyReply } from "fastify";
import type { RoutePlugin } from "../http/app.ts";
import { refuseForeignOrigin } from "../http/access.ts";
import { authHeaders } from "./auth-headers.ts";
import type { AuthSource } from "./auth-when-needed.ts";

/** `/api/auth/*`: better-auth's own endpoints (sign-in, sign-out, two-factor, password), whose errors are flat: {code, message}. */
export function authRoutes(deps: { auth: AuthSource; publicUrl: string }): RoutePlugin {
  return async (app) => {
    app.route({
      method: ["GET", "POST"],
      url: "/api/auth/*",
      handler: async (request, reply) => {
        refuseForeignOrigin(request, deps.publicUrl);
        const url = new URL(request.url, deps.publicUrl);
        const body = request.method === "GET" ? undefined : JSON.stringify(request.body ?? {});
        const { handler } = await deps.auth();
        const answer = await handler(new Request(url, { method: request.method, headers: authHeaders(request), body }));
        return sendResponse(reply, answer);
      },
    });
  };
}

async function sendResponse(reply: FastifyReply, answer: Response): Promise<FastifyReply> {
  passCookies(reply, answer.headers);
  const location = answer.headers.get("location");
  if (location !== null) void reply.header("location", location);
  const retryAfter = answer.headers.get("x-retry-after");
  if (retryAfter !== null) void reply.header("retry-after", retryAfter);
  return reply
    .code(answer.status)
    .type(answer.headers.get("content-type") ?? "application/json")
    .send(Buffer.from(await answer.arrayBuffer()));
}

/** Hands on the cookies that better-auth set. */
export function passCookies(reply: FastifyReply, headers: Headers): void {
  for (const cookie of headers.getSetCookie()) void reply.header("set-cookie", cookie);
}
