import Type, { type Static } from "typebox";
import { MaybeTimestamp, Timestamp } from "./list.ts";
import { Name } from "./name.ts";
import { Role } from "./role.ts";

/** `start` is the key's first characters, enough to recognise it and useless to an attacker. */
export const ApiKey = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Role,
  start: Type.String(),
  createdBy: Type.String(),
  createdAt: Timestamp,
  lastUsedAt: MaybeTimestamp,
});
export type ApiKey = Static<typeof ApiKey>;

export const ApiKeyInput = Type.Object({ name: Name(80), role: Role });
export type ApiKeyInput = Static<typeof ApiKeyInput>;

/** `POST /api-keys`: the only answer that ever holds the key itself. */
export const ApiKeyCreated = Type.Object({ apiKey: ApiKey, key: Type.String() });
export type ApiKeyCreated = Static<typeof ApiKeyCreated>;
