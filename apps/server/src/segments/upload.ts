/**
 * Puts the people of a CSV file on a list. The file is kept on disk while it is read, row by row; each batch of rows is one short transaction, so
 * others can work with people meanwhile. A file that replaces first puts its people on the list, then takes off all others at once: whatever
 * stops it half-way, nobody is missing who was there before.
 */
import type { Readable } from "node:stream";
import type { ContactListUpload, ContactListUploadQuery } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import { withFormula } from "../contacts/csv.ts";
import { FileTooLong, storeAsUtf8, UnreadableFile } from "../contacts/imports/encoding.ts";
import { importFile, makeFolderOf, removeFile } from "../contacts/imports/files.ts";
import { clean, preview } from "../contacts/imports/preview.ts";
import { readRows, type Row } from "../contacts/imports/read-rows.ts";
import { lockPeople } from "../contacts/lock.ts";
import { readNumberOf } from "../contacts/phone.ts";
import { tidy } from "../contacts/properties.ts";
import { upsertContacts } from "../contacts/upsert.ts";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { finishUpload, presentUpload, startUpload, type ListRow, type UploadCounts } from "./lists-store.ts";
import { addMembers, findPeople, removeOthers, type KnownBy } from "./members.ts";
import { UUID } from "./named.ts";

export interface UploadDeps {
  db: Database;
  dataDir: string;
  mostBytes: number;
}

const BATCH_ROWS = 2_000;
const LONGEST_IDENTITY = 200;
const LONGEST_FILE_NAME = 200;
const VALUE_SHOWN = 200;
/** Rows that named nobody are kept up to here; all are counted. */
const MOST_PROBLEMS = 100_000;

/** Throws ApiError for a file that cannot be read; the list is then as it was. */
export async function uploadList(deps: UploadDeps, actor: Actor, list: ListRow, upload: { name: string; stream: Readable }, query: ContactListUploadQuery): Promise<ContactListUpload> {
  // Named as an import that does not exist: what a crash leaves behind is swept away with theirs.
  const id = uuidv7();
  const file = importFile(deps.dataDir, { workspace_id: actor.workspaceId, id });
  await makeFolderOf(file);
  try {
    await storeAsUtf8(upload.stream, file, deps.mostBytes);
    const { names, delimiter, headerEnd } = await preview(file);
    const run = new Run(deps.db, actor, list, id, query, columnOf(names, query.column), await countryOf(deps.db, actor.workspaceId, query.country));
    await run.start(clean(upload.name).slice(0, LONGEST_FILE_NAME) || "people.csv");
    const waiting: Row[] = [];
    for await (const rows of readRows(file, delimiter, { byte: headerEnd, row: 1 })) {
      waiting.push(...rows);
      while (waiting.length >= BATCH_ROWS) await run.take(waiting.splice(0, BATCH_ROWS));
    }
    if (waiting.length > 0) await run.take(waiting);
    return await run.finish();
  } catch (cause) {
    if (cause instanceof UnreadableFile) throw new ApiError("import_file_unusable", { field: "file", detail: cause.message });
    if (cause instanceof FileTooLong) throw new ApiError("import_file_too_large", { field: "file", detail: `At most ${Math.floor(deps.mostBytes / 1_000_000)} MB are taken.` });
    throw cause;
  } finally {
    await removeFile(file);
  }
}

class Run {
  readonly #db: Database;
  readonly #actor: Actor;
  readonly #list: ListRow;
  readonly #id: string;
  readonly #query: ContactListUploadQuery;
  readonly #column: number;
  readonly #country: string | null;
  readonly #at = new Date();
  readonly #counts: UploadCounts = { rows: 0, matched: 0, added: 0, removed: 0, created: 0, unmatched: 0 };

  constructor(db: Database, actor: Actor, list: ListRow, id: string, query: ContactListUploadQuery, column: number, country: string | null) {
    this.#db = db;
    this.#actor = actor;
    this.#list = list;
    this.#id = id;
    this.#query = query;
    this.#column = column;
    this.#country = country;
  }

  get #key() {
    return { workspace_id: this.#actor.workspaceId, list_id: this.#list.id, id: this.#id };
  }

