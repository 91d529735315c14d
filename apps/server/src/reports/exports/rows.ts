/**
 * A campaign's messages, one row each, in pages. Each cell is walked along messages_external_id, so that every page costs the same however far it
 * is; people are as they are now, and those who were merged into others are these. Somebody who was deleted has neither name nor number. What a person
 * did stands with one of their messages, so that columns can be added up.
 */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { familyOf } from "../failures.ts";
import type { WireError } from "../../ledger/types.ts";

const PAGE = 2_000;

/** Name and type of each column; the types are DuckDB's. Times are of UTC. */
export const columns = [
  ["campaign", "VARCHAR"], ["run", "INTEGER"], ["variant", "VARCHAR"], ["message_id", "VARCHAR"],
  ["contact_id", "VARCHAR"], ["identity", "VARCHAR"], ["name", "VARCHAR"], ["phone", "VARCHAR"],
  ["template", "VARCHAR"], ["state", "VARCHAR"],
  ["queued_at", "TIMESTAMP"], ["submitted_at", "TIMESTAMP"], ["sent_at", "TIMESTAMP"], ["delivered_at", "TIMESTAMP"], ["read_at", "TIMESTAMP"],
  ["clicked_at", "TIMESTAMP"], ["replied_at", "TIMESTAMP"], ["converted_at", "TIMESTAMP"], ["opted_out_at", "TIMESTAMP"], ["failed_at", "TIMESTAMP"],
  ["revenue", "DOUBLE"], ["failure_family", "VARCHAR"], ["failure", "VARCHAR"], ["failure_title", "VARCHAR"], ["failure_details", "VARCHAR"],
  ["price_category", "VARCHAR"], ["billable", "BOOLEAN"],
] as const;

/** Pages of cells, in the order of `columns`; empty for what is not there. */
export async function* messagePages(db: Database, workspaceId: string, campaign: { id: string; name: string }): AsyncGenerator<string[][]> {
  for (const cell of await cells.run(db, [workspaceId, campaign.id])) {
    let after = "";
    for (;;) {
      const messages = await page.run(db, [workspaceId, cell.id, after, PAGE]);
      if (messages.length === 0) break;
      const people = [...new Set(messages.map((row) => row.external_id.slice(0, 36)))];
      const answers = new Map((await responses.run(db, [workspaceId, cell.id, people])).map((row) => [`${row.message_id} ${row.kind}`, row]));
      yield messages.map((row) => cellsOf(row, { campaign: campaign.name, run: String(cell.number), variant: cell.variant }, (kind) => answers.get(`${row.id} ${kind}`)));
      after = messages.at(-1)!.external_id;
    }
  }
}

interface MessageRow {
  id: string;
  external_id: string;
  contact_id: string | null;
  identity: string | null;
  name: string | null;
  phone: string | null;
  template: string | null;
  state: string;
  accepted_at: Date;
  submitted_at: Date | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  clicked_at: Date | null;
  failed_at: Date | null;
  error: WireError | null;
  price_category: string | null;
  billable: string | null;
}

interface ResponseRow {
  message_id: string;
  kind: "replied" | "converted" | "optedOut";
  at: Date;
  revenue: string | null;
}

function cellsOf(row: MessageRow, of: { campaign: string; run: string; variant: string }, answer: (kind: ResponseRow["kind"]) => ResponseRow | undefined): string[] {
  const { error } = row;
  return [
    of.campaign, of.run, of.variant, row.id,
    row.contact_id ?? "", row.identity ?? "", row.name ?? "", row.phone ?? "",
    row.template ?? "", row.state,
    time(row.accepted_at), time(row.submitted_at), time(row.sent_at), time(row.delivered_at), time(row.read_at),
    time(row.clicked_at), time(answer("replied")?.at), time(answer("converted")?.at), time(answer("optedOut")?.at), time(row.failed_at),
    answer("converted")?.revenue ?? "", error ? familyOf(error) : "", error ? `${error.source}:${error.code}` : "", error?.title ?? "", error?.details ?? "",
    row.price_category ?? "", row.billable ?? "",
  ];
}

function time(at: Date | null | undefined): string {
  return at?.toISOString() ?? "";
}

const cells = statement<{ id: string; variant: string; number: number }>(
  "report_exports_cells",
  `select c.id, c.variant, r.number from campaign_cells c join campaign_runs r on r.workspace_id = $1 and r.id = c.run_id
   where c.workspace_id = $1 and c.campaign_id = $2 and c.variant <> 'control' order by r.number, c.variant`,
);

const page = statement<MessageRow>(
  "report_exports_page",
  `select m.*, c.id as contact_id, c.identity, c.name, c.phone from (
     select id, external_id, template, state, accepted_at, submitted_at, sent_at, delivered_at, read_at, clicked_at, failed_at, error,
       pricing ->> 'category' as price_category, pricing ->> 'billable' as billable
     from messages where workspace_id = $1 and origin_id = $2 and external_id is not null and external_id <> '0|0|0|0' and external_id > $3::text collate "C"
     order by external_id limit $4) m
   left join merged_contacts g on g.workspace_id = $1 and g.id = left(m.external_id, 36)::uuid
   left join contacts c on c.workspace_id = $1 and c.id = coalesce(g.contact_id, left(m.external_id, 36)::uuid)
   order by m.external_id`,
);

/**
 * With the last message that the person had had by then and that did not fail, where there are several: of a live campaign, or after Meta's limit.
 * Times from WhatsApp are whole seconds, cut off. By messages_external_id; "A" is the letter after every sign that may follow the contact's id.
 */
const responses = statement<ResponseRow>(
  "report_exports_responses",
  `select m.id as message_id, r.kind, r.at, r.revenue::text as revenue from campaign_responses r cross join lateral (
     select id from messages where workspace_id = $1 and origin_id = $2 and external_id >= r.contact_id::text and external_id < r.contact_id::text || 'A' and external_id <> '0|0|0|0'
     order by accepted_at < r.at + interval '1 second' desc, state = 'failed', id desc limit 1) m
   where r.workspace_id = $1 and r.cell_id = $2 and r.contact_id = any ($3::uuid[])`,
);
