/** Every change of a template that is made here; what providers say is written by sync.ts. */
import type { TemplateInput, TemplatePatch } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";
import type { TemplateRow } from "./store.ts";

/** After a crash a submission is taken up again when it is this old: longer than any call to Meta takes. */
const STUCK_MS = 120_000;
const LOCK_DAYS = 30;

/** Throws ApiError `provider_not_found`. */
export async function providerKind(db: Database, workspaceId: string, id: string): Promise<"cloud-api" | "generic"> {
  const [row] = await kindOf.run(db, [workspaceId, id]);
  if (!row) throw new ApiError("provider_not_found", { field: "provider" });
  return row.kind;
}

/** Throws ApiError `template_exists`. A deleted template of the same name and language gives way. */
export async function insertDraft(tx: Database, workspaceId: string, id: string, input: TemplateInput): Promise<void> {
  const written = await insert.run(tx, [
    workspaceId, id, input.provider, input.name, input.language, input.category, input.parameterFormat ?? "POSITIONAL", JSON.stringify(input.components),
    input.timeToLiveSeconds ?? null, JSON.stringify(input.buttonSettings ?? []), JSON.stringify(input.samples ?? {}),
  ]);
  if (written.length === 0) throw new ApiError("template_exists", { field: "name" });
}

/** Lays the given members over the template. Throws ApiError `template_exists` when a draft takes a name that is there. */
export async function saveTemplate(tx: Database, workspaceId: string, row: TemplateRow, patch: TemplatePatch): Promise<void> {
  const { name, language, category, parameterFormat, components, timeToLiveSeconds, buttonSettings, samples } = patch;
  const set = {
    ...(row.status === "DRAFT" && name !== undefined && { name }),
    ...(row.status === "DRAFT" && language !== undefined && { language }),
    ...(category !== undefined && { category }),
    ...(parameterFormat !== undefined && { parameter_format: parameterFormat }),
    ...(components !== undefined && { components: JSON.stringify(components) }),
    ...(timeToLiveSeconds !== undefined && (row.status === "DRAFT" || timeToLiveSeconds !== null) && { ttl_seconds: timeToLiveSeconds }),
    ...(buttonSettings !== undefined && { button_settings: JSON.stringify(buttonSettings) }),
    ...(samples !== undefined && { samples: JSON.stringify(samples) }),
    updated_at: new Date(),
  };
  await tx.updateTable("templates").set(set).where("workspace_id", "=", workspaceId).where("id", "=", row.id).execute().catch(nameTaken);
}

/** Marks the template PENDING, unless somebody else did meanwhile. @returns whether it is the caller's */
export async function claimForHost(db: Database, workspaceId: string, row: TemplateRow, now: Date): Promise<boolean> {
  return (await claim.run(db, [workspaceId, row.id, row.status, new Date(now.getTime() - STUCK_MS), now])).length > 0;
}

/** What a call to the host led to. Status and category hold only while no webhook has said something newer. */
export interface Hosted {
  remoteId: string | null;
  status: string;
  category: string;
}

export async function settleHosted(tx: Database, workspaceId: string, id: string, { remoteId, status, category }: Hosted, editedAt?: Date): Promise<void> {
  await settle.run(tx, [workspaceId, id, remoteId, status, category, editedAt ?? null]);
}

/** A draft that took the place of a deleted template leaves it deleted, so that the lock on its name stays known. */
export async function deleteDraft(tx: Database, workspaceId: string, id: string): Promise<void> {
  await dropDraft.run(tx, [workspaceId, id]);
}

export async function markDeleted(tx: Database, workspaceId: string, id: string, { now, lockName }: { now: Date; lockName: boolean }): Promise<void> {
  await remove.run(tx, [workspaceId, id, now, lockName ? new Date(now.getTime() + LOCK_DAYS * 86_400_000) : null]);
}

function nameTaken(cause: unknown): never {
  if (cause instanceof Error && "code" in cause && cause.code === "23505") throw new ApiError("template_exists", { field: "name" });
  throw cause;
}

const kindOf = statement<{ kind: "cloud-api" | "generic" }>("templates_provider_kind", `select kind from providers where workspace_id = $1 and id::text = $2`);

const insert = statement<{ id: string }>(
  "templates_insert_draft",
  `insert into templates (workspace_id, id, provider_id, name, language, category, status, parameter_format, components, ttl_seconds, button_settings, samples)
   values ($1, $2, $3, $4, $5, $6, 'DRAFT', $7, $8::jsonb, $9, $10::jsonb, $11::jsonb)
   on conflict (workspace_id, provider_id, name, language) do update
   set id = excluded.id, category = excluded.category, status = 'DRAFT', parameter_format = excluded.parameter_format, components = excluded.components,
     ttl_seconds = excluded.ttl_seconds, button_settings = excluded.button_settings, samples = excluded.samples, remote_id = null, quality = 'UNKNOWN',
     imported = false, edits = '{}', rejected_reason = null, archived_at = null, synced_at = null, created_at = now(), updated_at = now()
   where templates.status = 'DELETED'
   returning id`,
);

const dropDraft = statement(
  "templates_drop_draft",
  `with locked as (
     update templates set status = 'DELETED' where workspace_id = $1 and id = $2 and status = 'DRAFT' and name_locked_until is not null
   )
   delete from templates where workspace_id = $1 and id = $2 and status = 'DRAFT' and name_locked_until is null`,
);

const claim = statement<{ id: string }>(
  "templates_claim",
  `update templates set status = 'PENDING', updated_at = $5::timestamptz
   where workspace_id = $1 and id = $2 and status = $3 and (status <> 'PENDING' or (remote_id is null and updated_at < $4))
   returning id`,
);

const settle = statement(
  "templates_settle",
  `update templates
   set remote_id = coalesce($3, remote_id), status = case when status = 'PENDING' then $4 else status end,
     category = case when status = 'PENDING' then $5 else category end,
     rejected_reason = case when $4 in ('PENDING', 'APPROVED') and status = 'PENDING' then null else rejected_reason end,
     edits = case when $6::timestamptz is null then edits else edits || $6::timestamptz end, updated_at = now()
   where workspace_id = $1 and id = $2`,
);

const remove = statement(
  "templates_mark_deleted",
  `update templates set status = 'DELETED', updated_at = $3::timestamptz, name_locked_until = coalesce($4::timestamptz, name_locked_until)
   where workspace_id = $1 and id = $2`,
);
