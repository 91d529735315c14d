/** What Meta allows with a template it has (Meta: template management), told before it is asked. Meta itself has the last word. */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";
import type { TemplateEdit } from "./host.ts";
import type { TemplateRow } from "./store.ts";

const DAY_MS = 86_400_000;
/** Edits of an approved template: one in 24 hours, ten in 30 days. */
const EDITS_PER_MONTH = 10;

/** Throws ApiError when Meta would not let the template be edited now. */
export function assertEditable(row: TemplateRow, change: TemplateEdit, now: Date): void {
  if (row.status === "PENDING" || row.status === "IN_APPEAL") throw new ApiError("template_not_editable", { detail: "It is under review; wait for the verdict." });
  if (!["APPROVED", "REJECTED", "PAUSED"].includes(row.status)) throw new ApiError("template_not_editable", { detail: `Its status is ${row.status}.` });
  if (row.status !== "APPROVED") return;
  if (change.category !== undefined && change.category !== row.category) {
    throw new ApiError("template_not_editable", { field: "category", detail: "The category of an approved template is fixed." });
  }
  const recent = row.edits.filter((at) => now.getTime() - at.getTime() < 30 * DAY_MS).sort((a, b) => a.getTime() - b.getTime());
  const last = recent.at(-1);
  const nextByDay = last ? last.getTime() + DAY_MS : 0;
  const tenth = recent.at(-EDITS_PER_MONTH);
  const next = Math.max(nextByDay, tenth ? tenth.getTime() + 30 * DAY_MS : 0);
  if (next > now.getTime()) throw new ApiError("template_edit_limit", { detail: `It can be edited again from ${shown(new Date(next))} on.` });
}

/** Throws ApiError while the name of a deleted template is locked. */
export async function refuseLockedName(db: Database, workspaceId: string, row: TemplateRow, now: Date): Promise<void> {
  const [locked] = await lock.run(db, [workspaceId, row.provider_id, row.name, now]);
  if (locked) throw new ApiError("template_name_locked", { field: "name", detail: `It is free again from ${shown(locked.until)} on.` });
}

function shown(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

const lock = statement<{ until: Date }>(
  "templates_name_lock",
  `select name_locked_until as until from templates where workspace_id = $1 and provider_id = $2 and name = $3 and name_locked_until > $4
   order by name_locked_until desc limit 1`,
);
