/** Sends reports whose time has come, as part of the scheduler's work. Processes take them from each other by leases. */
import { randomUUID } from "node:crypto";
import type { FastifyBaseLogger } from "fastify";
import { campaignSettings } from "../../campaigns/settings.ts";
import type { Live } from "../../database/live.ts";
import { deliver, NotDelivered, type DeliverDeps } from "./deliver.ts";
import { settleFailed, settleSent, takeDue } from "./leases.ts";
import type { ScheduleRow } from "./store.ts";
import { latestTime, nextTime } from "./times.ts";

const LOOK_EVERY_MS = 1_000;
const AT_ONCE = 4;
/** A delivery under way may end for this long when the process stops; otherwise somebody sends it again when its lease has run out. */
const STOP_MS = 2_000;

export class ScheduleWorker {
  readonly #deps: DeliverDeps & { live: Live; log: FastifyBaseLogger };
  readonly #runner = randomUUID();
  readonly #sending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(deps: DeliverDeps & { live: Live; log: FastifyBaseLogger }) {
    this.#deps = deps;
  }

  start(): void {
    const look = (): void => {
      this.#looking ??= this.#look()
        .catch((cause: unknown) => this.#deps.log.warn({ err: cause }, "scheduled reports could not be looked for"))
        .finally(() => (this.#looking = undefined));
    };
    this.#timer = setInterval(look, LOOK_EVERY_MS);
    look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    await Promise.race([Promise.all(this.#sending), new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
  }

  async #look(): Promise<void> {
    const free = AT_ONCE - this.#sending.size;
    if (free <= 0) return;
    for (const schedule of await takeDue(this.#deps.db, this.#runner, free)) {
      const sending = this.#send(schedule)
        .catch((cause: unknown) => this.#deps.log.error({ err: cause, schedule: schedule.id }, "a scheduled report met an error; it is tried again"))
        .finally(() => this.#sending.delete(sending));
      this.#sending.add(sending);
    }
  }

  async #send(schedule: ScheduleRow): Promise<void> {
    const { db, live, log } = this.#deps;
    const { timeZone } = await campaignSettings(db, schedule.workspace_id);
    const now = new Date();
    const next = nextTime(schedule.definition, timeZone, now);
    try {
      await deliver(this.#deps, schedule, latestTime(schedule.definition, timeZone, schedule.due_at, now));
      await settleSent(db, schedule, this.#runner, next);
    } catch (cause) {
      if (!(cause instanceof NotDelivered)) log.error({ err: cause, schedule: schedule.id }, "a scheduled report could not be made");
      await settleFailed(db, schedule, this.#runner, next, cause instanceof NotDelivered ? cause.message : "The server met an error; its log says more.");
    }
    live.changed(schedule.workspace_id, "reports");
  }
}
