/**
 * Meta's webhook: GET checks the address, POST delivers.
 *
 *   body ──► a signature at all? ──► which numbers does it name? ──► signed with their app's secret? ──► group commit per workspace ──► 200
 *                  │                         │                                  │
 *                  └── no: 403               └── none of ours: 403              └── no: 403, nothing stored
 *
 * Whose secret to check with is known from the numbers alone. They are read with one query, however many a body names, and with a
 * second one when the signature fits none of them, since the secret may have just been changed.
 *
 * The answer is given after the commit: Meta repeats what is not answered with 200, for up to seven days, so what it was told we
 * have, the database has. Duplicates, any order, and statuses that overtake the answer of their send are the ledger's to settle.
 */
import { signatureIsValid } from "@tincan/whatsapp";
import { Counter } from "prom-client";
import type { Database } from "../../database/connection.ts";
import type { RoutePlugin } from "../../http/app.ts";
import type { Metrics } from "../../http/metrics.ts";
import { hasVerifyToken } from "../store.ts";
import { readDeliveries, type Delivery } from "./deliveries.ts";
import type { DeliveryStore } from "./delivery-store.ts";
import type { VerifyTokens } from "./verify-tokens.ts";
import type { WebhookDirectory, WebhookTarget } from "./webhook-directory.ts";

/** Meta's own most (Meta: webhooks overview). */
const BODY_LIMIT = 3 * 1024 * 1024;
/** Meta puts at most 1,000 updates into one body. */
const MOST_NUMBERS = 1_000;
/** SHA-256 in hexadecimal digits (Meta: webhooks, validate payloads). */
const SIGNATURE = /^sha256=[0-9a-f]{64}$/i;

export interface WebhookDeps {
  db: Database;
  directory: WebhookDirectory;
  verifyTokens: VerifyTokens;
  store: DeliveryStore;
  metrics: Metrics;
}

export function metaWebhookRoutes(deps: WebhookDeps): RoutePlugin {
  const { directory, store } = deps;
  const refused = new Counter({
    name: "tincan_webhook_refused_total",
    help: "Bodies at Meta's webhook that were not stored: not JSON, about no number of ours, or signed with another secret.",
    labelNames: ["reason"],
    registers: [deps.metrics.registry],
  });

  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
    app.addHook("onRequest", async (request) => {
      // The body is JSON whatever its header says, also when the header itself cannot be read; the signature is over its bytes.
      if (request.method === "POST") request.headers["content-type"] = "application/json";
    });

    app.get<{ Querystring: Record<string, unknown> }>("/wire/meta/webhook", { schema: { hide: true } }, async (request, reply) => {
      const { "hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge } = request.query;
      const asked = mode === "subscribe" && typeof token === "string" && typeof challenge === "string";
      if (!asked || !(deps.verifyTokens.isOurs(token, "webhook") || (await hasVerifyToken(deps.db, deps.verifyTokens.hash(token))))) return reply.code(403).send();
      return reply.type("text/plain; charset=utf-8").send(challenge);
    });

    app.post<{ Body: unknown }>("/wire/meta/webhook", { schema: { hide: true } }, async (request, reply) => {
      const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const signature = request.headers["x-hub-signature-256"];
      if (typeof signature !== "string" || !SIGNATURE.test(signature)) {
        refused.inc({ reason: "signature" });
        return reply.code(403).send();
      }
      const json = parse(raw);
      if (json === undefined) {
        refused.inc({ reason: "malformed" });
        return reply.code(400).send();
      }
      const checked = await sign(directory, readDeliveries(json, new Date()), raw, signature);
      if (!checked) {
        refused.inc({ reason: "signature" });
        return reply.code(403).send();
      }
      await Promise.all(checked.map(({ delivery, target }) => store.add(target, delivery)));
      return reply.code(200).send();
    });
  };
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return undefined;
  }
}

interface Checked {
  delivery: Delivery;
  target: WebhookTarget;
}

/**
 * Each delivery with the numbers it is for whose app has signed the body; null when nobody's app has. A body that is ours but
 * names a number of the account that was not connected here is believed and comes to nothing.
 */
async function sign(directory: WebhookDirectory, deliveries: Delivery[], raw: Buffer, signature: string): Promise<Checked[] | null> {
  if (deliveries.length > MOST_NUMBERS) return null;
  const verdicts = new Map<string, boolean>();
  const fits = ({ appSecret }: WebhookTarget): boolean => {
    let verdict = verdicts.get(appSecret);
    if (verdict === undefined) verdicts.set(appSecret, (verdict = signatureIsValid(raw, signature, appSecret)));
    return verdict;
  };
  const checked: Checked[] = [];
  let believed = false;
  /** Answers those that nobody has signed for. */
  const take = (asked: Delivery[], known: WebhookTarget[][]): Delivery[] =>
    asked.filter((delivery, i) => {
      const signed = known[i]!.filter(fits);
      if (signed.length > 0) believed = true;
      for (const target of signed) if (isFor(delivery, target)) checked.push({ delivery, target });
      return signed.length === 0;
    });
  const known = directory.find(deliveries);
  const unsigned = take(deliveries, Array.isArray(known) ? known : await known);
  if (unsigned.length > 0) take(unsigned, await directory.findAgain(unsigned));
  return believed ? checked : null;
}

/** News about an account concerns all its numbers, unless it names one. */
function isFor(delivery: Delivery, target: WebhookTarget): boolean {
  if (delivery.phoneNumberId !== undefined) return delivery.phoneNumberId === target.phoneNumberId;
  const named = delivery.account.find((event) => event.origin.displayPhoneNumber !== undefined)?.origin.displayPhoneNumber;
  return delivery.wabaId === target.wabaId && (named === undefined || named.replace(/\D/g, "") === target.digits);
}
