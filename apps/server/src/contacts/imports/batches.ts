/** Reads the file of an import into batches: rows checked, told from those that came before, and their people written down. */
import { setImmediate as breath } from "node:timers/promises";
import type { PropertyType } from "@tincan/api";
import type { ContactDraft, UpsertOptions } from "../types.ts";
import { NewPeople } from "../upsert-new.ts";
import type { RowProblems } from "./progress.ts";
import { readRows } from "./read-rows.ts";
import type { Place, Row } from "./read-rows.ts";
import { rowReader } from "./row.ts";
import type { ReadRow } from "./row.ts";
import { Seen } from "./seen.ts";
import type { ImportRow } from "./store.ts";

/** Enough for the statements to be worth their price; the batch is what a crash loses and what is in memory twice. */
const BATCH_ROWS = 2_000;
/** The database's answers are heard after so many rows of reading ahead: it must not wait for us between two statements. */
const BREATH_ROWS = 50;
/** A batch of long rows is closed earlier. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** Rows as they will be stored; read while the batch before is being stored. */
export interface Batch {
  rows: number;
  refused: RowProblems[];
  candidates: Candidate[];
  /** Those of the candidates whom no earlier row was about, made ready as people whom nobody knows; absent when that is not likely. */
  fresh: NewPeople | undefined;
  end: Place;
}

/** A row that can become a person, and whether an earlier row was about the same one. */
export interface Candidate {
  row: Row;
  draft: ContactDraft;
  again: boolean;
}

export class BatchReader {
  /** Of the workspace's properties, when the next batch will be stored. */
  types: ReadonlyMap<string, PropertyType> = new Map();
  readonly #import: ImportRow;
  readonly #file: string;
  readonly #upsert: UpsertOptions;
  readonly #areLikelyNew: () => boolean;
  readonly #read: ReadRow;
  readonly #seen = new Seen();

  /** `areLikelyNew` is asked at the beginning of each batch. */
  constructor(row: ImportRow, file: string, upsert: UpsertOptions, areLikelyNew: () => boolean) {
    this.#import = row;
    this.#file = file;
    this.#upsert = upsert;
    this.#areLikelyNew = areLikelyNew;
    this.#read = rowReader(row.columns, row.settings);
  }

  /** Reads again whom the rows were about that a run before a crash has dealt with. */
  async remember(): Promise<void> {
    const { header_end: start, next_byte: until } = this.#import;
    if (until <= start) return;
    for await (const group of readRows(this.#file, this.#import.delimiter, { byte: start, row: 1 })) {
      for (const row of group) {
        if (row.end > until) return;
        const { draft } = row.fields ? this.#read(row.fields) : {};
        if (draft) this.#seen.add(draft);
      }
    }
  }

  /** The batches from the place that the import has reached. */
  async *batches(): AsyncGenerator<Batch, undefined> {
    const from = { byte: this.#import.next_byte, row: this.#import.last_row };
    let batch = this.#begin(from);
    let began = from.byte;
    let sinceBreath = 0;
    for await (const group of readRows(this.#file, this.#import.delimiter, from)) {
      for (const row of group) {
        this.#add(batch, row);
        if (batch.rows === BATCH_ROWS || row.end - began >= BATCH_BYTES) {
          await this.#writeDown(batch);
          yield batch;
          batch = this.#begin(batch.end);
          began = row.end;
        } else if (++sinceBreath === BREATH_ROWS) {
          sinceBreath = 0;
          await breath();
        }
      }
    }
    if (batch.rows === 0) return undefined;
    await this.#writeDown(batch);
    yield batch;
    return undefined;
  }

  #begin(from: Place): Batch {
    const fresh = this.#areLikelyNew() ? new NewPeople(this.#import.workspace_id, this.types, this.#upsert) : undefined;
    return { rows: 0, refused: [], candidates: [], fresh, end: { ...from } };
  }

  #add(batch: Batch, row: Row): void {
    batch.rows++;
    batch.end.byte = row.end;
    batch.end.row = row.number;
    if (row.fields === null) {
      batch.refused.push({ row: row.number, fields: [], problems: [{ column: null, value: null, reason: row.problem ?? "" }] });
      return;
    }
    const { draft, problems } = this.#read(row.fields);
    if (problems) {
      batch.refused.push({ row: row.number, fields: row.fields, problems });
      return;
    }
    const again = this.#seen.add(draft);
    batch.candidates.push({ row, draft, again });
    if (!again) batch.fresh?.add(draft);
  }

  async #writeDown({ fresh }: Batch): Promise<void> {
    if (!fresh) return;
    this.types = fresh.types;
    for (const _ of fresh.write()) await breath();
  }
}
