/*
 * Keeps the lanes of this process: takes over lanes nobody holds, renews their leases, loses them cleanly.
 *
 *   free ──acquire──► opening (recover what the last owner left) ──► running ──► stopped: released, or lost to another process
 *                        └──► nothing to open (an archived provider): its lease ends by itself, or at once when the lane changes
 *
 * A lease that could not be renewed in time ends by the lane's own clock, before another process may take it: the lease is
 * counted from before the renewal was asked for.
 */
import { randomUUID } from "node:crypto";
import type { Channel } from "../database/channel.ts";
import type { DatabaseHandle } from "../database/connection.ts";
import type { Live } from "../database/live.ts";
import { Lane } from "./lane.ts";
import { acquireLeases, closeBreakers, LEASE_MS, type LaneRow, releaseLeases, RENEW_MS, renewLeases } from "./leases.ts";
import { laneSignals, signalLanes, type LaneSignal } from "./signals.ts";
import { Turns } from "./turns.ts";
import type { OpenWork } from "./work.ts";

interface KeeperOptions {
  database: DatabaseHandle;
  live: Live;
  log: { warn(details: object, message: string): void; info(details: object, message: string): void };
  /** How to open a lane of each kind. */
  open: Record<LaneRow["kind"], OpenWork>;
}

interface Kept {
  row: LaneRow;
  lane: Lane<unknown>;
}

/** Lanes taken over in one go; several processes starting together then share what there is. */
const ACQUIRE_AT_ONCE = 16;
const SWEEP_MS = 1_000;
/** Lanes at the database at the same time; more would take processors from each other. */
const TURNS_AT_ONCE = 2;
/** Requests under way may end for this long when the process stops. */
const STOP_GRACE_MS = 2_500;

