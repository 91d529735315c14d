import { Fields, wordLookup, type JsonObject } from "./fields.ts";
import { attempt, type Parsed } from "./parsed.ts";
import { readList, unprocessedRecord, type UnprocessedRecord } from "./upload.ts";

/*
 * The subscribe API, POST /1/subscribe: whether an address may be written to, for everybody who shares it
 * (CleverTap developer pages: subscribe; CleverTap: WhatsApp subscription management).
 */

/** An address allowed again or no longer. `phone` is for text messages. */
export interface SubscriptionChange {
  channel: "whatsapp" | "phone" | "email";
  /** A number in E.164 form with "+", or an e-mail address. */
  value: string;
  subscribed: boolean;
}

/** The readable changes, each with its place in the call counted from 1, and the answers for the others. */
export interface SubscriptionBatch {
  changes: { position: number; change: SubscriptionChange }[];
  unprocessed: UnprocessedRecord[];
}

const channelWord = wordLookup<SubscriptionChange["channel"]>({ whatsapp: "whatsapp", phone: "phone", email: "email" });
const subscribedWord = wordLookup<boolean>({ Unsubscribe: false, Resubscribe: true });

/** Reads the body of a subscribe call, up to 1,000 records. Each bad record is answered for itself. */
export function parseSubscribe(json: unknown): Parsed<SubscriptionBatch> {
  return attempt(() => {
    const batch: SubscriptionBatch = { changes: [], unprocessed: [] };
    for (const [index, element] of readList(json).entries()) {
      const change = attempt(() => readChange(element));
      if (change.ok) batch.changes.push({ position: index + 1, change: change.value });
      else batch.unprocessed.push(unprocessedRecord(change.error.code, change.error.message, index + 1, element));
    }
    return batch;
  });
}

function readChange(element: unknown): SubscriptionChange {
  const record = Fields.of(element, 400);
  return {
    channel: channelWord(record.source.type) ?? record.refuse("type", "whatsapp, phone or email"),
    value: record.text("value", "a phone number or an e-mail address"),
    subscribed: subscribedWord(record.source.status) ?? record.refuse("status", "Unsubscribe or Resubscribe"),
  };
}

/** Builds the body of a subscribe call. */
export function buildSubscribe(changes: readonly SubscriptionChange[]): { d: JsonObject[] } {
  return {
    d: changes.map(({ channel, value, subscribed }) => ({ type: channel, value, status: subscribed ? "Resubscribe" : "Unsubscribe" })),
  };
}
