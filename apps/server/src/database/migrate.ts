import { sql } from "kysely";
import { Migrator } from "kysely/migration";
import type { Migration } from "kysely/migration";
import type { Database } from "./connection.ts";
import { accounts } from "./migrations/001-accounts.ts";
import { messaging } from "./migrations/002-messaging.ts";
import { lookups } from "./migrations/003-lookups.ts";
import { providers } from "./migrations/004-providers.ts";
import { people } from "./migrations/005-people.ts";
import { templates } from "./migrations/006-templates.ts";
import { imports } from "./migrations/007-imports.ts";
import { upkeep } from "./migrations/008-upkeep.ts";
import { stopList } from "./migrations/010-stop-list.ts";
import { segments } from "./migrations/011-segments.ts";
import { links } from "./migrations/012-links.ts";
import { campaigns } from "./migrations/013-campaigns.ts";
import { reports } from "./migrations/014-reports.ts";
import { listUploads } from "./migrations/019-list-uploads.ts";
import { mergedContacts } from "./migrations/020-merged-contacts.ts";
import { userIds } from "./migrations/021-user-ids.ts";
import { leaveBy } from "./migrations/022-leave-by.ts";
import { pausedRuns } from "./migrations/023-paused-runs.ts";
import { retried } from "./migrations/024-retried.ts";

/**
 * Every migration, oldest first. A migration is plain SQL (PostgreSQL 15) in its own file; once released it never changes,
 * a correction is a new one.
 */
const migrations: Record<string, string> = {
  "001-accounts": accounts,
  "002-messaging": messaging,
  "003-lookups": lookups,
  "004-providers": providers,
  "005-people": people,
  "006-templates": templates,
  "007-imports": imports,
  "008-upkeep": upkeep,
  "010-stop-list": stopList,
  "011-segments": segments,
  "012-links": links,
  "013-campaigns": campaigns,
  "014-reports": reports,
  "019-list-uploads": listUploads,
  "020-merged-contacts": mergedContacts,
  "021-user-ids": userIds,
  "022-leave-by": leaveBy,
  "023-paused-runs": pausedRuns,
  "024-retried": retried,
};

/** The database was written by a newer Tincan than this one; starting would risk its data. */
export class NewerSchemaError extends Error {
  constructor(names: string[]) {
    super(`The database was made by a newer version of Tincan (it has ${names.join(", ")}); start that version, or restore an older copy of the database.`);
  }
}

/**
 * Brings the database to this version's schema. Several processes may call it at once: one migrates, the others wait.
 * Throws NewerSchemaError, or the first migration's error with everything of that migration undone.
 */
export async function migrate(db: Database): Promise<void> {
  const applied = await appliedMigrations(db);
  const unknown = applied.filter((name) => !(name in migrations));
  if (unknown.length > 0) throw new NewerSchemaError(unknown);
  if (applied.length === Object.keys(migrations).length) return;
  const migrator = new Migrator({
    db,
    migrationTableName: "tincan_migrations",
    migrationLockTableName: "tincan_migrations_lock",
    provider: { getMigrations: () => Promise.resolve(Object.fromEntries(Object.entries(migrations).map(([name, text]) => [name, toMigration(text)]))) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** Whether the schema is exactly this version's: what /readyz asks. */
export async function isMigrated(db: Database): Promise<boolean> {
  const applied = await appliedMigrations(db);
  return Object.keys(migrations).every((name) => applied.includes(name));
}

function toMigration(text: string): Migration {
  return {
    up: async (db) => {
      await sql.raw(text).execute(db);
    },
  };
}

async function appliedMigrations(db: Database): Promise<string[]> {
  const { rows } = await sql<{ present: boolean }>`select to_regclass('tincan_migrations') is not null as present`.execute(db);
  if (!rows[0]?.present) return [];
  return (await sql<{ name: string }>`select name from tincan_migrations order by name`.execute(db)).rows.map((row) => row.name);
}
