/**
 * A provider's callback URLs: `/wire/callbacks/{secret}/status` and `…/inbound`. Each takes both kinds of body.
 *
 *   secret ──► known? ──no──► 404
 *                └──yes──► bytes ──► what can be read ──► group commit per workspace ──► 200
 *                                          └── nothing ──► 400, with the reason
 *
 * The answer comes after the commit. A repeat of what is known is answered like the first time, and changes nothing. The words of the
 * answers are those that CleverTap documents for its other generic channels (CleverTap: Generic SMS, callback response).
 */
import type { FastifyError, FastifyPluginAsync, FastifyReply } from "fastify";
import { readCallback } from "./callback-body.ts";
import type { CallbackMeter } from "./callback-meter.ts";
import type { CallbackStore } from "./callback-store.ts";
import type { CallbackDirectory, CallbackTarget } from "./callback-urls.ts";

export interface CallbackRoutesDeps {
  directory: CallbackDirectory;
  store: CallbackStore;
  meter: CallbackMeter;
}

const BODY_LIMIT = 3 * 1024 * 1024;
/** Sentences about unreadable parts in one answer. */
const MOST_REASONS = 20;

const SUCCESS = JSON.stringify({ status: "success", message: "Stored." });
const UNKNOWN = failure(404, "This is not a callback URL of a provider, or it has been exchanged for a new one.");
const TOO_LARGE = failure(413, "body: expected at most 3 MB");
const BROKEN = failure(503, "The database does not take it now; send it again.");

declare module "fastify" {
  interface FastifyRequest {
    /** Whose callback URL a request came to. */
    callbackTarget: CallbackTarget | null;
  }
}

interface Params {
  secret: string;
}

/** Its own scope: any content type is read as bytes, errors are in the wire's words. */
export function callbackRoutes({ directory, store, meter }: CallbackRoutesDeps): FastifyPluginAsync {
  return async (scope) => {
    scope.decorateRequest("callbackTarget", null);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      const { statusCode = 500 } = error;
      const target = request.callbackTarget;
      if (statusCode < 500) {
        if (target) meter.refused(target, statusCode === 413 ? "The body had more than 3 MB." : "The request was not complete HTTP.", true);
        return json(reply.code(statusCode), statusCode === 413 ? TOO_LARGE : failure(statusCode, "The request is not complete HTTP."));
      }
      request.log.error({ err: error, provider: target?.providerId }, "a provider's callback failed");
      return json(reply.code(503).header("retry-after", "2"), BROKEN);
    });

    scope.addHook<{ Params: Params }>("onRequest", async (request, reply) => {
      // The body is JSON whatever its header says, also when the header itself cannot be read.
      request.headers["content-type"] = "application/json";
      const found = directory.find(request.params.secret);
      request.callbackTarget = found instanceof Promise ? await found : found;
      if (!request.callbackTarget) return json(reply.code(404), UNKNOWN);
    });

    for (const kind of ["status", "inbound"]) {
      scope.post<{ Params: Params; Body: Buffer | undefined }>(`/wire/callbacks/:secret/${kind}`, { schema: { hide: true } }, async (request, reply) => {
        const target = request.callbackTarget!;
        const content = readCallback(request.body ?? Buffer.alloc(0), new Date());
        await store.add(target, content);
        const { receipts, inbound, foreign, refused } = content;
        const [first] = refused;
        const read = receipts.length + inbound.length + foreign;
        if (first !== undefined) meter.refused(target, first, read === 0);
        if (first !== undefined && read === 0) return json(reply.code(400), failure(400, first));
        meter.took(target, { statuses: receipts.length + foreign > 0, inbound: inbound.length > 0 });
        return json(reply, refused.length === 0 ? SUCCESS : partly(refused));
      });
    }
  };
}

function partly(refused: readonly string[]): string {
  return JSON.stringify({ status: "success", message: "Stored, but for the parts named.", refused: refused.slice(0, MOST_REASONS) });
}

function failure(code: number, message: string): string {
  return JSON.stringify({ status: "error", message, error_code: code });
}

function json(reply: FastifyReply, body: string): FastifyReply {
  return reply.header("content-type", "application/json; charset=utf-8").send(body);
}
