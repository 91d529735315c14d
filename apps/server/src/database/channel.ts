import { Client } from "pg";

const RECONNECT_MS = 1_000;

/** Hears one Postgres channel on a connection of its own, from `open` until `close`. Reconnects by itself; what was said meanwhile is lost. */
export class Channel {
  readonly #url: string;
  readonly #name: string;
  readonly #heard: (payload: string) => void;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(url: string, name: string, heard: (payload: string) => void) {
    this.#url = url;
    this.#name = name;
    this.#heard = heard;
  }

  async open(): Promise<void> {
    const client = new Client({ connectionString: this.#url, application_name: this.#name.replace("_", " "), keepAlive: true });
    const lost = (): void => {
      if (this.#client !== client && this.#client !== undefined) return;
      this.#client = undefined;
      this.#reopenLater();
    };
    client.on("error", lost);
    client.on("notification", ({ payload = "" }) => this.#heard(payload));
    try {
      await client.connect();
      await client.query(`listen ${this.#name}`);
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
