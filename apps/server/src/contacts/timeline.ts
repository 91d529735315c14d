/**
 * Everything that happened with a person, newest first: messages sent to their numbers with their receipts, what they wrote, events, words
 * about consent, changes of their profile. Numbers that they gave up count, as those of people merged into them do, unless somebody else
 * has them now. Each source is read up to a page, by the person's own index, and the pages are merged.
 */
import type { ConsentSource, ConsentState, MessageContent, TimelineItem, TimelineKind } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { InboundContent } from "../ledger/inbound-message.ts";
import { summaryOf } from "../ledger/present.ts";
import type { MessageState } from "../ledger/types.ts";
import { formerNumbers } from "./numbers.ts";
import type { ConsentChangeScope } from "./types.ts";

interface Person {
  id: string;
  phone: string | null;
  identity: string | null;
  /** Further ones. */
  identities: string[];
}

/** Somebody, and every number or user id by which they were or are reached. */
interface Whose {
  id: string;
  addresses: string[];
}

/** Where a page ended: microseconds since 1970 and the item's id. */
export type TimelineCursor = [string, string];

interface Placed {
  us: string;
  id: string;
  item: TimelineItem;
}

/** One page, and where to go on; null at the end. */
export async function timelineOf(
  db: Database, workspaceId: string, person: Person, page: { limit: number; after?: TimelineCursor | undefined; kind?: TimelineKind | undefined },
): Promise<{ items: TimelineItem[]; next: TimelineCursor | null }> {
  const { limit, after = [String(2n ** 62n), ""], kind } = page;
  const wanted = kind === undefined ? kinds : [kind];
  const whose = { id: person.id, addresses: wanted.some((each) => each === "message" || each === "inbound") ? await addressesOf(db, workspaceId, person) : [] };
  const found = (await Promise.all(wanted.map((each) => sources[each](db, workspaceId, whose, [...after, limit + 1])))).flat();
  const sorted = found.sort((a, b) => compare(b, a));
  const shown = sorted.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(({ item }) => item), next: sorted.length > limit && last ? [last.us, last.id] : null };
}

function compare(a: Placed, b: Placed): number {
  const [x, y] = [BigInt(a.us), BigInt(b.us)];
  return x === y ? (a.id < b.id ? -1 : 1) : x < y ? -1 : 1;
}

async function addressesOf(db: Database, workspaceId: string, { id, phone, identity, identities }: Person): Promise<string[]> {
  const former = await formerNumbers(db, workspaceId, [id]);
  return [...new Set([phone, identity, ...identities, ...former.map((row) => row.phone)])].filter((each) => each !== null);
}

type Source = (db: Database, workspaceId: string, whose: Whose, page: unknown[]) => Promise<Placed[]>;

const sources: Record<TimelineKind, Source> = {
  message: async (db, workspaceId, { addresses }, page) =>
    (await readMessages.run(db, [workspaceId, ...page, addresses])).map((row) =>
      place(row, {
        kind: "message",
        title: row.template === null ? "Sent a message" : `Sent the template ${row.template}`,
        detail: summaryOf(row.content),
        messageId: row.id,
        ...through(row),
        state: row.state,
        receipts: (["sent", "delivered", "read", "clicked", "failed"] as const).flatMap((status) => {
          const at = row[`${status}_at`];
          return at === null ? [] : [{ status, at: at.toISOString() }];
        }),
      }),
    ),
  inbound: async (db, workspaceId, { addresses }, page) =>
    (await readInbound.run(db, [workspaceId, ...page, addresses])).map((row) =>
      place(row, { kind: "inbound", title: row.content.choice ? "Pressed a button" : row.type === "text" ? "Wrote" : `Sent ${row.type === "image" || row.type === "audio" ? "an" : "a"} ${row.type}`, detail: said(row.content), messageId: row.id, ...through(row) }),
    ),
  event: async (db, workspaceId, { id }, page) =>
    (await readEvents.run(db, [workspaceId, ...page, id])).map((row) => place(row, { kind: "event", title: row.name, detail: null, properties: row.properties })),
  consent: async (db, workspaceId, { id }, page) =>
    (await readConsent.run(db, [workspaceId, ...page, id])).map((row) =>
      place(row, { kind: "consent", title: consentTitle(row.scope, row.state), detail: row.proof, consent: { scope: row.scope, state: row.state, source: row.source, proof: row.proof, by: row.by_name } }),
    ),
  profile: async (db, workspaceId, { id }, page) =>
    (await readProfile.run(db, [workspaceId, ...page, id])).map((row) => {
      const by = row.by_name === null ? "" : ` by ${row.by_name}`;
      return row.changes === null
        ? place(row, { kind: "profile", title: addedWords[row.source] ?? "Added", detail: null })
        : place(row, { kind: "profile", title: `Profile changed${by}`, detail: Object.keys(row.changes).map((field) => field.replace(/^properties\./, "")).join(", "), properties: row.changes });
    }),
};
const kinds = Object.keys(sources) as TimelineKind[];

