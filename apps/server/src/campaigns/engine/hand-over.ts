/**
 * One batch of a run, in one transaction: the run's row is locked, people are judged, their messages composed and accepted, those who wait or
 * were left out noted, everything counted, and the place moved on. A crash at any line has done all of it or none of it.
 */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { acceptNew, THERE_BEFORE, type OneOfMany } from "../../ledger/accept-new.ts";
import { accept } from "../../ledger/accept.ts";
import type { StatusListener } from "../../ledger/listeners.ts";
import { countOutbox } from "../../ledger/stop-origins.ts";
import type { Category } from "../../ledger/types.ts";
import { CONTROL } from "../create-run.ts";
import { holdLimits } from "../judge/hold.ts";
import { judgeBatch } from "../judge/judge.ts";
import { composeBatch } from "../personalise/compose.ts";
import { addCounts, type CountDelta } from "../reactions/add-counts.ts";
import type { RunContext } from "../run-context.ts";
import type { Candidate, RunRow, Verdict } from "../types.ts";
import { holdRun, LEASE_SECONDS, type Mine } from "./leases.ts";
import { allowance, minuteOf } from "./pace.ts";
import { noteOutcomes, type Decided, type Outcome, type Person } from "./outcomes.ts";
import { dueWaiting, type Portion } from "./sources.ts";

export interface HandOverDeps {
  db: Database;
  statusListeners: readonly StatusListener[];
}

/** Who is next: people of the audience, or up to so many whose time has come. */
export type Source = { portion: Portion } | { waiting: number };

/**
 * What came of it. `later`: nothing may be handed over before then. Else `taken` of the people were dealt with and `sent` of them have a
 * message; the rest of them are still to be looked at.
 */
export type HandedOver = { later: Date } | { taken: number; sent: number; run: RunRow };

/** The run is another process's, or was paused, stopped or ended meanwhile. Nothing of the batch has been done. */
export class NotOurs extends Error {}

/** Other writers may be in the way for a moment (SQLSTATE deadlock_detected, serialization_failure), or somebody has a message already. */
const WORTH_REPEATING = new Set(["40P01", "40001", THERE_BEFORE]);
const REPEATS = 3;

/** @param most messages, at most; the run's own throttle may allow fewer */
export async function handOver(deps: HandOverDeps, context: RunContext, mine: Mine, source: Source, most: number, perSecond: number | null): Promise<HandedOver> {
  let someHaveIt = false;
  for (let attempt = 1; ; attempt++) {
    let judged = 0;
    try {
      const result = await deps.db.transaction().execute(async (tx) => {
        await dontWait.run(tx);
        await holdLimits(tx, context);
        const run = await holdRun(tx, mine);
        if (!run) throw new NotOurs();
        context.run = run;
        const now = run.now;
        const minute = await minuteOfRun(tx, context, now);
        const { perMinute } = run.definition.pace;
        const allowed = perMinute ? allowance(perMinute, minute, now) : { messages: most, next: now };
        if (allowed.messages === 0) return { later: allowed.next };

        const people = "portion" in source ? source.portion.candidates.map((candidate): Person => ({ candidate })) : await waitingPeople(tx, run, source.waiting, now);
        const decided = await decide(tx, context, people, Math.min(most, allowed.messages), now, (sends) => (judged = sends));
        if ("portion" in source) source.portion.readOn();
        const sent = await acceptMessages(tx, deps, context, decided, now, someHaveIt);
        const noted = await noteOutcomes(tx, run, decided, now);
        await addCounts(tx, mine.workspaceId, sent.counts);
        const place = "portion" in source ? source.portion.place(decided.length) : { after: run.after_contact, end: run.looked_at_all };
        const [moved] = await move.run(tx, [
          mine.workspaceId, mine.id, place.after, place.end, newPeople(run, decided), sent.messages, noted.waiting,
          perMinute ? minute.began : run.minute, perMinute ? minute.handedOver + sent.messages : 0, perSecond, LEASE_SECONDS,
        ]);
        if (!moved) throw new NotOurs();
        return { taken: decided.length, sent: sent.messages, run: moved };
      });
      context.tier.add(("later" in result ? 0 : result.sent) - judged);
      return result;
    } catch (cause) {
      context.tier.add(-judged);
      const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
      if (!WORTH_REPEATING.has(code) || attempt === REPEATS) throw cause;
      someHaveIt ||= code === THERE_BEFORE;
    }
  }
}

async function waitingPeople(tx: Database, run: RunRow, most: number, now: Date): Promise<Person[]> {
  return (await dueWaiting(tx, run, most, now)).map(({ candidate, ...row }) => ({ candidate, row }));
}

