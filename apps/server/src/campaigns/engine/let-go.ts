/**
 * Going on after a pause. Messages of the run may have waited for days; whoever stopped messages meanwhile gets none. So they are looked through
 * before the first of them may leave again.
 */
import { survivorsOf } from "../../contacts/merged.ts";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { StatusListener } from "../../ledger/listeners.ts";
import { resumeOrigins } from "../../ledger/paused-origins.ts";
import { failWaiting, readyMessages, type WaitingMessage } from "../../ledger/stop-origins.ts";
import type { WireError } from "../../ledger/types.ts";
import { consentOf } from "../judge/facts.ts";
import type { RunRow } from "../types.ts";
import { holdRun, type Mine } from "./leases.ts";
import { cellIds } from "./life.ts";

const AT_ONCE = 2_000;
const NOBODY = "00000000-0000-0000-0000-000000000000";
const stopped: WireError = { source: "tincan", code: 1006, title: "The person stopped messages before this one left" };

/** Lets the messages of a run leave that was paused. Answers whether it was. */
export async function letGo(db: Database, mine: Mine, run: RunRow, listeners: readonly StatusListener[]): Promise<boolean> {
  const cells = await cellIds(db, run.workspace_id, run.id);
  if ((await held.run(db, [run.workspace_id, cells])).length === 0) return false;
  for (const cell of cells) await withdraw(db, run, cell, listeners);
  await db.transaction().execute(async (tx) => {
    // Somebody may have paused it again.
    if (await holdRun(tx, mine)) await resumeOrigins(tx, run.workspace_id, cells);
  });
  return true;
}

async function withdraw(db: Database, { workspace_id: workspaceId, definition }: RunRow, cell: string, listeners: readonly StatusListener[]): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const page: WaitingMessage[] = await readyMessages(db, workspaceId, definition.provider, cell, after, AT_ONCE);
    if (page.length === 0) return;
    after = page.at(-1)!.id;
    await db.transaction().execute(async (tx) => {
      const sentAs = page.map(({ externalId }) => externalId?.slice(0, 36) ?? NOBODY);
      const merged = await survivorsOf(tx, workspaceId, sentAs);
      const people = page.map(({ recipient }, i) => ({ contactId: merged.get(sentAs[i]!) ?? sentAs[i]!, phone: recipient }));
      const objections = await consentOf(tx, workspaceId, definition.provider, people, page[0]!.category);
      const unwanted = page.filter((_, i) => objections[i] !== null).map(({ id }) => id);
      if (unwanted.length > 0) await failWaiting(tx, workspaceId, unwanted, stopped, listeners);
    });
  }
}

const held = statement<{ origin_id: string }>("engine_is_held", `select origin_id from paused_origins where workspace_id = $1 and origin_id = any ($2::uuid[]) limit 1`);
