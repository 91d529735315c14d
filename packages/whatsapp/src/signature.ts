/**
 * Signatures of Meta's Graph: the webhook's `X-Hub-Signature-256` and the request's `appsecret_proof`.
 *
 * Source: Meta, Graph API webhooks "Validate payloads" and "Secure Graph API calls".
 */
import { createHmac, timingSafeEqual } from "node:crypto";

const prefix = "sha256=";

/** The header value Meta sends with these exact bytes: `sha256=` and 64 lowercase hex digits. */
export function signBody(rawBody: Uint8Array | string, appSecret: string): string {
  return prefix + createHmac("sha256", appSecret).update(rawBody).digest("hex");
}

/**
 * Whether `header` signs `rawBody` with the app's secret.
 *
 * The bytes must be those received: Meta escapes non-ASCII characters and slashes, so a body that was parsed and written
 * again no longer matches. Compares in constant time; anything malformed is simply false.
 */
export function signatureIsValid(rawBody: Uint8Array | string, header: string | undefined, appSecret: string): boolean {
  if (typeof header !== "string" || !header.startsWith(prefix) || header.length !== prefix.length + 64 || appSecret === "") return false;
  const expected = Buffer.from(signBody(rawBody, appSecret), "latin1");
  const received = Buffer.from(header, "latin1");
  return received.length === expected.length && timingSafeEqual(received, expected);
}

/** The `appsecret_proof` query parameter: HMAC-SHA256 of the access token with the app secret, in hex. */
export function appSecretProof(accessToken: string, appSecret: string): string {
  return createHmac("sha256", appSecret).update(accessToken).digest("hex");
}
