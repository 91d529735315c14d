/**
 * What a failed HTTP exchange says about the request: did it reach Meta or not?
 *
 * Source: error codes of undici and of Node's sockets.
 */

export interface NetworkFailure {
  /**
   * `connect`: no connection came about; `timeout`: connected, but no answer in time; `aborted`: we gave up;
   * `broken`: the connection ended early.
   */
  reason: "connect" | "timeout" | "aborted" | "broken";
  /** `notSent`: no byte of the request was written, so repeating it is safe. `ambiguous`: it may have been carried out. */
  outcome: "notSent" | "ambiguous";
}

const beforeWriting = ["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_CLOSED", "UND_ERR_INVALID_ARG", "ENOTFOUND", "EAI_AGAIN"];
const timeouts = ["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"];

/** Classifies what undici threw. Anything unrecognised is `ambiguous`. */
export function classifyNetworkError(error: unknown): NetworkFailure {
  const code = text(error, "code");
  const duringConnect = text(error, "syscall") === "connect" || isAllConnect(error) || isCertificateError(code);
  if (duringConnect || beforeWriting.includes(code)) return { reason: "connect", outcome: "notSent" };
  if (timeouts.includes(code) || text(error, "name") === "TimeoutError") return { reason: "timeout", outcome: "ambiguous" };
  if (text(error, "name") === "AbortError") return { reason: "aborted", outcome: "ambiguous" };
  return { reason: "broken", outcome: "ambiguous" };
}

/** When a host has several addresses, Node reports all attempts together. */
function isAllConnect(error: unknown): boolean {
  return error instanceof AggregateError && error.errors.length > 0 && error.errors.every((each) => text(each, "syscall") === "connect");
}

/** The other side's certificate was refused in the handshake, before any request was written. */
function isCertificateError(code: string): boolean {
  return /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO_)/.test(code);
}

function text(error: unknown, member: "code" | "syscall" | "name"): string {
  const value = error instanceof Error ? (error as unknown as Record<string, unknown>)[member] : undefined;
  return typeof value === "string" ? value : "";
}

/** No answer came. `failure.outcome` says whether repeating is safe. */
export class MetaUnreachable extends Error {
  override readonly name = "MetaUnreachable";
  readonly failure: NetworkFailure;

  constructor(cause: unknown) {
    const failure = classifyNetworkError(cause);
    super(`No answer from Meta (${failure.reason}): ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.failure = failure;
  }
}