const addedWords: Record<string, string> = {
  form: "Added in the dashboard", api: "Added by the API", csv: "Added by an import", upload: "Added by an upload", inbound: "Added when they first wrote", demo: "Added with the demo",
};

function place(row: { us: string; at: Date; id: string }, item: Omit<TimelineItem, "id" | "at">): Placed {
  return { us: row.us, id: row.id, item: { id: row.id, at: row.at.toISOString(), ...item } };
}

/** The number it went through; one that was deleted has no name any more. */
function through({ provider_id: id, nickname }: ThroughRow): Pick<TimelineItem, "provider"> {
  return nickname === null ? {} : { provider: { id, nickname } };
}

function said({ text, choice, media, location, reaction }: InboundContent): string | null {
  return choice?.text ?? text ?? media?.caption ?? media?.filename ?? location?.name ?? reaction?.emoji ?? null;
}

function consentTitle(scope: ConsentChangeScope, state: ConsentState): string {
  if (scope === "doNotDisturb") return state === "out" ? "Number put on do not disturb" : "Number taken off do not disturb";
  return `Opted ${state} ${state === "in" ? "to" : "of"} ${scope === "all" ? "all messages" : `${scope} messages`}`;
}

/** Microseconds, which JavaScript's times do not hold. */
const us = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;
const page = (at: string, id: string): string => `(${us(at)}, ${id}::text) < ($2::bigint, $3) order by ${at} desc, ${id}::text desc limit $4`;

interface Row {
  us: string;
  at: Date;
  id: string;
}

interface ThroughRow {
  provider_id: string;
  nickname: string | null;
}

interface MessageRow extends Row, ThroughRow, Record<`${"sent" | "delivered" | "read" | "clicked" | "failed"}_at`, Date | null> {
  template: string | null;
  state: MessageState;
  content: MessageContent | null;
}

/** By messages_recipient. */
const readMessages = statement<MessageRow & Record<string, unknown>>(
  "timeline_messages",
  `with sent as (
     select id, provider_id, template, state, accepted_at, sent_at, delivered_at, read_at, clicked_at, failed_at from messages
     where workspace_id = $1 and recipient = any ($5::text[]) and ${page("accepted_at", "id")}
   )
   select s.id, s.template, s.state, s.accepted_at as at, ${us("s.accepted_at")}::text as us, s.sent_at, s.delivered_at, s.read_at, s.clicked_at, s.failed_at, c.content,
     s.provider_id, p.nickname
   from sent s left join message_contents c on c.workspace_id = $1 and c.message_id = s.id left join providers p on p.workspace_id = $1 and p.id = s.provider_id`,
);

/** By inbound_messages_sender. */
const readInbound = statement<Row & ThroughRow & { type: string; content: InboundContent }>(
  "timeline_inbound",
  `with heard as (
     select id, provider_id, type, content, occurred_at from inbound_messages
     where workspace_id = $1 and sender = any ($5::text[]) and ${page("occurred_at", "id")}
   )
   select h.id, h.type, h.content, h.occurred_at as at, ${us("h.occurred_at")}::text as us, h.provider_id, p.nickname
   from heard h left join providers p on p.workspace_id = $1 and p.id = h.provider_id`,
);

/** By events_contact, in every partition. */
const readEvents = statement<Row & { name: string; properties: Record<string, unknown> }>(
  "timeline_events",
  `select id, name, properties, occurred_at as at, ${us("occurred_at")}::text as us from events
   where workspace_id = $1 and contact_id = $5 and ${page("occurred_at", "id")}`,
);

const readConsent = statement<Row & { scope: ConsentChangeScope; state: ConsentState; source: ConsentSource; proof: string | null; by_name: string | null }>(
  "timeline_consent",
  `select id, scope, state, source, proof, by_name, at, ${us("at")}::text as us from consent_changes
   where workspace_id = $1 and contact_id = $5 and ${page("at", "id")}`,
);

const readProfile = statement<Row & { source: string; by_name: string | null; changes: Record<string, unknown> | null }>(
  "timeline_profile",
  `select id, source, by_name, changes, at, ${us("at")}::text as us from (
     select id, source, by_name, changes, at from contact_changes where workspace_id = $1 and contact_id = $5
     union all
     select id, source, null, null, created_at from contacts where workspace_id = $1 and id = $5
   ) p where ${page("at", "id")}`,
);
