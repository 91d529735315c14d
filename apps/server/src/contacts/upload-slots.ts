/**
 * How many calls of the upload API a workspace may have under way at once, over all processes. Each call holds one of its workspace's slots, an
 * advisory lock of this process's one connection for them: a process that dies by whatever means gives its slots back, since Postgres
 * ends the locks with the connection. Taking and giving back is one short statement each, next to the storing of a thousand records.
 *
 * While that connection is lost only this process's own calls are counted; the calls themselves need the same database.
 */
import { Client } from "pg";

/** A slot that is held; it may be given back more than once. */
export type GiveBack = () => Promise<void>;

/** Slots of one workspace and kind of call that this process holds; a session gets its own locks again, so these are not asked for. */
type Held = Set<number>;

export class UploadSlots {
  readonly #url: string;
  readonly #held = new Map<string, Held>();
  #client: Client | undefined;
  #asking: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
  }

  /** One of `slots` slots of that name, or undefined when all are held. */
  take(name: string, slots: number): Promise<GiveBack | undefined> {
    const taken = this.#asking.then(() => this.#take(name, slots));
    // Whoever comes next does not care how this one went.
    this.#asking = taken.catch(() => {});
    return taken;
  }

  async close(): Promise<void> {
    await this.#asking;
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  async #take(name: string, slots: number): Promise<GiveBack | undefined> {
    const held = this.#held.get(name) ?? new Set();
    const free = Array.from({ length: slots }, (_, i) => i).filter((slot) => !held.has(slot));
    if (free.length === 0) return undefined;
    const client = await this.#connected();
    const { rows } = await client.query<{ slot: number }>({ ...takeOne, values: [name, free] });
    const slot = rows[0]?.slot;
    if (slot === undefined) return undefined;
    this.#held.set(name, held.add(slot));
    return async () => {
      if (!held.delete(slot)) return;
      if (held.size === 0 && this.#held.get(name) === held) this.#held.delete(name);
      // Of an earlier connection nothing is held any more.
      if (client === this.#client) await client.query({ ...giveBack, values: [name, slot] }).catch(() => {});
    };
  }

  async #connected(): Promise<Client> {
    if (this.#client) return this.#client;
    const client = new Client({ connectionString: this.#url, application_name: "tincan uploads", keepAlive: true });
    const lost = (): void => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on("error", lost);
    client.on("end", lost);
    await client.connect();
    this.#client = client;
    return client;
  }
}

/** Tries one slot after the other until one is free, and then no more. */
const takeOne = {
  name: "upload_slot_take",
  text: `select slot from unnest($2::int[]) as s (slot) where pg_try_advisory_lock(hashtext('tincan upload ' || $1::text), slot) limit 1`,
};

const giveBack = { name: "upload_slot_give_back", text: `select pg_advisory_unlock(hashtext('tincan upload ' || $1::text), $2::int)` };
