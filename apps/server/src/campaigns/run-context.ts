/**
 * Everything about a run that stays the same while it goes on, read and compiled once: settings, cells, texts parsed, zones. The judge and
 * the composer work with it batch after batch.
 */
import type { CampaignSettings } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { LinkOrigins } from "../links/address.ts";
import type { RunRow } from "./types.ts";

export interface RunContext {
  workspaceId: string;
  /** The run as it is now. Whoever locks the row puts what they read here before each batch: caps and the winner are taken from it. */
  run: RunRow;
  settings: CampaignSettings;
  /** The cell of each variant; the control group's is under CONTROL. Empty for a draft. */
  cells: ReadonlyMap<string, string>;
  /** Where short links begin. */
  origins: LinkOrigins;
}

export interface OpenRunOptions {
  /** Of this server, for short links. */
  publicUrl: string;
}

/** Reads and compiles what a run needs. Throws CampaignFault for a run that cannot be sent as it is; the run then fails with its words. */
export async function openRun(db: Database, row: RunRow, { publicUrl }: OpenRunOptions): Promise<RunContext> {
  const workspaceId = row.workspace_id;
  const [said] = await settingsOf.run(db, [workspaceId]);
  const settings: CampaignSettings = {
    timeZone: said?.time_zone ?? "UTC",
    frequencyCap: said?.frequency_cap ?? null,
    dwellMinutes: said?.dwell_minutes ?? null,
    quietHours: said?.quiet_hours ?? null,
    approval: said?.approval ?? false,
  };
  const cells = new Map((await cellsOf.run(db, [workspaceId, row.id])).map(({ id, variant }) => [variant, id]));
  return { workspaceId, run: row, settings, cells, origins: { publicUrl, domain: said?.domain ?? null } };
}

/** A run or a draft that can be sent to nobody, in words for people. */
export class CampaignFault extends Error {}

const settingsOf = statement<{
  time_zone: string;
  frequency_cap: CampaignSettings["frequencyCap"];
  dwell_minutes: number | null;
  quiet_hours: CampaignSettings["quietHours"];
  approval: boolean | null;
  domain: string | null;
}>(
  "campaigns_run_settings",
  `select w.time_zone, s.frequency_cap, s.dwell_minutes, s.quiet_hours, s.approval, l.domain
   from workspaces w left join campaign_settings s on s.workspace_id = w.id left join link_settings l on l.workspace_id = w.id
   where w.id = $1`,
);

const cellsOf = statement<{ id: string; variant: string }>("campaigns_run_cells", `select id, variant from campaign_cells where workspace_id = $1 and run_id = $2`);
