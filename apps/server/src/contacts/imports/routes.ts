import multipart from "@fastify/multipart";
import { IdParams, Import, ImportPatch, ImportQuery, ImportSummary, List } from "@tincan/api";
import type { PropertyType } from "@tincan/api";
import Type from "typebox";
import { audit } from "../../accounts/audit.ts";
import type { Database } from "../../database/connection.ts";
import { tellOnCommit } from "../../database/live.ts";
import type { Actor } from "../../http/actor.ts";
import type { RoutePlugin } from "../../http/app.ts";
import { ApiError } from "../../http/errors.ts";
import { pageOf, readCursor } from "../../http/paging.ts";
import { toCsv } from "../csv.ts";
import { createImport } from "./create.ts";
import { importFile, removeFile } from "./files.ts";
import { checkIdentified, checkSettings } from "./mapping.ts";
import type { PropertyTypes } from "./mapping.ts";
import { presentImport, presentSummary } from "./present.ts";
import { problemLines, problemsHeader } from "./problems-file.ts";
import { slowUploads } from "./slow-uploads.ts";
import { cancel, editable, findImport, firstProblems, listImports, putToWork, saveSettings } from "./store.ts";
import type { ImportRow } from "./store.ts";

const tags = ["Imports"];
const read = { permission: "contacts.read" } as const;
const write = { permission: "contacts.write" } as const;

export interface ImportRoutesDeps {
  db: Database;
  dataDir: string;
  /** The longest file that is taken. */
  mostBytes: number;
  /** There is something to do. */
  nudge(): void;
}

