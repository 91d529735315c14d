/**
 * What a provider's answer means for the message and for the lane (CleverTap: Generic WhatsApp, response and error codes).
 *
 *   200 success                        submitted
 *   failure 2000, HTTP 401, 403        lane down: nothing gets through with these credentials
 *   failure 2001 to 2004, other 4xx    refused for good
 *   429                                not taken, again soon
 *   3xx, 404, 405, 410                 lane down: the address is not an endpoint of the contract
 *   5xx, 408, 2xx without an answer    ambiguous: it may have been taken; its delivery report tells
 *
 * Before a lane goes down the endpoint is asked whether it is the lane at all (blame.ts).
 *
 * A failure inside a 5xx is as ambiguous as any other: it says that the provider failed, not at which step. The content type of an
 * answer is not looked at; what the body holds decides.
 */
import { parseSendAnswer, sendCodes, isSendCode } from "@tincan/clevertap";
import type { Outcome } from "../../lanes/work.ts";
import type { WireError } from "../../ledger/types.ts";
import { ANSWER_LENGTH } from "../adapter.ts";

const WRONG_CREDENTIALS = 2000;
const notAnEndpoint = new Set([404, 405, 410]);

export function outcomeOf(httpStatus: number, text: string): Outcome {
  const answer = parseSendAnswer({ status: httpStatus, body: text });
  if (answer.kind === "accepted") return { kind: "submitted", httpStatus };
  const kept = { httpStatus, answer: text.slice(0, ANSWER_LENGTH) };
  switch (answer.kind) {
    case "refused": {
      const error = refusal(answer.code, answer.message);
      return answer.code === WRONG_CREDENTIALS ? { kind: "laneDown", cause: "credentials", error, ...kept } : { kind: "refused", error, ...kept };
    }
    case "busy":
      return { kind: "retry", pace: "backOff", throttled: true, error: wireError(429, "The provider asks to slow down", answer.message), ...kept };
    case "denied":
      return { kind: "laneDown", cause: "credentials", error: wireError(httpStatus, "The provider does not accept the headers or the password", answer.message), ...kept };
    case "broken":
      return { ...brokenAnswer(httpStatus, answer.reason, answer.message), ...kept };
  }
}

type Broken = Extract<ReturnType<typeof parseSendAnswer>, { kind: "broken" }>["reason"];

function brokenAnswer(status: number, reason: Broken, message: string): Outcome {
  if (reason === "http-error" && status !== 408) {
    if (status < 400 || notAnEndpoint.has(status)) return { kind: "laneDown", cause: "endpoint", error: wireError(status, `The address answers HTTP ${status}, not as the contract does`, message) };
    return { kind: "refused", error: wireError(status, `The provider refused it with HTTP ${status}`, message) };
  }
  return { kind: "ambiguous", error: wireError(status, ambiguousTitles[reason], message) };
}

const ambiguousTitles: Record<Broken, string> = {
  empty: "The provider answered with an empty body",
  "not-json": "The provider's answer is not JSON",
  "not-in-contract": "The provider's answer is not one of the contract",
  "server-error": "The provider had a fault of its own",
  "http-error": "The provider gave up waiting for the request",
};

function refusal(code: number, message: string): WireError {
  return wireError(code, isSendCode(code) ? sendCodes[code] : "The provider refused it", message);
}

function wireError(code: number, title: string, details: string): WireError {
  return { source: "provider", code, title, ...(details !== "" && { details }) };
}
