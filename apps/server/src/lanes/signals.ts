import { sql } from "kysely";
import { Channel } from "../database/channel.ts";
import type { Database, DatabaseHandle } from "../database/connection.ts";

/*
 * How processes tell each other about lanes, over one Postgres channel. A lost signal costs at most a second: owners also look
 * by themselves.
 */
const CHANNEL = "tincan_lanes";

const SIGNALS = ["wake", "changed", "recall"] as const;

/**
 * `wake`: something new to send. `changed`: its settings, its pause switch, or the lane itself (made, deleted). `recall`: something that was
 * claimed may no longer leave.
 */
export type LaneSignal = (typeof SIGNALS)[number];

type Listener = (signal: LaneSignal, laneId: string) => void;

/** Sends a signal at once. */
export async function signalLanes(database: DatabaseHandle, signal: LaneSignal, laneIds: string[]): Promise<void> {
  await database.pool.query("select pg_notify($1, s) from unnest($2::text[]) s", [CHANNEL, laneIds.map((id) => `${signal} ${id}`)]);
}

/** Sends a signal when the transaction commits, and never when it does not. */
export async function signalLanesOnCommit(tx: Database, signal: LaneSignal, laneIds: string[]): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, s) from unnest(${laneIds.map((id) => `${signal} ${id}`)}::text[]) s`.execute(tx);
}

/** Hears signals of all processes, from `open` until `close`. */
export function laneSignals(database: DatabaseHandle, listener: Listener): Channel {
  return new Channel(database.url, CHANNEL, (payload) => {
    const [word, laneId] = payload.split(" ");
    const signal = SIGNALS.find((known) => known === word);
    if (laneId && signal) listener(signal, laneId);
  });
}
