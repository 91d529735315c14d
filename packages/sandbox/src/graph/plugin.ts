/** The Graph paths over HTTP: bodies in all their forms, headers, recording, faults. */
import multipart from "@fastify/multipart";
import { errorBody } from "@tincan/whatsapp";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { setTimeout as sleep } from "node:timers/promises";
import { parseJson, type JsonObject } from "../json.ts";
import type { World } from "../world/world.ts";
import type { Fault, GraphAnswer, UploadedFile } from "./call.ts";
import { GraphError } from "./graph-error.ts";
import { answerCall, versionOf } from "./router.ts";

const mostBody = 101 * 1024 * 1024;

export function graphPlugin(world: World): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    await app.register(multipart, { limits: { fileSize: mostBody, files: 1, fields: 20 } });
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: mostBody }, (_request, body, done) => done(null, body));
    app.setErrorHandler((error, request, reply) => {
      // Only bodies that cannot be read end here: too long, or a broken multipart body.
      const details = error instanceof Error ? error.message : String(error);
      return answer(world, request, reply, refusal(world, new GraphError(100, { message: "(#100) Invalid parameter", details })), "", performance.now());
    });
    app.route({ method: ["GET", "POST", "DELETE", "PUT", "PATCH"], url: "/*", handler: (request, reply) => handle(world, request, reply) });
  };
}

async function handle(world: World, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const started = performance.now();
  const read = request.isMultipart() ? await readForm(request) : readBody(request);
  const result = await answerOrRefuse(world, request, read);
  const latency = world.random.within(world.behaviour.latencyMs);
  if (latency > 0) await sleep(latency);
  return answer(world, request, reply, result, read.shown, started);
}

interface ReadBody {
  body: unknown;
  bytes: Buffer;
  file: UploadedFile | undefined;
  /** As the request log shows it. */
  shown: string;
}

function readBody(request: FastifyRequest): ReadBody {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const type = request.headers["content-type"] ?? "";
  if (/\/upload:/.test(request.url)) return { body: undefined, bytes, file: undefined, shown: `(${bytes.length} bytes)` };
  const text = bytes.toString("utf8");
  const body = type.includes("x-www-form-urlencoded") ? Object.fromEntries(new URLSearchParams(text)) : parseJson(text);
  return { body, bytes, file: undefined, shown: text };
}

async function readForm(request: FastifyRequest): Promise<ReadBody> {
  const body: JsonObject = {};
  let file: UploadedFile | undefined;
  for await (const part of request.parts()) {
    if (part.type === "file") file = { filename: part.filename, mimeType: part.mimetype, bytes: await part.toBuffer() };
    else body[part.fieldname] = part.value;
  }
  return { body, bytes: Buffer.alloc(0), file, shown: JSON.stringify({ ...body, ...(file && { file: `(${file.mimeType}, ${file.bytes.length} bytes)` }) }) };
}

interface Result extends GraphAnswer {
  traceId: string;
}

async function answerOrRefuse(world: World, request: FastifyRequest, read: ReadBody): Promise<Result> {
  try {
    const [path = "/"] = request.url.split("?");
    const { body, bytes, file } = read;
    const answered = await answerCall({ world, method: request.method, path, query: request.query as JsonObject, body, bytes, file, headers: request.headers });
    return { ...answered, traceId: traceId(world) };
  } catch (error) {
    if (error instanceof GraphError) return refusal(world, error);
    throw error;
  }
}

function refusal(world: World, { info }: GraphError): Result {
  const trace = traceId(world);
  return { status: info.httpStatus, body: errorBody(info, trace), traceId: trace };
}

/** The id of one answer: in `error.fbtrace_id` and in a header. */
function traceId(world: World): string {
  return `A${world.random.letters(22)}`;
}

async function answer(world: World, request: FastifyRequest, reply: FastifyReply, result: Result, shown: string, started: number): Promise<FastifyReply> {
  const status = result.status ?? 200;
  const text = result.fault?.kind === "garbage" ? "<html><body>Something else answered here</body></html>" : JSON.stringify(result.body);
  const cut = result.fault ? await suffer(result.fault) : false;
  const { authorization, ...headers } = request.headers;
  world.requests.add({
    at: new Date(world.clock.now()).toISOString(),
    method: request.method,
    url: request.url,
    headers: { ...headers, ...(authorization !== undefined && { authorization: "Bearer …" }) },
    body: shown,
    status: cut ? 0 : status,
    answer: cut ? "" : text,
    ms: Math.round(performance.now() - started),
  });
  if (cut) {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  reply.status(status).headers(headersOf(world, request, result.traceId));
  return reply.type(result.fault?.kind === "garbage" ? "text/html" : "application/json; charset=UTF-8").send(text);
}

/** Lives through a fault; true when the connection is to be cut. */
async function suffer(fault: Fault): Promise<boolean> {
  if (fault.kind === "hang") await sleep(fault.ms, undefined, { ref: false });
  return fault.kind === "reset" || (fault.kind === "hang" && fault.thenCut);
}

function headersOf(world: World, request: FastifyRequest, trace: string): { [name: string]: string } {
  return {
    "facebook-api-version": versionHeader(request.url),
    "x-fb-request-id": request.id,
    "x-fb-trace-id": trace,
    "x-fb-rev": "1000000000",
    "x-app-usage": '{"call_count":0,"total_cputime":0,"total_time":0}',
    "x-business-use-case-usage": `{"${world.account.wabaId}":[{"type":"whatsapp_business_management","call_count":1,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0}]}`,
  };
}

function versionHeader(url: string): string {
  try {
    return versionOf(url.split("?")[0]!).version;
  } catch {
    return "v26.0";
  }
}