export class LaneKeeper {
  readonly owner = randomUUID();
  readonly #options: KeeperOptions;
  readonly #signals: Channel;
  readonly #turns = new Turns(TURNS_AT_ONCE);
  readonly #kept = new Map<string, Kept>();
  /** Leased, with nothing to open when they were looked at. */
  readonly #resting = new Set<string>();
  readonly #reopen = new Set<string>();
  #timers: NodeJS.Timeout[] = [];
  #ticking: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#signals = laneSignals(options.database, (signal, laneId) => this.#hear(signal, laneId));
  }

  async start(): Promise<void> {
    await this.#signals.open();
    await this.#tick();
    this.#timers = [
      setInterval(() => this.#queueTick(), RENEW_MS),
      setInterval(() => this.#sweep(), SWEEP_MS),
    ];
  }

  /** New messages for these lanes are committed: at once when this process owns them, by signal when another does. */
  wake(laneIds: Iterable<string>): void {
    const elsewhere: string[] = [];
    for (const id of laneIds) {
      const kept = this.#kept.get(id);
      if (kept) kept.lane.wake();
      else elsewhere.push(id);
    }
    if (elsewhere.length > 0) void this.#signal("wake", elsewhere);
  }

  /** Settings or pause switch of a lane changed, or a lane was made. */
  async changed(laneIds: string[]): Promise<void> {
    await this.#signal("changed", laneIds);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#ticking;
    const ids = [...this.#kept.keys(), ...this.#resting];
    await Promise.all([...this.#kept.values()].map(({ lane }) => lane.stop(STOP_GRACE_MS)));
    this.#kept.clear();
    if (ids.length > 0) await releaseLeases(this.#options.database.db, this.owner, ids);
    await this.#signals.close();
  }

  /** Figures for /metrics. */
  stats(): { id: string; kind: string; rate: number; inFlight: number; open: boolean }[] {
    return [...this.#kept.values()].map(({ row, lane }) => {
      const { rate, inFlight } = lane.stats();
      return { id: row.id, kind: row.kind, rate, inFlight, open: lane.breaker.state !== "closed" };
    });
  }

  async #signal(signal: LaneSignal, laneIds: string[]): Promise<void> {
    try {
      await signalLanes(this.#options.database, signal, laneIds);
    } catch (cause) {
      // The owner looks by itself within a second.
      this.#options.log.warn({ err: cause }, "A lane's signal was not sent");
    }
  }

  #hear(signal: LaneSignal, laneId: string): void {
    if (signal === "changed") {
      this.#reopen.add(laneId);
      this.#queueTick();
    } else if (signal === "wake") this.#kept.get(laneId)?.lane.wake();
    else this.#kept.get(laneId)?.lane.recall();
  }

  #queueTick(): void {
    if (this.#stopping) return;
    this.#ticking = this.#ticking.then(() => (this.#stopping ? undefined : this.#tick()));
  }

  /** One at a time, so that a lane is never opened twice. */
  async #tick(): Promise<void> {
    const { db } = this.#options.database;
    try {
      // Before renewing, which would once more show the breaker that the change is to close.
      await this.#reopenChanged();
      await this.#renew();
      const from = performance.now();
      const rows = await acquireLeases(db, this.owner, ACQUIRE_AT_ONCE);
      for (const row of rows) await this.#open(row, from + LEASE_MS);
    } catch (cause) {
      this.#options.log.warn({ err: cause }, "Leases could not be renewed; they end by themselves if this goes on");
    }
  }

  async #renew(): Promise<void> {
    const reports = [...this.#kept.values()].map(({ row, lane }) => ({
      id: row.id,
      breakerState: lane.breaker.state,
      breakerReason: lane.breaker.reason,
      breakerSince: lane.breaker.since,
      stats: lane.stats(),
    }));
    if (reports.length === 0) return;
    const from = performance.now();
    const rows = await renewLeases(this.#options.database.db, this.owner, reports);
    const renewed = new Map(rows.map((row) => [row.id, row]));
    for (const [id, kept] of this.#kept) {
      const row = renewed.get(id);
      if (!row) {
        this.#kept.delete(id);
        this.#options.log.warn({ lane: id }, "A lane's lease was lost to another process, or the lane was deleted");
        void kept.lane.stop(STOP_GRACE_MS);
        continue;
      }
      kept.lane.extendLease(from + LEASE_MS);
      if (kept.row.paused && !row.paused) {
        // What has waited is looked through by a lane that starts over; this one stays paused until then.
        this.#hear("changed", id);
        continue;
      }
      kept.row.paused = row.paused;
      kept.lane.setPaused(row.paused);
    }
  }

  /** A lane whose settings changed starts over with them, its breaker closed; its lease stays, what is under way ends first. */
  async #reopenChanged(): Promise<void> {
    const kept = [...this.#reopen].flatMap((id) => this.#kept.get(id) ?? []);
    const ids = kept.map(({ row }) => row.id);
    const rested = [...this.#reopen].filter((id) => this.#resting.has(id));
    if (rested.length > 0) await releaseLeases(this.#options.database.db, this.owner, rested);
    for (const id of rested) this.#resting.delete(id);
    for (const id of this.#reopen) if (!this.#kept.has(id)) this.#reopen.delete(id);
    if (ids.length === 0) return;
    // While the database is away nothing has begun: it is tried again with the next tick.
    await closeBreakers(this.#options.database.db, this.owner, ids);
    for (const { row } of kept) {
      this.#reopen.delete(row.id);
      this.#kept.delete(row.id);
      this.#options.live.changed(row.workspace_id, "lanes");
    }
    await Promise.all(kept.map(({ lane }) => lane.stop(STOP_GRACE_MS)));
    await releaseLeases(this.#options.database.db, this.owner, ids);
  }

  async #open(row: LaneRow, leaseUntil: number): Promise<void> {
    try {
      const work = await this.#options.open[row.kind](row.workspace_id, row.id);
      if (work) this.#resting.delete(row.id);
      else this.#resting.add(row.id);
      if (!work) return;
      await work.recover();
      const { log, live } = this.#options;
      const lane = new Lane(work, { owner: this.owner, log, turns: this.#turns, onBreaker: () => this.#reportBreaker(row, lane) });
      this.#kept.set(row.id, { row, lane });
      lane.setPaused(row.paused);
      lane.extendLease(leaseUntil);
      live.changed(row.workspace_id, "lanes");
    } catch (cause) {
      this.#options.log.warn({ err: cause, lane: row.id }, "A lane could not be opened; it is tried again");
      await releaseLeases(this.#options.database.db, this.owner, [row.id]);
    }
  }

  #reportBreaker(row: LaneRow, lane: Lane<unknown>): void {
    const { state, reason } = lane.breaker;
    this.#options.log.info({ lane: row.id, reason }, state === "closed" ? "A lane's breaker closed" : "A lane's breaker opened");
    this.#queueTick();
    this.#options.live.changed(row.workspace_id, "lanes");
  }

  #sweep(): void {
    const now = new Date();
    for (const { lane, row } of this.#kept.values()) {
      lane.sweep(now).catch((cause: unknown) => this.#options.log.warn({ err: cause, lane: row.id }, "A lane's sweep failed; the next one follows"));
    }
  }
}
