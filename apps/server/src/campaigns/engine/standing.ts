/** Small facts of a run's row and of its people. */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { RunRow } from "../types.ts";
import type { Mine } from "./leases.ts";

/** Notes how many people the audience has as the run begins. */
export async function expectPeople(db: Database, { workspaceId, id, owner }: Mine, people: number): Promise<RunRow | undefined> {
  return (await expected.run(db, [workspaceId, id, owner, people]))[0];
}

/** Sets `waiting` to what is true: those who begin a live campaign, or are tried again, were not counted when they came. */
export async function recountWaiting(db: Database, { workspaceId, id, owner }: Mine): Promise<RunRow | undefined> {
  return (await recount.run(db, [workspaceId, id, owner]))[0];
}

/** Whether somebody's time has come. */
export async function isDue(db: Database, { workspace_id: workspaceId, id }: RunRow): Promise<boolean> {
  return (await due.run(db, [workspaceId, id])).length > 0;
}

const expected = statement<RunRow>("engine_expect", `update campaign_runs set expected = $4 where workspace_id = $1 and id = $2 and owner = $3 returning *`);

const recount = statement<RunRow>(
  "engine_recount_waiting",
  `update campaign_runs set per_second = null, waiting = (select count(*) from campaign_people where workspace_id = $1 and run_id = $2 and state <> 'lost')
   where workspace_id = $1 and id = $2 and owner = $3 returning *`,
);

const due = statement<{ id: string }>(
  "engine_is_due",
  `select id from campaign_people where workspace_id = $1 and run_id = $2 and state = 'waiting' and due_at <= now() limit 1`,
);
