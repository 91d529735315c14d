import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { IdParams, List, ListQuery, ReportExport, ReportExportInput } from "@tincan/api";
import Type from "typebox";
import { audit } from "../../accounts/audit.ts";
import { countsOf, findCampaign } from "../../campaigns/store.ts";
import type { Database } from "../../database/connection.ts";
import { tellOnCommit } from "../../database/live.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { RoutePlugin } from "../../http/app.ts";
import { ApiError } from "../../http/errors.ts";
import { exportFile } from "./files.ts";
import { cancelExport, findExport, insertExport, listExports, presentExport, type ExportRow } from "./store.ts";

export interface ExportRoutesDeps {
  db: Database;
  dataDir: string;
  /** There is something to make. */
  nudge(): void;
}

const tags = ["Reports"];
const read = { permission: "reports.read" } as const;
/** A file of everybody is more than looking somebody up. */
const write = { permission: "reports.write" } as const;
const types = { csv: "text/csv; charset=utf-8", parquet: "application/vnd.apache.parquet" };

/** Files of a campaign's messages: asked for, made in the background, fetched within seven days. */
export function reportExportRoutes({ db, dataDir, nudge }: ExportRoutesDeps): RoutePlugin {
  return async (app) => {
    app.get("/report-exports", { config: read, schema: { tags, summary: "List exports", description: "Newest first; those that have expired are gone.", querystring: ListQuery, response: { 200: List(ReportExport) } } }, async ({ actor, query }) => {
      const page = await listExports(db, actor.workspaceId, query);
      return { items: page.items.map(presentExport), next: page.next };
    });

    app.post("/report-exports", { config: write, schema: { tags, summary: "Export a campaign's messages", description: "One row each, with the people as they are now. The file is made in the background.", body: ReportExportInput, response: { 201: ReportExport } } }, async ({ actor, body }, reply) => {
      const campaign = await findCampaign(db, actor.workspaceId, body.campaign);
      const expected = (await countsOf(db, actor.workspaceId, [campaign.id])).get(campaign.id)?.queued ?? 0;
      const id = uuidv7();
      await db.transaction().execute(async (tx) => {
        await insertExport(tx, { workspace_id: actor.workspaceId, id, campaign_id: campaign.id, campaign_name: campaign.name, format: body.format, expected, created_by: actor.name });
        await audit(tx, actor, { action: "report_export.created", target: { kind: "report_export", id, name: campaign.name }, detail: { campaign: campaign.id, format: body.format } });
        await tellOnCommit(tx, actor.workspaceId, "reports");
      });
      nudge();
      return reply.code(201).send(presentExport(await findExport(db, actor.workspaceId, id)));
    });

    app.get("/report-exports/:id", { config: read, schema: { tags, summary: "Show an export", params: IdParams, response: { 200: ReportExport } } }, async ({ actor, params }) => presentExport(await findExport(db, actor.workspaceId, params.id)));

    app.post("/report-exports/:id/cancel", { config: write, schema: { tags, summary: "Cancel an export", params: IdParams, response: { 200: ReportExport } } }, async ({ actor, params }) => {
      const row = await findExport(db, actor.workspaceId, params.id);
      await db.transaction().execute(async (tx) => {
        if (!(await cancelExport(tx, actor.workspaceId, row.id))) throw new ApiError("report_export_over");
        await audit(tx, actor, { action: "report_export.cancelled", target: targetOf(row) });
        await tellOnCommit(tx, actor.workspaceId, "reports");
      });
      return presentExport(await findExport(db, actor.workspaceId, row.id));
    });

    app.get("/report-exports/:id/file", { config: write, schema: { tags, summary: "Download the file of an export", params: IdParams, produces: Object.values(types), response: { 200: Type.Any() } } }, async ({ actor, params }, reply) => {
      const row = await findExport(db, actor.workspaceId, params.id);
      if (row.state !== "done") throw new ApiError("report_export_not_done");
      const file = exportFile(dataDir, row);
      const size = await sizeOf(file);
      if (size === null) throw new ApiError("report_export_file_missing");
      await audit(db, actor, { action: "report_export.downloaded", target: targetOf(row), detail: { format: row.format, rows: row.rows } });
      return reply.header("content-type", types[row.format]).header("content-length", size).header("content-disposition", `attachment; filename="${fileName(row)}"`).send(createReadStream(file));
    });
  };
}

function targetOf({ id, campaign_name: name }: ExportRow): { kind: string; id: string; name: string } {
  return { kind: "report_export", id, name };
}

async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(({ size }) => size, () => null);
}

/** Letters that every system takes. */
function fileName({ campaign_name, format, created_at }: ExportRow): string {
  const name = campaign_name.normalize("NFKD").replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 60);
  return `${name || "campaign"}-messages-${created_at.toISOString().slice(0, 10)}.${format}`;
}
