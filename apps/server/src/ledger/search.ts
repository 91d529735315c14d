/**
 * Finding messages. A page is read from an index whatever is asked: by our id, by number, by an origin's own id; or, with filters
 * alone, from the newest backwards (or the oldest on), no further than SCAN rows at a time. A page may then be short, or empty, and
 * still have a next one: a rare state in a large workspace is found by reading on, not by one endless query.
 */
import type { MessageContent, MessageStep } from "@tincan/api";
import type { Selectable } from "kysely";
import type { Database } from "../database/connection.ts";
import type { Schema } from "../database/schema.ts";
import { type Statement, statement } from "../database/statement.ts";
import { firstUuidAt } from "../database/uuid.ts";
import { stepTime } from "./step-time.ts";
import type { MessageState, OriginKind } from "./types.ts";
import "./tables.ts";

/** Rows looked at for one page; some 100 ms on a small machine. */
const SCAN = 200_000;
const TRIAL_ID = "0|0|0|0";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface MessageFilter {
  /** Our id, a number with or without "+", or an origin's own id. */
  q?: string | undefined;
  state?: MessageState | undefined;
  /** A step it took at any time. */
  reached?: MessageStep | undefined;
  providerId?: string | undefined;
  originKind?: OriginKind | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** The id after which to go on. */
  after?: string | undefined;
  oldestFirst?: boolean;
  limit: number;
}

/** A message's columns, with what belongs to it elsewhere. */
export interface MessageRow extends Omit<Selectable<Schema["messages"]>, "workspace_id" | "pricing" | "fresh"> {
  nickname: string | null;
  content: MessageContent | null;
  request: string | null;
  wire_id: string | null;
}

/** One page, newest first unless told otherwise, and the id to go on after; null at the end. */
export async function searchMessages(db: Database, workspaceId: string, filter: MessageFilter): Promise<{ rows: MessageRow[]; next: string | null }> {
  const { limit, q } = filter;
  const { identify, browse, horizon, read } = filter.oldestFirst ? upwards : downwards;
  const messages = (ids: string[]) => (ids.length === 0 ? [] : read.run(db, [workspaceId, ids]));
  const filters = [filter.state ?? null, filter.providerId ?? null, filter.originKind ?? null, filter.from ?? null, filter.to ?? null, filter.reached ?? null];
  if (q !== undefined && q !== "") {
    const number = /^\+?\d{5,15}$/.test(q) ? `+${q.replace("+", "")}` : null;
    const ids = (await identify.run(db, [workspaceId, UUID.test(q) ? q : null, number, q, TRIAL_ID, filter.after ?? null, ...filters, limit + 1, SCAN])).map((row) => row.id);
    return { rows: await messages(ids.slice(0, limit)), next: ids.length > limit ? ids[limit - 1]! : null };
  }
  const ids = (await browse.run(db, [workspaceId, filter.after ?? null, ...filters, limit + 1, SCAN, ...idBounds(filter)])).map((row) => row.id);
  const rows = await messages(ids.slice(0, limit));
  if (ids.length > limit) return { rows, next: ids[limit - 1]! };
  const [unread] = await horizon.run(db, [workspaceId, filter.after ?? null, SCAN - 1, ...idBounds(filter)]);
  return { rows, next: unread?.id ?? null };
}

/** One message with all that is known of it; null when it is not there. */
export async function findMessage(db: Database, workspaceId: string, id: string): Promise<MessageRow | null> {
  return UUID.test(id) ? ((await downwards.read.run(db, [workspaceId, [id]]))[0] ?? null) : null;
}

/** An id holds the time it was made, shortly before acceptance: an hour of slack on the early side loses nothing. */
function idBounds({ from, to }: MessageFilter): [string, string] {
  return [from ? firstUuidAt(from.getTime() - 3_600_000) : "00000000-0000-0000-0000-000000000000", to ? firstUuidAt(to.getTime() + 1) : "ffffffff-ffff-ffff-ffff-ffffffffffff"];
}

/** Both orders of one and the same questions; `desc` reads indexes backwards. */
interface Order {
  identify: Statement<{ id: string }>;
  browse: Statement<{ id: string }>;
  horizon: Statement<{ id: string }>;
  read: Statement<MessageRow>;
}