export function importRoutes(deps: ImportRoutesDeps): RoutePlugin {
  const { db, dataDir } = deps;

  const find = async (actor: Actor, id: string): Promise<ImportRow> => {
    const row = await findImport(db, actor.workspaceId, id);
    if (!row) throw new ApiError("import_not_found");
    return row;
  };
  const present = async (row: ImportRow): Promise<Import> => presentImport(row, await firstProblems(db, row.workspace_id, row.id));
  /** A change and its audit entry; a change that answers undefined came too late. */
  const change = async (actor: Actor, action: string, make: (tx: Database) => Promise<ImportRow | undefined>): Promise<ImportRow> =>
    db.transaction().execute(async (tx) => {
      const row = await make(tx);
      if (!row) throw new ApiError("import_not_editable");
      await audit(tx, actor, { action, target: { kind: "import", id: row.id, name: row.file_name } });
      await tellOnCommit(tx, actor.workspaceId, "imports");
      return row;
    });
  const work = async (actor: Actor, id: string, state: "checking" | "running"): Promise<Import> => {
    const row = await find(actor, id);
    checkSettings(row.columns, row.settings, await propertyTypes(db, actor.workspaceId));
    checkIdentified(row.settings);
    const started = await change(actor, state === "checking" ? "import.checked" : "import.started", (tx) => putToWork(tx, actor.workspaceId, row.id, state));
    deps.nudge();
    return present(started);
  };

  return async (app) => {
    await app.register(multipart, { limits: { files: 1, fields: 20, fileSize: deps.mostBytes + 1 } });
    const patience = slowUploads(app.server);

    app.post(
      "/imports",
      {
        config: write,
        schema: {
          tags, summary: "Upload a CSV file", consumes: ["multipart/form-data"],
          description: "The file is the part named `file`. The answer holds its columns, its first rows and what the columns seem to be; nothing is imported yet.",
          response: { 201: Import },
        },
        // A file takes longer than other bodies may.
        onRequest: async (request) => patience(request.raw),
      },
      async (request, reply) => {
        if (!request.isMultipart()) throw new ApiError("wrong_content_type", { detail: "Send the file as multipart/form-data." });
        const part = await request.file();
        if (!part) throw new ApiError("import_file_unusable", { field: "file", detail: "The request holds no file." });
        const upload = { name: part.filename, stream: part.file };
        try {
          const row = await createImport({ db, dataDir, mostBytes: deps.mostBytes, workspace: (id) => workspaceOf(db, id) }, request.actor, upload);
          return await reply.code(201).send(await present(row));
        } finally {
          // What a refused file has left is read and thrown away: the client hears the answer, and its connection serves on.
          request.raw.unpipe();
          request.raw.resume();
        }
      },
    );

    app.get("/imports", { config: read, schema: { tags, summary: "List imports", querystring: ImportQuery, response: { 200: List(ImportSummary) } } }, async (request) => {
      const { limit = 50, after } = request.query;
      const [afterId] = readCursor(after, ["id"]) ?? [];
      const rows = await listImports(db, request.actor.workspaceId, { ...request.query, limit, afterId });
      return pageOf(rows, limit, { item: presentSummary, key: (row) => [row.id] });
    });

    app.get("/imports/:id", { config: read, schema: { tags, summary: "Show an import and its progress", params: IdParams, response: { 200: Import } } }, async (request) =>
      present(await find(request.actor, request.params.id)),
    );

    app.patch(
      "/imports/:id",
      { config: write, schema: { tags, summary: "Map the columns of an import", description: "Members that are left out stay. The counts of a dry run are forgotten.", params: IdParams, body: ImportPatch, response: { 200: Import } } },
      async (request) => {
        const row = await find(request.actor, request.params.id);
        const settings = { ...row.settings, ...request.body };
        checkSettings(row.columns, settings, await propertyTypes(db, row.workspace_id));
        return present(await change(request.actor, "import.mapped", (tx) => saveSettings(tx, row.workspace_id, row.id, settings)));
      },
    );

    app.post(
      "/imports/:id/dry-run",
      { config: write, schema: { tags, summary: "Dry-run an import", description: "Counts what would become of each row and keeps the problems; stores no people.", params: IdParams, response: { 202: Import } } },
      async (request, reply) => reply.code(202).send(await work(request.actor, request.params.id, "checking")),
    );

    app.post("/imports/:id/start", { config: write, schema: { tags, summary: "Run an import", params: IdParams, response: { 202: Import } } }, async (request, reply) =>
      reply.code(202).send(await work(request.actor, request.params.id, "running")),
    );

    app.post(
      "/imports/:id/cancel",
      { config: write, schema: { tags, summary: "Cancel an import", description: "Rows stored so far stay. A dry run that is cancelled leaves the draft.", params: IdParams, response: { 200: Import } } },
      async (request) => {
        const { id, workspace_id: workspaceId } = await find(request.actor, request.params.id);
        const row = await change(request.actor, "import.cancelled", (tx) => cancel(tx, workspaceId, id));
        if (!editable.includes(row.state)) await removeFile(importFile(dataDir, row));
        return present(row);
      },
    );

    app.get(
      "/imports/:id/problems.csv",
      {
        // Many people's data in one file, as an export is.
        config: write,
        schema: { tags, summary: "Download the rows that were refused", description: "As CSV: the row's number, why, and the row as it was. Needs the right to write people, as an export does, and is noted in the audit log.", params: IdParams, produces: ["text/csv"], response: { 200: Type.Any() } },
      },
      async (request, reply) => {
        const row = await find(request.actor, request.params.id);
        await audit(db, request.actor, { action: "import.problems_exported", target: { kind: "import", id: row.id, name: row.file_name } });
        const name = `${row.file_name.replace(/\.\w{1,5}$/, "")} problems.csv`;
        return reply
          .header("content-type", "text/csv; charset=utf-8")
          .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, "_")}`)
          .send(toCsv(problemsHeader(row), problemLines(db, row)));
      },
    );
  };
}

async function workspaceOf(db: Database, workspaceId: string): Promise<{ defaultCountry: string | null; propertyTypes: PropertyTypes }> {
  const settings = await db.selectFrom("consent_settings").select("default_country").where("workspace_id", "=", workspaceId).executeTakeFirst();
  return { defaultCountry: settings?.default_country ?? null, propertyTypes: await propertyTypes(db, workspaceId) };
}

async function propertyTypes(db: Database, workspaceId: string): Promise<Map<string, PropertyType>> {
  const rows = await db.selectFrom("contact_properties").select(["key", "type"]).where("workspace_id", "=", workspaceId).execute();
  return new Map(rows.map(({ key, type }) => [key, type]));
}
