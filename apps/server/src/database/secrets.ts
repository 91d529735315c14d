/**
 * Secrets at rest. Access tokens, app secrets and the like are sealed with AES-256-GCM before they reach the database, so that
 * a copy of the database alone gives none of them away. The key is TINCAN_SECRET_KEY or, if that is not set, a random one kept
 * in the data folder (mode 0600). Whoever loses the key must enter every secret again.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export class Secrets {
  readonly #root: string;
  readonly #key: Buffer;

  /** `root` is any text of high entropy; every key in use is derived from it. */
  constructor(root: string) {
    this.#root = root;
    this.#key = this.derive("seal");
  }

  /** A 32-byte key for one named purpose ("sessions", "media links"); the same root and purpose give the same key. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync("sha256", this.#root, "tincan", purpose, 32));
  }

  /** Version byte, 12-byte IV, 16-byte tag, ciphertext. Sealing the same text twice gives different bytes. */
  seal(text: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, iv);
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), body]);
  }

  /** Throws when the bytes were sealed with another key or changed since. */
  open(sealed: Buffer): string {
    const body = 1 + IV_BYTES + TAG_BYTES;
    if (sealed.length < body || sealed[0] !== VERSION) throw new Error("These bytes are not a sealed secret.");
    const decipher = createDecipheriv("aes-256-gcm", this.#key, sealed.subarray(1, 1 + IV_BYTES));
    decipher.setAuthTag(sealed.subarray(1 + IV_BYTES, body));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(body)), decipher.final()]).toString("utf8");
    } catch (cause) {
      throw new Error("A secret in the database cannot be opened: it was sealed with another TINCAN_SECRET_KEY.", { cause });
    }
  }
}

/** The key from the settings, or the one kept in `dataDir`, made on first use. Throws when the folder cannot be written. */
export function loadSecrets(options: { key?: string; dataDir: string }): Secrets {
  if (options.key !== undefined) return new Secrets(options.key);
  const file = path.join(options.dataDir, "secret.key");
  try {
    writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
  }
  return new Secrets(readFileSync(file, "utf8").trim());
}

/** SHA-256, for tokens of high entropy that must be found by what they are (API keys, deployment tokens). Never for passwords. */
export function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Compares two secrets in a time that tells nothing about where, or whether in length, they differ. */
export function constantTimeEqual(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}
