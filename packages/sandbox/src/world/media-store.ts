import { createHash } from "node:crypto";

export interface StoredMedia {
  readonly id: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
  readonly filename: string | undefined;
  /** Lowercase hex; webhooks carry the same digest in base64. */
  readonly sha256: string;
  /** Virtual milliseconds. */
  readonly expiresAt: number;
}

/** Most bytes of media kept; the oldest give way. */
const mostBytes = 256 * 1024 * 1024;

/** Uploaded and received files, in memory. */
export class MediaStore {
  readonly #files = new Map<string, StoredMedia>();
  #bytes = 0;

  add(id: string, file: { mimeType: string; bytes: Buffer; filename?: string; expiresAt: number }): StoredMedia {
    const stored: StoredMedia = { id, filename: undefined, ...file, sha256: createHash("sha256").update(file.bytes).digest("hex") };
    this.#files.set(id, stored);
    this.#bytes += file.bytes.length;
    for (const [oldest] of this.#files) {
      if (this.#bytes <= mostBytes || oldest === id) break;
      this.delete(oldest);
    }
    return stored;
  }

  /** The file, unless it is unknown or its time is over. */
  find(id: string, now: number): StoredMedia | undefined {
    const file = this.#files.get(id);
    if (file && file.expiresAt <= now) this.delete(id);
    return this.#files.get(id);
  }

  delete(id: string): boolean {
    const file = this.#files.get(id);
    if (!file) return false;
    this.#bytes -= file.bytes.length;
    return this.#files.delete(id);
  }
}
