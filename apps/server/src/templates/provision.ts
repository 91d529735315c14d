import { TemplateComponent } from "@tincan/api";
import Type from "typebox";
import type { Static } from "typebox";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import type { TemplateRegistry } from "./registry.ts";
import { storeTemplates } from "./sync.ts";

/** A template of a provisioning file. `provider` is a nickname; the default provider when left out. */
export const TemplateEntry = Type.Object({
  provider: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  name: Type.String({ pattern: "^[a-z0-9_]{1,512}$" }),
  language: Type.String({ minLength: 2, maxLength: 20 }),
  category: Type.Optional(Type.Enum(["MARKETING", "UTILITY", "AUTHENTICATION"])),
  status: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  parameterFormat: Type.Optional(Type.Enum(["POSITIONAL", "NAMED"])),
  components: Type.Array(TemplateComponent, { minItems: 1, maxItems: 20 }),
});
type TemplateEntry = Static<typeof TemplateEntry>;

/** Adds a template to the registry, or changes it: for providers that cannot be asked for theirs. A sync never removes it. */
export async function provisionTemplate(deps: { db: Database; registry: TemplateRegistry }, { workspaceId }: Actor, entry: TemplateEntry): Promise<void> {
  const { provider, name, language, category = "MARKETING", status = "APPROVED", parameterFormat = "POSITIONAL", components } = entry;
  const [found] = await findProvider.run(deps.db, [workspaceId, provider ?? null]);
  if (!found) throw new ApiError("provider_not_found", { field: "provider" });
  const { added, updated } = await storeTemplates(deps.db, workspaceId, found.id, [{ remoteId: null, name, language, category, status, parameterFormat, components }]);
  if (added + updated > 0) deps.registry.changed(workspaceId);
}

const findProvider = statement<{ id: string }>(
  "templates_provision_provider",
  `select id from providers where workspace_id = $1 and case when $2::text is null then is_default else nickname = $2 end`,
);
