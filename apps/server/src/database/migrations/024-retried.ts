/** How many of the messages queued are another try for somebody who had one before: a cap on people counts them once. */
export const retried = /* sql */ `
alter table campaign_counts add column retried integer not null default 0;

update campaign_counts n set retried = tries.messages
from (
  select m.workspace_id, m.origin_id, date_trunc('hour', m.accepted_at, 'UTC') as hour, count(*) as messages
  from campaign_runs r
  join campaign_cells c on c.workspace_id = r.workspace_id and c.run_id = r.id
  join messages m on m.workspace_id = c.workspace_id and m.origin_id = c.id and m.external_id like '%#%'
  where jsonb_typeof(r.definition -> 'retryCapped') = 'object'
  group by 1, 2, 3
) tries
where n.workspace_id = tries.workspace_id and n.cell_id = tries.origin_id and n.hour = tries.hour
  and n.slot = (select min(slot) from campaign_counts s where s.workspace_id = n.workspace_id and s.cell_id = n.cell_id and s.hour = n.hour and s.queued > 0);
`;
