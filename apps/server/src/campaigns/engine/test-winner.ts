import type { Database } from "../../database/connection.ts";
import { chooseWinner, releaseHeld } from "../reactions/winner.ts";
import type { RunRow } from "../types.ts";
import { holdRun, type Mine } from "./leases.ts";

const AT_ONCE = 5_000;

/**
 * Chooses the winner of a test unless that was done before, and lets those go who were held until then, a batch at a time. After a crash in between
 * the rest of them is let go. Answers the run as it is then; undefined when it is no longer ours.
 */
export async function decideTest(db: Database, mine: Mine, holds: boolean): Promise<RunRow | undefined> {
  for (;;) {
    const { run, released } = await db.transaction().execute(async (tx) => {
      const locked = await holdRun(tx, mine);
      if (!locked) return { run: undefined, released: 0 };
      const winner = locked.winner ?? (await chooseWinner(tx, locked));
      const decided = { ...locked, winner };
      return { run: decided, released: holds && winner !== null ? await releaseHeld(tx, decided, AT_ONCE) : 0 };
    });
    if (released < AT_ONCE) return run;
  }
}
