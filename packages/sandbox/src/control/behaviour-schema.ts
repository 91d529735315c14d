/** What `PUT /sandbox/behaviour` takes: any part of the behaviour. Unknown members are refused by name. */
import type { BehaviourChange, Range } from "../world/behaviour.ts";

const share = { type: "number", minimum: 0, maximum: 1 };
const count = { type: "integer", minimum: 0 };
const positive = { type: "integer", minimum: 1 };
const range = {
  type: ["number", "array"],
  minimum: 0,
  items: { type: "number", minimum: 0 },
  minItems: 2,
  maxItems: 2,
  description: "milliseconds, one number or [from, to]",
};
const text = { type: "string" };
const flag = { type: "boolean" };

function object(properties: { [name: string]: unknown }) {
  return { type: "object", additionalProperties: false, properties };
}

export const behaviourSchema = object({
  seed: count,
  latencyMs: range,
  errors: {
    type: "array",
    maxItems: 100,
    items: object({
      on: { enum: ["messages", "media", "templates", "any"] },
      to: { type: "array", items: { type: "string", pattern: "^\\*?\\d+$" } },
      template: text,
      rate: share,
      times: count,
      skip: count,
      code: count,
      as: { enum: ["answer", "status"] },
      details: text,
      httpStatus: { type: "integer", minimum: 400, maximum: 599 },
      hangMs: count,
      garbage: flag,
      reset: flag,
      accept: flag,
    }),
  },
  receipts: object({
    sentAfterMs: range,
    deliveredAfterMs: range,
    readAfterMs: { ...range, type: ["number", "array", "null"] },
    reorder: share,
    duplicate: share,
    dropDelivered: share,
    pricingOn: { enum: ["sent", "delivered"] },
  }),
  webhooks: object({
    version: { type: "string", pattern: "^v\\d+\\.\\d+$" },
    identity: { enum: ["phone", "username", "parent"] },
    maxBatch: { type: "integer", minimum: 1, maximum: 1000 },
    batchShape: { enum: ["values", "changes", "entries"] },
    concurrency: { type: "integer", minimum: 1, maximum: 64 },
    timeoutMs: positive,
    retry: object({ firstMs: positive, factor: { type: "number", minimum: 1 }, mostMs: positive, forMs: count }),
  }),
  throughput: object({ messagesPerSecond: { type: ["integer", "null"], minimum: 1 } }),
  pairRate: { ...object({ burst: positive, secondsPerMessage: { type: "number", exclusiveMinimum: 0 } }), type: ["object", "null"] },
  window: object({ enforced: flag, hours: { type: "number", exclusiveMinimum: 0 }, failAs: { enum: ["answer", "status"] } }),
  templates: object({
    reviewMs: { type: ["number", "null"], minimum: 0 },
    editedStaysSendable: flag,
    pauseMs: { type: "array", items: { type: "number", minimum: 0 }, minItems: 2, maxItems: 2 },
    marketingToUs: flag,
  }),
  fetchLocalMedia: flag,
  allowedRecipients: { type: ["array", "null"], items: { type: "string", pattern: "^\\d+$" } },
  throttleHttpStatus: { enum: [400, 429] },
  account: object({
    state: { enum: ["active", "blocked", "locked", "payment_issue"] },
    token: { enum: ["valid", "expired", "invalid"] },
    scopes: { type: "array", items: text },
    requireAppSecretProof: flag,
    qualityRating: { enum: ["GREEN", "YELLOW", "RED", "NA", "UNKNOWN"] },
    messagingLimit: text,
  }),
});

/** The change with its ranges written out: a single number stands for both ends. */
export function readBehaviour(body: { [member: string]: unknown }): BehaviourChange {
  const change = structuredClone(body) as BehaviourChange;
  if (change.latencyMs !== undefined) change.latencyMs = rangeOf(change.latencyMs);
  const { receipts } = change;
  if (receipts?.sentAfterMs !== undefined) receipts.sentAfterMs = rangeOf(receipts.sentAfterMs);
  if (receipts?.deliveredAfterMs !== undefined) receipts.deliveredAfterMs = rangeOf(receipts.deliveredAfterMs);
  if (receipts?.readAfterMs !== undefined && receipts.readAfterMs !== null) receipts.readAfterMs = rangeOf(receipts.readAfterMs);
  return change;
}

function rangeOf(value: Range | number): Range {
  return typeof value === "number" ? [value, value] : value;
}
