import { sha256 } from "../database/secrets.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The id a deployment is stored under, from the id in its URLs. They are the same UUID, except that provisioning may choose any
 * other word; its UUID is then derived from it (version 8), so that the Callback URL can carry the word itself.
 */
export function storedId(written: string): string {
  if (UUID.test(written)) return written.toLowerCase();
  const hash = sha256(`deployment ${written}`);
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Words an id may be when provisioning chooses it. */
export const PROVISIONED_ID = "^[A-Za-z0-9_-]{1,64}$";
