/**
 * Puts the people of a CSV file on a list.
 *
 *   claim ──► batch of rows ──► people on the list ──► stored with the place reached ──► next batch … ──► done
 *
 * Each batch is one short transaction, so others can work with people meanwhile. A crash leaves the last place; whoever claims the file then
 * goes on behind it. A file that replaces first puts its people on the list, then takes off all others at once: whatever stops it half-way,
 * nobody is missing who was there before. A list that is deleted takes its files with it. A cancelled file keeps the batches that are stored: the
 * one under way finds its mark gone when it is noted, and is undone.
 */
import { existsSync } from "node:fs";
import { audit } from "../../accounts/audit.ts";
import { removeFile } from "../../contacts/imports/files.ts";
import { readRows, type Row } from "../../contacts/imports/read-rows.ts";
import { lockPeople } from "../../contacts/lock.ts";
import { upsertContacts } from "../../contacts/upsert.ts";
import type { Database } from "../../database/connection.ts";
import type { Claim } from "../../database/job-thread.ts";
import { tellOnCommit } from "../../database/live.ts";
import { statement } from "../../database/statement.ts";
import { findLists, holdList, type UploadCounts, type UploadRow } from "../lists-store.ts";
import { addMembers, findPeople, removeOthers, type KnownBy } from "../members.ts";
import { claimUpload, failUpload, finishUpload, noteBatch, releaseUpload } from "./progress.ts";
import { readCell } from "./read-cell.ts";

export interface RunDeps {
  db: Database;
  /** The file as it is kept. */
  fileOf(row: { workspace_id: string; id: string }): string;
  /** Stop after the batch under way and leave the file to others. */
  stopping(): boolean;
  /** After every batch. */
  moved(workspaceId: string): void;
}

const BATCH_ROWS = 2_000;
const VALUE_SHOWN = 200;
/** Rows that named nobody are kept up to here; all are counted. */
const MOST_PROBLEMS = 100_000;

/** The list is gone, the file is cancelled, or somebody else has it now. */
class NotOurs extends Error {}

interface Problem {
  row: number;
  value: string;
  reason: string;
}

export async function runUpload(deps: RunDeps, mine: Claim): Promise<void> {
  const row = await claimUpload(deps.db, mine);
  if (!row) return;
  const file = deps.fileOf(row);
  try {
    if (!existsSync(file)) return await failUpload(deps.db, mine, "The uploaded file is not on this machine. All processes must share one DATA_DIR.");
    if (!(await new Run(deps, mine, row).read(file))) return await releaseUpload(deps.db, mine);
    await removeFile(file);
  } catch (cause) {
    if (!(cause instanceof NotOurs)) throw cause;
  } finally {
    deps.moved(row.workspace_id);
  }
}

class Run {
  readonly #deps: RunDeps;
  readonly #mine: Claim;
  readonly #upload: UploadRow;
  #counts: UploadCounts;

  constructor(deps: RunDeps, mine: Claim, upload: UploadRow) {
    this.#deps = deps;
    this.#mine = mine;
    this.#upload = upload;
    const { rows, matched, added, removed, created, unmatched } = upload;
    this.#counts = { rows, matched, added, removed, created, unmatched };
  }

