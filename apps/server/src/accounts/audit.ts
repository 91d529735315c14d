/**
 * The audit log: one row for every change that a person, a key or the server itself made, written in the transaction of the change,
 * so that neither exists without the other. What programs report by the thousand (uploads, events) is not listed here. Secrets never go
 * into `detail`.
 */
import type { AuditEntry } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { escapeLike } from "../database/like.ts";
import { tellOnCommit } from "../database/live.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import "./tables.ts";

/** One change. `action` is noun.verb in the past ("provider.created"); `detail` says what changed. */
export interface Change {
  action: string;
  target: { kind: string; id: string; name: string };
  detail?: object;
}

/** The actor for what the server does by itself in a workspace: provisioning, the demo. */
export function systemActor(workspaceId: string, name: string): Actor {
  return { workspaceId, role: "admin", name };
}

/** Writes the change into the actor's workspace. Call it with the transaction that makes the change. */
export async function audit(tx: Database, actor: Actor, change: Change): Promise<void> {
  await tx
    .insertInto("audit_log")
    .values({
      workspace_id: actor.workspaceId,
      id: uuidv7(),
      actor_kind: actor.userId ? "user" : actor.apiKeyId ? "api_key" : "system",
      actor_id: actor.userId ?? actor.apiKeyId ?? null,
      actor_name: actor.name,
      action: change.action,
      target_kind: change.target.kind,
      target_id: change.target.id,
      target_name: change.target.name,
      detail: change.detail === undefined ? null : JSON.stringify(change.detail),
    })
    .execute();
  await tellOnCommit(tx, actor.workspaceId, "audit");
}

export interface AuditFilter {
  limit: number;
  /** Id of the last entry seen. */
  after: string | undefined;
  q: string | undefined;
  action: string | undefined;
  from: string | undefined;
  to: string | undefined;
  oldestFirst: boolean;
}

/** One row more than asked for. Walks the primary key (workspace_id, id): ids are in the order of time. */
export async function listAudit(db: Database, workspaceId: string, filter: AuditFilter): Promise<AuditEntry[]> {
  let query = db.selectFrom("audit_log").selectAll().where("workspace_id", "=", workspaceId).orderBy("id", filter.oldestFirst ? "asc" : "desc").limit(filter.limit + 1);
  if (filter.after !== undefined) query = query.where("id", filter.oldestFirst ? ">" : "<", filter.after);
  if (filter.action !== undefined) query = query.where("action", "like", `${escapeLike(filter.action)}%`);
  if (filter.from !== undefined) query = query.where("at", ">=", new Date(filter.from));
  if (filter.to !== undefined) query = query.where("at", "<", new Date(filter.to));
  if (filter.q !== undefined && filter.q !== "") {
    const pattern = `%${escapeLike(filter.q)}%`;
    query = query.where((where) => where.or([where("actor_name", "ilike", pattern), where("target_name", "ilike", pattern), where("action", "ilike", pattern)]));
  }
  return (await query.execute()).map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind === "api_key" ? "apiKey" : row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    target: { kind: row.target_kind, id: row.target_id, name: row.target_name },
    ...(row.detail === null ? {} : { detail: row.detail }),
  }));
}

/** Something a person did to their own account; shown in each of their workspaces. */
export async function auditForPerson(db: Database, person: { id: string; name: string; email: string }, action: string): Promise<void> {
  const memberships = await db.selectFrom("memberships").select(["workspace_id", "role"]).where("user_id", "=", person.id).execute();
  for (const { workspace_id, role } of memberships) {
    const actor: Actor = { workspaceId: workspace_id, role, userId: person.id, name: person.name };
    await audit(db, actor, { action, target: { kind: "account", id: person.id, name: person.email } });
    // Lists of people show when each was last here, and whether a second factor protects them.
    await tellOnCommit(db, workspace_id, "members");
  }
}
