import Type, { type Static } from "typebox";
import { MessageContent } from "./content.ts";
import { ListQuery, Maybe, MaybeTimestamp, Timestamp } from "./list.ts";
import { Template } from "./template.ts";

/**
 * Where a message is. queued → sending → submitted (the provider took it) → sent → delivered → read; or failed; or unknown (its outcome
 * was never learned).
 */
export const MessageState = Type.Enum(["queued", "sending", "submitted", "sent", "delivered", "read", "failed", "unknown"]);
export type MessageState = Static<typeof MessageState>;

export const OriginKind = Type.Enum(["deployment", "campaign", "journey", "test", "inbox", "api", "auto-reply", "consent"]);
export type OriginKind = Static<typeof OriginKind>;

/** Why a message failed. `code` is the wire's number where there is one (Meta's or the contract's); the sentences say the rest. */
export const MessageError = Type.Object({
  code: Maybe(Type.String()),
  title: Type.String(),
  meaning: Maybe(Type.String()),
  fix: Maybe(Type.String()),
});
export type MessageError = Static<typeof MessageError>;

/**
 * A message as lists show it. `msgId` is the origin's own id (CleverTap's), byte for byte; `summary` one line of what it says. `origin.id` is
 * that of the deployment, the campaign or the tested template.
 */
export const MessageSummary = Type.Object({
  id: Type.String(),
  msgId: Maybe(Type.String()),
  to: Type.String(),
  state: MessageState,
  type: Type.String(),
  summary: Type.String(),
  origin: Type.Object({ kind: OriginKind, id: Maybe(Type.String()), name: Type.String() }),
  provider: Type.Object({ id: Type.String(), nickname: Type.String() }),
  error: Maybe(MessageError),
  clicked: Type.Boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type MessageSummary = Static<typeof MessageSummary>;

/** `GET /messages/:id`. `template` is the registry's entry for a template message, null when it is no longer there. */
export const Message = Type.Interface([MessageSummary], {
  wamid: Maybe(Type.String()),
  content: MessageContent,
  template: Maybe(Template),
  times: Type.Object({
    submittedAt: MaybeTimestamp,
    sentAt: MaybeTimestamp,
    deliveredAt: MaybeTimestamp,
    readAt: MaybeTimestamp,
    clickedAt: MaybeTimestamp,
    failedAt: MaybeTimestamp,
  }),
});
export type Message = Static<typeof Message>;

/** The order of a list of messages: newest first (`-createdAt`) unless told otherwise. */
export const MessageSort = Type.Enum(["createdAt", "-createdAt"]);
export type MessageSort = Static<typeof MessageSort>;

/** A step that a message has taken, whatever came after it: one that was read has been delivered, too. */
export const MessageStep = Type.Enum(["submitted", "sent", "delivered", "read", "clicked", "failed"]);
export type MessageStep = Static<typeof MessageStep>;

/**
 * `q` finds a msgId, a number (with or without +) or our id. `state` is where a message is now, `reached` a step it took at any time.
 * `provider` is an id; `origin` a kind. `from` ≤ createdAt < `to`.
 */
export const MessageQuery = Type.Interface([ListQuery], {
  sort: Type.Optional(MessageSort),
  state: Type.Optional(MessageState),
  reached: Type.Optional(MessageStep),
  provider: Type.Optional(Type.String({ maxLength: 64 })),
  origin: Type.Optional(OriginKind),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
});
export type MessageQuery = Static<typeof MessageQuery>;

/**
 * received: the request as the origin made it · stored: committed, the origin was answered · request: what went to the provider ·
 * answer: what it said · receipt: a status it reported · inbound: the person wrote back · callback: one attempt to tell the platform ·
 * note: anything else worth knowing (a retry planned, a lane paused).
 */
export const TraceKind = Type.Enum(["received", "stored", "request", "answer", "receipt", "inbound", "callback", "note"]);
export type TraceKind = Static<typeof TraceKind>;

/** How a step went. `waiting` has not ended; `ambiguous` may or may not have happened. */
export const TraceStatus = Type.Enum(["ok", "info", "waiting", "ambiguous", "failed"]);
export type TraceStatus = Static<typeof TraceStatus>;

/** One step of a message's life. `title` is a sentence; `detail` adds why and what to do; `body` is the payload; `durationMs` how long it took. */
export const TraceStep = Type.Object({
  kind: TraceKind,
  at: Timestamp,
  title: Type.String(),
  status: TraceStatus,
  detail: Type.Optional(Type.String()),
  body: Type.Optional(Type.Unknown()),
  durationMs: Type.Optional(Type.Number()),
});
export type TraceStep = Static<typeof TraceStep>;

/** `GET /messages/:id/trace`, oldest step first. */
export const Trace = Type.Object({ steps: Type.Array(TraceStep) });
export type Trace = Static<typeof Trace>;
