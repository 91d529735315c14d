import { randomBytes } from "node:crypto";
import type { Database } from "../database/connection.ts";
import { sha256 } from "../database/secrets.ts";

const VALID_MS = 24 * 60 * 60 * 1_000;

/** Makes the one link that signs this person in, once, within a day; earlier ones stop working. Answers its token. */
export async function createSignInLink(db: Database, userId: string): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom("sign_in_links").where("user_id", "=", userId).execute();
    await tx.insertInto("sign_in_links").values({ token_hash: sha256(token), user_id: userId, expires_at: new Date(Date.now() + VALID_MS) }).execute();
  });
  return token;
}

/** Uses the link up and answers whom it signs in; undefined when it was used before, is too old or never existed. */
export async function spendSignInLink(db: Database, token: string): Promise<string | undefined> {
  const used = await db.deleteFrom("sign_in_links").where("token_hash", "=", sha256(token)).where("expires_at", ">", new Date()).returning("user_id").executeTakeFirst();
  return used?.user_id;
}
