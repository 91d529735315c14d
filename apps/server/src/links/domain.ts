/**
 * A branded domain is believed once this server has reached itself through it: it sends a random word there and must get the word's
 * signature back, which nobody else can make. Certificates and proxies are checked with it, since it goes the way every visitor goes.
 */
import { createHmac, randomBytes } from "node:crypto";
import { Agent, request } from "undici";
import { constantTimeEqual, type Secrets } from "../database/secrets.ts";
import { ApiError } from "../http/errors.ts";
import { whyNoAnswer } from "../http/no-answer.ts";
import { assertReachableUrl, guardedConnector, type ReachPolicy } from "../http/reachable.ts";
import { LINK_PATH } from "./address.ts";

/** Where the question is asked, the word at its end. No code has a second step. */
export const CHECK_PATH = `${LINK_PATH}check/`;
const WAIT_MS = 5_000;
const SIGNATURE_LENGTH = 43;

export class LinkDomains {
  readonly #key: Buffer;
  readonly #policy: ReachPolicy;

  constructor(options: { secrets: Secrets; policy: ReachPolicy }) {
    this.#key = options.secrets.derive("link domains");
    this.#policy = options.policy;
  }

  /** What this server answers to a word. */
  sign(word: string): string {
    return createHmac("sha256", this.#key).update(word).digest("base64url");
  }

  /** The origin somebody typed, once it is proved to lead here. Throws ApiError that names the field. */
  async verify(typed: string): Promise<string> {
    const origin = originOf(typed);
    await assertReachableUrl(origin, this.#policy, "domain");
    const word = randomBytes(16).toString("base64url");
    const failed = (detail: string): ApiError => new ApiError("link_domain_not_verified", { field: "domain", detail });
    const answer = await this.#ask(`${origin}${CHECK_PATH}${word}`).catch((cause: unknown) => {
      throw failed(`${origin} could not be asked. ${whyNoAnswer(cause)}.`);
    });
    if (!constantTimeEqual(answer.body, this.sign(word))) throw failed(`${origin} answered HTTP ${answer.status}, but it is not this server.`);
    return origin;
  }

  async #ask(url: string): Promise<{ status: number; body: string }> {
    const dispatcher = new Agent({ connect: guardedConnector(this.#policy, WAIT_MS), maxResponseSize: 100_000 });
    try {
      const { statusCode, body } = await request(url, { dispatcher, signal: AbortSignal.timeout(WAIT_MS) });
      return { status: statusCode, body: (await body.text()).slice(0, SIGNATURE_LENGTH) };
    } finally {
      await dispatcher.destroy();
    }
  }
}

/** A name alone means https. */
function originOf(typed: string): string {
  const text = /^[a-z]+:\/\//i.test(typed.trim()) ? typed.trim() : `https://${typed.trim()}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw new ApiError("invalid_input", { field: "domain", expected: "an address such as https://go.example.com, without a path" });
  }
  return url.origin;
}
