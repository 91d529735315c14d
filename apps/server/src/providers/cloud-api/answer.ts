/**
 * What an answer of `POST /{phone number id}/messages` means for the message and for the lane.
 *
 * Source: Meta, WhatsApp Cloud API "Error codes". There is no idempotency key, so a send is repeated only after an answer that
 * proves it was refused before it was processed.
 */
import { explainError, readSendAnswer, type MetaErrorInfo } from "@tincan/whatsapp";
import type { Outcome } from "../../lanes/work.ts";
import type { WireError } from "../../ledger/types.ts";
import { ANSWER_LENGTH } from "../adapter.ts";

/** Nothing sent with these credentials, or from this account, would fare better until somebody acts. */
const accountCodes = new Set([0, 3, 10, 33, 104, 190, 368, 131005, 131031, 131037, 131042, 131045, 133006, 133010]);
/** Worth another try, but not one that nobody decided: more of the same would make it worse (spam rate), or be refused for a day (the limit per person). */
const notByItself = new Set([131048, 131049]);

export function outcomeOf(httpStatus: number, text: string): Outcome {
  const answer = readSendAnswer(httpStatus, text);
  if (answer.kind === "submitted") return { kind: "submitted", httpStatus, wireId: answer.wireId };
  const error = toWireError(answer.error);
  const kept = { error, httpStatus, answer: text.slice(0, ANSWER_LENGTH) };
  if (answer.error.code === -1) return { ...withoutEnvelope(httpStatus, error), ...kept };
  if (isAccountError(answer.error)) return { kind: "laneDown", cause: "credentials", ...kept };
  if (answer.retry === "ambiguous") return { kind: "ambiguous", ...kept };
  if (answer.retry === "never" || notByItself.has(answer.error.code)) return { kind: "refused", ...kept };
  return { kind: "retry", pace: answer.retry, throttled: answer.retry === "backOff", ...kept };
}

/**
 * Something else than Meta's API has answered. A server fault or a broken success may hide a message that went out; a refusal
 * means that nothing gets through at all (a proxy, a wrong address).
 */
function withoutEnvelope(httpStatus: number, error: WireError): Outcome {
  if (httpStatus === 429) return { kind: "retry", pace: "backOff", throttled: true, error };
  if (httpStatus === 413) return { kind: "refused", error };
  if (httpStatus === 401) return { kind: "laneDown", cause: "credentials", error };
  if (httpStatus >= 300 && httpStatus < 500 && httpStatus !== 408) return { kind: "laneDown", cause: "endpoint", error };
  return { kind: "ambiguous", error };
}

function isAccountError({ code, subcode }: MetaErrorInfo): boolean {
  return accountCodes.has(code) || (code >= 200 && code <= 299) || (code === 100 && subcode === 33);
}

/** Meta's code with the title people know it by; what exactly was wrong goes into the details. */
function toWireError(info: Pick<MetaErrorInfo, "code" | "subcode" | "message" | "details" | "userMessage">): WireError {
  const explained = explainError(info.code, info.subcode);
  const details = info.details ?? info.userMessage ?? (explained.known ? info.message : undefined);
  return { source: "meta", code: info.code, title: explained.known ? explained.title : info.message, ...(details !== undefined && { details }) };
}
