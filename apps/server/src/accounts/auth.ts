/**
 * better-auth on our own tables: e-mail and password, sessions in a cookie, two-factor by authenticator app. People come in only by
 * the set-up page, an invitation, provisioning or the demo, never by signing themselves up. Workspaces, roles and API keys are ours
 * (better-auth's organisations would put a second truth beside the (workspace_id, …) keys of every table).
 */
import { betterAuth } from "better-auth";
import { createAuthEndpoint, createAuthMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { twoFactor } from "better-auth/plugins/two-factor";
import type { FastifyBaseLogger } from "fastify";
import type { Database } from "../database/connection.ts";
import type { Secrets } from "../database/secrets.ts";
import { uuidv7 } from "../database/uuid.ts";
import { isOwnOrigin } from "../http/access.ts";
import { auditForPerson } from "./audit.ts";
import { ADDRESS_HEADER } from "./auth-headers.ts";
import { SHORTEST_PASSWORD } from "./password-rule.ts";

export type Auth = ReturnType<typeof createAuth>;

export interface AuthOptions {
  db: Database;
  secrets: Secrets;
  publicUrl: string;
  log: FastifyBaseLogger;
}

/** See auth-when-needed.ts for who calls it. */
export function createAuth(options: AuthOptions) {
  const { db, secrets, publicUrl, log } = options;
  return betterAuth({
    appName: "Tincan",
    baseURL: publicUrl,
    basePath: "/api/auth",
    secret: secrets.derive("sessions").toString("base64url"),
    database: { db, type: "postgres" },
    telemetry: { enabled: false },
    logger: { log: (level, message) => log[level === "error" ? "error" : "debug"]({ from: "better-auth" }, message) },
    trustedOrigins: (request) => trustedOrigins(request, publicUrl),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: SHORTEST_PASSWORD, maxPasswordLength: 128 },
    disabledPaths: ["/sign-up/email", "/update-user", "/delete-user", "/change-email", "/sign-in/social", "/link-social"],
    advanced: {
      cookiePrefix: "tincan",
      useSecureCookies: publicUrl.startsWith("https:"),
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: { generateId: () => uuidv7() },
    },
    rateLimit: {
      enabled: true,
      storage: "database",
      modelName: "sign_in_rates",
      fields: { lastRequest: "last_request" },
      window: 60,
      max: 100,
      customRules: {
        "/sign-in/email": { window: 60, max: 10 },
        "/two-factor/*": { window: 60, max: 10 },
        "/change-password": { window: 60, max: 10 },
      },
    },
    user: {
      modelName: "users",
      fields: { emailVerified: "email_verified", createdAt: "created_at", updatedAt: "updated_at" },
    },
    session: {
      modelName: "sessions",
      fields: {
        userId: "user_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
      additionalFields: { workspaceId: { type: "string", required: false, input: false, fieldName: "workspace_id" } },
    },
    account: {
      modelName: "sign_in_methods",
      fields: {
        userId: "user_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
    },
    verification: {
      modelName: "verifications",
      fields: { expiresAt: "expires_at", createdAt: "created_at", updatedAt: "updated_at" },
    },
    plugins: [
      twoFactor({
        issuer: "Tincan",
        schema: {
          user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
          twoFactor: {
            modelName: "two_factors",
            fields: { userId: "user_id", backupCodes: "backup_codes", failedVerificationCount: "failed_verification_count", lockedUntil: "locked_until" },
          },
        },
      }),
      sessionsWithoutPassword,
    ],
    hooks: {
      after: createAuthMiddleware(async (ctx) => {
        const person = ctx.context.newSession?.user ?? ctx.context.session?.user;
        const action = recorded[ctx.path];
        if (!person || action === undefined || ctx.context.returned instanceof Error) return;
        // Somebody who has the password alone is not in; who is lacks nothing after the second factor.
        const isHalfway = ctx.path === "/sign-in/email" && person["twoFactorEnabled"] === true;
        if (!isHalfway) await auditForPerson(db, person, action);
        if (SECOND_FACTORS.has(ctx.path) && !ctx.context.session) await auditForPerson(db, person, "account.signed_in");
      }),
    },
  });
}

/** What people do to their own account that belongs into the audit log. */
const recorded: Record<string, string> = {
  "/sign-in/email": "account.signed_in",
  "/change-password": "account.password_changed",
  "/two-factor/enable": "account.two_factor_started",
  "/two-factor/disable": "account.two_factor_disabled",
  "/two-factor/verify-totp": "account.two_factor_passed",
  "/two-factor/verify-backup-code": "account.backup_code_used",
  "/two-factor/generate-backup-codes": "account.backup_codes_made",
  "/revoke-session": "account.sessions_ended",
  "/revoke-sessions": "account.sessions_ended",
  "/revoke-other-sessions": "account.sessions_ended",
};

/** The last step of a sign-in or, in an open session, of setting the second factor up. */
const SECOND_FACTORS: ReadonlySet<string> = new Set(["/two-factor/verify-totp", "/two-factor/verify-backup-code"]);

/**
 * DANGEROUS: signs somebody in without asking for anything. Not reachable over HTTP; called by us after a set-up, with a one-time link,
 * or with an invitation.
 */
const sessionsWithoutPassword = {
  id: "tincan-sessions",
  endpoints: {
    startSessionWithoutPassword: createAuthEndpoint.serverOnly({ method: "POST", metadata: { $Infer: { body: {} as { userId: string } } } }, async (ctx) => {
      const { userId } = ctx.body;
      const user = await ctx.context.internalAdapter.findUserById(userId);
      if (!user) throw ctx.error("NOT_FOUND");
      const session = await ctx.context.internalAdapter.createSession(userId);
      await setSessionCookie(ctx, { session, user });
      return ctx.json({ token: session.token });
    }),
  },
};

function trustedOrigins(request: Request | undefined, publicUrl: string): string[] {
  const origin = request?.headers.get("origin");
  const host = request?.headers.get("host") ?? undefined;
  return origin && isOwnOrigin(origin, { headers: { host } }, publicUrl) ? [publicUrl, origin] : [publicUrl];
}
