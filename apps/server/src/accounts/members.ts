/**
 * The people of a workspace, and those invited but not yet there. An invitation is a link that works once within a week; its token is
 * stored as a hash. Inviting the same address again replaces the earlier link.
 */
import type { Invitation, Member, Role } from "@tincan/api";
import { sql } from "kysely";
import { randomBytes } from "node:crypto";
import type { Transaction } from "kysely";
import type { Database } from "../database/connection.ts";
import { escapeLike } from "../database/like.ts";
import { tellOnCommit } from "../database/live.ts";
import type { Schema } from "../database/schema.ts";
import { sha256 } from "../database/secrets.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { audit } from "./audit.ts";
import { findPerson } from "./people.ts";

const INVITATION_VALID_MS = 7 * 24 * 60 * 60 * 1_000;

interface MemberRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  invited: boolean;
  two_factor_enabled: boolean;
  created_at: Date;
  last_seen_at: Date | null;
}

/** By e-mail address, one row more than asked for; members through memberships' primary key, invitations through (workspace_id, email). */
export async function listMembers(db: Database, workspaceId: string, page: { limit: number; after: string | undefined; q: string | undefined }): Promise<Member[]> {
  const pattern = `%${escapeLike(page.q ?? "")}%`;
  const { rows } = await sql<MemberRow>`
    select * from (
      select u.id, u.name, u.email, m.role, false as invited, u.two_factor_enabled, m.created_at,
             (select max(s.updated_at) from sessions s where s.user_id = u.id) as last_seen_at
        from memberships m join users u on u.id = m.user_id
       where m.workspace_id = ${workspaceId}
      union all
      select i.id, '', i.email, i.role, true, false, i.created_at, null
        from invitations i
       where i.workspace_id = ${workspaceId} and i.expires_at > now()
    ) as people
    where email > ${page.after ?? ""} and (email ilike ${pattern} or name ilike ${pattern})
    order by email
    limit ${page.limit + 1}`.execute(db);
  return rows.map(present);
}

/** Makes an invitation; the answer's token is shown once. Throws ApiError when the person is in the workspace already. */
export async function inviteMember(db: Database, actor: Actor, input: { email: string; role: Role }): Promise<{ member: Member; token: string; expiresAt: Date }> {
  const email = input.email.toLowerCase();
  const token = randomBytes(24).toString("base64url");
  const expiresAt = new Date(Date.now() + INVITATION_VALID_MS);
  const row = await db.transaction().execute(async (tx) => {
    const person = await findPerson(tx, email);
    if (person && (await roleOf(tx, actor.workspaceId, person.id))) throw new ApiError("already_member", { field: "email" });
    const fresh = { role: input.role, token_hash: sha256(token), invited_by: actor.name, expires_at: expiresAt };
    const invitation = await tx
      .insertInto("invitations")
      .values({ workspace_id: actor.workspaceId, id: uuidv7(), email, ...fresh })
      .onConflict((conflict) => conflict.columns(["workspace_id", "email"]).doUpdateSet(fresh))
      .returning(["id", "email", "role", "created_at"])
      .executeTakeFirstOrThrow();
    await audit(tx, actor, { action: "member.invited", target: { kind: "member", id: invitation.id, name: email }, detail: { role: input.role } });
    await tellOnCommit(tx, actor.workspaceId, "members");
    return invitation;
  });
  return { member: present({ ...row, name: "", invited: true, two_factor_enabled: false, last_seen_at: null }), token, expiresAt };
}

