import { sql } from "kysely";
import type { DatabaseHandle } from "../apps/server/src/database/connection.ts";
import { uuidv7 } from "../apps/server/src/database/uuid.ts";

/** How many people a campaign is for. */
export const PEOPLE = process.argv.includes("--large") ? 1_000_000 : 100_000;

/** Puts people who agreed straight into the database: numbers from +15550000001 on, with a city and a tier. */
export async function addPeople(database: DatabaseHandle, workspaceId: string): Promise<void> {
  for (let from = 0; from < PEOPLE; from += 10_000) {
    const ids = Array.from({ length: Math.min(10_000, PEOPLE - from) }, () => uuidv7());
    await sql`insert into contacts (workspace_id, id, identity, phone, name, properties, msg_whatsapp, msg_whatsapp_at, source, sort_name, words)
      select ${workspaceId}::uuid, i.id, 'c-' || n, '+1555' || lpad(n::text, 7, '0'), 'Person ' || n,
        jsonb_build_object('City', (array['Pune', 'Delhi', 'Goa'])[1 + n % 3], 'Tier', (array['gold', 'silver'])[1 + n % 2]), true, now(), 'csv', 'person ' || n, ''
      from (select id, ordinality + ${from}::bigint as n from unnest(${ids}::uuid[]) with ordinality as u (id, ordinality)) i`.execute(database.db);
  }
  await sql`insert into contact_properties (workspace_id, key, type, contacts) values (${workspaceId}, 'City', 'text', ${PEOPLE}), (${workspaceId}, 'Tier', 'text', ${PEOPLE})`.execute(database.db);
  await sql`vacuum analyze contacts`.execute(database.db);
}
