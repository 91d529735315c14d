import { Session, SetupInput, SetupState, SwitchWorkspaceInput, Workspace, WorkspaceInput, WorkspacePatch } from "@tincan/api";
import type { FastifyReply, FastifyRequest } from "fastify";
import { sql } from "kysely";
import Type from "typebox";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { audit, auditForPerson } from "./audit.ts";
import { authHeaders } from "./auth-headers.ts";
import type { AuthSource } from "./auth-when-needed.ts";
import { passCookies } from "./auth-routes.ts";
import { hasDemoData } from "./demo-items.ts";
import { readSession } from "./gate.ts";
import type { OpenSession } from "./gate.ts";
import { anybodyExists, createPerson, createWorkspace, hashPassword, setMembership, workspacesOf } from "./people.ts";
import { permissionsOf } from "./permissions.ts";
import { spendSignInLink } from "./sign-in-links.ts";

export interface SessionDeps {
  db: Database;
  auth: AuthSource;
  version: string;
  phonesUrl: string | null;
}

const WelcomeQuery = Type.Object({ token: Type.Optional(Type.String()) });
/** Any number; one set-up at a time over all processes. */
const SETUP_LOCK = 7_140_001;
/** For addresses that take secrets which could be guessed at. */
export const SECRET_RATE = { max: 20, timeWindow: 60_000 };

/** First run, who am I, which workspace. */
export function sessionRoutes(deps: SessionDeps): RoutePlugin {
  const { db, auth } = deps;
  return async (app) => {
    app.get("/setup", { config: { access: "public" }, schema: { tags: ["Session"], summary: "Whether the server waits to be set up", description: "Open to everybody.", response: { 200: SetupState } } }, async () => ({
      needed: !(await anybodyExists(db)),
      demo: await isDemo(db),
    }));

    app.post(
      "/setup",
      {
        config: { access: "public", rateLimit: SECRET_RATE },
        schema: { tags: ["Session"], summary: "Make the first workspace and its admin", description: "Open to everybody until somebody has done it.", body: SetupInput, response: { 200: Session } },
      },
      async (request, reply) => {
        const { workspaceName, name, email, password } = request.body;
        const passwordHash = await hashPassword(auth, password);
        const userId = await db.transaction().execute(async (tx) => {
          await sql`select pg_advisory_xact_lock(${SETUP_LOCK})`.execute(tx);
          if (await anybodyExists(tx)) throw new ApiError("already_set_up");
          const person = await createPerson(tx, { name, email, passwordHash });
          const workspace = await createWorkspace(tx, { name: workspaceName });
          await setMembership(tx, workspace.id, person.id, "admin");
          const actor = { workspaceId: workspace.id, role: "admin" as const, userId: person.id, name };
          await audit(tx, actor, { action: "workspace.created", target: { kind: "workspace", id: workspace.id, name: workspaceName } });
          return person.id;
        });
        return startSession(deps, request, reply, userId);
      },
    );

    app.get("/session", { config: { access: "public" }, schema: { tags: ["Session"], summary: "Who is signed in", description: "Open to everybody; whoever is not signed in is told so.", response: { 200: Session } } }, async (request, reply) =>
      describeSession(deps, await readSession(auth, request, reply)),
    );

    app.post(
      "/session/workspace",
      { config: { access: "public" }, schema: { tags: ["Session"], summary: "Look at another workspace", description: "Needs a signed-in person.", body: SwitchWorkspaceInput, response: { 200: Session } } },
      async (request, reply) => {
        const session = await requireSession(auth, request, reply);
        const target = (await workspacesOf(db, session.user.id)).find(({ id }) => id === request.body.workspaceId);
        if (!target) throw new ApiError("workspace_not_found");
        return lookAt(deps, session, target.id);
      },
    );

    app.post(
      "/workspaces",
      { config: { access: "public" }, schema: { tags: ["Workspace"], summary: "Make another workspace", description: "Needs a signed-in person who is an admin of a workspace.", body: WorkspaceInput, response: { 201: Workspace } } },
      async (request, reply) => {
        const session = await requireSession(auth, request, reply);
        // Whoever runs one workspace may open another; an invited member may not.
        const own = await workspacesOf(db, session.user.id);
        if (!own.some(({ role }) => role === "admin")) throw new ApiError("not_allowed", { detail: "Only an admin of a workspace can make another." });
        const workspace = await db.transaction().execute(async (tx) => {
          const made = await createWorkspace(tx, { name: request.body.name });
          await setMembership(tx, made.id, session.user.id, "admin");
          const actor = { workspaceId: made.id, role: "admin" as const, userId: session.user.id, name: session.user.name };
          await audit(tx, actor, { action: "workspace.created", target: { kind: "workspace", id: made.id, name: made.name } });
          return made;
        });
        return reply.code(201).send(presentWorkspace(workspace));
      },
    );

    app.get("/workspace", { config: { access: "member" }, schema: { tags: ["Workspace"], summary: "Show the workspace", response: { 200: Workspace } } }, async (request) => {
      const row = await db.selectFrom("workspaces").select(["id", "name", "created_at"]).where("id", "=", request.actor.workspaceId).executeTakeFirstOrThrow();
      return presentWorkspace(row);
    });

    app.patch(
      "/workspace",
      { config: { permission: "workspace.write" }, schema: { tags: ["Workspace"], summary: "Rename the workspace", body: WorkspacePatch, response: { 200: Workspace } } },
      async (request) => {
        const { actor, body } = request;
        const row = await db.transaction().execute(async (tx) => {
          const before = await tx.selectFrom("workspaces").select(["id", "name", "created_at"]).where("id", "=", actor.workspaceId).forUpdate().executeTakeFirstOrThrow();
          if (body.name === undefined || body.name === before.name) return before;
          await tx.updateTable("workspaces").set({ name: body.name }).where("id", "=", actor.workspaceId).execute();
          await audit(tx, actor, { action: "workspace.renamed", target: { kind: "workspace", id: before.id, name: body.name }, detail: { from: before.name } });
          await tellOnCommit(tx, actor.workspaceId, "workspace");
          return { ...before, name: body.name };
        });
        return presentWorkspace(row);
      },
    );
  };
}

