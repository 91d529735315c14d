import type { Campaign, CampaignRun, CampaignSettings, CampaignState } from "@tincan/api";
import type { Generated, JSONColumnType } from "kysely";
import type { RunDefinition } from "./types.ts";

interface CampaignsTable {
  workspace_id: string;
  id: string;
  name: string;
  labels: Generated<string[]>;
  state: CampaignState;
  reason: string | null;
  provider_id: string | null;
  live: Generated<boolean>;
  definition: JSONColumnType<Campaign["definition"]>;
  version: Generated<number>;
  created_by: string | null;
  created_by_name: string;
  approved_by_name: string | null;
  approved_at: Date | null;
  next_run_at: Date | null;
  runs: Generated<number>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  launched_at: Date | null;
  ended_at: Date | null;
  archived_at: Date | null;
}

interface CampaignRunsTable {
  workspace_id: string;
  id: string;
  campaign_id: string;
  number: number;
  state: CampaignRun["state"];
  reason: string | null;
  definition: JSONColumnType<RunDefinition>;
  due_at: Date;
  owner: string | null;
  lease_until: Generated<Date>;
  live: Generated<boolean>;
  resume_at: Date | null;
  idle_until: Date | null;
  paused_at: Date | null;
  after_contact: string | null;
  looked_at_all: Generated<boolean>;
  expected: number | null;
  people: Generated<number>;
  handed_over: Generated<number>;
  waiting: Generated<number>;
  minute: Date | null;
  in_minute: Generated<number>;
  per_second: number | null;
  winner: string | null;
  decides_at: Date | null;
  created_at: Generated<Date>;
  started_at: Date | null;
  ended_at: Date | null;
}

interface CampaignCellsTable {
  workspace_id: string;
  id: string;
  campaign_id: string;
  run_id: string;
  variant: string;
}

interface CampaignPeopleTable {
  workspace_id: string;
  run_id: string;
  id: string;
  contact_id: string;
  cell_id: string | null;
  state: "waiting" | "held" | "lost";
  reason: string | null;
  detail: string | null;
  due_at: Date | null;
  attempt: Generated<number>;
  event: JSONColumnType<Record<string, unknown>> | null;
  at: Generated<Date>;
}

interface CampaignSettingsTable {
  workspace_id: string;
  frequency_cap: JSONColumnType<NonNullable<CampaignSettings["frequencyCap"]>> | null;
  dwell_minutes: number | null;
  quiet_hours: JSONColumnType<NonNullable<CampaignSettings["quietHours"]>> | null;
  approval: Generated<boolean>;
}

declare module "../database/schema.ts" {
  interface Schema {
    campaigns: CampaignsTable;
    campaign_runs: CampaignRunsTable;
    campaign_cells: CampaignCellsTable;
    campaign_people: CampaignPeopleTable;
    campaign_settings: CampaignSettingsTable;
  }
}
