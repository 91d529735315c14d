/**
 * Meta's webhook: GET checks the address, POST delivers.
 *
 *   body ──► which numbers does it name? ──► signed with their app's secret? ──► group commit per workspace ──► 200
 *                     │                                  │
 *                     └── none of ours: 403              └── no: 403, nothing stored
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
/** Meta puts at most 1,000 updates into one body; each number named costs a stranger's body a query before it is refused. */
const MOST_NUMBERS = 1_000;

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

    app.get<{ Querystring: Record<string, unknown> }>("/wire/meta/webhook", { schema: { hide: true } }, async (request, reply) => {
      const { "hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge } = request.query;
      const asked = mode === "subscribe" && typeof token === "string" && typeof challenge === "string";
      if (!asked || !(deps.verifyTokens.isOurs(token, "webhook") || (await hasVerifyToken(deps.db, deps.verifyTokens.hash(token))))) return reply.code(403).send();
      return reply.type("text/plain; charset=utf-8").send(challenge);
    });

    app.post<{ Body: unknown }>("/wire/meta/webhook", { schema: { hide: true } }, async (request, reply) => {
      const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const json = parse(raw);
      if (json === undefined) {
        refused.inc({ reason: "malformed" });
        return reply.code(400).send();
      }
      const signature = request.headers["x-hub-signature-256"];
      const checked = await sign(directory, readDeliveries(json, new Date()), raw, typeof signature === "string" ? signature : undefined);
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
async function sign(directory: WebhookDirectory, deliveries: Delivery[], raw: Buffer, signature: string | undefined): Promise<Checked[] | null> {
  if (signature === undefined || deliveries.length > MOST_NUMBERS) return null;
  const verdicts = new Map<string, boolean>();
  const fits = ({ appSecret }: WebhookTarget): boolean => {
    let verdict = verdicts.get(appSecret);
    if (verdict === undefined) verdicts.set(appSecret, (verdict = signatureIsValid(raw, signature, appSecret)));
    return verdict;
  };
  const checked: Checked[] = [];
  let believed = false;
  for (const delivery of deliveries) {
    const known = directory.find(delivery.phoneNumberId, delivery.wabaId);
    let signed = (Array.isArray(known) ? known : await known).filter(fits);
    if (signed.length === 0) signed = (await directory.findAgain(delivery.phoneNumberId, delivery.wabaId)).filter(fits);
    if (signed.length > 0) believed = true;
    for (const target of signed) if (isFor(delivery, target)) checked.push({ delivery, target });
  }
  return believed ? checked : null;
}

/** News about an account concerns all its numbers, unless it names one. */
function isFor(delivery: Delivery, target: WebhookTarget): boolean {
  if (delivery.phoneNumberId !== undefined) return delivery.phoneNumberId === target.phoneNumberId;
  const named = delivery.account.find((event) => event.origin.displayPhoneNumber !== undefined)?.origin.displayPhoneNumber;
  return delivery.wabaId === target.wabaId && (named === undefined || named.replace(/\D/g, "") === target.digits);
}
