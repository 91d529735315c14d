import { isJsonObject, wholeNumber } from "./fields.ts";
import type { SendCode } from "./codes.ts";

/*
 * The answer to a send request, built on the provider's side and read on the sender's side.
 * CleverTap reads the body only when the HTTP status is 200, so a refused message is a failure inside a 200.
 */

export interface SuccessAnswer {
  status: "success";
}

export interface FailureAnswer {
  status: "failure";
  error: { code: SendCode; message: string };
}

/** For HTTP 200. */
export function buildSuccess(): SuccessAnswer {
  return { status: "success" };
}

/** For HTTP 200: this message is refused. */
export function buildFailure(code: SendCode, message: string): FailureAnswer {
  return { status: "failure", error: { code, message } };
}

/** For HTTP 500: the provider failed, not the message. */
export function buildServerFailure(message: string): { status: "failure"; error: { message: string } } {
  return { status: "failure", error: { message } };
}

/** For HTTP 429 (too many requests) and 403 (access refused), whose body holds a sentence only. */
export function buildMessageAnswer(message: string): { message: string } {
  return { message };
}

/** An HTTP answer as it came; `body` is its text. Header names are lower case, as Node and undici give them. */
export interface ReceivedAnswer {
  status: number;
  headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  body: string;
}

/**
 * What became of a send request.
 * - `accepted`: the provider took the message.
 * - `refused`: it will not be sent; `code` is normally 2000 to 2004, 2004 when the provider gave none.
 * - `busy`: HTTP 429, the message was not taken; `retryAfterSeconds` when the provider said so.
 * - `denied`: HTTP 401 or 403, nothing gets through with these credentials.
 * - `broken`: no answer by the contract. Whether the message was taken is unknown if `status` is 2xx or 5xx.
 */
export type SendOutcome =
  | { kind: "accepted" }
  | { kind: "refused"; code: number; message: string }
  | { kind: "busy"; message: string; retryAfterSeconds?: number }
  | { kind: "denied"; message: string }
  | { kind: "broken"; status: number; reason: "empty" | "not-json" | "not-in-contract" | "server-error" | "http-error"; message: string };

/** Reads a provider's answer, whatever it is; never throws. Texts in the outcome are at most 500 characters long. */
export function parseSendAnswer(answer: ReceivedAnswer): SendOutcome {
  const { status } = answer;
  const json = parseJson(answer.body);
  const message = messageIn(json) ?? clip(answer.body);
  if (status === 429) return { kind: "busy", message, ...retryAfter(answer.headers) };
  if (status === 401 || status === 403) return { kind: "denied", message };
  if (status >= 500) return { kind: "broken", status, reason: "server-error", message };
  const ok = status >= 200 && status < 300;
  const word = isJsonObject(json) && typeof json.status === "string" ? json.status.toLowerCase() : undefined;
  if (ok && word === "success") return { kind: "accepted" };
  // Other 4xx are not in the contract; one that carries the contract's failure is read as that.
  if ((ok || status >= 400) && (word === "failure" || word === "error" || word === "fail")) {
    return { kind: "refused", code: codeIn(json) ?? 2004, message };
  }
  if (!ok) return { kind: "broken", status, reason: "http-error", message };
  if (answer.body.trim() === "") return { kind: "broken", status, reason: "empty", message: "" };
  return { kind: "broken", status, reason: json === undefined ? "not-json" : "not-in-contract", message };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function messageIn(json: unknown): string | undefined {
  if (!isJsonObject(json)) return undefined;
  const error = json.error;
  for (const candidate of [isJsonObject(error) ? error.message : error, json.message]) {
    if (typeof candidate === "string" && candidate !== "") return clip(candidate);
  }
  return undefined;
}

function codeIn(json: unknown): number | undefined {
  if (!isJsonObject(json)) return undefined;
  return wholeNumber(isJsonObject(json.error) ? json.error.code : json.code);
}

/** Text of a stranger, cut to what fits a log line and a database column. */
function clip(text: string): string {
  return text.slice(0, 500).toWellFormed().replaceAll("\0", "");
}

function retryAfter(headers: ReceivedAnswer["headers"]): { retryAfterSeconds?: number } {
  const value = headers?.["retry-after"];
  const seconds = wholeNumber(typeof value === "string" ? value : value?.[0]);
  return seconds === undefined || seconds < 0 ? {} : { retryAfterSeconds: seconds };
}