function inOrder(suffix: string, direction: "asc" | "desc"): Order {
  const past = direction === "desc" ? "<" : ">";
  return {
    /*
     * messages_external_id begins with the origin, which the question does not name: the recursion skips from one origin to the next
     * in that index, of which there are few, and looks into each. Trial ids are not in it; they are looked for among the newest rows.
     */
    identify: statement(
      `messages_identify${suffix}`,
      `with recursive origins (origin_id) as (
         (select origin_id from messages
          where workspace_id = $1 and external_id is not null and external_id <> '0|0|0|0' order by origin_id limit 1)
         union all
         select n.origin_id from origins o cross join lateral (
           select m.origin_id from messages m
           where m.workspace_id = $1 and m.external_id is not null and m.external_id <> '0|0|0|0' and m.origin_id > o.origin_id
           order by m.origin_id limit 1) n
       ), found as (
         select $2::uuid as id where $2::uuid is not null
         union
         select id from messages where workspace_id = $1 and recipient = $3
         union
         select m.id from origins o join messages m on m.workspace_id = $1 and m.origin_id = o.origin_id and m.external_id = $4
           and m.external_id <> '0|0|0|0'
         where $4 <> $5
         union
         select id from (select id, external_id from messages where workspace_id = $1 order by id desc limit $14) newest where $4 = $5 and external_id = $5
       )
       select m.id from found f join messages m on m.workspace_id = $1 and m.id = f.id
       where ($6::uuid is null or m.id ${past} $6)
         and ($7::text is null or m.state = $7) and ($8::text is null or m.provider_id::text = $8) and ($9::text is null or m.origin_kind = $9)
         and ($10::timestamptz is null or m.accepted_at >= $10) and ($11::timestamptz is null or m.accepted_at < $11)
         and ($12::text is null or ${stepTime("$12", "m")} is not null)
       order by m.id ${direction} limit $13`,
    ),

    /** Walks the primary key and stops at the page's end or after SCAN rows. */
    browse: statement(
      `messages_browse${suffix}`,
      `select id from (
         select id, state, provider_id, origin_kind, accepted_at, submitted_at, sent_at, delivered_at, read_at, clicked_at, failed_at from messages
         where workspace_id = $1 and ($2::uuid is null or id ${past} $2) and id >= $11::uuid and id < $12::uuid
         order by id ${direction} limit $10) m
       where ($3::text is null or state = $3) and ($4::text is null or provider_id::text = $4) and ($5::text is null or origin_kind = $5)
         and ($6::timestamptz is null or accepted_at >= $6) and ($7::timestamptz is null or accepted_at < $7)
         and ($8::text is null or ${stepTime("$8", "m")} is not null)
       order by id ${direction} limit $9`,
    ),

    /** The last row that a page without more results has looked at, if anything may lie beyond it. */
    horizon: statement(
      `messages_horizon${suffix}`,
      `select id from messages
       where workspace_id = $1 and ($2::uuid is null or id ${past} $2) and id >= $4::uuid and id < $5::uuid
       order by id ${direction} offset $3 limit 1`,
    ),

    read: statement(
      `messages_read${suffix}`,
      `select m.id, m.provider_id, p.nickname, m.origin_kind, m.origin_id, m.external_id, m.recipient, m.type, m.category, m.template, m.state,
         m.accepted_at, m.sending_at, m.submitted_at, m.sent_at, m.delivered_at, m.read_at, m.clicked_at, m.failed_at, m.error,
         c.content, c.request, w.wire_id
       from messages m
       left join message_contents c on c.workspace_id = $1 and c.message_id = m.id
       left join providers p on p.workspace_id = $1 and p.id = m.provider_id
       left join lateral (select wire_id from wire_ids where workspace_id = $1 and message_id = m.id limit 1) w on true
       where m.workspace_id = $1 and m.id = any ($2::uuid[])
       order by m.id ${direction}`,
    ),
  };
}

const downwards = inOrder("", "desc");
const upwards = inOrder("_upwards", "asc");
