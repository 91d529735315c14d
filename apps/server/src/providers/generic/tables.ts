import type { Generated } from "kysely";

interface ProviderCallbackUrlsTable {
  workspace_id: string;
  provider_id: string;
  secret_hash: string;
  secret_sealed: Buffer;
  /** When it stops working; null for the one in use. */
  expires_at: Date | null;
  created_at: Generated<Date>;
}

/** What came to a provider's callback URLs in one hour. */
interface ProviderCallbackHoursTable {
  workspace_id: string;
  provider_id: string;
  hour: Date;
  received: number;
  refused: number;
  last_status_at: Date | null;
  last_inbound_at: Date | null;
  last_refusal: string | null;
}

/** When a person was last answered by themselves. */
interface AutoRepliesTable {
  workspace_id: string;
  provider_id: string;
  phone: string;
  replied_at: Date;
}

declare module "../../database/schema.ts" {
  interface Schema {
    provider_callback_urls: ProviderCallbackUrlsTable;
    provider_callback_hours: ProviderCallbackHoursTable;
    auto_replies: AutoRepliesTable;
  }
}
