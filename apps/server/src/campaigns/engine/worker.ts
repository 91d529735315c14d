/**
 * Works on runs, as part of the scheduler's work: a few at a time, each in short turns. Looks for work every second, as soon as somebody says that
 * there is some (in any process), and at the time at which a run of ours wants to go on. Whatever a dead process left is found here when its
 * lease has run out.
 */
import { randomUUID } from "node:crypto";
import type { FastifyBaseLogger } from "fastify";
import type { Channel } from "../../database/channel.ts";
import type { DatabaseHandle } from "../../database/connection.ts";
import type { Live } from "../../database/live.ts";
import type { StatusListener } from "../../ledger/listeners.ts";
import type { TemplateRegistry } from "../../templates/registry.ts";
import { startDueCampaigns } from "../due.ts";
import { reopenForRetries } from "../reactions/retry-capped.ts";
import { NotOurs } from "./hand-over.ts";
import { dueRuns, renewRuns, restRun, type DueRun, type Mine } from "./leases.ts";
import { takeTurn, type TurnDeps } from "./run.ts";
import { engineSignals, signalEngines } from "./signals.ts";
import { Speed } from "./speed.ts";

/** Live campaigns, which should answer at once, have places of their own. */
const AT_ONCE = 4;
const LIVE_AT_ONCE = 4;
const LOOK_EVERY_MS = 1_000;
const RENEW_EVERY_MS = 2_000;
const REOPEN_EVERY_MS = 10_000;
/** Other processes are told of work at most this often. */
const SIGNAL_MS = 50;
/** Open pages are told at most this often. */
const TELL_MS = 1_000;
/** After an error, a run waits this long. */
const ERROR_MS = 5_000;
/** A batch under way may end for this long when the process stops. */
const STOP_MS = 2_500;
const SPEED_MS = 5_000;
const THROTTLED_SPEED_MS = 60_000;
/** Messages of a run that are ready to leave at most: enough for the fastest lane, and no more than a stop fails in a moment. */
const PLAN_AHEAD = 20_000;

export interface EngineDeps {
  database: DatabaseHandle;
  live: Live;
  log: FastifyBaseLogger;
  registry: TemplateRegistry;
  statusListeners: readonly StatusListener[];
  publicUrl: string;
  /** Messages of these providers are committed. */
  wake(providerIds: string[]): void;
  planAhead?: number;
}

