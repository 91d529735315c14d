/** What the demo start made, so that it can be taken away again; and one provider to a number. */
export const upkeep = `
do $$
declare twice record;
begin
  select w.name as workspace, p.number, string_agg(p.nickname, ', ' order by p.created_at) as nicknames into twice
  from providers p join workspaces w on w.id = p.workspace_id
  group by w.id, w.name, p.number having count(*) > 1 limit 1;
  if found then
    raise exception 'the number % is connected more than once in the workspace "%" (%); start the earlier version and remove all but one',
      twice.number, twice.workspace, twice.nicknames;
  end if;
end $$;
create unique index providers_one_number on providers (workspace_id, number) where archived_at is null;
create unique index providers_one_phone_number_id on providers (workspace_id, phone_number_id) where phone_number_id is not null and archived_at is null;

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
