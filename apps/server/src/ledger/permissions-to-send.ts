import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { MarketingChoice } from "./listeners.ts";

/** The customer service window: free-form may be sent this long after a person's last message (Meta: service windows). */
export const SERVICE_WINDOW_MS = 24 * 60 * 60 * 1000;

/** In marketing_opt_outs: the number takes no marketing from any of the workspace's numbers. */
export const EVERY_PROVIDER = "00000000-0000-0000-0000-000000000000";

export interface Reachability {
  /** When the person last wrote to this number. */
  lastInboundAt: Date | null;
  optedOutOfMarketing: boolean;
}

/** For each (provider, phone) pair, in the order asked: what may be sent to it. One statement. */
export async function reachability(tx: Database, workspaceId: string, providerIds: string[], phones: string[]): Promise<Reachability[]> {
  const rows = await find.run(tx, [workspaceId, providerIds, phones]);
  return rows.map((row) => ({ lastInboundAt: row.last_inbound_at, optedOutOfMarketing: row.opted_out }));
}

/** Each table is read by its primary key with the batch's own numbers; joining it directly would read all of a workspace's rows. */
const find = statement<{ last_inbound_at: Date | null; opted_out: boolean }>(
  "ledger_reachability",
  `with windows as (
     select provider_id, phone, last_inbound_at from conversation_windows
     where workspace_id = $1 and provider_id = any ($2::uuid[]) and phone = any ($3::text[])
   ), stops as (
     select provider_id, phone from marketing_opt_outs
     where workspace_id = $1 and (provider_id = any ($2::uuid[]) or provider_id = '${EVERY_PROVIDER}') and phone = any ($3::text[])
   )
   select w.last_inbound_at, coalesce(o.stopped, e.stopped, false) as opted_out
   from unnest($2::uuid[], $3::text[]) with ordinality as i (provider_id, phone, n)
   left join windows w on w.provider_id = i.provider_id and w.phone = i.phone
   left join (select provider_id, phone, true as stopped from stops) o on o.provider_id = i.provider_id and o.phone = i.phone
   left join (select phone, true as stopped from stops where provider_id = '${EVERY_PROVIDER}') e on e.phone = i.phone
   order by i.n`,
);

/** Those of the numbers that take no marketing from a provider of the workspace. */
export async function marketingOptOuts(tx: Database, workspaceId: string, providerId: string, phones: string[]): Promise<Set<string>> {
  if (phones.length === 0) return new Set();
  return new Set((await stopped.run(tx, [workspaceId, providerId, phones])).map((row) => row.phone));
}

const stopped = statement<{ phone: string }>(
  "ledger_marketing_opt_outs",
  `select phone from marketing_opt_outs where workspace_id = $1 and (provider_id = $2 or provider_id = '${EVERY_PROVIDER}') and phone = any ($3::text[])`,
);

/** Remembers that people stopped or resumed marketing messages of a number; the latest word wins, in whatever order they come. */
export async function recordMarketingChoices(
  tx: Database,
  workspaceId: string,
  providerId: string,
  choices: MarketingChoice[],
): Promise<void> {
  const latest = [...new Map(choices.toSorted((a, b) => a.at.getTime() - b.at.getTime()).map((c) => [c.phone, c])).values()];
  const stops = latest.filter((c) => c.stopped).sort((a, b) => (a.phone < b.phone ? -1 : 1));
  const resumes = latest.filter((c) => !c.stopped);
  if (stops.length > 0) await stop.run(tx, [workspaceId, providerId, stops.map((c) => c.phone), stops.map((c) => c.source), stops.map((c) => c.at)]);
  if (resumes.length > 0) await resume.run(tx, [workspaceId, providerId, resumes.map((c) => c.phone), resumes.map((c) => c.at)]);
}

const stop = statement(
  "ledger_marketing_stop",
  `insert into marketing_opt_outs (workspace_id, provider_id, phone, source, at)
   select $1, $2, * from unnest($3::text[], $4::text[], $5::timestamptz[])
   on conflict (workspace_id, provider_id, phone) do update set source = excluded.source, at = excluded.at
   where marketing_opt_outs.at < excluded.at`,
);

/** WhatsApp tells times in whole seconds, so a word of the same second counts as the later one. */
const resume = statement(
  "ledger_marketing_resume",
  `delete from marketing_opt_outs o using unnest($3::text[], $4::timestamptz[]) as r (phone, at)
   where o.workspace_id = $1 and o.provider_id = $2 and o.phone = r.phone and o.at < r.at + interval '1 second'`,
);

/** Puts numbers on do-not-disturb, or takes them off: no provider of the workspace sends them marketing, whoever asks. */
export async function stopNumbers(tx: Database, workspaceId: string, numbers: { phone: string; stopped: boolean; at: Date }[]): Promise<void> {
  await recordMarketingChoices(tx, workspaceId, EVERY_PROVIDER, numbers.map((number) => ({ ...number, source: "doNotDisturb" })));
}
