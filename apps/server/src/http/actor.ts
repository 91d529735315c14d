import type { Permission, Role } from "@tincan/api";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Who is behind a request or a change, and in which workspace: a signed-in person, an API key, or (neither id) the server itself. */
export interface Actor {
  workspaceId: string;
  role: Role;
  userId?: string;
  apiKeyId?: string;
  name: string;
}

/** What the HTTP layer must be told about accounts, which live a floor above it. */
export interface Gate {
  /** Finds the actor by API key or session cookie; null when the request carries neither. Throws ApiError for a wrong key. */
  authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Actor | null>;
  may(role: Role, permission: Permission): boolean;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** The permission an actor must have to call this route. */
    permission?: Permission;
    /** Without a permission: "member" for anybody in the workspace, "public" for everybody, signed in or not. */
    access?: "member" | "public";
  }
  interface FastifyRequest {
    /** Set on every route of /api/v1 that is not public. */
    actor: Actor;
  }
}
