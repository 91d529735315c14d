import type { Callback, CallbackState } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { maskUrl } from "./present.ts";
import type { StoredDeployment } from "./store.ts";
import type { CallbackFailure, StoredCallbackState } from "./tables.ts";

interface Row {
  id: string;
  kind: "status" | "inbound";
  message_id: string;
  body: Record<string, unknown>;
  state: StoredCallbackState;
  due_at: Date;
  attempts: number;
  created_at: Date;
  delivered_at: Date | null;
  last_failure: CallbackFailure | null;
}

/** Newest first. `q` is a msgId. */
export function listCallbacks(
  db: Database,
  workspaceId: string,
  deploymentId: string,
  query: { state: CallbackState | null; after: string | null; q: string | null; limit: number },
): Promise<Row[]> {
  return list.run(db, [workspaceId, deploymentId, query.after, query.state, query.q, query.limit]);
}

export function presentCallback(row: Row, deployment: StoredDeployment, showSecrets: boolean): Callback {
  const { webhooks } = deployment;
  const url = (row.kind === "status" ? (webhooks.status ?? webhooks.inbound) : (webhooks.inbound ?? webhooks.status)) ?? null;
  const { status, msgId } = row.body;
  return {
    id: row.id,
    kind: row.kind,
    state: stateOf(row),
    receipt: row.kind === "status" && typeof status === "string" ? status : null,
    messageId: row.kind === "status" ? row.message_id : null,
    msgId: typeof msgId === "string" ? msgId : null,
    url: (showSecrets ? url : maskUrl(url)) ?? "",
    attempts: row.attempts + (row.state === "delivered" ? 1 : 0),
    lastAttemptAt: row.delivered_at?.toISOString() ?? row.last_failure?.at ?? null,
    lastError: row.state === "delivered" ? null : (row.last_failure?.message ?? null),
    nextAttemptAt: row.state === "held" ? row.due_at.toISOString() : null,
    createdAt: row.created_at.toISOString(),
    body: row.body,
  };
}

function stateOf({ state, attempts }: Row): CallbackState {
  if (state === "delivered" || state === "parked") return state;
  return attempts === 0 ? "waiting" : "retrying";
}

/** Walks the primary key backwards. */
const list = statement<Row>(
  "callbacks_list",
  `select id, kind, message_id, body, state, due_at, attempts, created_at, delivered_at, last_failure
   from callbacks
   where workspace_id = $1 and deployment_id = $2 and ($3::uuid is null or id < $3)
     and case $4::text
       when 'waiting' then state in ('ready', 'claimed', 'held') and attempts = 0
       when 'retrying' then state in ('ready', 'claimed', 'held') and attempts > 0
       when 'delivered' then state = 'delivered'
       when 'parked' then state = 'parked'
       else true end
     and ($5::text is null or body ->> 'msgId' = $5)
   order by id desc limit $6`,
);
