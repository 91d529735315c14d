import type { JsonObject } from "../json.ts";
import type { Behaviour } from "../world/behaviour.ts";

/** One thing to tell the app: what becomes one `change` of a webhook. */
export interface Update {
  field: string;
  value: JsonObject;
  /** Unix seconds shown as `entry.time`; only account and template fields have it. */
  time?: number;
}

/**
 * The exact bytes of a webhook that carries these updates. Non-ASCII characters are written as `\uXXXX` and slashes as
 * `\/`, as Meta does: whoever parses and writes the body again ends up with another signature.
 */
export function webhookBody(wabaId: string, updates: Update[], shape: Behaviour["webhooks"]["batchShape"]): string {
  return escapeLikeMeta(JSON.stringify({ object: "whatsapp_business_account", entry: entriesOf(wabaId, updates, shape) }));
}

export function escapeLikeMeta(json: string): string {
  return json.replace(/[/\u0080-\uffff]/g, (char) => (char === "/" ? "\\/" : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`));
}

function entriesOf(wabaId: string, updates: Update[], shape: Behaviour["webhooks"]["batchShape"]): JsonObject[] {
  const timed = updates.filter((update) => update.time !== undefined);
  const untimed = updates.filter((update) => update.time === undefined);
  const entries = timed.map((update) => ({ id: wabaId, time: update.time, changes: [change(update)] }) as JsonObject);
  if (untimed.length === 0) return entries;
  if (shape === "entries") return [...entries, ...untimed.map((update) => ({ id: wabaId, changes: [change(update)] }))];
  const merged = shape === "values" ? mergeStatuses(untimed) : untimed;
  return [...entries, { id: wabaId, changes: merged.map(change) }];
}

function change({ field, value }: Update): JsonObject {
  return { value, field };
}

/** Puts the statuses of one number into one value, with the contacts they name. */
function mergeStatuses(updates: Update[]): Update[] {
  const byNumber = new Map<unknown, { contacts: unknown[]; statuses: unknown[] }>();
  const merged: Update[] = [];
  for (const update of updates) {
    const { statuses, contacts, metadata } = update.value;
    if (!Array.isArray(statuses)) {
      merged.push(update);
      continue;
    }
    const number = (metadata as JsonObject)["phone_number_id"];
    const open = byNumber.get(number);
    if (open) {
      open.statuses.push(...statuses);
      if (Array.isArray(contacts)) open.contacts.push(...contacts);
    } else {
      const lists = { contacts: Array.isArray(contacts) ? [...contacts] : [], statuses: [...statuses] };
      byNumber.set(number, lists);
      merged.push({ field: update.field, value: { messaging_product: "whatsapp", metadata, ...lists } });
    }
  }
  return merged;
}
