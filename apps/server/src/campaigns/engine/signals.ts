import { Channel } from "../../database/channel.ts";
import type { DatabaseHandle } from "../../database/connection.ts";

/* How processes tell each other that a run may have something to do. A lost signal costs a second: engines also look by themselves. */
const CHANNEL = "tincan_campaigns";

export async function signalEngines(database: DatabaseHandle): Promise<void> {
  await database.pool.query("select pg_notify($1, '')", [CHANNEL]);
}

export function engineSignals(database: DatabaseHandle, heard: () => void): Channel {
  return new Channel(database.url, CHANNEL, heard);
}
