/**
 * The winner of an A/B test: the variant with the largest share of its people who did what the test asks for. A tie goes to the variant that
 * comes first (CleverTap: A/B). The rest of the audience, held until then, waits for the engine with the winner's cell from then on.
 */
import type { Content } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { RunRow } from "../types.ts";

export interface VariantResult {
  variant: string;
  /** Messages handed over, and how many of their people did it. */
  messages: number;
  did: number;
}

/** Results in the order of the definition's variants. */
export function winnerOf(results: readonly VariantResult[]): string {
  const rate = ({ messages, did }: VariantResult): number => (messages === 0 ? 0 : did / messages);
  return results.reduce((best, each) => (rate(each) > rate(best) ? each : best)).variant;
}

/** Chooses the winner of the run, whose row the caller holds, and writes it down. Answers null when the run has no test, or has its winner. */
export async function chooseWinner(tx: Database, run: RunRow): Promise<string | null> {
  const { content } = run.definition;
  if (content.mode !== "ab" || !content.test || run.winner !== null) return null;
  const counted = new Map((await results.run(tx, [run.workspace_id, run.id])).map((row) => [row.variant, row]));
  const winner = winnerOf(content.variants.map(({ key }) => ({ variant: key, messages: counted.get(key)?.queued ?? 0, did: counted.get(key)?.[columns[content.test!.winnerBy]] ?? 0 })));
  await setWinner.run(tx, [run.workspace_id, run.id, winner]);
  return winner;
}

/** Lets up to `limit` of those who were held go to the winner's variant. @returns how many; fewer than `limit` when nobody is held any more */
export async function releaseHeld(tx: Database, run: RunRow, limit: number): Promise<number> {
  return (await release.run(tx, [run.workspace_id, run.id, run.winner, limit])).length;
}

type WinnerBy = NonNullable<Extract<Content, { mode: "ab" }>["test"]>["winnerBy"];
const columns = { read: "read", click: "clicked", reply: "replied", goal: "converted" } as const satisfies Record<WinnerBy, string>;

const results = statement<{ variant: string; queued: number; read: number; clicked: number; replied: number; converted: number }>(
  "campaigns_test_results",
  `select c.variant, sum(n.queued)::int as queued, sum(n.read)::int as read, sum(n.clicked)::int as clicked, sum(n.replied)::int as replied, sum(n.converted)::int as converted
   from campaign_cells c join campaign_counts n on n.workspace_id = $1 and n.cell_id = c.id
   where c.workspace_id = $1 and c.run_id = $2 group by c.variant`,
);

const setWinner = statement("campaigns_set_winner", `update campaign_runs set winner = $3 where workspace_id = $1 and id = $2`);

const release = statement<{ id: string }>(
  "campaigns_release_held",
  `update campaign_people p
   set state = 'waiting', due_at = now(), cell_id = (select c.id from campaign_cells c where c.workspace_id = $1 and c.run_id = $2 and c.variant = $3)
   where p.workspace_id = $1 and p.run_id = $2 and p.id = any (array (
     select h.id from campaign_people h where h.workspace_id = $1 and h.run_id = $2 and h.state = 'held' order by h.due_at, h.id limit $4))
   returning p.id`,
);
