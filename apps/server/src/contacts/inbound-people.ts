/*
 * What an inbound message tells about the person who wrote it, in the transaction that stores it:
 *
 *   nobody known        becomes a contact without consent, their message is kept
 *   a consent word      alone in a message or on a button, or a template's opt-out button: opts out or in, with a line in the history
 *   a confirmation      answers it inside the 24-hour window, once per change, through the ledger (origin "consent")
 *
 * A message that answers a platform deployment's message belongs to the platform's conversation: it changes no consent here. A word that
 * answers nothing is heard also where a platform listens on the same number, but answering it is left to the platform.
 */
import type { ConsentSource, ConsentState, ConsentWord } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import { accept } from "../ledger/accept.ts";
import type { InboundMessage } from "../ledger/inbound-message.ts";
import type { InboundListener, StatusListener } from "../ledger/listeners.ts";
import { SERVICE_WINDOW_MS } from "../ledger/permissions-to-send.ts";
import type { NewMessage } from "../ledger/types.ts";
import { readConsentSettings } from "./consent-settings.ts";
import { setConsent } from "./consent.ts";
import { findWord, replyFor, wordBook, type WordBook } from "./consent-words.ts";
import { optOutPresses } from "./opt-out-buttons.ts";
import type { ConsentChange } from "./types.ts";
import { upsertContacts } from "./upsert.ts";

export interface InboundPeopleDeps {
  statusListeners: readonly StatusListener[];
  /** Those of the providers whose inbound messages are passed on to a platform. */
  platformProviders(tx: Database, workspaceId: string, providerIds: string[]): Promise<Set<string>>;
  /** Called inside the transaction: the lane has something to send once it is committed. */
  wake(laneId: string): void;
}

/** Longer texts are no consent word; they are not compared. */
const LONGEST_TEXT = 80;
/** The external id of a confirmation; its origin is the change, so each change has one. */
const CONFIRMATION = "confirmation";

interface Writer {
  id: string;
  language: string | null;
}

/** A consent word that was heard. */
interface Heard {
  message: InboundMessage;
  writer: Writer;
  word: ConsentWord;
  source: ConsentSource;
}

export function inboundPeople(deps: InboundPeopleDeps): InboundListener {
  return async (tx, workspaceId, inbound) => {
    const messages = inbound.filter((message) => message.type !== "system");
    if (messages.length === 0) return;
    const writers = await findWriters(tx, workspaceId, messages);
    const { words, settings } = await readConsentSettings(tx, workspaceId);
    const heard = await hearWords(tx, workspaceId, messages, writers, wordBook(words.words));
    if (heard.length > 0) {
      const changes = heard.map(({ writer, word, source, message }): ConsentChange => ({
        contactId: writer.id, scope: word.category, state: word.state, source, at: message.occurredAt, proof: proofOf(message),
      }));
      const outcomes = await setConsent(tx, workspaceId, changes);
      if (settings.reply) {
        const due = heard.flatMap((each, i) => (["applied", "unchanged"].includes(outcomes[i]!.outcome) ? [{ ...each, changeId: outcomes[i]!.id }] : []));
        await confirm(deps, tx, workspaceId, due, (each) => replyFor(settings.replies, each.word.state, each.writer.language, each.word.language));
      }
    }
    // Last, and waiting for nobody: who holds a row is writing about the same person at the same moment.
    await markSeen.run(tx, [workspaceId, messages.map((m) => writers.get(keyOf(m))!.id), messages.map((m) => m.occurredAt)]);
    await tellOnCommit(tx, workspaceId, "contacts");
  };
}

/** The phone number; the business-scoped user id of somebody who shows none, unless they answer a message that went to their number. */
function keyOf({ sender, replyTo }: InboundMessage): string {
  return sender.startsWith("+") ? sender : replyTo?.recipient.startsWith("+") ? replyTo.recipient : sender;
}

/** Everybody who wrote, by key; those nobody knew are contacts now. */
async function findWriters(tx: Database, workspaceId: string, messages: readonly InboundMessage[]): Promise<Map<string, Writer>> {
  const named = new Map<string, string | null>();
  for (const message of messages) named.set(keyOf(message), message.profileName ?? named.get(keyOf(message)) ?? null);
  const keys = [...named.keys()];
  const writers = new Map((await find.run(tx, [workspaceId, keys])).map(({ key, ...writer }) => [key, writer]));
  const strangers = keys.filter((key) => !writers.has(key)).sort();
  if (strangers.length === 0) return writers;
  const drafts = strangers.map((key) => ({ ...(key.startsWith("+") ? { phone: key } : { identity: key }), name: named.get(key)?.slice(0, 512) ?? null }));
  const { ids } = await upsertContacts(tx, workspaceId, drafts, { source: "inbound" });
  const odd: string[] = [];
  for (const [i, key] of strangers.entries()) {
    if (ids[i]) writers.set(key, { id: ids[i], language: null });
    else odd.push(key);
  }
  // A sender whose number no numbering plan has: WhatsApp says it exists, so it is taken as it is.
  if (odd.length > 0) {
    const made = await upsertContacts(tx, workspaceId, odd.map((key) => ({ identity: key, name: named.get(key)?.slice(0, 512) ?? null })), { source: "inbound" });
    for (const [i, key] of odd.entries()) writers.set(key, { id: made.ids[i]!, language: null });
  }
  return writers;
}

