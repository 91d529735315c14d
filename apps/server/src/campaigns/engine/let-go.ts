/**
 * Messages of a run that have waited: after a pause, perhaps for days, or because their lane was slow or down until their time to leave had passed.
 * Whoever stopped messages meanwhile gets none, and neither does anybody after the cut-off or in quiet hours. So they are looked through before
 * the first of them may leave.
 */
import { survivorsOf } from "../../contacts/merged.ts";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { StatusListener } from "../../ledger/listeners.ts";
import { resumeOrigins } from "../../ledger/paused-origins.ts";
import { failWaiting, lateMessages, readyMessages, retimeReady, type WaitingMessage } from "../../ledger/stop-origins.ts";
import type { WireError } from "../../ledger/types.ts";
import { amongAudience } from "../../segments/audience.ts";
import { consentOf } from "../judge/facts.ts";
import { leaveBy, timeOf, timeRules, type TimeRules } from "../judge/times.ts";
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
  for (const cell of cells) {
    for (let after: string | null = null; ; ) {
      const page: WaitingMessage[] = await readyMessages(db, run.workspace_id, run.definition.provider, cell, after, AT_ONCE);
      if (page.length === 0) break;
      after = page.at(-1)!.id;
      await lookThrough(db, run, page, rules, listeners);
    }
  }
  await db.transaction().execute(async (tx) => {
    // Somebody may have paused it again.
    if (await holdRun(tx, mine)) await resumeOrigins(tx, run.workspace_id, cells);
  });
  return true;
}

/** Says what becomes of the messages of a run that did not leave in time. Answers whether there were any. */
export async function letGoLate(db: Database, run: RunRow, listeners: readonly StatusListener[]): Promise<boolean> {
  const cells = await cellIds(db, run.workspace_id, run.id);
  for (let found = false; ; found = true) {
    const page = await lateMessages(db, run.workspace_id, run.definition.provider, cells, new Date(), AT_ONCE);
    if (page.length === 0) return found;
    const rules = timeRules({ run, settings: await campaignSettings(db, run.workspace_id) });
    for (const ofCategory of Map.groupBy(page, ({ category }) => category).values()) await lookThrough(db, run, ofCategory, rules, listeners);
  }
}

/** @param page messages of one category */
async function lookThrough(
  db: Database, { workspace_id: workspaceId, definition }: RunRow, page: readonly WaitingMessage[], rules: TimeRules, listeners: readonly StatusListener[],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const sentAs = page.map(({ externalId }) => externalId?.slice(0, 36) ?? NOBODY);
    const merged = await survivorsOf(tx, workspaceId, sentAs);
    const people = page.map(({ recipient }, i) => ({ contactId: merged.get(sentAs[i]!) ?? sentAs[i]!, phone: recipient }));
    const objections = await consentOf(tx, workspaceId, definition.provider, people, page[0]!.category);
    const unwanted = page.filter((_, i) => objections[i] !== null).map(({ id }) => id);
    if (unwanted.length > 0) await failWaiting(tx, workspaceId, unwanted, stopped, listeners);
    const wanted = page.flatMap((message, i) => (objections[i] === null ? [{ ...message, contactId: people[i]!.contactId }] : []));
    await atTheirTime(tx, workspaceId, wanted, rules, listeners);
  });
}

/** Fails what comes after the cut-off, or in quiet hours that discard; what comes in others is put off to their end. */
async function atTheirTime(
  tx: Database, workspaceId: string, messages: readonly (WaitingMessage & { contactId: string })[], rules: TimeRules, listeners: readonly StatusListener[],
): Promise<void> {
  const now = Date.now();
  const people = await amongAudience(tx, workspaceId, { everyone: true }, [...new Set(messages.map(({ contactId }) => contactId))]);
  const zones = new Map(people.map(({ id, timeZone }) => [id, timeZone]));
  const timed = messages.map((message) => {
    const timeZone = zones.get(message.contactId) ?? null;
    return { ...message, timeZone, at: timeOf(rules, { timeZone, waiting: HAD_THEIR_TIME }, [], now) };
  });
  for (const [reason, error] of [["cutOff", tooLate], ["quietHours", quiet]] as const) {
    const lost = timed.filter(({ at }) => at === reason).map(({ id }) => id);
    if (lost.length > 0) await failWaiting(tx, workspaceId, lost, error, listeners);
  }
  const kept = timed.flatMap(({ id, at, timeZone, leaveBy: before }) => {
    if (typeof at === "string") return [];
    const until = leaveBy(rules, timeZone, at);
    return at > now || until?.getTime() !== before?.getTime() ? [{ id, at: new Date(at), leaveBy: until }] : [];
  });
  if (kept.length > 0) await retimeReady(tx, workspaceId, kept, new Date(now));
}

const held = statement<{ origin_id: string }>("engine_is_held", `select origin_id from paused_origins where workspace_id = $1 and origin_id = any ($2::uuid[]) limit 1`);