export class CampaignEngine {
  readonly #deps: EngineDeps;
  readonly #owner = randomUUID();
  readonly #turns = new Map<string, { live: boolean; done: Promise<void> }>();
  readonly #speeds = new Map<string, Speed>();
  readonly #toldAt = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #signals: Channel | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #reopenedAt = 0;
  #signalAt = 0;
  #signalTimer: NodeJS.Timeout | undefined;
  #stopped = true;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#stopped = false;
    this.#signals = engineSignals(this.#deps.database, () => this.#lookNow());
    await this.#signals.open();
    this.#timers.add(setInterval(() => this.#lookNow(), LOOK_EVERY_MS));
    this.#timers.add(setInterval(() => void this.#renew(), RENEW_EVERY_MS));
    this.#lookNow();
  }

  /** There may be something to do now, for whichever process works on it. Cheap enough to be called for every event. */
  nudge(): void {
    this.#lookNow();
    this.#signalTimer ??= setTimeout(() => this.#signal(), Math.max(0, this.#signalAt + SIGNAL_MS - Date.now()));
  }

  /** Lets every turn finish its batch and give its run back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    clearTimeout(this.#signalTimer);
    await this.#signals?.close();
    await this.#looking;
    await Promise.race([Promise.all([...this.#turns.values()].map(({ done }) => done)), new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
  }

  #signal(): void {
    this.#signalTimer = undefined;
    this.#signalAt = Date.now();
    // Lost, it costs a second: everybody looks by themselves.
    signalEngines(this.#deps.database).catch(() => {});
  }

  #lookNow(): void {
    if (this.#stopped) return;
    this.#lookAgain = this.#looking !== undefined;
    this.#looking ??= this.#look()
      .catch((cause: unknown) => this.#deps.log.warn({ err: cause }, "campaigns could not be looked for"))
      .finally(() => {
        this.#looking = undefined;
        if (this.#lookAgain) this.#lookNow();
      });
  }

  async #look(): Promise<void> {
    const { db } = this.#deps.database;
    const now = Date.now();
    if (now - this.#reopenedAt > REOPEN_EVERY_MS) {
      this.#reopenedAt = now;
      await reopenForRetries(db);
    }
    await startDueCampaigns(db, new Date(now));
    const free = { live: LIVE_AT_ONCE, others: AT_ONCE };
    for (const turn of this.#turns.values()) free[turn.live ? "live" : "others"]--;
    if (free.live + free.others <= 0) return;
    for (const run of await dueRuns(db, 2 * (AT_ONCE + LIVE_AT_ONCE))) {
      if (this.#stopped || this.#turns.has(run.id) || free[run.live ? "live" : "others"] <= 0) continue;
      free[run.live ? "live" : "others"]--;
      this.#turns.set(run.id, { live: run.live, done: this.#turn(run) });
    }
  }

  async #turn({ workspace_id: workspaceId, id }: DueRun): Promise<void> {
    const { database, log } = this.#deps;
    const mine: Mine = { workspaceId, id, owner: this.#owner };
    try {
      const next = await takeTurn(this.#turnDeps(), mine);
      if (next === undefined) this.#speeds.delete(id);
      this.#lookAt(next?.resumeAt ?? next?.idleUntil);
    } catch (cause) {
      if (!(cause instanceof NotOurs)) {
        log.error({ err: cause, run: id }, "a campaign's run met an error; it is tried again");
        const reason = "The server met an error and tries again; its log says more.";
        // While the database is away its lease runs out by itself.
        await restRun(database.db, mine, { resumeAt: new Date(Date.now() + ERROR_MS), reason }).catch(() => {});
      }
    } finally {
      this.#turns.delete(id);
      this.#lookNow();
    }
  }

  #turnDeps(): TurnDeps {
    const { database, registry, statusListeners, publicUrl, wake, planAhead = PLAN_AHEAD } = this.#deps;
    return {
      db: database.db, registry, statusListeners, publicUrl, planAhead,
      wake: (providerId) => wake([providerId]),
      moved: (workspaceId) => this.#tell(workspaceId),
      speedOf: (runId, throttled) => this.#speedOf(runId, throttled),
      stopping: () => this.#stopped,
    };
  }

  #speedOf(runId: string, throttled: boolean): Speed {
    const known = this.#speeds.get(runId) ?? new Speed(throttled ? THROTTLED_SPEED_MS : SPEED_MS);
    this.#speeds.set(runId, known);
    return known;
  }

  #lookAt(time: Date | undefined): void {
    // What is further away is found by looking every second.
    if (this.#stopped || time === undefined || time.getTime() - Date.now() > LOOK_EVERY_MS) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#lookNow();
    }, Math.max(0, time.getTime() - Date.now()));
    this.#timers.add(timer);
  }

  #tell(workspaceId: string): void {
    const { live } = this.#deps;
    live.changed(workspaceId, "messages");
    if (this.#toldAt.has(workspaceId)) return;
    live.changed(workspaceId, "campaigns");
    this.#toldAt.set(workspaceId, Date.now());
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#toldAt.delete(workspaceId);
      live.changed(workspaceId, "campaigns");
    }, TELL_MS);
    this.#timers.add(timer);
  }

  async #renew(): Promise<void> {
    if (this.#turns.size === 0) return;
    await renewRuns(this.#deps.database.db, this.#owner, [...this.#turns.keys()]).catch((cause: unknown) => this.#deps.log.warn({ err: cause }, "campaigns could not be held on to"));
  }
}
