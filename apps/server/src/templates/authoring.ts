/**
 * Writing templates: drafts, submission, edits, deletion.
 *
 *              submit                    webhook
 *   DRAFT ───────────────► PENDING ───────────────► APPROVED · REJECTED
 *     ▲  refused by Meta      │  ▲                        │
 *     └───────────────────────┘  └──── edit (Meta's rules) ┘        any ──► DELETED
 *
 * With a generic provider, whose templates are approved elsewhere, submit makes a draft APPROVED at once.
 *
 * A template that goes to Meta is marked PENDING in the database before the call, so that two people cannot submit it twice, and a
 * verdict that arrives by webhook before Meta's own answer is stored is not overwritten: what is stored after a call applies only
 * while the template is still PENDING. A crash between leaves it PENDING; a draft that stays so without an id of Meta can be
 * submitted again after STUCK_MS, an edited one is put right by the next sync.
 */
import type { Template, TemplateCloneInput, TemplateInput, TemplatePatch } from "@tincan/api";
import { templateProblems, type LibraryTemplateDefinition, type WrittenTemplate } from "@tincan/whatsapp";
import { audit } from "../accounts/audit.ts";
import type { Database, DatabaseHandle } from "../database/connection.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { assertEditable, refuseLockedName } from "./edit-rules.ts";
import type { CreatedAtHost, OpenTemplateHost, TemplateEdit, TemplateHost } from "./host.ts";
import type { TemplateRegistry } from "./registry.ts";
import { findTemplate, presentTemplate, type TemplateRow, writtenOf } from "./store.ts";
import { claimForHost, deleteDraft, insertDraft, markDeleted, providerKind, saveTemplate, settleHosted } from "./write.ts";

export interface AuthoringDeps {
  database: DatabaseHandle;
  registry: TemplateRegistry;
  hosts: OpenTemplateHost;
  now?: () => Date;
}

/**
 * Saves a draft, and submits it when asked. A submission that is refused leaves the draft behind only if it was saved before.
 *
 * @param library what is sent to Meta in place of the components, for a template of its library
 */
export async function createTemplate(deps: AuthoringDeps, actor: Actor, input: TemplateInput, library?: LibraryTemplateDefinition): Promise<Template> {
  const { db } = deps.database;
  const kind = await providerKind(db, actor.workspaceId, input.provider);
  if (input.submit === true && !library) assertComplete(input, kind);
  const id = uuidv7();
  await db.transaction().execute(async (tx) => {
    await insertDraft(tx, actor.workspaceId, id, input);
    await audit(tx, actor, { action: "template.created", target: target(id, input), detail: { provider: input.provider, ...(library && { library: library.library_template_name }) } });
  });
  deps.registry.changed(actor.workspaceId);
  if (input.submit !== true) return show(db, actor, id);
  try {
    return await submitTemplate(deps, actor, id, library);
  } catch (cause) {
    await db.transaction().execute(async (tx) => {
      await deleteDraft(tx, actor.workspaceId, id);
      await audit(tx, actor, { action: "template.deleted", target: target(id, input), detail: { refused: true } });
    });
    deps.registry.changed(actor.workspaceId);
    throw cause;
  }
}

/** Sends a draft to review. */
export async function submitTemplate(deps: AuthoringDeps, actor: Actor, id: string, library?: LibraryTemplateDefinition): Promise<Template> {
  const { db } = deps.database;
  const now = clock(deps);
  const row = await findTemplate(db, actor.workspaceId, id);
  if (row.remote_id !== null || !["DRAFT", "PENDING"].includes(row.status)) throw new ApiError("template_submitted_already");
  // The words of the library are Meta's own, whatever rules they break.
  if (!library) assertComplete(writtenOf(row), row.kind);
  const host = await deps.hosts(actor.workspaceId, row.provider_id);
  if (host) await refuseLockedName(db, actor.workspaceId, row, now);
  if (!(await claimForHost(db, actor.workspaceId, row, now))) throw new ApiError("template_busy");
  const created = host ? await createAtHost(deps, actor, host, row, library) : { remoteId: null, status: "APPROVED", category: row.category };
  await db.transaction().execute(async (tx) => {
    await settleHosted(tx, actor.workspaceId, id, created);
    await audit(tx, actor, { action: "template.submitted", target: target(id, row) });
  });
  deps.registry.changed(actor.workspaceId);
  return show(db, actor, id);
}

