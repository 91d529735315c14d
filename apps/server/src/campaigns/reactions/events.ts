/**
 * What events mean to campaigns, in the transaction that stores them: they start live campaigns for a person, keep one from being sent, or
 * reach a goal. Most events mean nothing to any campaign: one look-up by their names tells.
 */
import type { EventTrigger, Goal } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { EventListener } from "../../contacts/event-listener.ts";
import { enterLive, withdrawLive } from "./live.ts";
import { reachGoals } from "./goals.ts";
import type { Match } from "./match.ts";
import { doneMeanwhile } from "./meanwhile.ts";
import { passesAll } from "./passes.ts";
import type { RunDefinition } from "../types.ts";

/** Events that came later than this after they happened start nothing (CleverTap: journey FAQ). */
const LATE_MS = 60 * 60 * 1000;

export function campaignEvents(deps: {
  /** Tells the engine, when the transaction commits, that somebody of a live campaign may be due. */
  wake(tx: Database, workspaceId: string): Promise<void>;
}): EventListener {
  return async (tx, workspaceId, events) => {
    const triggers = await find.run(tx, [workspaceId, [...new Set(events.map(({ key }) => key))]]);
    if (triggers.length === 0) return;
    const now = new Date();
    const matching = (role: TriggerRow["role"]): Match[] =>
      triggers
        .filter((trigger) => trigger.role === role)
        .flatMap((trigger) => {
          const { filters } = triggerOf(trigger);
          return events
            .filter((event) => event.key === trigger.event_key && event.at >= trigger.since && (trigger.until === null || event.at < trigger.until) && passesAll(filters, event.properties, now))
            .map((event) => ({ runId: trigger.run_id, campaignId: trigger.campaign_id, definition: trigger.definition, event }));
        });
    await reachGoals(tx, workspaceId, matching("goal"));
    const began = await enterLive(tx, workspaceId, matching("start").filter(({ event }) => now.getTime() - event.at.getTime() < LATE_MS));
    // Afterwards: programs tell of what began it and of what keeps it from being sent at the same time.
    await withdrawLive(tx, workspaceId, [...(await doneMeanwhile(tx, workspaceId, began, now)), ...matching("unless")]);
    if (began.length > 0) await deps.wake(tx, workspaceId);
  };
}

function triggerOf({ role, definition: { schedule, goal } }: TriggerRow): EventTrigger | Goal {
  const { trigger, unless } = schedule.kind === "event" ? schedule : { trigger: undefined, unless: undefined };
  const found = role === "goal" ? goal : role === "start" ? trigger : unless;
  if (!found) throw new Error(`A campaign's run waits for an event as ${role} that its definition does not name.`);
  return found;
}

interface TriggerRow {
  event_key: string;
  role: "start" | "unless" | "goal";
  campaign_id: string;
  run_id: string;
  since: Date;
  until: Date | null;
  definition: RunDefinition;
}

const find = statement<TriggerRow>(
  "campaigns_find_triggers",
  `select t.event_key, t.role, t.campaign_id, t.run_id, t.since, t.until, r.definition
   from campaign_triggers t join campaign_runs r on r.workspace_id = $1 and r.id = t.run_id
   where t.workspace_id = $1 and t.event_key = any ($2::text[]) and (t.until is null or t.until > now())
     and (t.role = 'goal' or r.state in ('waiting', 'running', 'paused'))`,
);
