/**
 * The demo: a workspace with an admin who signs in by a printed link, so that a newcomer sees everything at once. Made when the
 * sandbox is on, the database is empty and nothing is provisioned.
 */
import type { Database } from "../database/connection.ts";
import type { Actor } from "../http/actor.ts";
import { audit, systemActor } from "./audit.ts";
import { anybodyExists, createPerson, createWorkspace, setMembership } from "./people.ts";

const WORKSPACE = "Demo";
const ADMIN = { name: "Demo admin", email: "demo@tincan.example" };

/** The demo workspace and the admin whom the link signs in. */
export interface Demo {
  workspaceId: string;
  adminId: string;
  /** For changes that the seeding makes. */
  actor: Actor;
}

/** Makes the demo in an empty database, finds it in one that has it; undefined when this is no demo. */
export async function openDemo(db: Database): Promise<Demo | undefined> {
  return (await findDemo(db)) ?? (await makeDemo(db));
}

async function findDemo(db: Database): Promise<Demo | undefined> {
  const row = await db
    .selectFrom("workspaces")
    .innerJoin("memberships", "memberships.workspace_id", "workspaces.id")
    .innerJoin("users", "users.id", "memberships.user_id")
    .select(["workspaces.id as workspaceId", "users.id as adminId"])
    .where("workspaces.demo", "=", true)
    .where("users.email", "=", ADMIN.email)
    .executeTakeFirst();
  return row && { ...row, actor: systemActor(row.workspaceId, "Demo start") };
}

async function makeDemo(db: Database): Promise<Demo | undefined> {
  return db.transaction().execute(async (tx) => {
    if (await anybodyExists(tx)) return undefined;
    const admin = await createPerson(tx, { ...ADMIN, passwordHash: null });
    const workspace = await createWorkspace(tx, { name: WORKSPACE, demo: true });
    await setMembership(tx, workspace.id, admin.id, "admin");
    const actor = systemActor(workspace.id, "Demo start");
    await audit(tx, actor, { action: "workspace.created", target: { kind: "workspace", id: workspace.id, name: WORKSPACE } });
    return { workspaceId: workspace.id, adminId: admin.id, actor };
  });
}
