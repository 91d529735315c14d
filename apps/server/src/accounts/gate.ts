import type { FastifyReply, FastifyRequest } from "fastify";
import type { Database } from "../database/connection.ts";
import type { Actor, Gate } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { actorOfKey } from "./api-keys.ts";
import { authHeaders } from "./auth-headers.ts";
import type { AuthSource } from "./auth-when-needed.ts";
import { passCookies } from "./auth-routes.ts";
import { workspacesOf } from "./people.ts";
import { may } from "./permissions.ts";

/** A person's open session; `workspaceId` is the workspace they last looked at. */
export interface OpenSession {
  id: string;
  token: string;
  user: { id: string; name: string; email: string; twoFactorEnabled: boolean };
  workspaceId: string | null;
}

/** Recognises who is asking: by API key first, then by session cookie. */
export function createGate(deps: { db: Database; auth: AuthSource }): Gate {
  return {
    may,
    authenticate: async (request, reply) => {
      const { authorization } = request.headers;
      if (authorization !== undefined) return actorOfHeader(deps.db, authorization);
      const session = await readSession(deps.auth, request, reply);
      return session === null ? null : actorOfSession(deps.db, session);
    },
  };
}

async function actorOfHeader(db: Database, authorization: string): Promise<Actor> {
  const key = /^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
  const actor = key === undefined ? undefined : await actorOfKey(db, key);
  if (!actor) throw new ApiError("wrong_api_key");
  return actor;
}

/** The session behind the request's cookie; null when there is none or it has run out. Renews the cookie when it is due. */
export async function readSession(auth: AuthSource, request: FastifyRequest, reply: FastifyReply): Promise<OpenSession | null> {
  if (request.headers.cookie === undefined) return null;
  const { response, headers } = await (await auth()).api.getSession({ headers: authHeaders(request), returnHeaders: true });
  passCookies(reply, headers);
  if (response === null) return null;
  const { session, user } = response;
  return {
    id: session.id,
    token: session.token,
    user: { id: user.id, name: user.name, email: user.email, twoFactorEnabled: user.twoFactorEnabled ?? false },
    workspaceId: session.workspaceId ?? null,
  };
}

/** The session's person in the workspace they last looked at or, if they are not in it any more, in their oldest one. */
async function actorOfSession(db: Database, session: OpenSession): Promise<Actor> {
  const workspaces = await workspacesOf(db, session.user.id);
  const workspace = workspaces.find(({ id }) => id === session.workspaceId) ?? workspaces[0];
  if (!workspace) throw new ApiError("no_workspace");
  return { workspaceId: workspace.id, role: workspace.role, userId: session.user.id, name: session.user.name };
}
