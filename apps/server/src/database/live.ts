/**
 * Tells open dashboards that something changed, over all processes. `changed` collects topics and sends them as one Postgres
 * NOTIFY at most every 250 ms (a NOTIFY takes a lock shared by the whole database when it commits, so it must stay rare);
 * `subscribe` listens on a connection of its own, opened when the first subscriber comes. Only names of topics travel: whoever
 * hears one fetches what it shows again. A notification lost with a broken connection is made good by telling every subscriber
 * "all" after the connection is back.
 */
import type { LiveTopic } from "@tincan/api";
import { sql } from "kysely";
import { Client } from "pg";
import type { Database, DatabaseHandle } from "./connection.ts";

/** The part of a workspace's data that changed, or "all" when any of it may have. */
export type Topic = LiveTopic | "all";

type Listener = (topic: Topic) => void;

const CHANNEL = "tincan_live";
const THROTTLE_MS = 250;
const RECONNECT_MS = 1_000;
/** A payload may have 7,999 bytes; an entry has a workspace id of 36 and a topic. */
const ENTRIES_PER_NOTIFY = 120;

/** For rare changes made by people: tells it when the transaction commits, and never when it does not. */
export async function tellOnCommit(tx: Database, workspaceId: string, topic: LiveTopic): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${`${workspaceId} ${topic}`})`.execute(tx);
}

export class Live {
  readonly #database: DatabaseHandle;
  readonly #changed = new Set<string>();
  readonly #listeners = new Map<string, Set<Listener>>();
  #timer: NodeJS.Timeout | undefined;
  #lastSent = 0;
  #client: Client | undefined;
  #connecting = false;
  #closed = false;

  constructor(database: DatabaseHandle) {
    this.#database = database;
  }

  /** Cheap enough for every batch; the first change after a quiet time goes out at once. */
  changed(workspaceId: string, topic: Topic): void {
    if (this.#closed) return;
    this.#changed.add(`${workspaceId} ${topic}`);
    this.#timer ??= setTimeout(() => this.#send(), Math.max(0, this.#lastSent + THROTTLE_MS - Date.now()));
  }

  /** Calls `listener` for every change in the workspace until the returned function is called. */
  subscribe(workspaceId: string, listener: Listener): () => void {
    const set = this.#listeners.get(workspaceId) ?? new Set();
    this.#listeners.set(workspaceId, set.add(listener));
    void this.#listen(false);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.#listeners.get(workspaceId) === set) this.#listeners.delete(workspaceId);
    };
  }

  /** Sends what is left and stops listening. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all([this.#notify(), this.#client?.end()]);
  }

  #send(): void {
    this.#timer = undefined;
    this.#lastSent = Date.now();
    void this.#notify();
  }

  async #notify(): Promise<void> {
    const entries = [...this.#changed];
    this.#changed.clear();
    for (let i = 0; i < entries.length; i += ENTRIES_PER_NOTIFY) {
      const payload = entries.slice(i, i + ENTRIES_PER_NOTIFY).join("\n");
      try {
        await this.#database.pool.query("select pg_notify($1, $2)", [CHANNEL, payload]);
      } catch {
        // The database is away; pages refresh by "all" when their listener is back.
        return;
      }
    }
  }

  async #listen(again: boolean): Promise<void> {
    if (this.#client || this.#connecting || this.#closed) return;
    this.#connecting = true;
    const client = new Client({ connectionString: this.#database.url, application_name: "tincan live", keepAlive: true });
    const lost = (): void => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#listenLater();
    };
    client.on("error", lost);
    client.on("end", lost);
    client.on("notification", ({ payload = "" }) => this.#tell(payload));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.#connecting = false;
      if (this.#closed) return await client.end();
      this.#client = client;
      if (again) for (const workspaceId of this.#listeners.keys()) this.#tell(`${workspaceId} all`);
    } catch {
      this.#connecting = false;
      await client.end().catch(() => {});
      this.#listenLater();
    }
  }

  #listenLater(): void {
    if (!this.#closed) setTimeout(() => void this.#listen(true), RECONNECT_MS).unref();
  }

  #tell(payload: string): void {
    for (const entry of payload.split("\n")) {
      const [workspaceId = "", topic = "all"] = entry.split(" ");
      for (const listener of this.#listeners.get(workspaceId) ?? []) listener(topic as Topic);
    }
  }
}