/** `GET /welcome?token=…`: the link printed at a demo start. Works once, then leads to the sign-in page. */
export function welcomeRoutes(deps: SessionDeps): RoutePlugin {
  return async (app) => {
    app.get("/welcome", { config: { rateLimit: SECRET_RATE }, schema: { querystring: WelcomeQuery } }, async (request, reply) => {
      const userId = await spendSignInLink(deps.db, request.query.token ?? "");
      const { user } = userId === undefined ? { user: null } : await startSession(deps, request, reply, userId);
      if (user) await auditForPerson(deps.db, user, "account.signed_in");
      return reply.redirect("/");
    });
  };
}

/** Signs the person in on this answer: only after they have proved who they are. */
export async function startSession(deps: SessionDeps, request: FastifyRequest, reply: FastifyReply, userId: string, workspaceId?: string): Promise<Session> {
  const { api } = await deps.auth();
  const { headers, response } = await api.startSessionWithoutPassword({ headers: authHeaders(request), body: { userId }, returnHeaders: true });
  passCookies(reply, headers);
  const user = await deps.db.selectFrom("users").select(["id", "name", "email", "two_factor_enabled"]).where("id", "=", userId).executeTakeFirstOrThrow();
  const session = await deps.db.selectFrom("sessions").select(["id", "token"]).where("token", "=", response.token).executeTakeFirstOrThrow();
  const open: OpenSession = { ...session, workspaceId: null, user: { id: user.id, name: user.name, email: user.email, twoFactorEnabled: user.two_factor_enabled } };
  return workspaceId === undefined ? describeSession(deps, open) : lookAt(deps, open, workspaceId);
}

async function lookAt(deps: SessionDeps, session: OpenSession, workspaceId: string): Promise<Session> {
  await deps.db.updateTable("sessions").set({ workspace_id: workspaceId }).where("id", "=", session.id).execute();
  return describeSession(deps, { ...session, workspaceId });
}

/** What the dashboard needs to know about whoever looks at it; null for nobody. */
export async function describeSession(deps: SessionDeps, session: OpenSession | null): Promise<Session> {
  const { db, version, phonesUrl } = deps;
  const demo = await isDemo(db);
  if (!session) return { user: null, workspace: null, role: null, permissions: [], workspaces: [], demo, demoData: false, phonesUrl: null, version };
  const workspaces = await workspacesOf(db, session.user.id);
  const current = workspaces.find(({ id }) => id === session.workspaceId) ?? workspaces[0];
  return {
    user: session.user,
    workspace: current ? { id: current.id, name: current.name } : null,
    role: current?.role ?? null,
    permissions: current ? permissionsOf(current.role) : [],
    workspaces,
    demo,
    demoData: current ? await hasDemoData(db, current.id) : false,
    phonesUrl,
    version,
  };
}

async function requireSession(auth: AuthSource, request: FastifyRequest, reply: FastifyReply): Promise<OpenSession> {
  if (request.headers.authorization !== undefined) throw new ApiError("only_a_person");
  const session = await readSession(auth, request, reply);
  if (!session) throw new ApiError("not_signed_in");
  return session;
}

async function isDemo(db: Database): Promise<boolean> {
  return (await db.selectFrom("workspaces").select("id").where("demo", "=", true).limit(1).executeTakeFirst()) !== undefined;
}

function presentWorkspace(row: { id: string; name: string; created_at: Date }): Workspace {
  return { id: row.id, name: row.name, createdAt: row.created_at.toISOString() };
}
