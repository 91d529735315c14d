/**
 * Files that people sent, copied out of the provider, which forgets them after days, into `{DATA_DIR}/media`.
 *
 *   known? ──yes──► its row
 *     └──no──► download to a temporary file, hashing ──► move into place ──► row
 *
 * Bytes that hash to something else than the provider announced are kept all the same, and the log says so: providers write the hash in
 * several forms, and a file that is refused is lost once the provider forgets it.
 *
 * A crash leaves at most a temporary file or a file without a row; both are harmless, and the next request downloads again. Two
 * processes that fetch the same file both end with the row of whoever was first.
 *
 * Removing goes the other way, files first: a crash then leaves rows whose files are not found, which the next removal takes.
 */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { firstUuidAt, uuidv7 } from "../database/uuid.ts";
import { bareType, MOST_BYTES } from "./types-allowed.ts";
import "./tables.ts";

/** A file on its way from a provider. `stream` is read to its end or destroyed. */
export interface IncomingFile {
  mimeType: string;
  /** What its bytes should hash to, in lowercase hex, when the provider says. A difference is only logged. */
  sha256?: string | undefined;
  stream: Readable;
}

/** Opens a file at its provider. Throws when the provider no longer has it or does not answer. */
export type FetchFile = (workspaceId: string, providerId: string, wireMediaId: string) => Promise<IncomingFile>;

export interface StoredFile {
  id: string;
  mimeType: string;
  filename: string | null;
  size: number;
  sha256: string;
  /** Absolute. */
  path: string;
}

/** The file is larger than anybody can send. */
export class FileTooLarge extends Error {
  constructor() {
    super(`The file has more than ${MOST_BYTES} bytes.`);
    this.name = "FileTooLarge";
  }
}

interface MediaLog {
  warn(details: object, message: string): void;
}

export class MediaFiles {
  readonly #db: Database;
  readonly #folder: string;
  readonly #fetch: FetchFile;
  readonly #log: MediaLog;
  readonly #fetching = new Map<string, Promise<StoredFile>>();

  constructor(options: { db: Database; dataDir: string; fetch: FetchFile; log: MediaLog }) {
    this.#db = options.db;
    this.#folder = path.join(options.dataDir, "media");
    this.#fetch = options.fetch;
    this.#log = options.log;
  }

  /** The file of a provider's media id, downloaded if it is not here yet. `filename` is what its sender called it, if that is known. */
  async obtain(workspaceId: string, providerId: string, wireMediaId: string, filename?: string): Promise<StoredFile> {
    const known = await this.#known(workspaceId, providerId, wireMediaId);
    if (known) return known;
    const key = `${workspaceId} ${providerId} ${wireMediaId}`;
    let fetching = this.#fetching.get(key);
    if (!fetching) {
      fetching = this.#download(workspaceId, providerId, wireMediaId, filename).finally(() => this.#fetching.delete(key));
      this.#fetching.set(key, fetching);
    }
    return fetching;
  }

