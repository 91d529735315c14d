/**
 * `POST /1/upload` and `POST /1/subscribe`, as CleverTap's server API answers them: programs that upload to CleverTap work here with only the
 * host, the account id (the workspace's id) and the passcode (an API key) changed. An answer of 200 means that what it counts as processed is
 * committed.
 */
import { isUtf8 } from "node:buffer";
import { buildUploadAnswer, buildUploadRefusal, parseSubscribe, parseUpload, type Parsed, type UnprocessedRecord } from "@tincan/clevertap";
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { actorOfKey } from "../accounts/api-keys.ts";
import { may } from "../accounts/permissions.ts";
import type { Database, DatabaseHandle } from "../database/connection.ts";
import type { Live } from "../database/live.ts";
import type { EventListener } from "./event-listener.ts";
import { storeSubscriptions } from "./subscribe.ts";
import { UploadSlots, type GiveBack } from "./upload-slots.ts";
import { storeUpload } from "./upload.ts";

/** A thousand records with all they may hold stay below. */
const BODY_LIMIT = 16 * 1024 * 1024;
/** Calls at once in one account, over all processes (CleverTap: API request limit). */
const AT_ONCE = { upload: 15, subscribe: 3 };
type Kind = keyof typeof AT_ONCE;

declare module "fastify" {
  interface FastifyRequest {
    /** The workspace whose passcode a request on the upload API carried. */
    uploadTo: string;
    /** Ends the call's count among those under way. */
    uploadOver: GiveBack | undefined;
  }
}

export function uploadRoutes({ database, live, eventListeners }: { database: DatabaseHandle; live: Live; eventListeners: readonly EventListener[] }): FastifyPluginAsync {
  const { db } = database;
  const turns = new Turns();
  const slots = new UploadSlots(database.url);

  return async (scope) => {
    scope.decorateRequest("uploadTo", "");
    scope.decorateRequest("uploadOver");
    scope.addHook("onClose", () => slots.close());
    // Before the answer: whoever has it may call again, at any process.
    scope.addHook("onSend", async (request) => request.uploadOver?.());
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      const status = error.statusCode ?? 500;
      if (status === 413) return refuse(reply, 413, "The body is longer than 16 MB.");
      if (status < 500) return refuse(reply, status, "The request cannot be read.");
      request.log.error({ err: error }, "an upload failed");
      return refuse(reply, 503, "The records could not be stored; none of them was taken. Try again in a moment.");
    });

    /** Only what may be stored at once goes further than this. */
    const enter = (kind: Kind) => async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> => {
      const workspaceId = await workspaceOf(db, request);
      // The body is JSON whatever its header says.
      request.headers["content-type"] = "application/json";
      if (workspaceId === undefined) return refuse(reply, 401, "The account id or the passcode is not valid.");
      const over = await slots.take(`${kind} ${workspaceId}`, AT_ONCE[kind]);
      if (!over) return refuse(reply, 429, "Too many concurrent requests");
      // A caller who hangs up gets no answer.
      reply.raw.once("close", () => void over());
      if (reply.raw.closed) await over();
      request.uploadOver = over;
      request.uploadTo = workspaceId;
    };

    const serve = <Batch>(kind: Kind, parse: (json: unknown) => Parsed<Batch>, store: Store<Batch>): void => {
      scope.post<{ Body: Buffer | undefined; Querystring: { dryRun?: string } }>(`/1/${kind}`, { schema: { hide: true }, onRequest: enter(kind) }, async (request, reply) => {
        if (request.body && !isUtf8(request.body)) return refuse(reply, 400, "body: expected UTF-8 text");
        const json = readJson(request.body);
        const batch = parse(json);
        if (!batch.ok) return refuse(reply, 400, batch.error.message);
        // What was parsed has its list under `d`.
        const elements = (json as { d: readonly unknown[] }).d;
        const dryRun = request.query.dryRun === "1" || request.query.dryRun === "true";
        const unprocessed = await turns.take(request.uploadTo, () => store(db, request.uploadTo, batch.value, elements, dryRun));
        if (!dryRun) live.changed(request.uploadTo, "contacts");
        return answer(reply, 200, buildUploadAnswer(elements.length - unprocessed.length, unprocessed));
      });
    };
    serve("upload", parseUpload, (tx, workspaceId, batch, elements, dryRun) => storeUpload(tx, workspaceId, batch, elements, dryRun, eventListeners));
    serve("subscribe", parseSubscribe, storeSubscriptions);
  };
}

/** One call of a workspace after the other: they would wait for each other in the database anyway, each with a connection that others need. */
class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<T>(workspaceId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(workspaceId) ?? Promise.resolve();
    const mine = before.then(work);
    // Whoever comes next does not care how this one went.
    const over = mine.then(() => {}, () => {});
    this.#last.set(workspaceId, over);
    void over.then(() => {
      if (this.#last.get(workspaceId) === over) this.#last.delete(workspaceId);
    });
    return mine;
  }
}

type Store<Batch> = (db: Database, workspaceId: string, batch: Batch, elements: readonly unknown[], dryRun: boolean) => Promise<UnprocessedRecord[]>;

/** The workspace named by the account id, if the passcode is a key of it that may write people. */
async function workspaceOf(db: Database, request: FastifyRequest): Promise<string | undefined> {
  const account = request.headers["x-clevertap-account-id"];
  const passcode = request.headers["x-clevertap-passcode"];
  if (typeof account !== "string" || typeof passcode !== "string") return undefined;
  const actor = await actorOfKey(db, passcode.trim());
  return actor && actor.workspaceId === account.trim().toLowerCase() && may(actor.role, "contacts.write") ? actor.workspaceId : undefined;
}

function readJson(body: Buffer | undefined): unknown {
  try {
    return JSON.parse((body ?? Buffer.alloc(0)).toString("utf8"));
  } catch {
    return undefined;
  }
}

function refuse(reply: FastifyReply, code: number, error: string): FastifyReply {
  return answer(reply, code, buildUploadRefusal(code, error));
}

function answer(reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply.code(status).header("content-type", "application/json;charset=utf-8").send(JSON.stringify(body));
}
