/**
 * The request CleverTap makes when a provider is saved (CleverTap: Generic WhatsApp, provider validation): a template nobody has, to a
 * number nobody has, answered with success within one second or the provider is not saved. It is never sent on by who knows the contract.
 */
import type { RawAnswer } from "@tincan/api";
import { buildSendRequest, parseSendAnswer, TRIAL_MSG_ID, VERIFICATION_NAMESPACE } from "@tincan/clevertap";
import { request, type Dispatcher } from "undici";
import { whyNoAnswer } from "../../http/no-answer.ts";
import { ANSWER_LENGTH } from "../adapter.ts";
import type { GenericSecrets, GenericSettings } from "../tables.ts";
import { requestHeaders } from "./headers.ts";

/** What the contract allows a provider for this request. */
const WAIT_MS = 1_000;
/** The part of a longer answer that is read. */
const MOST_BYTES = 64 * 1024;
const DUMMY_NUMBER = "+10000000000";

export interface GenericVerification {
  ok: boolean;
  /** A sentence about what came back. */
  message: string;
  answer: RawAnswer;
}

type Account = { settings: Pick<GenericSettings, "endpoint" | "wabaNumber" | "customKeys">; secrets: GenericSecrets };

/** Asks the endpoint to confirm. Never throws: an endpoint that does not answer is an answer too. */
export async function verifyEndpoint({ settings, secrets }: Account, dispatcher: Dispatcher): Promise<GenericVerification> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  const answer: RawAnswer = { status: null, contentType: null, body: "", ms: 0 };
  const failed = (message: string): GenericVerification => ({ ok: false, message, answer: { ...answer, ms: elapsed() } });
  const signal = AbortSignal.timeout(WAIT_MS);
  try {
    const response = await request(settings.endpoint, { method: "POST", headers: requestHeaders(secrets), body: JSON.stringify(verificationRequest(settings)), dispatcher, signal });
    answer.status = response.statusCode;
    const type = response.headers["content-type"];
    answer.contentType = (Array.isArray(type) ? type[0] : type) ?? null;
    const body = await readStart(response.body, (soFar) => (answer.body = soFar));
    return judge(response.statusCode, body, { ...answer, ms: elapsed() });
  } catch (cause) {
    if (signal.aborted) return failed(answer.status === null ? "No answer came within one second." : "The answer did not come to its end within one second.");
    return failed(`The endpoint could not be asked. ${whyNoAnswer(cause)}.`);
  }
}

function verificationRequest({ wabaNumber, customKeys }: Account["settings"]) {
  return buildSendRequest({
    kind: "template",
    msgId: TRIAL_MSG_ID,
    to: DUMMY_NUMBER,
    wabaNumber,
    customProps: Object.fromEntries(customKeys.map(({ key, value }) => [key, value])),
    template: { name: VERIFICATION_NAMESPACE, language: "en" },
    body: { text: "0 1 2", parameters: ["0", "1", "2"] },
    buttons: [],
  });
}

function judge(status: number, body: string, answer: RawAnswer): GenericVerification {
  const outcome = parseSendAnswer({ status, body });
  switch (outcome.kind) {
    case "accepted":
      return status === 200 ? { ok: true, message: "The endpoint confirmed.", answer } : { ok: false, message: `The endpoint said success with HTTP ${status} instead of 200.`, answer };
    case "refused":
      return { ok: false, message: `The endpoint refused with ${outcome.code}: ${outcome.message || "no reason given"}.`, answer };
    case "busy":
      return { ok: false, message: "The endpoint asks to slow down (HTTP 429).", answer };
    case "denied":
      return { ok: false, message: `The endpoint does not accept the headers or the password (HTTP ${status}).`, answer };
    case "broken":
      return { ok: false, message: status === 200 ? `The endpoint answered HTTP 200, but ${brokenWords[outcome.reason]}.` : `The endpoint answered HTTP ${status}.`, answer };
  }
}

const brokenWords = {
  empty: "with an empty body",
  "not-json": "with something that is not JSON",
  "not-in-contract": "with JSON that does not say status success or failure",
  "server-error": "with a fault of its own",
  "http-error": "with an error",
};

/** Reads a body's beginning; `keep` is told what may be shown, also when the rest never comes. */
async function readStart(body: AsyncIterable<Uint8Array>, keep: (text: string) => void): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    keep(Buffer.concat(chunks).toString("utf8").slice(0, ANSWER_LENGTH).replaceAll("\0", ""));
    if (size > MOST_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}
