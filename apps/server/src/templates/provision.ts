import type { TemplateEntry } from "@tincan/api";
import { templateProblems } from "@tincan/whatsapp";
import { audit } from "../accounts/audit.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import type { TemplateRegistry } from "./registry.ts";
import { storeTemplates } from "./sync.ts";

/**
 * Adds a template to the registry, or changes it: for providers that cannot be asked for theirs. A sync never removes it. Samples and
 * button settings that the entry does not name stay as they are. Throws ApiError `provider_not_found` and `template_invalid`.
 */
export async function provisionTemplate(deps: { db: Database; registry: TemplateRegistry }, actor: Actor, entry: TemplateEntry): Promise<void> {
  const { workspaceId } = actor;
  const { name, language, category = "MARKETING", status = "APPROVED", parameterFormat = "POSITIONAL", components, timeToLiveSeconds, buttonSettings, samples } = entry;
  const [provider] = await findProvider.run(deps.db, [workspaceId, entry.provider ?? null]);
  if (!provider) throw new ApiError("provider_not_found", { field: "provider" });
  const written = { name, language, category, parameterFormat, components, buttonSettings: buttonSettings ?? [] };
  const [problem] = templateProblems(written, provider.kind).filter(({ path }) => path.startsWith("buttonSettings"));
  if (problem) throw new ApiError("template_invalid", { field: problem.path, expected: problem.rule, detail: problem.message });
  const listed = { remoteId: null, name, language, category, status, parameterFormat, components, timeToLiveSeconds: timeToLiveSeconds ?? undefined };
  const changed = await deps.db.transaction().execute(async (tx) => {
    const { added, updated } = await storeTemplates(tx, workspaceId, provider.id, [listed]);
    const own = [buttonSettings, samples].map((given) => (given === undefined ? null : JSON.stringify(given)));
    const isChanged = added + updated + (await setOwn.run(tx, [workspaceId, provider.id, name, language, ...own])).length > 0;
    const [stored] = isChanged ? await findStored.run(tx, [workspaceId, provider.id, name, language]) : [];
    if (stored) await audit(tx, actor, { action: added > 0 ? "template.created" : "template.changed", target: { kind: "template", id: stored.id, name: `${name} (${language})` } });
    return isChanged;
  });
  if (changed) deps.registry.changed(workspaceId);
}

const findProvider = statement<{ id: string; kind: "cloud-api" | "generic" }>(
  "templates_provision_provider",
  `select id, kind from providers where workspace_id = $1 and case when $2::text is null then is_default else nickname = $2 end`,
);

const findStored = statement<{ id: string }>("templates_provision_stored", `select id from templates where workspace_id = $1 and provider_id = $2 and name = $3 and language = $4`);

/** What Tincan keeps beside the provider's definition. */
const setOwn = statement<{ id: string }>(
  "templates_provision_own",
  `update templates t set button_settings = given.settings, samples = given.samples, updated_at = now()
   from (select id, coalesce($5::jsonb, button_settings) as settings, coalesce($6::jsonb, samples) as samples
     from templates where workspace_id = $1 and provider_id = $2 and name = $3 and language = $4) given
   where t.workspace_id = $1 and t.id = given.id and (t.button_settings, t.samples) is distinct from (given.settings, given.samples)
   returning t.id`,
);
