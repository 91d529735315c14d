/**
 * One message's life as steps, oldest first: the ledger's own view, with what other features know put in at its time. A receipt
 * carries the provider's clock, in whole seconds; it stands after the step it follows all the same, under its own time.
 */
import type { TraceStep } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { explainFailure } from "./explain.ts";
import { findMessage, type MessageRow } from "./search.ts";

/** A feature's part of a trace, handed in by main.ts: the request as rendered, what a platform was told. */
export type TraceContributor = (db: Database, workspaceId: string, messageId: string) => Promise<TraceStep[]>;

/** Null when there is no such message. */
export async function traceMessage(db: Database, workspaceId: string, id: string, contributors: readonly TraceContributor[]): Promise<TraceStep[] | null> {
  const message = await findMessage(db, workspaceId, id);
  if (!message) return null;
  const [attempts, queue, answers] = await Promise.all([
    findAttempts.run(db, [workspaceId, id]),
    findQueue.run(db, [workspaceId, id]),
    findAnswers.run(db, [workspaceId, id, message.recipient, message.provider_id]),
  ]);
  const own = [...acceptance(message), ...attempts.map(attemptStep), ...(attempts.some(({ outcome }) => outcome === "submitted") ? [] : submission(message)), ...receipts(message)];
  const others = (await Promise.all(contributors.map((contribute) => contribute(db, workspaceId, id)))).flat();
  const asides = [...answers.map(answerStep), ...others];
  return [...inOrder(own, asides), ...queue.flatMap((row) => waiting(row, message))];
}

/** Own steps keep their order; the others go in where their time falls. */
function inOrder(own: TraceStep[], asides: TraceStep[]): TraceStep[] {
  let latest = 0;
  const keyed = own.map((step) => ({ step, key: (latest = Math.max(latest, Date.parse(step.at))) }));
  return [...keyed, ...asides.map((step) => ({ step, key: Date.parse(step.at) }))].sort((a, b) => a.key - b.key).map(({ step }) => step);
}

function acceptance(message: MessageRow): TraceStep[] {
  const at = message.accepted_at.toISOString();
  const fromPlatform = message.origin_kind === "deployment";
  const received: TraceStep[] = message.request === null ? [] : [{ kind: "received", at, title: fromPlatform ? "The platform asked for this message" : "A program asked for this message", status: "ok", body: readable(message.request) }];
  const stored: TraceStep = { kind: "stored", at, title: fromPlatform ? "Stored, and the platform was answered success" : "Stored", status: "ok", body: message.content };
  return [...received, stored];
}

function attemptStep(attempt: AttemptRow): TraceStep {
  const at = new Date(attempt.at.getTime() + attempt.duration_ms).toISOString();
  const [title, status] = outcomeWords[attempt.outcome] ?? ["The provider did not take it", "failed"];
  return { kind: "answer", at, title: attempt.http_status === null ? title : `${title} (HTTP ${attempt.http_status})`, status, body: readable(attempt.answer ?? ""), durationMs: attempt.duration_ms };
}

const outcomeWords: Record<string, [title: string, status: TraceStep["status"]]> = {
  submitted: ["The provider took it", "ok"],
  failed: ["The provider refused it", "failed"],
  again: ["The provider did not take it; it goes out again", "info"],
  ambiguous: ["Whether the provider took it is not known", "ambiguous"],
};

function submission(message: MessageRow): TraceStep[] {
  if (!message.submitted_at) return [];
  const durationMs = message.sending_at ? message.submitted_at.getTime() - message.sending_at.getTime() : undefined;
  const body = message.wire_id === null ? {} : { body: { id: message.wire_id } };
  return [{ kind: "answer", at: message.submitted_at.toISOString(), title: "The provider took it", status: "ok", ...body, ...(durationMs !== undefined && { durationMs }) }];
}

