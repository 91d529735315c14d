/** The provider that a campaign, or a message of a program, leaves by. */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

export interface Sender {
  id: string;
  kind: "cloud-api" | "generic";
  archived: boolean;
}

/** By its id, or the workspace's default provider for null; undefined when there is none. */
export async function findSender(db: Database, workspaceId: string, id: string | null): Promise<Sender | undefined> {
  return (await find.run(db, [workspaceId, id]))[0];
}

const find = statement<Sender>(
  "campaigns_find_sender",
  `select id, kind, archived_at is not null as archived from providers
   where workspace_id = $1 and case when $2::text is null then is_default else id::text = $2 end`,
);
