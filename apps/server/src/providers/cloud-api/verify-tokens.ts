/**
 * Tokens that leave us and must come back within a few minutes, perhaps to another process: the verify token of a webhook address
 * that we set ourselves (Meta calls back before it answers), and the `state` of a login dialog. Such a token carries its own proof,
 * so that every process with our key accepts it for a while.
 */
import { createHmac } from "node:crypto";
import { constantTimeEqual, type Secrets } from "../../database/secrets.ts";

const VALID_MS = 15 * 60 * 1000;

export class VerifyTokens {
  readonly #key: Buffer;
  readonly #hashKey: Buffer;

  constructor(secrets: Secrets) {
    this.#key = secrets.derive("webhook verification");
    this.#hashKey = secrets.derive("webhook verify tokens");
  }

  /** A token good for `about` alone. */
  issue(about: string, now = Date.now()): string {
    const until = String(now + VALID_MS);
    return `${until}.${this.#sign(`${until} ${about}`)}`;
  }

  isOurs(token: string, about: string, now = Date.now()): boolean {
    const [until = "", signature = ""] = token.split(".");
    return /^\d{13}$/.test(until) && constantTimeEqual(signature, this.#sign(`${until} ${about}`)) && Number(until) > now;
  }

  /** What a provider's own verify token is found by. Keyed, because people choose short ones. */
  hash(token: string): string {
    return createHmac("sha256", this.#hashKey).update(token).digest("hex");
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}
