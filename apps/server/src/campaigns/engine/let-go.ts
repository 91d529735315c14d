/**
 * Going on after a pause. Messages of the run may have waited for days; whoever stopped messages meanwhile gets none, and neither does anybody
 * after the cut-off or in quiet hours. So they are looked through before the first of them may leave again.
 */
import { survivorsOf } from "../../contacts/merged.ts";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { StatusListener } from "../../ledger/listeners.ts";
import { resumeOrigins } from "../../ledger/paused-origins.ts";
import { failWaiting, putOffReady, readyMessages, type WaitingMessage } from "../../ledger/stop-origins.ts";
import type { WireError } from "../../ledger/types.ts";
import { amongAudience } from "../../segments/audience.ts";
import { consentOf } from "../judge/facts.ts";
import { timeOf, timeRules, type TimeRules } from "../judge/times.ts";
import { campaignSettings } from "../settings.ts";
import type { Candidate, RunRow } from "../types.ts";
import { holdRun, type Mine } from "./leases.ts";
import { cellIds } from "./life.ts";

const AT_ONCE = 2_000;
const NOBODY = "00000000-0000-0000-0000-000000000000";
const stopped: WireError = { source: "tincan", code: 1006, title: "The person stopped messages before this one left" };
const tooLate: WireError = { source: "tincan", code: 1, title: "The campaign's cut-off came before this message left" };
const quiet: WireError = { source: "tincan", code: 2, title: "This message would have left in quiet hours" };
/** Their own time of day had come when their message was made. */
const HAD_THEIR_TIME: NonNullable<Candidate["waiting"]> = { id: NOBODY, attempt: 1, cellId: null, event: null };

/** Lets the messages of a run leave that was paused. Answers whether it was. */
export async function letGo(db: Database, mine: Mine, run: RunRow, listeners: readonly StatusListener[]): Promise<boolean> {
  const cells = await cellIds(db, run.workspace_id, run.id);
  if ((await held.run(db, [run.workspace_id, cells])).length === 0) return false;
  const rules = timeRules({ run, settings: await campaignSettings(db, run.workspace_id) });
  for (const cell of cells) await withdraw(db, run, cell, rules, listeners);
  await db.transaction().execute(async (tx) => {
    // Somebody may have paused it again.
    if (await holdRun(tx, mine)) await resumeOrigins(tx, run.workspace_id, cells);
  });
  return true;
}

async function withdraw(db: Database, { workspace_id: workspaceId, definition }: RunRow, cell: string, rules: TimeRules, listeners: readonly StatusListener[]): Promise<void> {
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
      if (rules.cutOff === null && rules.quiet === null) return;
      const wanted = page.flatMap(({ id }, i) => (objections[i] === null ? [{ id, contactId: people[i]!.contactId }] : []));
      await atTheirTime(tx, workspaceId, wanted, rules, listeners);
    });
  }
}

/** Fails what comes after the cut-off, or in quiet hours that discard; what comes in others is put off to their end. */
async function atTheirTime(tx: Database, workspaceId: string, messages: readonly { id: string; contactId: string }[], rules: TimeRules, listeners: readonly StatusListener[]): Promise<void> {
  const now = Date.now();
  const people = await amongAudience(tx, workspaceId, { everyone: true }, [...new Set(messages.map(({ contactId }) => contactId))]);
  const zones = new Map(people.map(({ id, timeZone }) => [id, timeZone]));
  const timed = messages.map(({ id, contactId }) => ({ id, at: timeOf(rules, { timeZone: zones.get(contactId) ?? null, waiting: HAD_THEIR_TIME }, [], now) }));
  for (const [reason, error] of [["cutOff", tooLate], ["quietHours", quiet]] as const) {
    const lost = timed.filter(({ at }) => at === reason).map(({ id }) => id);
    if (lost.length > 0) await failWaiting(tx, workspaceId, lost, error, listeners);
  }
  const later = timed.flatMap(({ id, at }) => (typeof at === "number" && at > now ? [{ id, until: new Date(at) }] : []));
  if (later.length > 0) await putOffReady(tx, workspaceId, later);
}

const held = statement<{ origin_id: string }>("engine_is_held", `select origin_id from paused_origins where workspace_id = $1 and origin_id = any ($2::uuid[]) limit 1`);