  async find(workspaceId: string, id: string): Promise<StoredFile | undefined> {
    const [row] = await findById.run(this.#db, [workspaceId, id]);
    return row && this.#present(row);
  }

  /** Deletes what came in through these providers. Files first: what a crash in between leaves is a row whose file is not found. */
  async forgetProviders(tx: Database, workspaceId: string, providerIds: string[]): Promise<void> {
    const rows = await ofProviders.run(tx, [workspaceId, providerIds]);
    await this.#removeFiles(rows);
    await removeRows.run(tx, [workspaceId, rows.map((row) => row.id)]);
  }

  /** Deletes these files, if they are here. */
  async forget(tx: Database, workspaceId: string, media: { providerId: string; wireMediaId: string }[]): Promise<void> {
    if (media.length === 0) return;
    const rows = await byWireIds.run(tx, [workspaceId, media.map((each) => each.providerId), media.map((each) => each.wireMediaId)]);
    await this.#removeFiles(rows);
    await removeRows.run(tx, [workspaceId, rows.map((row) => row.id)]);
  }

  /** Deletes up to `limit` files that came in before `before`, oldest first. @returns how many */
  async removeOld(db: Database, workspaceId: string, before: Date, limit: number): Promise<number> {
    const rows = await old.run(db, [workspaceId, firstUuidAt(before.getTime()), limit]);
    await this.#removeFiles(rows);
    await removeRows.run(db, [workspaceId, rows.map((row) => row.id)]);
    return rows.length;
  }

  async #removeFiles(rows: { path: string }[]): Promise<void> {
    for (const row of rows) await rm(path.join(this.#folder, row.path), { force: true });
    // A folder holds the files of one minute, so nobody puts anything into an old one; one that is not empty stays.
    const folders = new Set(rows.map((row) => path.dirname(path.join(this.#folder, row.path))));
    for (const folder of folders) await rmdir(folder).catch(() => {});
  }

  async #known(workspaceId: string, providerId: string, wireMediaId: string): Promise<StoredFile | undefined> {
    const [row] = await findByWireId.run(this.#db, [workspaceId, providerId, wireMediaId]);
    return row && this.#present(row);
  }

  async #download(workspaceId: string, providerId: string, wireMediaId: string, filename: string | undefined): Promise<StoredFile> {
    const { mimeType, sha256: announced, stream } = await this.#fetch(workspaceId, providerId, wireMediaId);
    const id = uuidv7();
    const place = path.join(workspaceId, id.slice(0, 8), id);
    const full = path.join(this.#folder, place);
    const temporary = `${full}.part`;
    try {
      await mkdir(path.dirname(full), { recursive: true });
      const hash = createHash("sha256");
      let size = 0;
      const measure = new Transform({
        transform: (chunk: Buffer, _encoding, done) => {
          size += chunk.length;
          hash.update(chunk);
          if (size > MOST_BYTES) done(new FileTooLarge());
          else done(null, chunk);
        },
      });
      await pipeline(stream, measure, createWriteStream(temporary, { mode: 0o600 }));
      const sha256 = hash.digest("hex");
      if (announced !== undefined && announced !== sha256) this.#log.warn({ providerId, wireMediaId, announced, sha256 }, "a file's bytes are not those that the provider announced; it is kept as it came");
      await rename(temporary, full);
      const values = [workspaceId, id, providerId, wireMediaId, bareType(mimeType), filename?.replaceAll("\0", "").slice(0, 240) ?? null, size, sha256, place];
      const written = await insert.run(this.#db, values);
      if (written.length === 0) await rm(full, { force: true });
    } catch (cause) {
      stream.destroy();
      await rm(temporary, { force: true });
      throw cause;
    }
    const file = await this.#known(workspaceId, providerId, wireMediaId);
    if (!file) throw new Error("A stored file lost its row.");
    return file;
  }

  #present(row: Row): StoredFile {
    return { id: row.id, mimeType: row.mime_type, filename: row.filename, size: row.size, sha256: row.sha256, path: path.join(this.#folder, row.path) };
  }
}

interface Row {
  id: string;
  mime_type: string;
  filename: string | null;
  size: number;
  sha256: string;
  path: string;
}

const columns = "id, mime_type, filename, size, sha256, path";

const findByWireId = statement<Row & Record<string, unknown>>(
  "media_find_by_wire_id",
  `select ${columns} from media_files where workspace_id = $1 and provider_id = $2 and wire_media_id = $3`,
);

const findById = statement<Row & Record<string, unknown>>("media_find", `select ${columns} from media_files where workspace_id = $1 and id = $2`);

const insert = statement<{ id: string }>(
  "media_insert",
  `insert into media_files (workspace_id, id, provider_id, wire_media_id, mime_type, filename, size, sha256, path)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   on conflict (workspace_id, provider_id, wire_media_id) do nothing returning id`,
);

const ofProviders = statement<{ id: string; path: string }>(
  "media_of_providers",
  `select id, path from media_files where workspace_id = $1 and provider_id = any ($2::uuid[]) order by id for update`,
);

const byWireIds = statement<{ id: string; path: string }>(
  "media_by_wire_ids",
  `select f.id, f.path from media_files f join unnest($2::uuid[], $3::text[]) as i (provider_id, wire_media_id)
     on f.provider_id = i.provider_id and f.wire_media_id = i.wire_media_id
   where f.workspace_id = $1 order by f.id for update of f`,
);

/** By the primary key, whose ids are in the order of time. */
const old = statement<{ id: string; path: string }>(
  "media_old",
  `select id, path from media_files where workspace_id = $1 and id < $2::uuid order by id limit $3`,
);

const removeRows = statement("media_remove", `delete from media_files where workspace_id = $1 and id = any ($2::uuid[])`);
