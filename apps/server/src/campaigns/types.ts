import type { Campaign, CampaignDefinition, CampaignRun, CampaignState, LossReason, TemplateComponent } from "@tincan/api";

/*
 * The life of a campaign
 *
 *   draft ──launch──► awaitingApproval ──approve──► scheduled ──run is due──► running ──all runs over──► completed
 *     ▲                 │ reject │ not in time        ▲   │                   │  ▲
 *     └── edit ◄── rejected   expired      next date ─┘   │            pause ▼  │ resume
 *                                                         └──stop──► stopped ◄─ paused
 *
 * Who may approve launches at once. A recurring campaign goes back to scheduled between runs, and when the last one has nobody left but people who
 * are tried again after Meta's limit: that run is still running then. A live campaign has one run, which is running from launch until its end. Only
 * drafts and rejected campaigns are edited; others are cloned.
 *
 * The life of a run
 *
 *   waiting ──due──► running ⇄ paused ──everybody has a message, was left out, or is past waiting for──► completed | stopped | failed
 *
 * While it runs, one process owns it by a lease. It goes through the audience in the order of contact ids, batch by batch. One transaction
 * judges a batch, accepts its messages in the ledger, notes who was lost or waits, adds to the counters, and moves `after_contact` on: a crash
 * at any line has done all of a batch or none of it. Then it looks after those whose time has come (campaign_people.due_at), the same way.
 * Pausing a run marks its cells as paused origins in the ledger, so that nothing leaves any more, and the engine lets go of it; resuming takes
 * the marks away. Stopping also fails what still waits in the outbox.
 */

/** A template as a run keeps it; messages do not change when the registry's template does. */
export interface TemplateSnapshot {
  name: string;
  language: string;
  /** marketing, utility or authentication. */
  category: "marketing" | "utility" | "authentication";
  parameterFormat: "POSITIONAL" | "NAMED";
  components: TemplateComponent[];
}

/** campaign_runs.definition: what was launched. */
export interface RunDefinition extends CampaignDefinition {
  /** By `name language`. */
  templates: Record<string, TemplateSnapshot>;
}

export interface CampaignRow {
  workspace_id: string;
  id: string;
  name: string;
  labels: string[];
  state: CampaignState;
  reason: string | null;
  provider_id: string | null;
  live: boolean;
  definition: Campaign["definition"];
  version: number;
  created_by: string | null;
  created_by_name: string;
  approved_by_name: string | null;
  approved_at: Date | null;
  next_run_at: Date | null;
  runs: number;
  created_at: Date;
  updated_at: Date;
  launched_at: Date | null;
  ended_at: Date | null;
  archived_at: Date | null;
}

export interface RunRow {
  workspace_id: string;
  id: string;
  campaign_id: string;
  number: number;
  state: CampaignRun["state"];
  reason: string | null;
  definition: RunDefinition;
  due_at: Date;
  owner: string | null;
  lease_until: Date;
  live: boolean;
  resume_at: Date | null;
  idle_until: Date | null;
  paused_at: Date | null;
  after_contact: string | null;
  looked_at_all: boolean;
  expected: number | null;
  people: number;
  handed_over: number;
  waiting: number;
  minute: Date | null;
  in_minute: number;
  per_second: number | null;
  winner: string | null;
  decides_at: Date | null;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
}

/** Somebody the engine must decide about. */
export interface Candidate {
  contactId: string;
  /** E.164 with "+"; null for people without one. */
  phone: string | null;
  /** What `profile` holds in Liquid: name, email, phone, identity, language, timeZone, and every property by its key. */
  profile: Record<string, unknown>;
  timeZone: string | null;
  /** Set for those who come from campaign_people: their row, their try, and what a live campaign's event said. */
  waiting?: { id: string; attempt: number; cellId: string | null; event: Record<string, unknown> | null };
}

/** What the engine does with a candidate. */
export type Verdict =
  /** A message now, or as long as it may leave. */
  | { kind: "send"; variant: string; leaveBy: Date | null }
  /** Later: at their own time of day, after quiet hours, or when the winner is known (`held`, without a time). */
  | { kind: "wait"; dueAt: Date; variant?: string }
  | { kind: "held" }
  | { kind: "lost"; reason: LossReason; detail?: string };
