import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { chooseWinner, releaseHeld } from "../reactions/winner.ts";
import type { RunRow } from "../types.ts";
import type { Mine } from "./leases.ts";

const AT_ONCE = 5_000;

/**
 * Chooses the winner of a test unless that was done before, and lets those go who were held until then, a batch at a time. After a crash in between
 * the rest of them is let go. Answers the run as it is then; undefined when it is no longer ours.
 */
export async function decideTest(db: Database, mine: Mine, holds: boolean): Promise<RunRow | undefined> {
  for (;;) {
    const { run, released } = await db.transaction().execute(async (tx) => {
      const [locked] = await lock.run(tx, [mine.workspaceId, mine.id, mine.owner]);
      if (!locked) return { run: undefined, released: 0 };
      const winner = locked.winner ?? (await chooseWinner(tx, locked));
      const decided = { ...locked, winner };
      return { run: decided, released: holds && winner !== null ? await releaseHeld(tx, decided, AT_ONCE) : 0 };
    });
    if (released < AT_ONCE) return run;
  }
}

const lock = statement<RunRow>("engine_lock_for_winner", `select * from campaign_runs where workspace_id = $1 and id = $2 and owner = $3 and state = 'running' for no key update`);