  async start(fileName: string): Promise<void> {
    await startUpload(this.#db, { ...this.#key, file_name: fileName, mode: this.#query.mode ?? "add", uploaded_by: this.#actor.name, uploaded_at: this.#at });
  }

  async take(rows: readonly Row[]): Promise<void> {
    const { workspaceId } = this.#actor;
    const { by, mode, createMissing = false } = this.#query;
    const problems: { row: number; value: string; reason: string }[] = [];
    const named: { row: number; value: string }[] = [];
    for (const row of rows) {
      const written = row.fields === null ? "" : tidy(withFormula(row.fields[this.#column] ?? ""));
      const read = row.fields === null ? { wrong: row.problem ?? "The row cannot be read." } : readValue(written, by, this.#country);
      if ("wrong" in read) problems.push({ row: row.number, value: written, reason: read.wrong });
      else named.push({ row: row.number, value: read.value });
    }
    await this.#db.transaction().execute(async (tx) => {
      await requireList(tx, workspaceId, this.#list.id);
      await lockPeople(tx, workspaceId);
      const people = await findPeople(tx, workspaceId, by, [...new Set(named.map(({ value }) => value))]);
      if (createMissing && by !== "id") await this.#create(tx, by, named, people);
      const known = named.flatMap(({ value }) => people.get(value) ?? []);
      for (const { row, value } of named) if (!people.has(value)) problems.push({ row, value, reason: NOBODY[by] });
      this.#counts.added += await addMembers(tx, workspaceId, this.#list.id, [...new Set(known)], this.#at, mode === "replace");
      await this.#keep(tx, problems);
      this.#counts.rows += rows.length;
      this.#counts.matched += known.length;
      this.#counts.unmatched += problems.length;
    });
  }

  async finish(): Promise<ContactListUpload> {
    const { workspaceId } = this.#actor;
    return this.#db.transaction().execute(async (tx) => {
      await requireList(tx, workspaceId, this.#list.id);
      if (this.#query.mode === "replace") this.#counts.removed = await removeOthers(tx, workspaceId, this.#list.id, this.#at);
      const row = await finishUpload(tx, this.#key, this.#counts);
      await audit(tx, this.#actor, { action: "list.uploaded", target: { kind: "list", id: this.#list.id, name: this.#list.name }, detail: { file: row.file_name, mode: row.mode, ...this.#counts } });
      await tellOnCommit(tx, workspaceId, "segments");
      if (this.#counts.created > 0) await tellOnCommit(tx, workspaceId, "contacts");
      return presentUpload(row);
    });
  }

  /** Adds to `people` whoever was made. */
  async #create(tx: Database, by: "phone" | "identity", named: readonly { value: string }[], people: Map<string, string>): Promise<void> {
    const missing = [...new Set(named.map(({ value }) => value).filter((value) => !people.has(value)))];
    const result = await upsertContacts(tx, this.#actor.workspaceId, missing.map((value) => ({ [by]: value })), { source: "csv", by: this.#actor.name });
    this.#counts.created += result.created;
    missing.forEach((value, i) => {
      const id = result.ids[i];
      if (id) people.set(value, id);
    });
  }

  async #keep(tx: Database, problems: readonly { row: number; value: string; reason: string }[]): Promise<void> {
    const kept = problems.slice(0, Math.max(0, MOST_PROBLEMS - this.#counts.unmatched));
    if (kept.length === 0) return;
    const shown = kept.map(({ value }) => value.slice(0, VALUE_SHOWN).toWellFormed());
    await keepProblems.run(tx, [this.#actor.workspaceId, this.#list.id, this.#id, kept.map(({ row }) => row), shown, kept.map(({ reason }) => reason)]);
  }
}

const NOBODY: Record<KnownBy, string> = { phone: "No contact has this number.", identity: "No contact has this identity.", id: "There is no contact with this id." };

function readValue(written: string, by: KnownBy, country: string | null): { value: string } | { wrong: string } {
  if (written === "") return { wrong: "The cell is empty." };
  if (by === "identity") return written.length <= LONGEST_IDENTITY ? { value: written } : { wrong: `An identity has at most ${LONGEST_IDENTITY} characters.` };
  if (by === "id") return UUID.test(written.toLowerCase()) ? { value: written.toLowerCase() } : { wrong: "It is not the id of a contact." };
  const phone = readNumberOf(written, country);
  if (phone !== null) return { value: phone };
  return { wrong: country === null ? "It is not a phone number with its country code, and no default country is set." : "It is not a phone number." };
}

function columnOf(names: readonly string[], wanted: string | undefined): number {
  if (wanted === undefined) return 0;
  const index = names.findIndex((name) => name.toLowerCase() === wanted.trim().toLowerCase());
  if (index === -1) throw new ApiError("invalid_input", { field: "column", expected: `one of ${names.slice(0, 20).join(", ")}`, detail: `The file has no column "${wanted}".` });
  return index;
}

async function countryOf(db: Database, workspaceId: string, given: string | undefined): Promise<string | null> {
  if (given !== undefined) return given;
  const row = await db.selectFrom("consent_settings").select("default_country").where("workspace_id", "=", workspaceId).executeTakeFirst();
  return row?.default_country ?? null;
}

/** The list stays until the transaction ends. */
export async function requireList(tx: Database, workspaceId: string, id: string): Promise<void> {
  if ((await holdList.run(tx, [workspaceId, id])).length === 0) throw new ApiError("list_not_found");
}

const holdList = statement<{ id: string }>("lists_hold", `select id from contact_lists where workspace_id = $1 and id = $2 for key share`);

const keepProblems = statement(
  "lists_keep_problems",
  `insert into list_upload_problems (workspace_id, list_id, upload_id, row_number, value, reason) select $1, $2, $3, * from unnest($4::integer[], $5::text[], $6::text[])`,
);