  /** Answers false when it stopped before the end. */
  async read(file: string): Promise<boolean> {
    const { settings, next_byte: byte, last_row: number } = this.#upload;
    const waiting: Row[] = [];
    for await (const rows of readRows(file, settings.delimiter, { byte, row: number })) {
      waiting.push(...rows);
      while (waiting.length >= BATCH_ROWS) {
        await this.#take(waiting.splice(0, BATCH_ROWS));
        if (this.#deps.stopping()) return false;
      }
    }
    if (waiting.length > 0) await this.#take(waiting);
    await this.#finish();
    return true;
  }

  async #take(rows: readonly Row[]): Promise<void> {
    const { workspaceId } = this.#mine;
    const { list_id: listId, settings, mode, uploaded_at: at } = this.#upload;
    const { by, column, country, createMissing } = settings;
    const problems: Problem[] = [];
    const named: { row: number; value: string }[] = [];
    for (const row of rows) {
      const { written, ...read } = readCell(row, column, by, country);
      if (read.value === undefined) problems.push({ row: row.number, value: written, reason: read.wrong });
      else named.push({ row: row.number, value: read.value });
    }
    const counts = await this.#deps.db.transaction().execute(async (tx) => {
      if (!(await holdList(tx, workspaceId, listId))) throw new NotOurs();
      await lockPeople(tx, workspaceId);
      const people = await findPeople(tx, workspaceId, by, [...new Set(named.map(({ value }) => value))]);
      const created = createMissing && by !== "id" ? await this.#create(tx, by, named, people) : 0;
      const known = named.flatMap(({ value }) => people.get(value) ?? []);
      for (const { row, value } of named) if (!people.has(value)) problems.push({ row, value, reason: NOBODY[by] });
      const added = await addMembers(tx, workspaceId, listId, [...new Set(known)], at, mode === "replace");
      await this.#keep(tx, problems);
      const before = this.#counts;
      const after = {
        rows: before.rows + rows.length,
        matched: before.matched + known.length,
        added: before.added + added,
        removed: 0,
        created: before.created + created,
        unmatched: before.unmatched + problems.length,
      };
      const last = rows.at(-1)!;
      if (!(await noteBatch(tx, this.#mine, { byte: last.end, row: last.number }, after))) throw new NotOurs();
      return after;
    });
    this.#counts = counts;
    this.#deps.moved(workspaceId);
  }

  async #finish(): Promise<void> {
    const { workspaceId } = this.#mine;
    const { list_id: listId, mode, uploaded_at: at, actor } = this.#upload;
    await this.#deps.db.transaction().execute(async (tx) => {
      if (!(await holdList(tx, workspaceId, listId))) throw new NotOurs();
      const removed = mode === "replace" ? await removeOthers(tx, workspaceId, listId, at) : 0;
      const row = await finishUpload(tx, this.#mine, removed);
      const [list] = await findLists(tx, workspaceId, [listId]);
      if (!row || !list) throw new NotOurs();
      await audit(tx, actor, { action: "list.uploaded", target: { kind: "list", id: listId, name: list.name }, detail: { file: row.file_name, mode, ...this.#counts, removed } });
      await tellOnCommit(tx, workspaceId, "segments");
      if (this.#counts.created > 0) await tellOnCommit(tx, workspaceId, "contacts");
    });
  }

  /** Adds to `people` whoever was made; answers how many. */
  async #create(tx: Database, by: "phone" | "identity", named: readonly { value: string }[], people: Map<string, string>): Promise<number> {
    const missing = [...new Set(named.map(({ value }) => value).filter((value) => !people.has(value)))];
    const result = await upsertContacts(tx, this.#mine.workspaceId, missing.map((value) => ({ [by]: value })), { source: "csv", by: this.#upload.uploaded_by });
    missing.forEach((value, i) => {
      const id = result.ids[i];
      if (id) people.set(value, id);
    });
    return result.created;
  }

  async #keep(tx: Database, problems: readonly Problem[]): Promise<void> {
    const kept = problems.slice(0, Math.max(0, MOST_PROBLEMS - this.#counts.unmatched));
    if (kept.length === 0) return;
    const shown = kept.map(({ value }) => value.slice(0, VALUE_SHOWN).toWellFormed());
    await keepProblems.run(tx, [this.#mine.workspaceId, this.#upload.list_id, this.#mine.id, kept.map(({ row }) => row), shown, kept.map(({ reason }) => reason)]);
  }
}

const NOBODY: Record<KnownBy, string> = { phone: "No contact has this number.", identity: "No contact has this identity.", id: "There is no contact with this id." };

const keepProblems = statement(
  "lists_keep_problems",
  `insert into list_upload_problems (workspace_id, list_id, upload_id, row_number, value, reason) select $1, $2, $3, * from unnest($4::integer[], $5::text[], $6::text[])`,
);
