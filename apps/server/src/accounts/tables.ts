import type { Role } from "@tincan/api";
import type { Generated, JSONColumnType } from "kysely";

interface UsersTable {
  id: string;
  name: string;
  email: string;
  email_verified: Generated<boolean>;
  two_factor_enabled: Generated<boolean>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface SessionsTable {
  id: string;
  user_id: string;
  token: string;
  workspace_id: string | null;
  expires_at: Date;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface SignInMethodsTable {
  id: string;
  user_id: string;
  account_id: string;
  provider_id: string;
  password: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface WorkspacesTable {
  id: string;
  name: string;
  demo: Generated<boolean>;
  created_at: Generated<Date>;
}

interface MembershipsTable {
  workspace_id: string;
  user_id: string;
  role: Role;
  created_at: Generated<Date>;
}

interface InvitationsTable {
  workspace_id: string;
  id: string;
  email: string;
  role: Role;
  token_hash: Buffer;
  invited_by: string;
  expires_at: Date;
  created_at: Generated<Date>;
}

interface SignInLinksTable {
  token_hash: Buffer;
  user_id: string;
  expires_at: Date;
}

interface ApiKeysTable {
  workspace_id: string;
  id: string;
  name: string;
  prefix: string;
  key_hash: Buffer;
  role: Role;
  created_by: string;
  created_at: Generated<Date>;
  last_used_at: Date | null;
}

interface AuditLogTable {
  workspace_id: string;
  id: string;
  at: Generated<Date>;
  actor_kind: "user" | "api_key" | "system";
  actor_id: string | null;
  actor_name: string;
  action: string;
  target_kind: string;
  target_id: string;
  target_name: string;
  detail: JSONColumnType<object> | null;
}

declare module "../database/schema.ts" {
  interface Schema {
    users: UsersTable;
    sessions: SessionsTable;
    sign_in_methods: SignInMethodsTable;
    workspaces: WorkspacesTable;
    memberships: MembershipsTable;
    invitations: InvitationsTable;
    sign_in_links: SignInLinksTable;
    api_keys: ApiKeysTable;
    audit_log: AuditLogTable;
  }
}