/** When nobody knows whether Meta took it, Meta is asked; when it did not, the draft is a draft again. */
async function createAtHost(deps: AuthoringDeps, actor: Actor, host: TemplateHost, row: TemplateRow, library?: LibraryTemplateDefinition): Promise<CreatedAtHost> {
  try {
    return await (library ? host.createFromLibrary(library) : host.create(writtenOf(row)));
  } catch (cause) {
    if (cause instanceof ApiError && cause.code === "provider_unreachable") {
      const taken = await host.find(row.name, row.language).catch(() => null);
      if (taken?.remoteId) return { remoteId: taken.remoteId, status: taken.status, category: taken.category };
    }
    await settleHosted(deps.database.db, actor.workspaceId, row.id, { remoteId: null, status: "DRAFT", category: row.category });
    deps.registry.changed(actor.workspaceId);
    throw cause;
  }
}

/** Changes a template where it is: a draft here, a submitted one at Meta first. */
export async function changeTemplate(deps: AuthoringDeps, actor: Actor, id: string, patch: TemplatePatch): Promise<Template> {
  const { db } = deps.database;
  const row = await findTemplate(db, actor.workspaceId, id);
  if (row.status === "DELETED") throw new ApiError("template_not_found");
  if (row.status !== "DRAFT") await changeSubmitted(deps, actor, row, patch);
  await db.transaction().execute(async (tx) => {
    await saveTemplate(tx, actor.workspaceId, row, patch);
    await audit(tx, actor, { action: "template.changed", target: target(id, { name: patch.name ?? row.name, language: patch.language ?? row.language }), detail: { members: Object.keys(patch).sort() } });
  });
  deps.registry.changed(actor.workspaceId);
  return show(db, actor, id);
}

/** Checks a change of a template that left the desk, and makes it at Meta when it has it. */
async function changeSubmitted(deps: AuthoringDeps, actor: Actor, row: TemplateRow, patch: TemplatePatch): Promise<void> {
  for (const member of ["name", "language"] as const) {
    if (patch[member] !== undefined && patch[member] !== row[member]) {
      throw new ApiError("template_not_editable", { field: member, detail: "Name and language never change; clone it instead." });
    }
  }
  const next = { ...writtenOf(row), ...definedOnly(patch) };
  const { components, category, parameterFormat } = patch;
  const change = { components, category, parameterFormat, timeToLiveSeconds: patch.timeToLiveSeconds ?? undefined };
  if (Object.values(change).every((value) => value === undefined)) {
    const [problem] = templateProblems(next, row.kind).filter(({ path }) => path.startsWith("buttonSettings"));
    if (problem) throw invalid(problem);
    return;
  }
  if (row.remote_id === null && row.status === "PENDING") throw new ApiError("template_busy");
  const host = row.remote_id === null ? null : await deps.hosts(actor.workspaceId, row.provider_id);
  assertComplete(next, host ? row.kind : "generic");
  if (host) await editAtHost(deps, actor, host, row, change);
}

async function editAtHost(deps: AuthoringDeps, actor: Actor, host: TemplateHost, row: TemplateRow, change: TemplateEdit): Promise<void> {
  const { db } = deps.database;
  const { workspaceId } = actor;
  const now = clock(deps);
  assertEditable(row, change, now);
  const remoteId = row.remote_id;
  if (remoteId === null || !(await claimForHost(db, workspaceId, row, now))) throw new ApiError("template_busy");
  const before = { remoteId, status: row.status, category: row.category };
  try {
    await host.edit(remoteId, change);
  } catch (cause) {
    await settleHosted(db, workspaceId, row.id, before);
    throw cause;
  } finally {
    deps.registry.changed(workspaceId);
  }
  // Whether an edited template stays sendable meanwhile is Meta's to say. Without its word it counts as under review; a sync follows.
  const seen = await host.read(remoteId).catch(() => null);
  await settleHosted(db, workspaceId, row.id, { remoteId, status: seen?.status ?? "PENDING", category: seen?.category ?? row.category }, row.status === "APPROVED" ? now : undefined);
}

/** Asks Meta to let a paused template be sent again. What its status is then is Meta's to say; without its word a webhook will tell. */
export async function unpauseTemplate(deps: AuthoringDeps, actor: Actor, id: string): Promise<Template> {
  const { db } = deps.database;
  const row = await findTemplate(db, actor.workspaceId, id);
  const host = row.status === "PAUSED" && row.remote_id !== null ? await deps.hosts(actor.workspaceId, row.provider_id) : null;
  if (!host || row.remote_id === null) throw new ApiError("template_not_paused");
  await host.unpause(row.remote_id);
  const seen = await host.read(row.remote_id).catch(() => null);
  await db.transaction().execute(async (tx) => {
    // Unless a webhook was quicker.
    if (seen) await tx.updateTable("templates").set({ status: seen.status, updated_at: clock(deps) }).where("workspace_id", "=", actor.workspaceId).where("id", "=", id).where("status", "=", "PAUSED").execute();
    await audit(tx, actor, { action: "template.unpaused", target: target(id, row) });
  });
  deps.registry.changed(actor.workspaceId);
  return show(db, actor, id);
}

