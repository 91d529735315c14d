/**
 * A generic provider in the database. Some providers want their key in the address, in its query or its path, so addresses are sealed
 * together with the headers; `settings` has the rest.
 */
import { sql } from "kysely";
import type { Database } from "../../database/connection.ts";
import type { Secrets } from "../../database/secrets.ts";
import { saveProvider, type ProviderRow } from "../store.ts";
import type { GenericAddresses, GenericSecrets, GenericSettings, StoredGenericSettings, StoredHealth } from "../tables.ts";

/** A provider of the open contract with everything needed to talk to it. */
export interface GenericProvider {
  workspaceId: string;
  id: string;
  nickname: string;
  /** E.164 with "+". */
  number: string;
  settings: GenericSettings;
  secrets: GenericSecrets;
  maxConcurrency: number;
  isDefault: boolean;
  health: StoredHealth;
}

/** Opens the secrets of a row; null when it is of another kind. */
export function openGeneric(row: ProviderRow, secrets: Secrets): GenericProvider | null {
  if (row.kind !== "generic") return null;
  const { headers, auth, ...addresses } = JSON.parse(secrets.open(row.secrets)) as Sealed;
  return {
    workspaceId: row.workspace_id,
    id: row.id,
    nickname: row.nickname,
    number: row.number,
    // The kind says which of the two it is. Rows of earlier versions have the addresses here, until sealAddresses has been there.
    settings: { ...(row.settings as GenericSettings), ...addresses },
    secrets: { headers, auth },
    maxConcurrency: row.max_concurrency,
    isDefault: row.is_default,
    health: row.health,
  };
}

/** Writes a provider new or anew, its addresses sealed. */
export async function saveGeneric(tx: Database, provider: GenericProvider, secrets: Secrets): Promise<void> {
  await saveProvider(tx, { ...provider, kind: "generic", ...split(provider) }, secrets);
}

/** Seals the addresses that earlier versions wrote readably, in all workspaces. */
export async function sealAddresses(db: Database, secrets: Secrets): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const rows = await tx.selectFrom("providers").selectAll().where("kind", "=", "generic").where(sql<boolean>`settings ? 'endpoint'`).orderBy("id").forUpdate().execute();
    for (const row of rows) {
      const provider = openGeneric(row, secrets);
      if (!provider) continue;
      const { settings, secrets: sealed } = split(provider);
      const change = { settings: JSON.stringify(settings), secrets: secrets.seal(JSON.stringify(sealed)) };
      await tx.updateTable("providers").set(change).where("workspace_id", "=", row.workspace_id).where("id", "=", row.id).execute();
    }
  });
}

/** What one sealed text holds. */
type Sealed = GenericSecrets & GenericAddresses;

function split({ settings: { endpoint, templateImport, ...settings }, secrets }: GenericProvider): { settings: StoredGenericSettings; secrets: Sealed } {
  return { settings, secrets: { ...secrets, endpoint, templateImport } };
}