/** Consent words in the order in which they were said. */
async function hearWords(tx: Database, workspaceId: string, messages: readonly InboundMessage[], writers: ReadonlyMap<string, Writer>, book: WordBook): Promise<Heard[]> {
  const ours = messages.filter((message) => message.replyTo?.originKind !== "deployment").toSorted((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.id < b.id ? -1 : 1));
  const pressed = await optOutPresses(tx, workspaceId, ours);
  return ours.flatMap((message): Heard[] => {
    const writer = writers.get(keyOf(message))!;
    const { text, choice } = message.content;
    if (pressed.has(message.id)) return [{ message, writer, source: "button", word: { word: choice!.text, state: "out", category: "marketing", language: writer.language ?? "en" } }];
    const said = choice ? [choice.text, choice.payload] : message.type === "text" ? [text ?? ""] : [];
    const word = said.filter((each) => each !== "" && each.length <= LONGEST_TEXT).map((each) => findWord(book, each, writer.language)).find((each) => each !== undefined);
    return word ? [{ message, writer, word, source: choice ? "button" : "keyword" }] : [];
  });
}

/** The words themselves, and the message that holds them. */
function proofOf({ content, id }: InboundMessage): string {
  return `“${(content.choice?.text ?? content.text ?? "").trim().slice(0, 80).toWellFormed()}” in message ${id}`;
}

type Due = Heard & { changeId: string | null };

/** A word that changed nothing is answered too, unless the change it repeats has been confirmed. */
async function confirm(deps: InboundPeopleDeps, tx: Database, workspaceId: string, heard: readonly Due[], textOf: (due: Due) => string | undefined): Promise<void> {
  const now = new Date();
  const open = heard.filter(({ message }) => now.getTime() - message.occurredAt.getTime() < SERVICE_WINDOW_MS);
  const unanswered = open.filter(({ message }) => !message.replyTo).map(({ message }) => message.providerId);
  const platforms = unanswered.length === 0 ? new Set<string>() : await deps.platformProviders(tx, workspaceId, [...new Set(unanswered)]);
  const due = open.filter(({ message }) => message.replyTo || !platforms.has(message.providerId));
  const repeated = due.filter(({ changeId }) => changeId === null).map(({ writer }) => writer.id);
  const earlier = new Map((repeated.length === 0 ? [] : await lastOwnWord.run(tx, [workspaceId, repeated])).map((row) => [row.contact_id, row]));
  const replies = new Map<string, NewMessage>();
  for (const each of due) {
    const before = earlier.get(each.writer.id);
    const changeId = each.changeId ?? (before?.state === each.word.state ? before.id : undefined);
    const text = textOf(each);
    if (changeId === undefined || text === undefined) continue;
    const { providerId, sender } = each.message;
    replies.set(changeId, {
      id: uuidv7(), providerId, originKind: "consent", originId: changeId, externalId: CONFIRMATION, recipient: sender, category: "service", content: { type: "text", text },
    });
  }
  if (replies.size === 0) return;
  await accept(tx, workspaceId, [...replies.values()], deps.statusListeners, now);
  for (const laneId of new Set([...replies.values()].map((reply) => reply.providerId))) deps.wake(laneId);
}

const find = statement<Writer & { key: string }>(
  "contacts_find_writers",
  `select id, language, phone as key from contacts where workspace_id = $1 and phone = any ($2::text[])
   union all
   select id, language, identity from contacts where workspace_id = $1 and identity = any ($2::text[])`,
);

const lastOwnWord = statement<{ contact_id: string; id: string; state: ConsentState }>(
  "consent_last_own_word",
  `select distinct on (contact_id) contact_id, id, state from consent_changes
   where workspace_id = $1 and contact_id = any ($2::uuid[]) and source in ('keyword', 'button')
   order by contact_id, id desc`,
);

const markSeen = statement(
  "contacts_mark_seen",
  `with seen as (
     select contact_id, max(at) as at from unnest($2::uuid[], $3::timestamptz[]) as s (contact_id, at) group by contact_id
   ), free as (
     select id from contacts where workspace_id = $1 and id = any ($2::uuid[]) for update skip locked
   )
   update contacts c set last_seen_at = s.at from seen s
   where c.workspace_id = $1 and c.id = s.contact_id and c.id = any (array (select id from free))
     and (c.last_seen_at is null or c.last_seen_at < s.at - interval '1 minute')`,
);
