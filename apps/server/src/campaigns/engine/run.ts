/**
 * A turn of work on one run, by the process that holds its lease:
 *
 *   taken up ──► can it be sent at all? how many will it be? ──► batch after batch ──► nothing to do now: it rests, or has ended
 *
 * A turn is short, so that many runs share a few places; where the next one begins stands in the run's row. Whoever takes it next, here or in
 * another process, goes on there.
 */
import type { Database } from "../../database/connection.ts";
import { ApiError } from "../../http/errors.ts";
import type { StatusListener } from "../../ledger/listeners.ts";
import { countReady } from "../../ledger/stop-origins.ts";
import { countAudience } from "../../segments/audience.ts";
import type { TemplateRegistry } from "../../templates/registry.ts";
import { refusalOf } from "../judge/refusal.ts";
import { CampaignFault, openRun, type RunContext } from "../run-context.ts";
import type { RunRow } from "../types.ts";
import { clearAway, completeIfDone, fail } from "./finish.ts";
import { handOver, type Source } from "./hand-over.ts";
import { restRun, takeRun, type Mine, type Rest } from "./leases.ts";
import { letGo, letGoLate } from "./let-go.ts";
import { obstacle } from "./obstacle.ts";
import { AudienceReader } from "./sources.ts";
import type { Speed } from "./speed.ts";
import { expectPeople, isDue, recountWaiting } from "./standing.ts";
import { decideTest } from "./test-winner.ts";

export interface TurnDeps {
  db: Database;
  registry: TemplateRegistry;
  statusListeners: readonly StatusListener[];
  publicUrl: string;
  /** Messages of a run that may be ready to leave at most. */
  planAhead: number;
  /** Messages of this provider are committed. */
  wake(providerId: string): void;
  /** Something of the run is different now. */
  moved(workspaceId: string): void;
  speedOf(runId: string, throttled: boolean): Speed;
  /** Whether to leave the run to others at the next batch. */
  stopping(): boolean;
}

/** When the run is to be looked at again; undefined when it has ended or is somebody else's. */
export type Turn = Rest | undefined;

/** Others want to go on too. */
const TURN_MS = 3_000;
const SMALLEST_BATCH = 100;
const LARGEST_BATCH = 2_000;
/** A batch holds the run's row so long that pausing it is felt at once, and the process has time for others in between. */
const BATCH_MS = 150;
/** While the outbox is full, it is looked at again after this long. */
const FULL_MS = 250;
/** Whether the provider and the templates still stand is asked this often. */
const ASK_MS = 5_000;
/** A number that is full may get more room meanwhile. */
const TIER_MS = 3_600_000;

/** Works on a run until there is nothing to do now. */
export async function takeTurn(deps: TurnDeps, mine: Mine): Promise<Turn> {
  const row = await takeRun(deps.db, mine);
  if (!row) return undefined;
  const next = await new RunTurn(deps, mine, row).work();
  if (next !== undefined) await restRun(deps.db, mine, next);
  deps.moved(row.workspace_id);
  return next;
}

class RunTurn {
  readonly #deps: TurnDeps;
  readonly #mine: Mine;
  readonly #began = performance.now();
  readonly #speed: Speed;
  #run: RunRow;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Nobody is held any more. */
  #decided = false;
  #batch = SMALLEST_BATCH * 4;
  /** Messages that may still be added to those ready to leave. */
  #room = 0;

  constructor(deps: TurnDeps, mine: Mine, run: RunRow) {
    this.#deps = deps;
    this.#mine = mine;
    this.#run = run;
    this.#speed = deps.speedOf(run.id, Boolean(run.definition.pace.perMinute));
  }

