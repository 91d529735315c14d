/**
 * API keys: a random text that stands for a role in one workspace. Only its hash is stored (SHA-256 is enough for 256 random bits),
 * with the first characters so that people recognise it.
 */
import type { ApiKey, Role } from "@tincan/api";
import { sql } from "kysely";
import { randomBytes } from "node:crypto";
import type { Database } from "../database/connection.ts";
import { escapeLike } from "../database/like.ts";
import { sha256 } from "../database/secrets.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { audit } from "./audit.ts";

const SHOWN_CHARACTERS = 8;
/** How exactly the last use is kept, so that a busy key does not write a row per request. */
const LAST_USE_GRAIN = "1 minute";

function newKey(): string {
  return `tc_${randomBytes(32).toString("base64url")}`;
}

/** Makes a key; the answer is the only place where it stands in clear. Throws ApiError when the name is taken. */
export async function createApiKey(db: Database, actor: Actor, input: { name: string; role: Role }): Promise<{ apiKey: ApiKey; key: string }> {
  const key = newKey();
  const row = await db.transaction().execute(async (tx) => {
    const inserted = await tx
      .insertInto("api_keys")
      .values({ workspace_id: actor.workspaceId, id: uuidv7(), name: input.name, role: input.role, prefix: key.slice(0, SHOWN_CHARACTERS), key_hash: sha256(key), created_by: actor.name })
      .onConflict((conflict) => conflict.columns(["workspace_id", "name"]).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!inserted) throw new ApiError("api_key_name_taken", { field: "name" });
    await audit(tx, actor, { action: "api_key.created", target: { kind: "api_key", id: inserted.id, name: inserted.name }, detail: { role: inserted.role } });
    return inserted;
  });
  return { apiKey: present(row), key };
}

/** Makes the workspace's key of this name be exactly `key` with `role`: for provisioning, where keys are given. Answers whether anything changed. */
export async function setApiKey(tx: Database, actor: Actor, input: { name: string; key: string; role: Role }): Promise<boolean> {
  const hash = sha256(input.key);
  const changed = await tx
    .insertInto("api_keys")
    .values({ workspace_id: actor.workspaceId, id: uuidv7(), name: input.name, role: input.role, prefix: input.key.slice(0, SHOWN_CHARACTERS), key_hash: hash, created_by: actor.name })
    .onConflict((conflict) =>
      conflict
        .columns(["workspace_id", "name"])
        .doUpdateSet({ key_hash: hash, role: input.role, prefix: input.key.slice(0, SHOWN_CHARACTERS) })
        .where((where) => where.or([where("api_keys.key_hash", "!=", hash), where("api_keys.role", "!=", input.role)])),
    )
    .returning("id")
    .executeTakeFirst();
  if (changed) await audit(tx, actor, { action: "api_key.set", target: { kind: "api_key", id: changed.id, name: input.name }, detail: { role: input.role } });
  return changed !== undefined;
}

export async function deleteApiKey(db: Database, actor: Actor, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await tx.deleteFrom("api_keys").where("workspace_id", "=", actor.workspaceId).where(sql`id::text`, "=", id).returning(["id", "name"]).executeTakeFirst();
    if (!row) throw new ApiError("api_key_not_found");
    await audit(tx, actor, { action: "api_key.deleted", target: { kind: "api_key", id: row.id, name: row.name } });
  });
}

/** By name, one row more than asked for. Uses the unique index (workspace_id, name). */
export async function listApiKeys(db: Database, workspaceId: string, page: { limit: number; after: string | undefined; q: string | undefined }): Promise<ApiKey[]> {
  let query = db.selectFrom("api_keys").selectAll().where("workspace_id", "=", workspaceId).orderBy("name").limit(page.limit + 1);
  if (page.after !== undefined) query = query.where("name", ">", page.after);
  if (page.q) query = query.where("name", "ilike", `%${escapeLike(page.q)}%`);
  return (await query.execute()).map(present);
}

/** The actor behind a key, or undefined when there is none; notes the use. Looks up the unique index on key_hash. */
export async function actorOfKey(db: Database, key: string): Promise<Actor | undefined> {
  const hash = sha256(key);
  const row = await db.selectFrom("api_keys").select(["workspace_id", "id", "name", "role", "last_used_at"]).where("key_hash", "=", hash).executeTakeFirst();
  if (!row) return undefined;
  await db
    .updateTable("api_keys")
    .set({ last_used_at: sql`now()` })
    .where("workspace_id", "=", row.workspace_id)
    .where("id", "=", row.id)
    .where((where) => where.or([where("last_used_at", "is", null), where("last_used_at", "<", sql<Date>`now() - ${LAST_USE_GRAIN}::interval`)]))
    .execute();
  return { workspaceId: row.workspace_id, role: row.role, apiKeyId: row.id, name: row.name };
}

interface ApiKeyRow {
  id: string;
  name: string;
  role: Role;
  prefix: string;
  created_by: string;
  created_at: Date;
  last_used_at: Date | null;
}

function present(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    start: row.prefix,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
