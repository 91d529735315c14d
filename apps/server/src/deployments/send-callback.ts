import { request, type Dispatcher } from "undici";
import { storable } from "../database/storable.ts";
import { whyNoAnswer } from "../http/no-answer.ts";
import type { Outcome } from "../lanes/work.ts";
import type { WireError } from "../ledger/types.ts";
import type { CallbackJob } from "./callback-jobs.ts";
import { markedMedia, type MediaLinks, resolveMedia } from "./media-mark.ts";

/** A platform that takes longer has not answered. */
export const CALLBACK_TIMEOUT_MS = 15_000;
/** An answer is kept for the trace up to this many characters. */
const ANSWER_LENGTH = 2_000;

interface Exchange {
  workspaceId: string;
  url: string;
  job: CallbackJob;
  media: MediaLinks;
}

/**
 * Posts one callback and reads what became of it. Never throws. 2xx is taken; anything else is not, and a redirect is not followed:
 * it would carry what people wrote to an address nobody has checked.
 */
export async function sendCallback(dispatcher: Dispatcher, exchange: Exchange, signal: AbortSignal): Promise<Outcome> {
  let body: string;
  try {
    body = await callbackBody(exchange);
  } catch (cause) {
    return { kind: "retry", pace: "backOff", error: failed(0, "The file could not be fetched from WhatsApp", whyNoAnswer(cause)) };
  }
  if (signal.aborted) return { kind: "turn", afterMs: 0 };
  try {
    const headers = { "content-type": "application/json", accept: "application/json", "user-agent": "Tincan" };
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(CALLBACK_TIMEOUT_MS)]);
    const response = await request(exchange.url, { dispatcher, method: "POST", headers, body, signal: timeout });
    const answer = storable((await response.body.text()).slice(0, ANSWER_LENGTH));
    return outcomeOf(response.statusCode, answer);
  } catch (cause) {
    return neverConnected(cause)
      ? { kind: "laneDown", cause: "endpoint", error: failed(0, "The platform could not be reached", describe(cause)) }
      : { kind: "ambiguous", error: failed(0, "The platform did not answer", describe(cause)) };
  }
}

/** The request's text: statuses in one envelope, or the inbound message with its file's URL. */
async function callbackBody({ workspaceId, job, media }: Exchange): Promise<string> {
  if (job.kind === "status") return `{"payloadVersion":"0.1","statuses":[${job.callbacks.map((callback) => callback.body).join(",")}]}`;
  const body = job.callbacks[0]?.body ?? "";
  const marked = markedMedia(body);
  if (!marked) return body;
  const { url } = await media.publish(workspaceId, marked.providerId, marked.wireMediaId);
  return resolveMedia(body, marked, url);
}

function outcomeOf(httpStatus: number, answer: string): Outcome {
  if (httpStatus >= 200 && httpStatus < 300) return { kind: "submitted", httpStatus, answer };
  const error = failed(httpStatus, `The platform answered HTTP ${httpStatus}`);
  if (httpStatus >= 500) return { kind: "laneDown", cause: "endpoint", httpStatus, answer, error };
  return { kind: "retry", pace: "backOff", httpStatus, answer, error };
}

function failed(code: number, title: string, details?: string): WireError {
  return { source: "tincan", code, title, ...(details && { details: `${title}. ${details}.` }) };
}

const BEFORE_CONNECTION = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|TINCAN_ADDRESS_NOT_ALLOWED|ERR_TLS.*|CERT_.*|.*_CERT.*|ERR_SSL.*)$/;

function neverConnected(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" && BEFORE_CONNECTION.test(cause.code);
}

function describe(cause: unknown): string {
  const isLate = cause instanceof Error && cause.name === "TimeoutError";
  return isLate ? `No answer came within ${CALLBACK_TIMEOUT_MS / 1000} s` : whyNoAnswer(cause);
}
