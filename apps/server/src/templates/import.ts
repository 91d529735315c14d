/**
 * Importing a provider's templates, in two steps: fetch and show the difference, then apply exactly what was shown.
 *
 * What was fetched waits in the database for an hour. Applying compares again in its own transaction, with the provider's templates
 * locked: when the difference is no longer the one that was shown, because somebody changed a template meanwhile, nothing is applied.
 * Messages and campaigns that were made before keep the content they were made with.
 */
import { createHash } from "node:crypto";
import type { ButtonSetting, TemplateImportInput, TemplateImportPreview, TemplateImportResult } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import type { Database, DatabaseHandle } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { differenceOf, type ImportDifference, type ImportedTemplate, type KnownTemplate } from "./import-difference.ts";
import type { TemplateRegistry } from "./registry.ts";
import { storeTemplates, type RemoteTemplate } from "./sync.ts";
import { providerKind } from "./write.ts";

/** What a provider listed, whole. */
export interface FetchedTemplates {
  pages: number;
  templates: RemoteTemplate[];
  /** Templates that could not be read. */
  rejected: { page: number; message: string }[];
  /** Names that were listed with them: what is known under such a name stays as it is. */
  unread: { name: string; language: string }[];
}

/** Asks a provider's import URL. Throws ApiError `template_import_not_set_up` or `template_import_failed`. */
export type FetchTemplates = (workspaceId: string, providerId: string) => Promise<FetchedTemplates>;

export interface ImportDeps {
  database: DatabaseHandle;
  registry: TemplateRegistry;
  fetch: FetchTemplates;
}

const KEPT = "1 hour";

export async function previewImport(deps: ImportDeps, actor: Actor, { providerId, clickDomain }: TemplateImportInput): Promise<TemplateImportPreview> {
  const { db } = deps.database;
  const { workspaceId } = actor;
  await providerKind(db, workspaceId, providerId);
  const { pages, rejected, unread, ...listed } = await deps.fetch(workspaceId, providerId);
  const fetched = listed.templates.map((template): ImportedTemplate => ({ ...template, tracked: clickDomain === undefined ? undefined : trackedButtons(template, clickDomain) }));
  const here = await readKnown(db, workspaceId, providerId);
  fetched.push(...leftAlone(here, unread, fetched));
  const difference = differenceOf(here, fetched);
  const id = uuidv7();
  await keep.run(db, [workspaceId, id, providerId, JSON.stringify(fetched), digestOf(difference), new Date()]);
  return {
    id,
    providerId,
    pages,
    rejected,
    new: difference.new.map(named),
    changed: difference.changed.map(({ template, changes }) => ({ ...named(template), changes })),
    gone: difference.gone.map(named),
    unchanged: difference.unchanged.length,
    drafts: difference.drafts.map(({ name, language }) => ({ name, language })),
  };
}

/** Applies a preview as a whole. Throws ApiError `template_import_not_found` or `template_import_outdated` with nothing changed. */
export async function applyImport(deps: ImportDeps, actor: Actor, id: string): Promise<TemplateImportResult> {
  const { workspaceId } = actor;
  const result = await deps.database.db.transaction().execute(async (tx) => {
    const [found] = await take.run(tx, [workspaceId, id]);
    if (!found) throw new ApiError("template_import_not_found");
    const { provider_id: providerId, fetched, digest, nickname } = found;
    const difference = differenceOf(await readKnown(tx, workspaceId, providerId, { lock: true }), fetched);
    if (digestOf(difference) !== digest) throw new ApiError("template_import_outdated");
    const now = new Date();
    const applied = [...difference.new, ...difference.changed.map(({ template }) => template), ...difference.unchanged];
    const { drafts } = await storeTemplates(tx, workspaceId, providerId, applied, now);
    await markImported.run(tx, [workspaceId, providerId, applied.map((t) => t.name), applied.map((t) => t.language), applied.map((t) => (t.tracked ? JSON.stringify(t.tracked) : null))]);
    await markGone.run(tx, [workspaceId, providerId, difference.gone.map((t) => t.name), difference.gone.map((t) => t.language), now]);
    const counts = { added: difference.new.length, updated: difference.changed.length, removed: difference.gone.length, unchanged: difference.unchanged.length };
    await audit(tx, actor, { action: "template.imported", target: { kind: "provider", id: providerId, name: nickname }, detail: { ...counts, ...(drafts.length > 0 && { drafts: drafts.length }) } });
    return { ...counts, drafts };
  });
  deps.registry.changed(workspaceId);
  return result;
}

function named({ name, language, category, status }: KnownTemplate | ImportedTemplate): { name: string; language: string; category: string; status: string } {
  return { name, language, category, status };
}

