import { codeOf } from "../lost-connection.ts";

/**
 * Why an address that was asked gave no answer, as a sentence without its full stop, "Nothing listens at its address", for people who know
 * neither Node nor undici. `whose` names the other side where no sentence before does.
 */
export function whyNoAnswer(cause: unknown, whose = "its"): string {
  const told = innermost(cause);
  const known = sentences[codeOf(told)];
  if (known) {
    const sentence = known.replace("{whose}", whose);
    return sentence.charAt(0).toUpperCase() + sentence.slice(1);
  }
  const said = told instanceof Error ? told.message || codeOf(told) || told.name : String(told);
  return said.replaceAll(/\s+/g, " ").replace(/\.$/, "").slice(0, 300) || "The connection failed";
}

/** What is behind an error that only says that there was one: of several addresses the first, else the cause. */
function innermost(cause: unknown): unknown {
  if (cause instanceof AggregateError && cause.errors.length > 0) return innermost(cause.errors[0]);
  if (cause instanceof Error && codeOf(cause) === "" && cause.cause instanceof Error) return innermost(cause.cause);
  return cause;
}

const untrusted = "This server does not trust who issued {whose} certificate";
const sentences: Record<string, string> = {
  ECONNREFUSED: "Nothing listens at {whose} address",
  ENOTFOUND: "{whose} host name does not exist",
  EAI_AGAIN: "{whose} host name could not be looked up",
  EHOSTUNREACH: "No way leads from this server to {whose} address",
  ENETUNREACH: "No way leads from this server to {whose} address",
  ETIMEDOUT: "At {whose} address nobody took the connection in time",
  UND_ERR_CONNECT_TIMEOUT: "At {whose} address nobody took the connection in time",
  ECONNRESET: "The connection was cut before the answer came",
  EPIPE: "The connection was cut before the answer came",
  UND_ERR_SOCKET: "The connection was cut before the answer came",
  UND_ERR_HEADERS_TIMEOUT: "No answer came in time",
  UND_ERR_BODY_TIMEOUT: "The answer did not come to its end in time",
  UND_ERR_RES_EXCEEDED_MAX_SIZE: "The answer was too long to be read",
  CERT_HAS_EXPIRED: "The certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "The certificate is for another name",
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
};