/** Changes what a member, or somebody invited, is. The last admin stays one. */
export async function changeRole(db: Database, actor: Actor, id: string, role: Role): Promise<Member> {
  await db.transaction().execute(async (tx) => {
    const admins = await lockAdmins(tx, actor.workspaceId);
    if (role !== "admin" && admins.length === 1 && admins[0] === id) throw new ApiError("last_admin");
    const member = await tx.updateTable("memberships").set({ role }).where("workspace_id", "=", actor.workspaceId).where(sql`user_id::text`, "=", id).returning("user_id").executeTakeFirst();
    const invitation = member ?? (await tx.updateTable("invitations").set({ role }).where("workspace_id", "=", actor.workspaceId).where(sql`id::text`, "=", id).returning("id").executeTakeFirst());
    if (!invitation) throw new ApiError("member_not_found");
    const { email } = await memberById(tx, actor.workspaceId, id);
    await audit(tx, actor, { action: "member.role_changed", target: { kind: "member", id, name: email }, detail: { role } });
    await tellOnCommit(tx, actor.workspaceId, "members");
  });
  return memberById(db, actor.workspaceId, id);
}

/** Takes a member out of the workspace, or an invitation back. The last admin stays. The account itself remains. */
export async function removeMember(db: Database, actor: Actor, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const admins = await lockAdmins(tx, actor.workspaceId);
    if (admins.length === 1 && admins[0] === id) throw new ApiError("last_admin");
    const { email } = await memberById(tx, actor.workspaceId, id);
    await tx.deleteFrom("memberships").where("workspace_id", "=", actor.workspaceId).where(sql`user_id::text`, "=", id).execute();
    await tx.deleteFrom("invitations").where("workspace_id", "=", actor.workspaceId).where(sql`id::text`, "=", id).execute();
    await audit(tx, actor, { action: "member.removed", target: { kind: "member", id, name: email } });
    await tellOnCommit(tx, actor.workspaceId, "members");
  });
}

/** An open invitation by the token of its link; throws ApiError when there is none. Locks it inside a transaction with `lock`. */
export async function findInvitation(db: Database, token: string, options: { lock: boolean }): Promise<Invitation & { id: string; workspaceId: string }> {
  let query = db
    .selectFrom("invitations")
    .innerJoin("workspaces", "workspaces.id", "invitations.workspace_id")
    .select(["invitations.id", "invitations.workspace_id", "workspaces.name", "invitations.email", "invitations.role", "invitations.expires_at"])
    .where("token_hash", "=", sha256(token))
    .where("expires_at", ">", new Date());
  if (options.lock) query = query.forUpdate("invitations");
  const row = await query.executeTakeFirst();
  if (!row) throw new ApiError("link_not_valid");
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    workspaceName: row.name,
    email: row.email,
    role: row.role,
    hasAccount: (await findPerson(db, row.email)) !== undefined,
    expiresAt: row.expires_at.toISOString(),
  };
}

async function memberById(db: Database, workspaceId: string, id: string): Promise<Member> {
  const { rows } = await sql<MemberRow>`
    select u.id, u.name, u.email, m.role, false as invited, u.two_factor_enabled, m.created_at,
           (select max(s.updated_at) from sessions s where s.user_id = u.id) as last_seen_at
      from memberships m join users u on u.id = m.user_id
     where m.workspace_id = ${workspaceId} and u.id::text = ${id}
    union all
    select i.id, '', i.email, i.role, true, false, i.created_at, null
      from invitations i
     where i.workspace_id = ${workspaceId} and i.id::text = ${id}`.execute(db);
  if (!rows[0]) throw new ApiError("member_not_found");
  return present(rows[0]);
}

/** The workspace's admins, locked until the transaction ends, so that two of them cannot remove each other at once. */
async function lockAdmins(tx: Transaction<Schema>, workspaceId: string): Promise<string[]> {
  const rows = await tx.selectFrom("memberships").select("user_id").where("workspace_id", "=", workspaceId).where("role", "=", "admin").orderBy("user_id").forUpdate().execute();
  return rows.map((row) => row.user_id);
}

async function roleOf(db: Database, workspaceId: string, userId: string): Promise<Role | undefined> {
  const row = await db.selectFrom("memberships").select("role").where("workspace_id", "=", workspaceId).where("user_id", "=", userId).executeTakeFirst();
  return row?.role;
}

function present(row: MemberRow): Member {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    state: row.invited ? "invited" : "active",
    twoFactorEnabled: row.two_factor_enabled,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  };
}
