/**
 * A nickname means one provider of a workspace, and so does a number: connected twice, its receipts, windows and opt-outs would be
 * split between two providers. An archived provider keeps its nickname but not its number, which may go on elsewhere.
 */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";

/** What must be a provider's own; `id` is that of the provider that wants it. */
export interface Claim {
  workspaceId: string;
  id: string;
  nickname: string;
  /** E.164 with "+". */
  number: string;
  phoneNumberId?: string;
}

/** Throws ApiError, naming the field, when another provider has it: before anything is asked of Meta. */
export async function refuseTaken(db: Database, { workspaceId, id, nickname, number, phoneNumberId }: Claim): Promise<void> {
  const [other] = await findOther.run(db, [workspaceId, id, nickname, number, phoneNumberId ?? null]);
  if (!other) return;
  if (other.nickname === nickname) throw new ApiError("provider_name_taken", { field: "nickname" });
  throw new ApiError("provider_number_taken", { field: other.number === number ? "number" : "phoneNumberId", detail: `It is the provider "${other.nickname}".` });
}

/** For `catch`: what the database refused because another request was faster, in the same words. */
export function throwTaken(cause: unknown): never {
  const constraint = cause instanceof Error && "constraint" in cause ? cause.constraint : undefined;
  if (constraint === "providers_workspace_id_nickname_key") throw new ApiError("provider_name_taken", { field: "nickname" }, { cause });
  if (constraint === "providers_one_number") throw new ApiError("provider_number_taken", { field: "number" }, { cause });
  if (constraint === "providers_one_phone_number_id") throw new ApiError("provider_number_taken", { field: "phoneNumberId" }, { cause });
  throw cause;
}

const findOther = statement<{ nickname: string; number: string }>(
  "providers_find_taken",
  `select nickname, number from providers
   where workspace_id = $1 and id <> $2
     and (nickname = $3 or (archived_at is null and (number = $4 or phone_number_id = $5)))
   order by nickname = $3 desc, number = $4 desc limit 1`,
);
