/**
 * The short way in for many messages of one origin that nobody had yet: a campaign's. What they share is sent to Postgres once, and no row is looked
 * for before it is written; the same rows come of it as of accept().
 */
import { binaryArray } from "../database/binary-array.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { PRIORITY } from "./accept.ts";
import type { NewMessage } from "./types.ts";

/** What messages have in common that are accepted together. */
export interface SharedByMessages extends Pick<NewMessage, "providerId" | "originKind" | "originId" | "category"> {
  /** The name of the template that all of them are made of. */
  template: string;
}

/** What is each message's own. */
export type OneOfMany = Pick<NewMessage, "id" | "recipient" | "content" | "leaveBy"> & { externalId: string };

/** SQLSTATE unique_violation: one of the messages was there before. The caller's transaction is lost, and may be done again with accept(). */
export const THERE_BEFORE = "23505";

/** Writes messages that are to leave now, and their outbox rows, in the caller's transaction. Fails with THERE_BEFORE. */
export async function acceptNew(tx: Database, workspaceId: string, shared: SharedByMessages, messages: readonly OneOfMany[], now: Date): Promise<void> {
  const { providerId, originKind, originId, category, template } = shared;
  const list = messages.map(({ id }) => id);
  // Written down once for all three.
  const ids = binaryArray("uuid", list) ?? list;
  const externalIds = messages.map(({ externalId }) => externalId);
  await insertMessages.run(tx, [workspaceId, ids, providerId, originKind, originId, externalIds, messages.map(({ recipient }) => recipient), category, template, now]);
  await insertContents.run(tx, [workspaceId, ids, messages.map(({ content }) => JSON.stringify(content))]);
  await queue.run(tx, [workspaceId, ids, providerId, originId, PRIORITY[category], now, messages.map(({ leaveBy }) => leaveBy ?? null)]);
}

/* One statement for each table: rows that all three would read from one list are put aside by Postgres first, which costs more than the ids sent again. */

const insertMessages = statement(
  "ledger_accept_new",
  `insert into messages (workspace_id, id, provider_id, origin_kind, origin_id, external_id, recipient, type, category, template, state, accepted_at)
   select $1::uuid, i.id, $3::uuid, $4, $5::uuid, i.external_id, i.recipient, 'template', $8, $9, 'queued', $10::timestamptz
   from unnest($2::uuid[], $6::text[], $7::text[]) as i (id, external_id, recipient)`,
);

const insertContents = statement(
  "ledger_accept_new_contents",
  `insert into message_contents (workspace_id, message_id, content) select $1::uuid, i.id, i.content from unnest($2::uuid[], $3::json[]) as i (id, content)`,
);

const queue = statement(
  "ledger_accept_new_outbox",
  `insert into outbox (workspace_id, message_id, lane_id, origin_id, priority, state, due_at, leave_by)
   select $1::uuid, i.id, $3::uuid, $4::uuid, $5::smallint, 'ready', $6::timestamptz, i.leave_by from unnest($2::uuid[], $7::timestamptz[]) as i (id, leave_by)`,
);