/** A draft like another template, for this provider or another. */
export async function cloneTemplate(deps: AuthoringDeps, actor: Actor, id: string, input: TemplateCloneInput): Promise<Template> {
  const { db } = deps.database;
  const row = await findTemplate(db, actor.workspaceId, id);
  const sameName = input.name === undefined && (input.language ?? row.language) === row.language && (input.provider ?? row.provider_id) === row.provider_id;
  const written = writtenOf(row);
  const copy: TemplateInput = {
    provider: input.provider ?? row.provider_id,
    name: input.name ?? (sameName ? `${row.name.slice(0, 507)}_copy` : row.name),
    language: input.language ?? row.language,
    // The registry's categories are Meta's own words; a newer one is refused when the copy is submitted.
    category: row.category as TemplateInput["category"],
    parameterFormat: written.parameterFormat,
    components: stripSamples(row),
    timeToLiveSeconds: row.ttl_seconds,
    buttonSettings: row.button_settings,
    samples: row.samples,
  };
  return createTemplate(deps, actor, copy);
}

/** Hides a template from lists and pickers, or shows it again. It can still be sent by name. */
export async function archiveTemplate(deps: AuthoringDeps, actor: Actor, id: string, archived: boolean): Promise<Template> {
  const { db } = deps.database;
  const row = await findTemplate(db, actor.workspaceId, id);
  await db.transaction().execute(async (tx) => {
    await tx.updateTable("templates").set({ archived_at: archived ? clock(deps) : null }).where("workspace_id", "=", actor.workspaceId).where("id", "=", id).execute();
    await audit(tx, actor, { action: archived ? "template.archived" : "template.unarchived", target: target(id, row) });
  });
  deps.registry.changed(actor.workspaceId);
  return show(db, actor, id);
}

/** Deletes a template, at Meta too. Messages keep its name; the name of one that was approved stays locked at Meta for 30 days. */
export async function deleteTemplate(deps: AuthoringDeps, actor: Actor, id: string): Promise<void> {
  const { db } = deps.database;
  const row = await findTemplate(db, actor.workspaceId, id);
  if (row.status === "DISABLED") throw new ApiError("template_not_deletable");
  const draft = row.status === "DRAFT";
  const host = draft || row.status === "DELETED" || row.remote_id === null ? null : await deps.hosts(actor.workspaceId, row.provider_id);
  if (host && row.remote_id !== null) await host.remove(row.name, row.remote_id);
  await db.transaction().execute(async (tx) => {
    if (draft) await deleteDraft(tx, actor.workspaceId, id);
    else await markDeleted(tx, actor.workspaceId, id, { now: clock(deps), lockName: host !== null && row.status === "APPROVED" });
    await audit(tx, actor, { action: "template.deleted", target: target(id, row) });
  });
  deps.registry.changed(actor.workspaceId);
}

function assertComplete(template: WrittenTemplate, kind: "cloud-api" | "generic"): void {
  const [problem] = templateProblems(template, kind);
  if (problem) throw invalid(problem);
}

function invalid({ path, rule, message }: { path: string; rule: string; message: string }): ApiError {
  return new ApiError("template_invalid", { field: path, expected: rule, detail: message });
}

/** Components without addresses of samples, which Meta shows but does not take. */
function stripSamples(row: TemplateRow): TemplateRow["components"] {
  return row.components.map((component) => {
    const cards = component.cards?.map((card) => ({ ...card, components: card.components.map((each) => withoutAddress(each)) }));
    return { ...withoutAddress(component), ...(cards && { cards }) };
  });
}

function withoutAddress<C extends TemplateRow["components"][number]>(component: C): C {
  const handle = component.example?.["header_handle"];
  if (!Array.isArray(handle) || !/^https?:/i.test(String(handle[0]))) return component;
  const { example: _, ...rest } = component;
  // Everything but an optional member is there.
  return rest as C;
}

function definedOnly(patch: TemplatePatch): Partial<TemplatePatch> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

async function show(db: Database, actor: Actor, id: string): Promise<Template> {
  return presentTemplate(await findTemplate(db, actor.workspaceId, id));
}

function target(id: string, { name, language }: { name: string; language: string }): { kind: string; id: string; name: string } {
  return { kind: "template", id, name: `${name} (${language})` };
}

function clock(deps: AuthoringDeps): Date {
  return deps.now?.() ?? new Date();
}
