/**
 * CleverTap's subscribe API: MSG-dndWhatsApp of a number (CleverTap: subscribe API). A number that nobody has yet becomes a contact, so that
 * the word holds when the person comes.
 */
import { unprocessedRecord } from "@tincan/clevertap";
import type { SubscriptionBatch, UnprocessedRecord } from "@tincan/clevertap";
import type { Database } from "../database/connection.ts";
import { readNumberOf } from "./phone.ts";
import type { ContactDraft } from "./types.ts";
import { upsertContacts } from "./upsert.ts";

/** Stores the readable changes, or with `dryRun` only checks them. Answers the records that were not taken. */
export async function storeSubscriptions(db: Database, workspaceId: string, batch: SubscriptionBatch, elements: readonly unknown[], dryRun: boolean): Promise<UnprocessedRecord[]> {
  const unprocessed = [...batch.unprocessed];
  const refuse = (position: number, code: number, reason: string): void => {
    unprocessed.push(unprocessedRecord(code, reason.replace(/\.$/, ""), position, elements[position - 1]));
  };
  const drafts: { position: number; draft: ContactDraft }[] = [];
  for (const { position, change } of batch.changes) {
    const phone = change.channel === "whatsapp" ? readNumberOf(change.value, null) : null;
    if (change.channel !== "whatsapp") refuse(position, 400, "type: only whatsapp messages are sent from here");
    else if (phone === null) refuse(position, 516, "value: expected a phone number in E.164 form");
    else drafts.push({ position, draft: { phone, doNotDisturb: !change.subscribed } });
  }
  if (drafts.length > 0) {
    const options = { source: "upload", consentSource: "subscribe", dryRun } as const;
    const { problems } = await db.transaction().execute((tx) => upsertContacts(tx, workspaceId, drafts.map(({ draft }) => draft), options));
    for (const { index, message, code, refused } of problems) {
      // Nothing but the number's own word is in such a record: when that is not taken, nothing was.
      if (refused) refuse(drafts[index]!.position, 555, message);
      else if (code === "kept_out") refuse(drafts[index]!.position, 555, "value: its owner was deleted while on do not disturb, and takes it off by writing a word such as START");
    }
  }
  return unprocessed;
}
