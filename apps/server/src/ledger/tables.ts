import type { MessageContent } from "@tincan/api";
import type { Generated, JSONColumnType } from "kysely";
import type { Category, MessageState, OriginKind, WireError } from "./types.ts";

interface MessagesTable {
  workspace_id: string;
  id: string;
  provider_id: string;
  origin_kind: OriginKind;
  origin_id: string;
  external_id: string | null;
  recipient: string;
  type: string;
  category: Category;
  template: string | null;
  state: MessageState;
  accepted_at: Date;
  sending_at: Date | null;
  submitted_at: Date | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  clicked_at: Date | null;
  failed_at: Date | null;
  error: JSONColumnType<WireError> | null;
  pricing: JSONColumnType<object> | null;
  /** Steps the last receipt took for the first time, as bits (receipts.ts); 32 when settling met the first answer (settle.ts). */
  fresh: Generated<number>;
}

interface MessageContentsTable {
  workspace_id: string;
  message_id: string;
  content: JSONColumnType<MessageContent>;
  request: string | null;
}

interface OutboxTable {
  workspace_id: string;
  message_id: string;
  lane_id: string;
  origin_id: string;
  priority: number;
  state: "ready" | "held" | "claimed" | "ambiguous";
  due_at: Date;
  leave_by: Date | null;
  attempts: Generated<number>;
  claimed_at: Date | null;
}

interface WireIdsTable {
  workspace_id: string;
  message_id: string;
  provider_id: string;
  wire_id: string;
}

interface SendAttemptsTable {
  workspace_id: string;
  message_id: string;
  at: Date;
  outcome: string;
  http_status: number | null;
  answer: string | null;
  duration_ms: number;
}

interface InboundMessagesTable {
  workspace_id: string;
  id: string;
  provider_id: string;
  wire_id: string;
  sender: string;
  sender_user_id: string | null;
  profile_name: string | null;
  type: string;
  content: JSONColumnType<object>;
  raw: JSONColumnType<object>;
  reply_to: string | null;
  occurred_at: Date;
  received_at: Generated<Date>;
}

interface ConversationWindowsTable {
  workspace_id: string;
  provider_id: string;
  phone: string;
  last_inbound_at: Date;
}

interface MarketingOptOutsTable {
  workspace_id: string;
  provider_id: string;
  phone: string;
  source: string;
  at: Date;
}

interface RawWebhooksTable {
  workspace_id: string;
  id: string;
  provider_id: string;
  field: string;
  body: JSONColumnType<object>;
  received_at: Generated<Date>;
}

declare module "../database/schema.ts" {
  interface Schema {
    messages: MessagesTable;
    message_contents: MessageContentsTable;
    outbox: OutboxTable;
    wire_ids: WireIdsTable;
    send_attempts: SendAttemptsTable;
    inbound_messages: InboundMessagesTable;
    conversation_windows: ConversationWindowsTable;
    marketing_opt_outs: MarketingOptOutsTable;
    raw_webhooks: RawWebhooksTable;
  }
}
