/** Rules for all campaigns of a workspace: its time zone, how many messages a person may get, quiet hours, and whether launches need an approval. */
import type { CampaignSettings } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import "./tables.ts";

export async function campaignSettings(db: Database, workspaceId: string): Promise<CampaignSettings> {
  const [row] = await read.run(db, [workspaceId]);
  return {
    timeZone: row?.time_zone ?? "UTC",
    frequencyCap: row?.frequency_cap ?? null,
    dwellMinutes: row?.dwell_minutes ?? null,
    quietHours: row?.quiet_hours ?? null,
    approval: row?.approval ?? false,
  };
}

/** Replaces them. Runs under way go by the new ones from their next batch on. */
export async function saveCampaignSettings(db: Database, actor: Actor, settings: CampaignSettings): Promise<CampaignSettings> {
  if (!isTimeZone(settings.timeZone)) throw new ApiError("invalid_input", { field: "timeZone", expected: "a time zone such as Europe/Berlin" });
  const before = await campaignSettings(db, actor.workspaceId);
  await db.transaction().execute(async (tx) => {
    await saveZone.run(tx, [actor.workspaceId, settings.timeZone]);
    await save.run(tx, [actor.workspaceId, json(settings.frequencyCap), settings.dwellMinutes, json(settings.quietHours), settings.approval]);
    // Turning approvals off approves what waits for one (CleverTap: campaign approval workflow).
    if (before.approval && !settings.approval) await releaseAll.run(tx, [actor.workspaceId, actor.name]);
    await audit(tx, actor, { action: "campaign_settings.changed", target: { kind: "workspace", id: actor.workspaceId, name: "Campaign rules" }, detail: settings });
    await tellOnCommit(tx, actor.workspaceId, "campaigns");
  });
  return settings;
}

/** Whether this server knows the zone's rules. */
export function isTimeZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

function json(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

interface SettingsRow {
  time_zone: string;
  frequency_cap: CampaignSettings["frequencyCap"];
  dwell_minutes: number | null;
  quiet_hours: CampaignSettings["quietHours"];
  approval: boolean | null;
}

const read = statement<SettingsRow>(
  "campaign_settings_read",
  `select w.time_zone, s.frequency_cap, s.dwell_minutes, s.quiet_hours, s.approval
   from workspaces w left join campaign_settings s on s.workspace_id = w.id where w.id = $1`,
);

const saveZone = statement("campaign_settings_save_zone", `update workspaces set time_zone = $2 where id = $1`);

const save = statement(
  "campaign_settings_save",
  `insert into campaign_settings (workspace_id, frequency_cap, dwell_minutes, quiet_hours, approval) values ($1, $2, $3, $4, $5)
   on conflict (workspace_id) do update set frequency_cap = excluded.frequency_cap, dwell_minutes = excluded.dwell_minutes,
     quiet_hours = excluded.quiet_hours, approval = excluded.approval`,
);

/** One for now, or for an event, has no time by which it had to be approved; its own beginning may still lie ahead. */
const releaseAll = statement(
  "campaign_settings_release",
  `update campaigns set state = 'scheduled', next_run_at = coalesce(next_run_at, greatest(now(), (definition #>> '{schedule,from}')::timestamptz)), launched_at = now(), approved_by_name = $2, approved_at = now(), updated_at = now()
   where workspace_id = $1 and state = 'awaitingApproval'`,
);
