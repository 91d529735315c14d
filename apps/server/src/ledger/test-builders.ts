import { sql } from "kysely";
import type { Database } from "../database/connection.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { NewMessage } from "./types.ts";
import "./tables.ts";

/** Ids of a workspace with one provider, as tests need them. */
export interface Place {
  workspaceId: string;
  providerId: string;
  originId: string;
}

/** Inserts the rows everything else refers to. */
export async function makePlace(db: Database): Promise<Place> {
  const place = { workspaceId: uuidv7(), providerId: uuidv7(), originId: uuidv7() };
  await sql`insert into workspaces (id, name) values (${place.workspaceId}, ${`Workspace ${place.workspaceId}`})`.execute(db);
  await sql`insert into lanes (workspace_id, id, kind) values (${place.workspaceId}, ${place.providerId}, 'provider')`.execute(db);
  return place;
}

/** A template message to somebody, of the place's own origin. */
export function message(place: Place, change: Partial<NewMessage> = {}): NewMessage {
  return {
    id: uuidv7(),
    providerId: place.providerId,
    originKind: "deployment",
    originId: place.originId,
    recipient: "+15550100123",
    category: "utility",
    content: { type: "template", name: "order_ready", language: "en", body: [{ text: "Ravi" }, { text: "42" }] },
    ...change,
  };
}
