import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { TemplateRegistry } from "../../templates/registry.ts";
import type { RunRow } from "../types.ts";

/** Why nothing more of a run can be sent, in words for people; null when all is well. */
export async function obstacle(db: Database, registry: TemplateRegistry, run: RunRow): Promise<string | null> {
  const { workspace_id: workspaceId, definition } = run;
  const [provider] = await find.run(db, [workspaceId, definition.provider]);
  if (!provider) return "Its provider is not there any more.";
  if (provider.archived) return `The provider ${provider.nickname} is in the archive.`;
  await registry.load(workspaceId, definition.provider);
  if (unsendable(registry, run) === null) return null;
  // It ends a run for good, so what was remembered is not enough.
  await registry.reload(workspaceId, definition.provider);
  return unsendable(registry, run);
}

function unsendable(registry: TemplateRegistry, { workspace_id: workspaceId, definition }: RunRow): string | null {
  for (const { name, language } of Object.values(definition.templates)) {
    const template = registry.find(workspaceId, definition.provider, name, language);
    if (!template) return `The template ${name} (${language}) is not there any more.`;
    if (template.status !== "APPROVED") return `The template ${name} (${language}) is no longer approved: its status is ${template.status}.`;
  }
  return null;
}

const find = statement<{ nickname: string; archived: boolean }>(
  "engine_find_provider",
  `select nickname, archived_at is not null as archived from providers where workspace_id = $1 and id = $2`,
);
