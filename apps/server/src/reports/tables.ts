import type { ReportExport, ReportScheduleInput } from "@tincan/api";
import type { Generated, JSONColumnType } from "kysely";

interface RateCardsTable {
  workspace_id: string;
  currency: string;
}

interface ReportExportsTable {
  workspace_id: string;
  id: string;
  campaign_id: string;
  campaign_name: string;
  format: ReportExport["format"];
  state: Generated<ReportExport["state"]>;
  rows: Generated<number>;
  expected: number | null;
  size: number | null;
  failure: string | null;
  created_by: string;
  created_at: Generated<Date>;
  finished_at: Date | null;
  expires_at: Date | null;
  runner: string | null;
  lease_until: Generated<Date>;
  attempts: Generated<number>;
}

interface ReportSchedulesTable {
  workspace_id: string;
  id: string;
  name: string;
  definition: JSONColumnType<Omit<ReportScheduleInput, "name">>;
  secret: Buffer | null;
  due_at: Date;
  try_at: Date;
  attempts: Generated<number>;
  last_at: Date | null;
  last_failure: string | null;
  runner: string | null;
  lease_until: Generated<Date>;
  created_by: string;
  created_at: Generated<Date>;
}

declare module "../database/schema.ts" {
  interface Schema {
    rate_cards: RateCardsTable;
    report_exports: ReportExportsTable;
    report_schedules: ReportSchedulesTable;
  }
}
