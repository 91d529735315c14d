import { setTimeout as sleep } from "node:timers/promises";
import { behaviours, Haptik } from "./haptik.ts";

/** Answers that get lost although the message was taken; of those, every second one is never reported either. */
const LOST = 0.04;
/** At most this long to think about a request, so that a server killed in the meantime does not learn the answer. */
const THINKS_MS = 20;
const REPORTS_AT_ONCE = 100;

/** A provider of the contract that counts what it took and reports each as sent and delivered, again and again until the report is taken. */
export class ReportingHaptik {
  /** How often it took each message, by the id it came under. */
  readonly taken = new Map<string, number>();
  /** Taken, and nobody will ever be told. */
  readonly silent = new Set<string>();
  readonly #haptik: Haptik;
  readonly #owed: string[] = [];
  #lost = 0;
  #closed = false;
  #reporting: Promise<void> | undefined;

  private constructor(haptik: Haptik) {
    this.#haptik = haptik;
    // A lane that was closed tries it with one, which is no message.
    haptik.verification = behaviours.accept;
    haptik.behaviour = (request, response, asked) => {
      const msgId = String(asked.body["msgId"]);
      this.taken.set(msgId, (this.taken.get(msgId) ?? 0) + 1);
      const lost = Math.random() < LOST;
      if (lost && this.#lost++ % 2 === 0) this.silent.add(msgId);
      else this.#owed.push(msgId);
      setTimeout(() => (lost ? request.socket.destroy() : behaviours.accept(request, response, asked)), Math.random() * THINKS_MS);
    };
  }

  static async start(): Promise<ReportingHaptik> {
    return new ReportingHaptik(await Haptik.start());
  }

  get endpoint(): string {
    return this.#haptik.endpoint;
  }

  /** From now on it reports to this Delivery Report Callback URL. */
  reportTo(url: string): void {
    this.#reporting = this.#report(url);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#reporting;
    await this.#haptik.close();
  }

  async #report(url: string): Promise<void> {
    while (!this.#closed) {
      const now = this.#owed.slice(0, REPORTS_AT_ONCE);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const statuses = now.flatMap((msgId) => ["sent", "delivered"].map((status) => ({ msgId, status, timestamp })));
      const body = JSON.stringify({ payloadVersion: "0.1", statuses });
      const answer = now.length === 0 ? null : await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body }).catch(() => null);
      if (answer?.status === 200) this.#owed.splice(0, now.length);
      else await sleep(20);
    }
  }
}
