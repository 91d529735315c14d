import type { Secrets } from "../../database/secrets.ts";
import type { ProviderRow } from "../store.ts";
import type { GenericSecrets, GenericSettings, StoredHealth } from "../tables.ts";

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
  return {
    workspaceId: row.workspace_id,
    id: row.id,
    nickname: row.nickname,
    number: row.number,
    // The kind says which of the two it is.
    settings: row.settings as GenericSettings,
    // Written by saveProvider alone, from a GenericProvider.
    secrets: JSON.parse(secrets.open(row.secrets)) as GenericSecrets,
    maxConcurrency: row.max_concurrency,
    isDefault: row.is_default,
    health: row.health,
  };
}
