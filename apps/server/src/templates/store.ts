/** The registry's rows, and how the API shows them. */
import type { ButtonSetting, Template, TemplateComponent, TemplateQuery, TemplateValues } from "@tincan/api";
import { templateProblems, type WrittenTemplate } from "@tincan/whatsapp";
import type { Database } from "../database/connection.ts";
import { escapeLike } from "../database/like.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";
import { pageOf, readCursor } from "../http/paging.ts";
import "./tables.ts";

export interface TemplateRow {
  id: string;
  provider_id: string;
  nickname: string;
  kind: "cloud-api" | "generic";
  remote_id: string | null;
  name: string;
  language: string;
  category: string;
  status: string;
  quality: string;
  parameter_format: string;
  components: TemplateComponent[];
  ttl_seconds: number | null;
  button_settings: ButtonSetting[];
  samples: TemplateValues;
  edits: Date[];
  rejected_reason: string | null;
  archived_at: Date | null;
  created_at: Date;
  updated_at: Date;
  synced_at: Date | null;
}

interface PlacedRow extends TemplateRow {
  place: string;
}

/** What a template says, as the rules judge it. */
export function writtenOf(row: TemplateRow) {
  return {
    name: row.name,
    language: row.language,
    category: row.category,
    parameterFormat: row.parameter_format === "NAMED" ? "NAMED" : "POSITIONAL",
    components: row.components,
    timeToLiveSeconds: row.ttl_seconds,
    buttonSettings: row.button_settings,
  } as const satisfies WrittenTemplate;
}

export function presentTemplate(row: TemplateRow): Template {
  const written = writtenOf(row);
  return {
    ...written,
    id: row.id,
    provider: { id: row.provider_id, nickname: row.nickname, kind: row.kind },
    externalId: row.remote_id,
    status: row.status,
    quality: row.quality,
    samples: row.samples,
    rejectedReason: row.rejected_reason,
    problems: row.status === "DRAFT" ? templateProblems(written, row.kind).map(({ path, rule, message }) => ({ path, rule, message })) : [],
    archivedAt: row.archived_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    syncedAt: row.synced_at?.toISOString() ?? null,
  };
}

/** One page of the registry, in the API's form. */
export async function listTemplates(db: Database, workspaceId: string, query: TemplateQuery): Promise<{ items: Template[]; next: string | null }> {
  const { limit = 50, provider, name: named = null, status, category, language, q, archived = false, sort = "name" } = query;
  const [place = null, name = null, lang = null, id = null] = readCursor(query.after, ["text", "text", "text", "id"]) ?? [];
  const filters = [provider ?? null, status?.toUpperCase() ?? null, category?.toUpperCase() ?? null, language ?? null, q ? `%${escapeLike(q)}%` : null];
  const list = sort.startsWith("-") ? listDownwards : listUpwards;
  const rows = await list.run(db, [workspaceId, ...filters, name, lang, id, limit + 1, sort.replace("-", ""), place, archived, named]);
  return pageOf(rows, limit, { item: presentTemplate, key: (row: PlacedRow) => [row.place, row.name, row.language, row.id] });
}

/** Throws ApiError `template_not_found`. */
export async function findTemplate(db: Database, workspaceId: string, id: string): Promise<TemplateRow> {
  const [row] = await find.run(db, [workspaceId, id]);
  if (!row) throw new ApiError("template_not_found");
  return row;
}

/** All languages of the template's name at its provider, this one included. */
export async function languagesOf(db: Database, workspaceId: string, { provider_id, name }: TemplateRow): Promise<Template[]> {
  return (await findNamed.run(db, [workspaceId, provider_id, name, null])).filter(({ status }) => status !== "DELETED").map(presentTemplate);
}

/** The registry's entry of a template in the API's form; null when it is not there, whatever its status was. */
export async function findTemplateOf(db: Database, workspaceId: string, providerId: string, name: string, language: string): Promise<Template | null> {
  const [row] = await findNamed.run(db, [workspaceId, providerId, name, language]);
  return row ? presentTemplate(row) : null;
}

/** What templates are called, for those who know their ids. */
export async function templateNames(db: Database, workspaceId: string, ids: string[]): Promise<Map<string, { id: string; name: string }>> {
  return new Map((await names.run(db, [workspaceId, ids])).map(({ id, name, language }) => [id, { id, name: `${name} (${language})` }]));
}

const columns = `t.id, t.provider_id, p.nickname, p.kind, t.remote_id, t.name, t.language, t.category, t.status, t.quality, t.parameter_format, t.components,
  t.ttl_seconds, t.button_settings, t.samples, t.edits, t.rejected_reason, t.archived_at, t.created_at, t.updated_at, t.synced_at`;

/**
 * Templates of deleted accounts stay out of sight unless their status is asked for. `place` is what they are sorted by, $11 names it. A
 * workspace has hundreds of templates, some thousands at most: all of them are sorted for a page.
 */
const listSorted = (direction: "asc" | "desc") =>
  `select * from (select ${columns},
     case $11::text when 'status' then t.status when 'category' then t.category
       when 'updatedAt' then to_char(t.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') else t.name end collate "C" as place
   from templates t join providers p on p.workspace_id = $1 and p.id = t.provider_id
   where t.workspace_id = $1
     and ($2::text is null or t.provider_id::text = $2)
     and case when $3::text is null then t.status <> 'DELETED' else t.status = $3 end
     and ($4::text is null or t.category = $4)
     and ($5::text is null or t.language = $5)
     and ($6::text is null or t.name ilike $6 or t.components::text ilike $6)
     and (t.archived_at is not null) = $13::boolean
     and ($14::text is null or t.name = $14)
   ) t
   where $12::text is null or place ${direction === "asc" ? ">" : "<"} $12 collate "C" or (place = $12 and (name, language, id::text) > ($7::text, $8::text, $9::text))
   order by place ${direction}, name, language, id::text limit $10`;
const listUpwards = statement<PlacedRow>("templates_list", listSorted("asc"));
const listDownwards = statement<PlacedRow>("templates_list_downwards", listSorted("desc"));

const find = statement<TemplateRow>(
  "templates_find",
  `select ${columns} from templates t join providers p on p.workspace_id = $1 and p.id = t.provider_id
   where t.workspace_id = $1 and t.id::text = $2`,
);

const findNamed = statement<TemplateRow>(
  "templates_find_named",
  `select ${columns} from templates t join providers p on p.workspace_id = $1 and p.id = t.provider_id
   where t.workspace_id = $1 and t.provider_id = $2 and t.name = $3 and ($4::text is null or t.language = $4) order by t.language`,
);

const names = statement<{ id: string; name: string; language: string }>(
  "templates_names",
  `select id, name, language from templates where workspace_id = $1 and id = any ($2::uuid[])`,
);
