/**
 * What a batch is judged by must still be true when it is committed. Campaigns that share a limit, the tier of a number or the caps of a
 * workspace, hand their batches over one after the other, in whatever process; others do not wait for anybody.
 */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { RunContext } from "../run-context.ts";

/** Until the transaction ends. Taken before the run's own row, so that nobody who pauses a run waits for other runs. */
export async function holdLimits(tx: Database, { workspaceId, run, settings, tier }: RunContext): Promise<void> {
  await tier.hold(tx, new Date());
  const { pace } = run.definition;
  const capped = pace.frequencyCap !== "ignore" && (settings.frequencyCap !== null || settings.dwellMinutes !== null);
  if (capped || pace.gap) await lock.run(tx, [workspaceId]);
}

const lock = statement("campaigns_hold_caps", `select pg_advisory_xact_lock(hashtextextended('tincan caps ' || $1::text, 0))::text as locked`);
