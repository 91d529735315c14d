import Type, { type Static } from "typebox";
import { ListQuery, Maybe, Timestamp } from "./list.ts";

/** One change somebody made. `action` is noun.verb in the past, e.g. `provider.created`; `detail` is what changed, secrets left out. */
export const AuditEntry = Type.Object({
  id: Type.String(),
  at: Timestamp,
  actor: Type.Object({ kind: Type.Enum(["user", "apiKey", "system"]), id: Maybe(Type.String()), name: Type.String() }),
  action: Type.String(),
  target: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
  detail: Type.Optional(Type.Unknown()),
});
export type AuditEntry = Static<typeof AuditEntry>;

/** The order of the audit log: newest first (`-at`) unless told otherwise. */
export const AuditSort = Type.Enum(["at", "-at"]);
export type AuditSort = Static<typeof AuditSort>;

export const AuditQuery = Type.Interface([ListQuery], {
  sort: Type.Optional(AuditSort),
  action: Type.Optional(Type.String({ maxLength: 80 })),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
});
export type AuditQuery = Static<typeof AuditQuery>;
