/**
 * The GET with which Meta checks a callback address.
 *
 * Source: Meta, "Webhooks: verification requests".
 */
import { createHash, timingSafeEqual } from "node:crypto";

/**
 * The challenge to answer with status 200 as plain text, or null: answer 403.
 *
 * @param query the query parameters, under their own names (`hub.mode`, `hub.verify_token`, `hub.challenge`).
 */
export function verifySubscription(query: Record<string, unknown>, verifyToken: string): string | null {
  const { "hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge } = query;
  if (mode !== "subscribe" || typeof token !== "string" || typeof challenge !== "string" || verifyToken === "") return null;
  return timingSafeEqual(digest(token), digest(verifyToken)) ? challenge : null;
}

/** Equal lengths for the constant-time comparison. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
