/**
 * The send request and its answer as pure functions, for callers that drive their own connections.
 *
 * Source: Meta, Cloud API "Messages" reference and "Error codes". The API has no idempotency key: what is not proven to be
 * refused before processing is `ambiguous`, and repeating it may send twice.
 */
import { readError, retryClassOf, type MetaErrorInfo } from "./errors.ts";
import type { RetryClass } from "./error-table.ts";
import { asObject, asObjects, asText, defined } from "./json.ts";
import type { MarketingSendBody, MarkReadBody, SendBody } from "./messages.ts";

export interface SendTarget {
  /** Such as `v26.0`. */
  version: string;
  phoneNumberId: string;
  accessToken: string;
  /** {@link appSecretProof} of the token, where the app demands it. */
  appSecretProof?: string;
  /** `marketing_messages` sends through the Marketing Messages API. */
  edge?: "messages" | "marketing_messages";
}

export interface SendRequest {
  /** Path and query, to be put after the base address. */
  path: string;
  headers: { authorization: string; "content-type": string };
  body: string;
}

/** The POST request for a message, a marketing message or a read mark. */
export function sendRequest(target: SendTarget, body: SendBody | MarketingSendBody | MarkReadBody): SendRequest {
  const proof = target.appSecretProof === undefined ? "" : `?appsecret_proof=${target.appSecretProof}`;
  return {
    path: `/${target.version}/${encodeURIComponent(target.phoneNumberId)}/${target.edge ?? "messages"}${proof}`,
    headers: { authorization: `Bearer ${target.accessToken}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

export interface Submitted {
  kind: "submitted";
  /** The wamid: opaque, case-sensitive, up to 255 characters and more. */
  wireId: string;
  /** Template sends only: `accepted`, `held_for_quality_assessment`, `paused` or something newer. */
  messageStatus?: string;
  /** May differ from the digits that were sent (Brazil, Mexico, Argentina). */
  waId?: string;
  /** Only when the message went to a business-scoped user id. */
  userId?: string;
}

export interface Refused {
  kind: "refused";
  error: MetaErrorInfo;
  /** `ambiguous` here means: the message may have gone out all the same. */
  retry: RetryClass;
}

/** Reads the answer to a send, whatever it is: never throws. A 2xx without a message id is `ambiguous`. */
export function readSendAnswer(httpStatus: number, bodyText: string): Submitted | Refused {
  let body: unknown;
  try {
    body = JSON.parse(bodyText);
  } catch {
    body = bodyText;
  }
  const answer = asObject(body);
  const message = asObjects(answer?.["messages"])[0];
  const wireId = asText(message?.["id"]);
  if (httpStatus >= 200 && httpStatus < 300 && wireId) {
    const contact = asObjects(answer?.["contacts"])[0];
    return defined({
      kind: "submitted" as const,
      wireId,
      messageStatus: asText(message?.["message_status"]),
      waId: asText(contact?.["wa_id"]),
      userId: asText(contact?.["user_id"]),
    });
  }
  const error = readError(httpStatus, body);
  return { kind: "refused", error, retry: retryClassOf(error) };
}
