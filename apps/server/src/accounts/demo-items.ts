/**
 * What the demo start put into a workspace, by kind and id. As long as anything is listed the workspace has demo data; taking the demo
 * away (demo-removal.ts) deletes what is listed, and the list with it.
 */
import type { Database } from "../database/connection.ts";

interface DemoItemsTable {
  workspace_id: string;
  /** A name of the feature's choosing: "provider", "contact" … */
  kind: string;
  id: string;
}

declare module "../database/schema.ts" {
  interface Schema {
    demo_items: DemoItemsTable;
  }
}

/** Call it in the transaction that makes the items, or after it; doing it twice does no harm. */
export async function rememberDemoItems(db: Database, workspaceId: string, kind: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = ids.map((id) => ({ workspace_id: workspaceId, kind, id }));
  await db.insertInto("demo_items").values(rows).onConflict((conflict) => conflict.columns(["workspace_id", "kind", "id"]).doNothing()).execute();
}

export async function hasDemoData(db: Database, workspaceId: string): Promise<boolean> {
  return (await db.selectFrom("demo_items").select("id").where("workspace_id", "=", workspaceId).limit(1).executeTakeFirst()) !== undefined;
}

/** The list, ids by kind. */
export async function readDemoItems(db: Database, workspaceId: string): Promise<Map<string, string[]>> {
  return byKind(await db.selectFrom("demo_items").select(["kind", "id"]).where("workspace_id", "=", workspaceId).execute());
}

/** Empties the list and answers what was on it, ids by kind. Of two calls at once the second finds nothing. */
export async function takeDemoItems(tx: Database, workspaceId: string): Promise<Map<string, string[]>> {
  return byKind(await tx.deleteFrom("demo_items").where("workspace_id", "=", workspaceId).returning(["kind", "id"]).execute());
}

function byKind(rows: { kind: string; id: string }[]): Map<string, string[]> {
  const kinds = new Map<string, string[]>();
  for (const { kind, id } of rows) kinds.set(kind, [...(kinds.get(kind) ?? []), id]);
  return kinds;
}
