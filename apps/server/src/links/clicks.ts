/**
 * Storing clicks. Those that come while a commit runs share the next one, and each visitor goes on after the commit of their own click: a
 * link that ten thousand people open at once costs a few transactions, each of which adds to the link's row once. The first click of a
 * message is told to the ledger in the same transaction, and by it to everybody who listens.
 */
import type { Database } from "../database/connection.ts";
import { GroupCommit } from "../database/group-commit.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { StatusListener } from "../ledger/listeners.ts";
import { applyReceipts } from "../ledger/receipts.ts";
import type { Receipt } from "../ledger/types.ts";
import "./tables.ts";

export interface Click {
  messageId: string;
  code: string;
  /** What the link leads to, and how it is written in the message. */
  url: string;
  shortUrl: string;
  at: Date;
  agent: string;
}

const MAX_BATCH = 500;
/** A link belongs to one person. Whatever opens it more often than this is counted, and no longer written down one by one. */
export const CLICKS_KEPT = 1_000;

export interface ClicksOptions {
  db: Database;
  listeners: readonly StatusListener[];
  /** Called after a commit. */
  onStored: (workspaceId: string) => void;
}

export class Clicks {
  readonly #options: ClicksOptions;
  readonly #commits = new Map<string, GroupCommit<Click, void>>();

  constructor(options: ClicksOptions) {
    this.#options = options;
  }

  /** Resolves when the click is committed; rejects when the database did not take it. */
  async add(workspaceId: string, click: Click): Promise<void> {
    const { db, listeners } = this.#options;
    let commit = this.#commits.get(workspaceId);
    if (!commit) {
      commit = new GroupCommit({ db, maxBatch: MAX_BATCH, commit: (tx, clicks) => storeClicks(tx, workspaceId, clicks, listeners) });
      this.#commits.set(workspaceId, commit);
    }
    await commit.add(click);
    this.#options.onStored(workspaceId);
  }

  /** Resolves when everything added so far is committed or refused. */
  async drained(): Promise<void> {
    await Promise.all([...this.#commits.values()].map((commit) => commit.drained()));
  }
}

/** Messages before links, as everybody who holds both does. */
async function storeClicks(tx: Database, workspaceId: string, clicks: readonly Click[], listeners: readonly StatusListener[]): Promise<void[]> {
  await raiseClicked(tx, workspaceId, clicks, listeners);
  const times = new Map<string, number>();
  for (const { code } of clicks) times.set(code, (times.get(code) ?? 0) + 1);
  const codes = [...times.keys()].sort();
  await count.run(tx, [
    workspaceId,
    codes,
    codes.map((code) => times.get(code)),
    clicks.at(-1)?.at,
    clicks.map(() => uuidv7()),
    clicks.map((click) => click.code),
    clicks.map((click) => click.at),
    clicks.map((click) => click.agent),
    CLICKS_KEPT,
  ]);
  return clicks.map(() => undefined);
}

/**
 * Of two that see a message unclicked at once, the ledger lets one take the step. A message that still waits was not read by its recipient:
 * somebody here tries the link, and a receipt would take the message for sent.
 */
async function raiseClicked(tx: Database, workspaceId: string, clicks: readonly Click[], listeners: readonly StatusListener[]): Promise<void> {
  const first = new Map<string, Click>();
  for (const click of clicks) if (!first.has(click.messageId)) first.set(click.messageId, click);
  const unclicked = await findUnclicked.run(tx, [workspaceId, [...first.keys()]]);
  for (const providerId of new Set(unclicked.map((row) => row.provider_id).sort())) {
    const receipts = unclicked.filter((row) => row.provider_id === providerId).map(({ id }): Receipt => {
      const { at, url, shortUrl } = first.get(id)!;
      return { messageId: id, status: "clicked", at, click: { url, shortUrl } };
    });
    await applyReceipts(tx, workspaceId, providerId, receipts, listeners);
  }
}

const findUnclicked = statement<{ id: string; provider_id: string }>(
  "links_find_unclicked",
  `with waiting as materialized (
     select message_id from outbox where workspace_id = $1 and message_id = any ($2::uuid[]) and state in ('ready', 'held')
   )
   select id, provider_id from messages
   where workspace_id = $1 and id = any ($2::uuid[]) and clicked_at is null and id <> all (array (select message_id from waiting))`,
);

/** By links_code. The update sees the row as it is under its lock, so no click is lost between two processes. */
const count = statement(
  "links_count_clicks",
  `with counted as (
     update links l set clicks = l.clicks + i.n, first_clicked_at = coalesce(l.first_clicked_at, $4::timestamptz), last_clicked_at = $4::timestamptz
     from unnest($2::text[], $3::int[]) as i (code, n)
     where l.code = any ($2::text[]) and l.code = i.code and l.workspace_id = $1
     returning l.code, l.clicks - i.n as before
   )
   insert into link_clicks (workspace_id, id, code, at, agent)
   select $1, c.id, c.code, c.at, c.agent
   from unnest($5::uuid[], $6::text[], $7::timestamptz[], $8::text[]) as c (id, code, at, agent) join counted k on k.code = c.code
   where k.before < $9`,
);
