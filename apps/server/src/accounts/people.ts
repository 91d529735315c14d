/** People: accounts that can sign in, and the workspaces they are in. */
import type { Role, SessionWorkspace } from "@tincan/api";
import { sql } from "kysely";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { AuthSource } from "./auth-when-needed.ts";

/** How better-auth names the method "e-mail and password". */
const PASSWORD_METHOD = "credential";

export interface Person {
  id: string;
  name: string;
  email: string;
  two_factor_enabled: boolean;
}

export async function hashPassword(auth: AuthSource, password: string): Promise<string> {
  return (await (await auth()).$context).password.hash(password);
}

/** Makes an account; `passwordHash` null for one that signs in by link only. The e-mail must be free. */
export async function createPerson(tx: Database, input: { name: string; email: string; passwordHash: string | null }): Promise<Person> {
  const id = uuidv7();
  const person = await tx
    .insertInto("users")
    .values({ id, name: input.name, email: input.email.toLowerCase(), email_verified: true })
    .returning(["id", "name", "email", "two_factor_enabled"])
    .executeTakeFirstOrThrow();
  if (input.passwordHash !== null) await setPassword(tx, id, input.passwordHash);
  return person;
}

export async function setPassword(tx: Database, userId: string, passwordHash: string): Promise<void> {
  const updated = await tx
    .updateTable("sign_in_methods")
    .set({ password: passwordHash, updated_at: sql`now()` })
    .where("user_id", "=", userId)
    .where("provider_id", "=", PASSWORD_METHOD)
    .returning("id")
    .executeTakeFirst();
  if (updated) return;
  await tx.insertInto("sign_in_methods").values({ id: uuidv7(), user_id: userId, account_id: userId, provider_id: PASSWORD_METHOD, password: passwordHash }).execute();
}

export async function findPerson(db: Database, email: string): Promise<Person | undefined> {
  return db.selectFrom("users").select(["id", "name", "email", "two_factor_enabled"]).where("email", "=", email.toLowerCase()).executeTakeFirst();
}

export async function passwordFits(db: Database, auth: AuthSource, userId: string, password: string): Promise<boolean> {
  const method = await db.selectFrom("sign_in_methods").select("password").where("user_id", "=", userId).where("provider_id", "=", PASSWORD_METHOD).executeTakeFirst();
  if (!method?.password) return false;
  return (await (await auth()).$context).password.verify({ password, hash: method.password });
}

export async function anybodyExists(db: Database): Promise<boolean> {
  return (await db.selectFrom("users").select("id").limit(1).executeTakeFirst()) !== undefined;
}

/** The person's workspaces, oldest first. */
export async function workspacesOf(db: Database, userId: string): Promise<SessionWorkspace[]> {
  return db
    .selectFrom("memberships")
    .innerJoin("workspaces", "workspaces.id", "memberships.workspace_id")
    .select(["workspaces.id", "workspaces.name", "memberships.role"])
    .where("memberships.user_id", "=", userId)
    .orderBy("workspaces.id")
    .execute();
}

export async function createWorkspace(tx: Database, input: { name: string; demo?: boolean }): Promise<{ id: string; name: string; created_at: Date }> {
  return tx.insertInto("workspaces").values({ id: uuidv7(), name: input.name, demo: input.demo ?? false }).returning(["id", "name", "created_at"]).executeTakeFirstOrThrow();
}

/** Puts the person into the workspace, or changes what they are there. Answers whether anything changed. */
export async function setMembership(tx: Database, workspaceId: string, userId: string, role: Role): Promise<boolean> {
  const changed = await tx
    .insertInto("memberships")
    .values({ workspace_id: workspaceId, user_id: userId, role })
    .onConflict((conflict) => conflict.columns(["workspace_id", "user_id"]).doUpdateSet({ role }).where("memberships.role", "!=", role))
    .returning("user_id")
    .executeTakeFirst();
  if (changed) await tellOnCommit(tx, workspaceId, "members");
  return changed !== undefined;
}