/** Judges and composes. Ends before the first who would get a message more than `most`: they and those after them are for the next batch. */
async function decide(tx: Database, context: RunContext, people: Person[], most: number, now: Date, judgedSends: (sends: number) => void): Promise<Decided[]> {
  if (people.length === 0) return [];
  const there = people.filter((person): person is Person & { candidate: Candidate } => person.candidate !== null);
  const judged = await judgeBatch(tx, context, there.map(({ candidate }) => candidate), now);
  const verdicts = new Map<Person, Verdict>(there.map((person, i) => [person, judged[i]!]));
  judgedSends(judged.filter((verdict) => verdict.kind === "send").length);
  const picked: { decided: Decided; candidate: Candidate; variant: string; messageId: string; leaveBy: Date | null }[] = [];
  const decided: Decided[] = [];
  for (const person of people) {
    const verdict = verdicts.get(person);
    if (verdict?.kind === "send") {
      if (picked.length === most) break;
      const each: Decided = { person, outcome: { kind: "lost", reason: "missingValue", detail: null, cellId: null } };
      picked.push({ decided: each, candidate: person.candidate!, variant: verdict.variant, messageId: uuidv7(), leaveBy: verdict.leaveBy });
      decided.push(each);
      continue;
    }
    const outcome: Outcome =
      verdict === undefined ? { kind: "lost", reason: context.run.live ? "notMatching" : "removed", detail: null, cellId: null }
      : verdict.kind === "lost" ? { kind: "lost", reason: verdict.reason, detail: verdict.detail ?? null, cellId: verdict.reason === "controlGroup" ? (context.cells.get(CONTROL) ?? null) : null }
      : verdict.kind === "held" ? { kind: "held" }
      : { kind: "wait", dueAt: verdict.dueAt, cellId: person.candidate?.waiting?.cellId ?? null };
    decided.push({ person, outcome });
  }
  const composed = picked.length === 0 ? [] : await composeBatch(tx, context, picked, now);
  for (const [i, { decided: each, messageId, leaveBy }] of picked.entries()) {
    const made = composed[i]!;
    each.outcome = "lost" in made ? { kind: "lost", reason: made.lost, detail: made.detail, cellId: null } : { kind: "send", messageId, leaveBy, ...made };
  }
  return decided;
}

/** Hands the messages to the ledger, each cell's together. When some of the people have this very message already, they are counted as done. */
async function acceptMessages(
  tx: Database, { statusListeners }: HandOverDeps, { run, workspaceId }: RunContext, decided: readonly Decided[], now: Date, someHaveIt: boolean,
): Promise<{ messages: number; counts: CountDelta[] }> {
  const retries = new Set<string>();
  const ofCell = new Map<string, { category: Category; template: string; messages: OneOfMany[] }>();
  for (const { person, outcome } of decided) {
    if (outcome.kind !== "send") continue;
    const { cellId, category, content, leaveBy } = outcome;
    let cell = ofCell.get(cellId);
    if (!cell) ofCell.set(cellId, (cell = { category, template: content.name, messages: [] }));
    if (person.row && person.row.attempt > 1) retries.add(outcome.messageId);
    cell.messages.push({ id: outcome.messageId, externalId: externalId(run, person), recipient: person.candidate!.phone!, content, ...(leaveBy && { leaveBy }) });
  }
  const counts: CountDelta[] = [];
  let handedOver = 0;
  for (const [originId, { messages, ...cell }] of ofCell) {
    const shared = { providerId: run.definition.provider, originKind: "campaign", originId, ...cell } as const;
    if (!someHaveIt) await acceptNew(tx, workspaceId, shared, messages, now);
    const written = someHaveIt ? await accept(tx, workspaceId, messages.map((message) => ({ ...shared, ...message })), statusListeners, now) : null;
    const queued = written?.size ?? messages.length;
    handedOver += queued;
    if (queued > 0) counts.push({ cellId: originId, at: now, queued, retried: messages.filter(({ id }) => retries.has(id) && (written?.has(id) ?? true)).length });
  }
  return { messages: handedOver, counts };
}

/** Unique per message: the person, and which try or which event of a live campaign it is. */
function externalId({ live }: RunRow, { candidate, row }: Person): string {
  const contactId = candidate!.contactId;
  if (!row) return contactId;
  const which = live ? `${contactId}@${row.id}` : contactId;
  return row.attempt > 1 ? `${which}#${row.attempt}` : which;
}

/** People are counted once: those of the audience when they are looked at, those of a live campaign when they no longer wait, however often they were put off. */
function newPeople({ live }: RunRow, decided: readonly Decided[]): number {
  return decided.filter(({ person: { row }, outcome }) => row === undefined || (live && row.attempt === 1 && (outcome.kind === "send" || outcome.kind === "lost"))).length;
}

/** The throttle's minute as it is now. What an earlier minute left in the outbox leaves in this one, and counts in it too. */
async function minuteOfRun(tx: Database, { run, cells, workspaceId }: RunContext, now: Date): Promise<{ began: Date; handedOver: number }> {
  const began = minuteOf(now);
  if (!run.definition.pace.perMinute || run.minute?.getTime() === began.getTime()) return { began, handedOver: run.in_minute };
  const { leaving } = run.minute === null ? { leaving: 0 } : await countOutbox(tx, workspaceId, [...cells.values()]);
  return { began, handedOver: leaving };
}

/** A power cut may undo the last moments, messages and place together, which loses nothing: the batch is done again. */
const dontWait = statement("engine_dont_wait", "set local synchronous_commit to off");

const move = statement<RunRow>(
  "engine_move_run",
  `update campaign_runs
   set after_contact = $3, looked_at_all = $4, people = people + $5, handed_over = handed_over + $6, waiting = greatest(0, waiting + $7),
     minute = $8, in_minute = $9, per_second = $10, lease_until = clock_timestamp() + make_interval(secs => $11)
   where workspace_id = $1 and id = $2
   returning *`,
);
