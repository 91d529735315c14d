import { sql } from "kysely";
import { Client } from "pg";
import type { Database, DatabaseHandle } from "../database/connection.ts";

/*
 * How processes tell each other about lanes, over one Postgres channel. A lost signal costs at most a second: owners also look
 * by themselves.
 */
const CHANNEL = "tincan_lanes";
const RECONNECT_MS = 1_000;

/** `wake`: something new to send. `changed`: its settings, its pause switch, or the lane itself (made, deleted). */
export type LaneSignal = "wake" | "changed";

type Listener = (signal: LaneSignal, laneId: string) => void;

/** Sends a signal at once. */
export async function signalLanes(database: DatabaseHandle, signal: LaneSignal, laneIds: string[]): Promise<void> {
  await database.pool.query("select pg_notify($1, s) from unnest($2::text[]) s", [CHANNEL, laneIds.map((id) => `${signal} ${id}`)]);
}

/** Sends a signal when the transaction commits, and never when it does not. */
export async function signalLanesOnCommit(tx: Database, signal: LaneSignal, laneIds: string[]): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, s) from unnest(${laneIds.map((id) => `${signal} ${id}`)}::text[]) s`.execute(tx);
}

/** Hears signals of all processes until closed; reconnects by itself. */
export class LaneSignals {
  readonly #url: string;
  readonly #listener: Listener;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(database: DatabaseHandle, listener: Listener) {
    this.#url = database.url;
    this.#listener = listener;
  }

  async open(): Promise<void> {
    const client = new Client({ connectionString: this.#url, application_name: "tincan lanes", keepAlive: true });
    const lost = (): void => {
      if (this.#client !== client && this.#client !== undefined) return;
      this.#client = undefined;
      this.#reopenLater();
    };
    client.on("error", lost);
    client.on("notification", ({ payload = "" }) => {
      const [signal, laneId] = payload.split(" ");
      if (laneId && (signal === "wake" || signal === "changed")) this.#listener(signal, laneId);
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.#client = client;
      client.on("end", lost);
      if (this.#closed) await client.end();
    } catch {
      await client.end().catch(() => {});
      this.#reopenLater();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#client?.end();
  }

  #reopenLater(): void {
    if (this.#closed || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.open();
    }, RECONNECT_MS);
  }
}
