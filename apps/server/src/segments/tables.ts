import type { SegmentQuery } from "@tincan/api";
import type { Generated, JSONColumnType } from "kysely";
import type { Delimiter } from "../contacts/imports/preview.ts";
import type { Actor } from "../http/actor.ts";
import type { KnownBy } from "./members.ts";

interface SegmentsTable {
  workspace_id: string;
  id: string;
  name: string;
  description: Generated<string>;
  query: JSONColumnType<SegmentQuery & object>;
  segment_ids: Generated<string[]>;
  list_ids: Generated<string[]>;
  count: number | null;
  counted_at: Date | null;
  created_by: string;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  archived_at: Date | null;
}

interface ContactListsTable {
  workspace_id: string;
  id: string;
  name: string;
  description: Generated<string>;
  created_by: string;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** How a file for a list is read. `country` reads numbers written without one; `column` counts from 0. */
export interface UploadSettings {
  by: KnownBy;
  column: number;
  country: string | null;
  createMissing: boolean;
  delimiter: Delimiter;
}

interface ListUploadsTable {
  workspace_id: string;
  list_id: string;
  id: string;
  file_name: string;
  mode: "add" | "replace";
  rows: Generated<number>;
  matched: Generated<number>;
  added: Generated<number>;
  removed: Generated<number>;
  created: Generated<number>;
  unmatched: Generated<number>;
  uploaded_by: string;
  uploaded_at: Generated<Date>;
  state: Generated<"running" | "done" | "failed" | "cancelled">;
  failure: string | null;
  settings: JSONColumnType<UploadSettings>;
  actor: JSONColumnType<Actor>;
  stored_size: number;
  header_end: number;
  next_byte: number;
  last_row: Generated<number>;
  runner: string | null;
  attempts: Generated<number>;
  lease_until: Generated<Date>;
}

interface ListUploadProblemsTable {
  workspace_id: string;
  list_id: string;
  upload_id: string;
  row_number: number;
  value: string;
  reason: string;
}

declare module "../database/schema.ts" {
  interface Schema {
    segments: SegmentsTable;
    contact_lists: ContactListsTable;
    list_uploads: ListUploadsTable;
    list_upload_problems: ListUploadProblemsTable;
  }
}