function receipts(message: MessageRow): TraceStep[] {
  const steps: [Date | null, string][] = [
    [message.sent_at, "Sent to the phone"],
    [message.delivered_at, "Delivered"],
    [message.read_at, "Read"],
    [message.clicked_at, "Clicked"],
  ];
  const taken = steps.flatMap(([at, title]): TraceStep[] => (at ? [{ kind: "receipt", at: at.toISOString(), title, status: "ok" }] : []));
  if (message.failed_at && message.error) {
    const { title, meaning, fix } = explainFailure(message.error);
    const detail = [meaning, fix].filter(Boolean).join(" ");
    taken.push({ kind: message.error.source === "tincan" ? "note" : "receipt", at: message.failed_at.toISOString(), title: `Failed: ${title}`, status: "failed", ...(detail && { detail }), body: message.error });
  }
  return taken;
}

function answerStep(row: AnswerRow): TraceStep {
  const { text, choice } = row.content;
  const said = text ?? choice?.text;
  return { kind: "inbound", at: row.received_at.toISOString(), title: said === undefined ? "The person answered" : `The person answered: ${said}`, status: "ok", body: row.raw };
}

/** What a message that has not left yet is waiting for. */
function waiting(row: QueueRow, message: MessageRow): TraceStep[] {
  const at = row.due_at.toISOString();
  if (row.state === "ambiguous") {
    return [{ kind: "note", at, title: "Waits for a receipt to tell its outcome", status: "ambiguous", detail: "It is not sent again by itself, since it may have arrived." }];
  }
  if (row.state === "claimed") return [{ kind: "note", at, title: "Is being sent", status: "waiting" }];
  if (row.paused_at) return [{ kind: "note", at: row.paused_at.toISOString(), title: "Its lane is paused", status: "waiting", detail: "Resume the lane to send it." }];
  if (row.breaker_state !== "closed") {
    return [{ kind: "note", at: (row.breaker_since ?? message.accepted_at).toISOString(), title: "Its provider is not reachable", status: "waiting", ...(row.breaker_reason && { detail: row.breaker_reason }) }];
  }
  return [{ kind: "note", at, title: row.state === "held" ? "Goes out again at this time" : "Waits for its turn", status: "waiting" }];
}

/** A body as JSON where it is JSON, else as the text it is. */
function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

interface AttemptRow {
  at: Date;
  outcome: string;
  http_status: number | null;
  answer: string | null;
  duration_ms: number;
}
interface QueueRow {
  state: "ready" | "held" | "claimed" | "ambiguous";
  due_at: Date;
  paused_at: Date | null;
  breaker_state: string | null;
  breaker_reason: string | null;
  breaker_since: Date | null;
}
interface AnswerRow {
  received_at: Date;
  content: { text?: string; choice?: { text: string } };
  raw: unknown;
}

const findAttempts = statement<AttemptRow>(
  "trace_attempts",
  `select at, outcome, http_status, answer, duration_ms from send_attempts where workspace_id = $1 and message_id = $2 order by at`,
);

const findQueue = statement<QueueRow>(
  "trace_queue",
  `select o.state, o.due_at, l.paused_at, coalesce(l.breaker_state, 'closed') as breaker_state, l.breaker_reason, l.breaker_since
   from outbox o left join lanes l on l.workspace_id = $1 and l.id = o.lane_id
   where o.workspace_id = $1 and o.message_id = $2`,
);

/**
 * What quotes the message, and what quotes nothing but came while it was the last one to that person; most people just write back.
 * By inbound_messages_sender (answers come from the number the message went to) and messages_recipient.
 */
const findAnswers = statement<AnswerRow>(
  "trace_answers",
  `select received_at, content, raw from inbound_messages i
   where workspace_id = $1 and sender = $3
     and (reply_to = $2 or (reply_to is null and provider_id = $4 and id > $2 and not exists (
       select from messages m where m.workspace_id = $1 and m.recipient = $3 and m.provider_id = $4 and m.id > $2 and m.id < i.id)))
   order by id limit 100`,
);
