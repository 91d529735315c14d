import { IdParams, List, Template, TemplateQuery } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { escapeLike } from "../database/like.ts";
import { statement } from "../database/statement.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { pageOf, readCursor } from "../http/paging.ts";

const tags = ["Templates"];

/** The registry as people see it: what each number's account has at Meta. */
export function templateRoutes(deps: { db: Database }): RoutePlugin {
  return async (app) => {
    const config = { permission: "templates.read" } as const;

    app.get("/templates", { config, schema: { tags, summary: "List templates", querystring: TemplateQuery, response: { 200: List(Template) } } }, async ({ actor, query }) => {
      const { limit = 50, provider, status, category, language, q } = query;
      const [name = null, lang = null, id = null] = readCursor(query.after, 3) ?? [];
      const filters = [provider ?? null, status?.toUpperCase() ?? null, category?.toUpperCase() ?? null, language ?? null, q ? `%${escapeLike(q)}%` : null];
      const rows = await list.run(deps.db, [actor.workspaceId, ...filters, name, lang, id, limit + 1]);
      return pageOf(rows, limit, { item: present, key: (row) => [row.name, row.language, row.id] });
    });

    app.get("/templates/:id", { config, schema: { tags, summary: "Show a template", params: IdParams, response: { 200: Template } } }, async ({ actor, params }) => {
      const [row] = await find.run(deps.db, [actor.workspaceId, params.id]);
      if (!row) throw new ApiError("template_not_found");
      return present(row);
    });
  };
}

/** The registry's entry of a template in the API's form; null when it is not there, whatever its status was. */
export async function findTemplateOf(db: Database, workspaceId: string, providerId: string, name: string, language: string): Promise<Template | null> {
  const [row] = await findNamed.run(db, [workspaceId, providerId, name, language]);
  return row ? present(row) : null;
}

interface Row {
  id: string;
  provider_id: string;
  nickname: string;
  remote_id: string | null;
  name: string;
  language: string;
  category: string;
  status: string;
  quality: string;
  parameter_format: string;
  components: Template["components"];
  rejected_reason: string | null;
  created_at: Date;
  updated_at: Date;
  synced_at: Date | null;
}

function present(row: Row): Template {
  return {
    id: row.id,
    provider: { id: row.provider_id, nickname: row.nickname },
    externalId: row.remote_id,
    name: row.name,
    language: row.language,
    category: row.category,
    status: row.status,
    quality: row.quality,
    parameterFormat: row.parameter_format === "NAMED" ? "NAMED" : "POSITIONAL",
    components: row.components,
    rejectedReason: row.rejected_reason,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    syncedAt: row.synced_at?.toISOString() ?? null,
  };
}

const columns = `t.id, t.provider_id, p.nickname, t.remote_id, t.name, t.language, t.category, t.status, t.quality, t.parameter_format, t.components,
  t.rejected_reason, t.created_at, t.updated_at, t.synced_at`;

/** Templates of deleted accounts stay out of sight unless their status is asked for. */
const list = statement<Row>(
  "templates_list",
  `select ${columns}
   from templates t join providers p on p.workspace_id = $1 and p.id = t.provider_id
   where t.workspace_id = $1
     and ($2::text is null or t.provider_id::text = $2)
     and case when $3::text is null then t.status <> 'DELETED' else t.status = $3 end
     and ($4::text is null or t.category = $4)
     and ($5::text is null or t.language = $5)
     and ($6::text is null or t.name ilike $6 or t.components::text ilike $6)
     and ($7::text is null or (t.name, t.language, t.id::text) > ($7, $8::text, $9::text))
   order by t.name, t.language, t.id::text limit $10`,
);

const find = statement<Row>(
  "templates_find",
  `select ${columns} from templates t join providers p on p.workspace_id = $1 and p.id = t.provider_id
   where t.workspace_id = $1 and t.id::text = $2`,
);

const findNamed = statement<Row>(
  "templates_find_named",
  `select ${columns} from templates t join providers p on p.workspace_id = $1 and p.id = t.provider_id
   where t.workspace_id = $1 and t.provider_id = $2 and t.name = $3 and t.language = $4`,
);