  async work(): Promise<Turn> {
    const { db, statusListeners, stopping } = this.#deps;
    if (this.#run.state !== "running") {
      const next = await clearAway(db, this.#mine, this.#run, statusListeners, stopping);
      return next === "ended" ? undefined : { resumeAt: next };
    }
    try {
      const goesOn = await letGo(db, this.#mine, this.#run, statusListeners);
      const late = await letGoLate(db, this.#run, statusListeners);
      if (goesOn || late) this.#deps.wake(this.#run.definition.provider);
      const context = await openRun(db, this.#run, { publicUrl: this.#deps.publicUrl });
      return (await this.#begin(context)) ?? (await this.#goOn(context));
    } catch (cause) {
      if (cause instanceof CampaignFault) return this.#fail(cause.message);
      // Its audience cannot be any more: a property has another type now, or a segment or list that it asks for is gone.
      if (cause instanceof ApiError && cause.status < 500) return this.#fail(`Its audience cannot be read: ${cause.details.detail ?? cause.message}`);
      throw cause;
    }
  }

  /** How many people it will be, before the first of them. Answers a rest when it may not begin. */
  async #begin(context: RunContext): Promise<Turn | null> {
    const run = this.#run;
    if (run.live || run.expected !== null) return null;
    const people = await countAudience(this.#deps.db, run.workspace_id, run.definition.audience, { now: run.started_at ?? new Date() });
    const refusal = await refusalOf(this.#deps.db, context, people, new Date());
    if (refusal) return this.#fail(refusal.words);
    this.#run = (await expectPeople(this.#deps.db, this.#mine, people)) ?? run;
    this.#deps.moved(run.workspace_id);
    return null;
  }

  async #goOn(context: RunContext): Promise<Turn> {
    const { db, stopping } = this.#deps;
    const reader = new AudienceReader(db, this.#run);
    for (;;) {
      if (stopping()) return {};
      if (performance.now() - this.#began > TURN_MS) return { resumeAt: new Date() };
      const problem = await this.#obstacle();
      if (problem !== null) return this.#fail(problem);
      await this.#decideTest();
      const rest = await this.#mustRest(context);
      if (rest) return rest;
      const source = await this.#next(reader);
      if (source === null) return this.#finish();
      const next = await this.#handOver(context, source, reader);
      if (next) return next;
    }
  }

  /** People whose time has come go before those of the audience who were not looked at yet. */
  async #next(reader: AudienceReader): Promise<Source | null> {
    if (await this.#somebodyIsDue()) return { waiting: this.#batch };
    if (this.#run.live || this.#run.looked_at_all) return null;
    return { portion: await reader.next(this.#batch) };
  }

  async #handOver(context: RunContext, source: Source, reader: AudienceReader): Promise<Turn | null> {
    const { db, statusListeners, wake, moved } = this.#deps;
    const started = performance.now();
    const tier = await context.tier.room(db, new Date());
    const most = Math.min(this.#room, tier?.people ?? Number.POSITIVE_INFINITY);
    const result = await handOver({ db, statusListeners }, context, this.#mine, source, most, this.#speed.perSecond());
    if ("later" in result) return { resumeAt: result.later };
    this.#run = result.run;
    this.#room -= result.sent;
    if ("portion" in source) reader.took(result.taken);
    this.#speed.add(result.taken);
    if (result.sent > 0) wake(result.run.definition.provider);
    moved(this.#mine.workspaceId);
    const wanted = (this.#batch * BATCH_MS) / Math.max(1, performance.now() - started);
    if (result.taken > this.#batch / 2) this.#batch = Math.round(Math.min(LARGEST_BATCH, this.#batch * 2, Math.max(SMALLEST_BATCH, wanted)));
    return null;
  }

  /** No room in the outbox, or none in the number's tier. */
  async #mustRest(context: RunContext): Promise<Rest | null> {
    const { db, planAhead } = this.#deps;
    const { workspace_id: workspaceId, definition } = this.#run;
    if (this.#room <= 0) {
      this.#room = planAhead - (await countReady(db, workspaceId, definition.provider, [...context.cells.values()], planAhead));
      if (this.#room <= 0) return { resumeAt: new Date(Date.now() + FULL_MS) };
    }
    if (definition.pace.tier === "refuse") return null;
    const tier = await context.tier.room(db, new Date());
    if (!tier || tier.people > 0) return null;
    const resumeAt = new Date(Math.min(tier.freeAt.getTime(), Date.now() + TIER_MS));
    return { resumeAt, reason: `The number has written to ${count(tier.used)} people within 24 hours, as many as it may. It goes on when it may write to more.` };
  }

  async #obstacle(): Promise<string | null> {
    if (performance.now() - this.#askedAt < ASK_MS) return null;
    this.#askedAt = performance.now();
    return obstacle(this.#deps.db, this.#deps.registry, this.#run);
  }

  async #somebodyIsDue(): Promise<boolean> {
    return this.#run.live || this.#run.waiting > 0 ? isDue(this.#deps.db, this.#run) : false;
  }

  /** The winner of a test is chosen when its time has come, and then those who were held go on with it. */
  async #decideTest(): Promise<void> {
    const { decides_at: decidesAt, live } = this.#run;
    if (this.#decided || decidesAt === null || decidesAt > new Date()) return;
    this.#decided = true;
    this.#run = (await decideTest(this.#deps.db, this.#mine, !live)) ?? this.#run;
  }

  async #finish(): Promise<Turn> {
    const { db } = this.#deps;
    this.#run = (await recountWaiting(db, this.#mine)) ?? this.#run;
    const next = await completeIfDone(db, this.#mine, this.#run, new Date());
    return next === "completed" ? undefined : { idleUntil: next };
  }

  async #fail(reason: string): Promise<undefined> {
    await fail(this.#deps.db, this.#mine, this.#run, reason, new Date());
    return undefined;
  }
}

const count = (n: number): string => n.toLocaleString("en");
