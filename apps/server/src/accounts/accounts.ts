import type { FastifyBaseLogger } from "fastify";
import type { Database } from "../database/connection.ts";
import type { Secrets } from "../database/secrets.ts";
import type { Gate } from "../http/actor.ts";
import type { RoutePlugin } from "../http/app.ts";
import { apiKeyRoutes } from "./api-key-routes.ts";
import { auditRoutes } from "./audit-routes.ts";
import { authRoutes } from "./auth-routes.ts";
import { authWhenNeeded, type AuthSource } from "./auth-when-needed.ts";
import { createGate } from "./gate.ts";
import { memberRoutes } from "./member-routes.ts";
import { sessionRoutes, welcomeRoutes } from "./session-routes.ts";

/** Everything about people and permissions, put together. */
export interface Accounts {
  auth: AuthSource;
  gate: Gate;
  api: RoutePlugin[];
  pages: RoutePlugin[];
}

export function createAccounts(deps: { db: Database; secrets: Secrets; publicUrl: string; version: string; phonesUrl: string | null; log: FastifyBaseLogger }): Accounts {
  const auth = authWhenNeeded(deps);
  const all = { ...deps, auth };
  return {
    auth,
    gate: createGate(all),
    api: [sessionRoutes(all), memberRoutes(all), apiKeyRoutes(all), auditRoutes(all)],
    pages: [authRoutes(all), welcomeRoutes(all)],
  };
}
