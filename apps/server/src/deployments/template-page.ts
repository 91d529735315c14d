import type { TemplateComponent } from "@tincan/api";
import type { TemplatePage } from "@tincan/clevertap";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** CleverTap recommends 50 to 500 templates per page. */
const DEFAULT_LIMIT = 100;
const MOST = 500;

/**
 * One page of a number's approved templates, ordered by name and language. The cursor is the last one's name and language, so a
 * template that comes or goes between two pages moves no other. A cursor that is not ours begins at the start.
 *
 * @param self the import URL without a query, from which `next` is made
 */
export async function importPage(
  db: Database,
  workspaceId: string,
  providerId: string,
  query: { limit?: string | undefined; after?: string | undefined },
  self: string,
): Promise<TemplatePage> {
  const asked = Number(query.limit);
  const limit = Number.isInteger(asked) && asked > 0 ? Math.min(asked, MOST) : DEFAULT_LIMIT;
  const [name, language] = readCursor(query.after);
  const rows = await approved.run(db, [workspaceId, providerId, name, language, limit + 1]);
  const page = rows.slice(0, limit).map(({ ttl_seconds, ...template }) => ({ ...template, ...(ttl_seconds !== null && { message_send_ttl_seconds: ttl_seconds }) }));
  const first = page[0];
  const last = page.at(-1);
  const after = rows.length > limit && last ? writeCursor(last) : undefined;
  return {
    templates: page,
    ...(first && { before: writeCursor(first) }),
    ...(after && { after, next: `${self}?limit=${limit}&after=${after}` }),
  };
}

function writeCursor({ name, language }: { name: string; language: string }): string {
  return Buffer.from(`${name} ${language}`, "utf8").toString("base64url");
}

/** Who appends the next cursor to an address that has one already means the last. */
function readCursor(given: unknown): [name: string, language: string] {
  const after: unknown = Array.isArray(given) ? given.at(-1) : given;
  if (typeof after !== "string") return ["", ""];
  const [name = "", language = ""] = Buffer.from(after, "base64url").toString("utf8").replaceAll("\0", "").split(" ");
  return [name, language];
}

interface Row {
  id: string;
  name: string;
  language: string;
  status: string;
  category: string;
  parameter_format: string;
  components: TemplateComponent[];
  ttl_seconds: number | null;
}

/** Reads the index of (workspace, provider, name, language) from the cursor on. */
const approved = statement<Row>(
  "deployments_import_page",
  `select coalesce(remote_id, id::text) as id, name, language, status, category, parameter_format, components, ttl_seconds from templates
   where workspace_id = $1 and provider_id = $2 and status = 'APPROVED' and (name, language) > ($3, $4)
   order by name, language limit $5`,
);
