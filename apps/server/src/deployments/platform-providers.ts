import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** Those of the providers whose inbound messages are passed on to a platform. */
export async function platformProviders(tx: Database, workspaceId: string, providerIds: string[]): Promise<Set<string>> {
  return new Set((await find.run(tx, [workspaceId, providerIds])).map((row) => row.provider_id));
}

const find = statement<{ provider_id: string }>(
  "deployments_platform_providers",
  `select distinct provider_id from deployments where workspace_id = $1 and provider_id = any ($2::uuid[]) and octet_length(webhooks_sealed) > 0`,
);