/** Known templates that are listed, but could not be read: as they are, so that they are neither changed nor gone. */
function leftAlone(templates: readonly KnownTemplate[], unread: FetchedTemplates["unread"], fetched: readonly ImportedTemplate[]): ImportedTemplate[] {
  const names = new Set(unread.map(keyOf));
  for (const each of fetched) names.delete(keyOf(each));
  return templates.flatMap((each) => {
    if (!each.imported || each.status === "DELETED" || !names.has(keyOf(each))) return [];
    const { remoteId, name, language, category, status, components } = each;
    return [{ remoteId, name, language, category, status, components, parameterFormat: each.parameterFormat === "NAMED" ? "NAMED" : "POSITIONAL", timeToLiveSeconds: each.timeToLiveSeconds ?? undefined }];
  });
}

const keyOf = ({ name, language }: { name: string; language: string }): string => `${name} ${language}`;

/** Buttons whose link leads to the domain or below it. */
function trackedButtons({ components }: RemoteTemplate, clickDomain: string): ButtonSetting[] {
  const domain = clickDomain.toLowerCase();
  const leadsThere = (url: string | undefined) => {
    const host = url === undefined ? undefined : URL.parse(url.replaceAll(/\{\{[^{}]*\}\}/g, "x"))?.hostname;
    return host === domain || host?.endsWith(`.${domain}`) === true;
  };
  const inside = (place: RemoteTemplate["components"], card?: number) =>
    (place.find(({ type }) => type.toUpperCase() === "BUTTONS")?.buttons ?? []).flatMap((button, index): ButtonSetting[] =>
      leadsThere(button.url) ? [{ index, ...(card !== undefined && { card }), tracked: true }] : [],
    );
  const cards = components.find(({ type }) => type.toUpperCase() === "CAROUSEL")?.cards ?? [];
  return [...inside(components), ...cards.flatMap((card, i) => inside(card.components, i))];
}

/** The same for the same difference, whatever was fetched and found equal. */
function digestOf({ new: added, changed, gone, drafts }: ImportDifference): string {
  const essence = [added.map(named), changed.map(({ template, changes }) => [named(template), changes]), gone.map(named), drafts.map(named)];
  return createHash("sha256").update(JSON.stringify(essence)).digest("hex");
}

async function readKnown(db: Database, workspaceId: string, providerId: string, { lock = false } = {}): Promise<KnownTemplate[]> {
  // Whoever creates, submits or syncs templates of this provider meanwhile waits for its row.
  if (lock) await db.selectFrom("templates").select("id").where("workspace_id", "=", workspaceId).where("provider_id", "=", providerId).orderBy("name").orderBy("language").forUpdate().execute();
  const rows = await known.run(db, [workspaceId, providerId]);
  return rows.map((row) => ({
    name: row.name, language: row.language, category: row.category, status: row.status, remoteId: row.remote_id, parameterFormat: row.parameter_format,
    components: row.components, timeToLiveSeconds: row.ttl_seconds, buttonSettings: row.button_settings, imported: row.imported,
  }));
}

const known = statement<{
  name: string;
  language: string;
  category: string;
  status: string;
  remote_id: string | null;
  parameter_format: string;
  components: KnownTemplate["components"];
  ttl_seconds: number | null;
  button_settings: ButtonSetting[];
  imported: boolean;
}>(
  "templates_import_known",
  `select name, language, category, status, remote_id, parameter_format, components, ttl_seconds, button_settings, imported
   from templates where workspace_id = $1 and provider_id = $2`,
);

/** Keeps what was fetched, and forgets what the workspace never applied. */
const keep = statement(
  "templates_import_keep",
  `with old as (delete from template_imports where workspace_id = $1 and created_at < $6::timestamptz - interval '${KEPT}')
   insert into template_imports (workspace_id, id, provider_id, fetched, digest, created_at) values ($1, $2, $3, $4::jsonb, $5, $6::timestamptz)`,
);

const take = statement<{ provider_id: string; fetched: ImportedTemplate[]; digest: string; nickname: string }>(
  "templates_import_take",
  `delete from template_imports i using providers p
   where i.workspace_id = $1 and i.id::text = $2 and i.created_at > now() - interval '${KEPT}' and p.workspace_id = $1 and p.id = i.provider_id
   returning i.provider_id, i.fetched, i.digest, p.nickname`,
);

/** Where tracked links were looked for, they replace those marked before; everything else about buttons stays. */
const markImported = statement(
  "templates_mark_imported",
  `update templates t
   set imported = true, button_settings = case when i.tracked is null then t.button_settings else
     coalesce((select jsonb_agg(s) from jsonb_array_elements(t.button_settings) s where not coalesce((s ->> 'tracked')::boolean, false)), '[]') || i.tracked end
   from unnest($3::text[], $4::text[], $5::jsonb[]) as i (name, language, tracked)
   where t.workspace_id = $1 and t.provider_id = $2 and t.name = i.name and t.language = i.language`,
);

const markGone = statement(
  "templates_mark_gone",
  `update templates t set status = 'DELETED', updated_at = $5::timestamptz
   from unnest($3::text[], $4::text[]) as i (name, language)
   where t.workspace_id = $1 and t.provider_id = $2 and t.name = i.name and t.language = i.language`,
);
