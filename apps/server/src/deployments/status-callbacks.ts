import { buildStatusCallback, isCallbackCode, type CallbackCode, type StatusDraft } from "@tincan/clevertap";
import { clevertapCodeOf } from "@tincan/whatsapp";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { StatusListener } from "../ledger/listeners.ts";
import type { StatusChange, WireError } from "../ledger/types.ts";
import type { WakeSoon } from "./wake-soon.ts";

/**
 * Turns each step of a platform's message into a callback, in the transaction that stores the step. Nothing is stored for a
 * deployment without a webhook URL. A click is told when it is known which link it was: the contract wants that with it.
 */
export function statusCallbacks(wake: WakeSoon): StatusListener {
  return async (tx, workspaceId, changes) => {
    const told = changes.flatMap((change) => {
      const draft = statusDraft(change);
      return draft ? [{ change, body: buildStatusCallback([draft]).statuses[0] }] : [];
    });
    if (told.length === 0) return;
    const rows = await insert.run(tx, [
      workspaceId,
      told.map(() => uuidv7()),
      told.map(({ change }) => change.originId),
      told.map(({ change }) => change.messageId),
      told.map(({ body }) => JSON.stringify(body)),
      new Date(),
    ]);
    for (const { deployment_id } of rows) wake.soon(deployment_id);
  };
}

/** What the platform is told of a step; null when it is none of its business. */
function statusDraft(change: StatusChange): StatusDraft | null {
  if (change.originKind !== "deployment" || change.externalId === null) return null;
  const base = { msgId: change.externalId, timestamp: Math.floor(change.at.getTime() / 1000) };
  if (change.status === "failed") return { ...base, status: "failed", error: callbackError(change.error) };
  if (change.status === "clicked") return change.click ? { ...base, status: "clicked", ...change.click } : null;
  return { ...base, status: change.status };
}

/** A refused send's code (2000 to 2004) as a delivery report says it (CleverTap: Generic WhatsApp, both lists of error codes). */
const ofSendCode: Record<number, CallbackCode> = { 2000: 1000, 2001: 1001, 2002: 1002, 2003: 1003, 2004: 1009 };

function callbackError(error: WireError | undefined): { code: CallbackCode; title?: string } {
  if (!error) return { code: 1009 };
  const title = error.details ? `${error.title}: ${error.details}` : error.title;
  const wanted = error.source === "meta" ? clevertapCodeOf({ code: error.code, message: error.title, details: error.details }) : error.code;
  const code = isCallbackCode(wanted) ? wanted : (ofSendCode[wanted] ?? 1009);
  return { code, title: title.slice(0, 500).toWellFormed() };
}

/** An empty webhooks_sealed means that nobody wants to hear. */
const insert = statement<{ deployment_id: string }>(
  "callbacks_insert_statuses",
  `with input as (
     select * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::json[]) as i (id, deployment_id, message_id, body)
   ), written as (
     insert into callbacks (workspace_id, id, deployment_id, kind, message_id, body, state, due_at, created_at)
     select $1, i.id, i.deployment_id, 'status', i.message_id, i.body, 'ready', $6::timestamptz, $6::timestamptz
     from input i join deployments d on d.workspace_id = $1 and d.id = i.deployment_id
     where octet_length(d.webhooks_sealed) > 0
     returning deployment_id
   )
   select distinct deployment_id from written`,
);
