/** From an uploaded file to a draft: kept as UTF-8, looked at, its columns guessed. */
import type { Readable } from "node:stream";
import type { Import, ImportColumn, ImportSettings } from "@tincan/api";
import { audit } from "../../accounts/audit.ts";
import type { Database } from "../../database/connection.ts";
import { tellOnCommit } from "../../database/live.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { Actor } from "../../http/actor.ts";
import { ApiError } from "../../http/errors.ts";
import { FileTooLong, storeAsUtf8, UnreadableFile } from "./encoding.ts";
import { importFile, makeFolderOf, removeFile } from "./files.ts";
import { guessDateOrder, guessMapping } from "./guess.ts";
import { withKnownTypes } from "./mapping.ts";
import type { PropertyTypes } from "./mapping.ts";
import { clean, preview } from "./preview.ts";
import type { Preview } from "./preview.ts";
import { shorten } from "./row.ts";
import type { ImportRow } from "./store.ts";

const SAMPLES = 3;
const ROWS_KEPT = 20;
const LONGEST_FILE_NAME = 200;

interface Workspace {
  defaultCountry: string | null;
  propertyTypes: PropertyTypes;
}

interface CreateDeps {
  db: Database;
  dataDir: string;
  mostBytes: number;
  workspace(workspaceId: string): Promise<Workspace>;
}

/** Throws ApiError for a file that is too large or cannot be read; nothing of it is kept then. */
export async function createImport(deps: CreateDeps, actor: Actor, upload: { name: string; stream: Readable }): Promise<ImportRow> {
  const id = uuidv7();
  const file = importFile(deps.dataDir, { workspace_id: actor.workspaceId, id });
  await makeFolderOf(file);
  try {
    const stored = await storeAsUtf8(upload.stream, file, deps.mostBytes);
    const seen = await preview(file);
    const workspace = await deps.workspace(actor.workspaceId);
    const name = clean(upload.name).slice(0, LONGEST_FILE_NAME) || "contacts.csv";
    return await deps.db.transaction().execute(async (tx) => {
      const row = await tx
        .insertInto("imports")
        .values({
          workspace_id: actor.workspaceId, id, file_name: name, size: stored.uploadedSize, encoding: stored.encoding, created_by: actor.name,
          stored_size: stored.size, header_end: seen.headerEnd, next_byte: seen.headerEnd, ...look(seen, workspace),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await audit(tx, actor, { action: "import.uploaded", target: { kind: "import", id, name }, detail: { bytes: stored.uploadedSize } });
      await tellOnCommit(tx, actor.workspaceId, "imports");
      return row;
    });
  } catch (cause) {
    await removeFile(file);
    if (cause instanceof UnreadableFile) throw new ApiError("import_file_unusable", { field: "file", detail: cause.message });
    if (cause instanceof FileTooLong) throw new ApiError("import_file_too_large", { field: "file", detail: `At most ${Math.floor(deps.mostBytes / 1_000_000)} MB are taken.` });
    throw cause;
  }
}

/** Columns, samples and first settings, as they are stored. */
function look(seen: Preview, { defaultCountry, propertyTypes }: Workspace): { delimiter: Import["delimiter"]; columns: string; sample_rows: string; settings: string } {
  const values = seen.names.map((_, i) => seen.rows.map((row) => row[i] ?? ""));
  const mapping = withKnownTypes(guessMapping(seen.names, values), propertyTypes);
  const columns = seen.names.map((name, index): ImportColumn => ({
    index, name, samples: values[index]!.filter((value) => value !== "").slice(0, SAMPLES).map(shorten), guess: mapping[index]!,
  }));
  const settings: ImportSettings = { mapping, defaultCountry, dateOrder: guessDateOrder(values), optIn: "nobody", consentProof: null };
  return {
    delimiter: seen.delimiter,
    columns: JSON.stringify(columns),
    sample_rows: JSON.stringify(seen.rows.slice(0, ROWS_KEPT).map((row) => row.map(shorten))),
    settings: JSON.stringify(settings),
  };
}
