import type { TraceStep } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { CallbackFailure, StoredCallbackState } from "./tables.ts";

/** What the platform was told about a message: each attempt that failed, and how each callback stands. */
export async function callbackSteps(db: Database, workspaceId: string, messageId: string): Promise<TraceStep[]> {
  const callbacks = await find.run(db, [workspaceId, messageId]);
  if (callbacks.length === 0) return [];
  const attempts = await findAttempts.run(db, [workspaceId, callbacks.map((callback) => callback.id)]);
  return callbacks.flatMap((callback) => [
    ...attempts.filter((attempt) => attempt.callback_id === callback.id).map((attempt) => failedStep(callback, attempt)),
    ...outcomeStep(callback),
  ]);
}

function failedStep(callback: CallbackRow, attempt: AttemptRow): TraceStep {
  return {
    kind: "callback",
    at: attempt.at.toISOString(),
    title: `${wordFor(callback)} was not taken by the platform${attempt.http_status === null ? "" : `: HTTP ${attempt.http_status}`}`,
    status: "failed",
    ...(attempt.answer && { detail: attempt.answer }),
    body: callback.body,
    durationMs: attempt.duration_ms,
  };
}

function outcomeStep(callback: CallbackRow): TraceStep[] {
  const base = { kind: "callback" as const, body: callback.body };
  const what = wordFor(callback);
  switch (callback.state) {
    case "delivered":
      return [{ ...base, at: (callback.delivered_at ?? callback.created_at).toISOString(), title: `${what} was told to the platform`, status: "ok" }];
    case "parked":
      return [{ ...base, at: callback.last_failure?.at ?? callback.due_at.toISOString(), title: `${what} is parked`, status: "failed", detail: "It failed for 72 hours. Replay it when the platform is back." }];
    case "held":
      return [{ ...base, at: callback.due_at.toISOString(), title: `${what} will be told to the platform again`, status: "waiting" }];
    default:
      return [{ ...base, at: callback.created_at.toISOString(), title: `${what} waits to be told to the platform`, status: "waiting" }];
  }
}

function wordFor({ body, kind }: CallbackRow): string {
  return kind === "inbound" ? "The answer" : `"${String(body["status"])}"`;
}

interface CallbackRow {
  id: string;
  kind: "status" | "inbound";
  body: Record<string, unknown>;
  state: StoredCallbackState;
  due_at: Date;
  created_at: Date;
  delivered_at: Date | null;
  last_failure: CallbackFailure | null;
}

interface AttemptRow {
  callback_id: string;
  at: Date;
  http_status: number | null;
  answer: string | null;
  duration_ms: number;
}

/** Callbacks about the message itself and about answers to it, by callbacks_by_message and the sender's index. */
const find = statement<CallbackRow>(
  "callbacks_of_message",
  `select c.id, c.kind, c.body, c.state, c.due_at, c.created_at, c.delivered_at, c.last_failure
   from callbacks c
   where c.workspace_id = $1 and c.message_id in (
     select $2::uuid
     union all
     select i.id from messages m join inbound_messages i on i.workspace_id = $1 and i.sender = m.recipient and i.reply_to = m.id
     where m.workspace_id = $1 and m.id = $2)
   order by c.id`,
);

const findAttempts = statement<AttemptRow>(
  "callbacks_attempts",
  `select callback_id, at, http_status, answer, duration_ms from callback_attempts
   where workspace_id = $1 and callback_id = any ($2::uuid[]) order by callback_id, at`,
);
