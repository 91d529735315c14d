/**
 * Addresses of stored files for people without a login (a platform, a phone): they say how long they are good for and carry a
 * signature over that and the file, so nobody can make or stretch one.
 *
 *   {workspace and file id, 43 characters}-{end, base 36 seconds}-{signature, 43 characters}.{extension}
 */
import { createHmac } from "node:crypto";
import { constantTimeEqual, type Secrets } from "../database/secrets.ts";
import type { MediaFiles } from "./files.ts";
import { extensionOf } from "./types-allowed.ts";

/** A platform keeps the address with the message; this leaves it time to fetch the file, also after days of retries. */
const VALID_MS = 7 * 24 * 60 * 60 * 1000;

export interface PublishedFile {
  url: string;
  mimeType: string;
  filename?: string;
}

export class MediaLinks {
  readonly #files: MediaFiles;
  readonly #publicUrl: string;
  readonly #key: Buffer;

  constructor(options: { files: MediaFiles; secrets: Secrets; publicUrl: string }) {
    this.#files = options.files;
    this.#publicUrl = options.publicUrl;
    this.#key = options.secrets.derive("media links");
  }

  /** Stores the file if need be and answers an address good for a week. Throws when the provider cannot give the file. */
  async publish(workspaceId: string, providerId: string, wireMediaId: string): Promise<PublishedFile> {
    const file = await this.#files.obtain(workspaceId, providerId, wireMediaId);
    const name = this.sign(workspaceId, file.id, file.mimeType, Date.now() + VALID_MS);
    return { url: `${this.#publicUrl}/media/${name}`, mimeType: file.mimeType, ...(file.filename !== null && { filename: file.filename }) };
  }

  sign(workspaceId: string, fileId: string, mimeType: string, untilMs: number): string {
    const ids = Buffer.from((workspaceId + fileId).replaceAll("-", ""), "hex").toString("base64url");
    const until = Math.floor(untilMs / 1000).toString(36);
    return `${ids}-${until}-${this.#signature(ids, until)}.${extensionOf(mimeType)}`;
  }

  /** Which file a name of ours means; null when it was forged or is over. */
  read(name: string, now = Date.now()): { workspaceId: string; fileId: string } | null {
    // The ids are of a fixed length, since base64url itself has hyphens.
    const [, ids = "", until = "", signature = ""] = /^([\w-]{43})-([0-9a-z]{1,9})-([\w-]{43})\.[a-z0-9]{2,5}$/.exec(name) ?? [];
    if (ids === "" || !constantTimeEqual(signature, this.#signature(ids, until))) return null;
    if (Number.parseInt(until, 36) * 1000 <= now) return null;
    const hex = Buffer.from(ids, "base64url").toString("hex");
    return { workspaceId: uuidOf(hex.slice(0, 32)), fileId: uuidOf(hex.slice(32)) };
  }

  #signature(ids: string, until: string): string {
    return createHmac("sha256", this.#key).update(`${ids} ${until}`).digest("base64url");
  }
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
