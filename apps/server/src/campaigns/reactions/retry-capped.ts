/**
 * Meta limits how many marketing messages a person gets from all businesses together (131049). A campaign may try such people again later,
 * up to three times: they wait in campaign_people like those whose time has not come. The failed message stays what it is.
 */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { StatusChange } from "../../ledger/types.ts";
import type { RunDefinition } from "../types.ts";

/** Meta: "not delivered to maintain healthy ecosystem engagement". */
const CAPPED = 131049;

export async function retryCapped(tx: Database, workspaceId: string, failed: readonly StatusChange[]): Promise<void> {
  const capped = failed.filter(({ error, externalId }) => error?.code === CAPPED && externalId !== null);
  if (capped.length === 0) return;
  const rules = new Map((await findRules.run(tx, [workspaceId, [...new Set(capped.map(({ originId }) => originId))]])).map((row) => [row.cell_id, row]));
  const again = capped.flatMap((change) => {
    const rule = rules.get(change.originId);
    if (!rule?.retry) return [];
    const [contactId = "", attempt = "1"] = change.externalId!.split("#");
    const tried = Number(attempt);
    const dueAt = new Date(change.at.getTime() + rule.retry.hours * 3_600_000);
    if (tried > rule.retry.times || (rule.retry.until !== undefined && dueAt > new Date(rule.retry.until))) return [];
    return [{ runId: rule.run_id, cellId: change.originId, contactId: contactId.slice(0, 36), dueAt, attempt: tried + 1 }];
  });
  if (again.length === 0) return;
  await wait.run(tx, [
    workspaceId, again.map(() => uuidv7()), again.map((r) => r.runId), again.map((r) => r.cellId), again.map((r) => r.contactId), again.map((r) => r.dueAt), again.map((r) => r.attempt),
  ]);
}

/**
 * A run that had ended takes up its work again for those who are tried again; its campaign is running again if it was over, and goes on
 * waiting if it has another date. Called by the engine now and then: the receipts that make people wait do not touch runs, whose rows the
 * engine holds while it works.
 */
export async function reopenForRetries(db: Database): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const runs = await reopen.run(tx);
    for (const { workspace_id: workspaceId, campaign_id: id } of runs) await reopenCampaign.run(tx, [workspaceId, id]);
    return runs.length;
  });
}

const findRules = statement<{ cell_id: string; run_id: string; retry: RunDefinition["retryCapped"] }>(
  "campaigns_retry_rules",
  `select c.id as cell_id, c.run_id, r.definition -> 'retryCapped' as retry
   from campaign_cells c join campaign_runs r on r.workspace_id = $1 and r.id = c.run_id
   where c.workspace_id = $1 and c.id = any ($2::uuid[]) and r.state in ('waiting', 'running', 'paused', 'completed')`,
);

/** Texts of a live campaign say what its event said, which is looked up where it is stored: by campaign_entries, then events_contact. */
const wait = statement(
  "campaigns_wait_for_retry",
  `insert into campaign_people (workspace_id, id, run_id, cell_id, contact_id, due_at, attempt, state, event)
   select $1, i.*, 'waiting', (
     select v.properties || jsonb_build_object('name', v.name, 'at', to_char(v.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
     from campaign_entries e join events v on v.contact_id = e.contact_id and v.workspace_id = $1 and v.occurred_at = e.at
     where e.workspace_id = $1 and e.run_id = i.run_id and e.contact_id = i.contact_id and exists (
       select from campaign_triggers t join event_names n on n.workspace_id = $1 and n.key = t.event_key
       where t.workspace_id = $1 and t.run_id = i.run_id and t.role = 'start' and n.name = v.name)
     limit 1)
   from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::smallint[]) as i (id, run_id, cell_id, contact_id, due_at, attempt)`,
);

/**
 * Over all workspaces: a look-up of work, like a lease. Nobody is tried again later than three times a week after a run's end. The campaigns'
 * rows are held, so that one that is being paused or stopped is not taken up again.
 */
const reopen = statement<{ workspace_id: string; campaign_id: string }>(
  "campaigns_reopen_runs",
  `with due as (
     select r.workspace_id, r.id from campaign_runs r
     join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id and c.state in ('scheduled', 'running', 'completed')
     where r.state = 'completed' and r.ended_at > now() - interval '30 days' and jsonb_typeof(r.definition -> 'retryCapped') = 'object'
       and exists (select from campaign_people p where p.workspace_id = r.workspace_id and p.run_id = r.id and p.state = 'waiting')
     order by c.id for update of c
   )
   update campaign_runs r set state = 'running', ended_at = null from due where r.workspace_id = due.workspace_id and r.id = due.id
   returning r.workspace_id, r.campaign_id`,
);

const reopenCampaign = statement(
  "campaigns_reopen",
  `update campaigns set state = 'running', ended_at = null, updated_at = now() where workspace_id = $1 and id = $2 and state = 'completed'`,
);
