/** Facts about this database as a whole, one row each. */
import type { Database } from "./connection.ts";
import type { Secrets } from "./secrets.ts";

interface InstallationTable {
  name: string;
  value: Buffer;
}

declare module "./schema.ts" {
  interface Schema {
    installation: InstallationTable;
  }
}

/** The database's secrets were sealed with another key than the one at hand. */
export class WrongSecretKeyError extends Error {
  constructor() {
    super("The secret key is not the one this database was sealed with; set TINCAN_SECRET_KEY to the earlier key, or bring back secret.key in the data folder.");
  }
}

/** Seals a word the first time, and finds out at every later start whether the key still opens it. Throws WrongSecretKeyError. */
export async function checkSecretKey(db: Database, secrets: Secrets): Promise<void> {
  const name = "secret-check";
  await db.insertInto("installation").values({ name, value: secrets.seal("tincan") }).onConflict((conflict) => conflict.column("name").doNothing()).execute();
  const { value } = await db.selectFrom("installation").select("value").where("name", "=", name).executeTakeFirstOrThrow();
  try {
    secrets.open(value);
  } catch {
    throw new WrongSecretKeyError();
  }
}

/** Does `work` unless it has been done on this database before; when it fails it counts as not done. */
export async function once(db: Database, name: string, work: () => Promise<void>): Promise<void> {
  const done = await db.selectFrom("installation").select("name").where("name", "=", name).executeTakeFirst();
  if (done) return;
  await work();
  await db.insertInto("installation").values({ name, value: Buffer.from(new Date().toISOString()) }).onConflict((conflict) => conflict.column("name").doNothing()).execute();
}
