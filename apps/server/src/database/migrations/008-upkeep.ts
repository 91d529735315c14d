/** What the demo start made, so that it can be taken away again. */
export const upkeep = `
create table demo_items (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  kind text not null,
  id uuid not null,
  primary key (workspace_id, kind, id)
);
-- Of demos that were started before there was this table.
insert into demo_items (workspace_id, kind, id)
select p.workspace_id, 'provider', p.id from providers p join workspaces w on w.id = p.workspace_id
where w.demo and p.nickname = 'Sandbox number';
`;
