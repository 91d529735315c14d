/** What a query can ask about: for whoever builds one. */
import { ContactSource, SegmentDateField, SegmentTextField } from "@tincan/api";
import type { PropertyType, SegmentFields } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** Of the workspace's events, the latest ones are looked into for their properties. */
const LATEST_EVENTS = 5_000;

export async function segmentFields(db: Database, workspaceId: string): Promise<SegmentFields> {
  const [properties, names, seen] = await Promise.all([
    db.selectFrom("contact_properties").select(["key", "type", "contacts"]).where("workspace_id", "=", workspaceId).orderBy("key").execute(),
    db.selectFrom("event_names").select("name").where("workspace_id", "=", workspaceId).orderBy("name").execute(),
    readSeen.run(db, [workspaceId, LATEST_EVENTS]),
  ]);
  const byName = Map.groupBy(seen, (row) => row.name);
  return {
    fields: [
      ...SegmentTextField.enum.map((field) => ({ field, type: "text" as const, ...(field === "source" && { values: [...ContactSource.enum] }) })),
      ...SegmentDateField.enum.map((field) => ({ field, type: "date" as const })),
    ],
    properties,
    events: names.map(({ name }) => ({ name, properties: (byName.get(name) ?? []).map(({ key, types }) => ({ key, types })) })),
  };
}

/** The ids of events are in the order in which they came: the primary key of each month is read from its end. */
const readSeen = statement<{ name: string; key: string; types: PropertyType[] }>(
  "segments_event_properties",
  `select e.name, p.key, array_agg(distinct case jsonb_typeof(p.value)
       when 'number' then 'number' when 'boolean' then 'boolean' when 'array' then 'list'
       else case when p.value #>> '{}' ~ '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z)?$' then 'date' else 'text' end end) as types
   from (select name, properties from events where workspace_id = $1 order by id desc limit $2) e, jsonb_each(e.properties) p
   group by e.name, p.key order by e.name, p.key`,
);
