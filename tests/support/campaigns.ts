/** People, a provider that counts what it gets, and campaigns for them: what tests of campaigns under way begin with. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Campaign, CampaignDefinition, GenericProvider } from "@tincan/api";
import { sql } from "kysely";
import { upsertContacts } from "../../apps/server/src/contacts/upsert.ts";
import type { Database } from "../../apps/server/src/database/connection.ts";
import { tellOnCommit } from "../../apps/server/src/database/live.ts";
import type { Visitor } from "./visitor.ts";

/** A provider of the contract that takes every message and remembers for whom and when. */
export class Sink {
  /** How often each number was sent something. */
  readonly taken = new Map<string, number>();
  /** When each request came (ms). */
  readonly times: number[] = [];
  /** How long it thinks about each. */
  delayMs = 0;
  mostAtOnce = 0;
  #atOnce = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8");
      request.on("data", (chunk: string) => (text += chunk));
      request.on("end", () => {
        const answer = (): void => void response.writeHead(200, { "content-type": "application/json" }).end('{"status":"success"}');
        if (request.method !== "POST" || text.includes("generic:verify")) return answer();
        this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
        const { to } = JSON.parse(text) as { to: string };
        this.taken.set(to, (this.taken.get(to) ?? 0) + 1);
        this.times.push(Date.now());
        setTimeout(() => {
          this.#atOnce--;
          answer();
        }, this.delayMs);
      });
    });
  }

  static async start(): Promise<Sink> {
    const sink = new Sink();
    sink.#server.listen(0, "127.0.0.1");
    await once(sink.#server, "listening");
    return sink;
  }

  get endpoint(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/send`;
  }

  /** Messages taken, repeats included. */
  get total(): number {
    return this.times.length;
  }

  get twice(): string[] {
    return [...this.taken].filter(([, times]) => times > 1).map(([to]) => to);
  }

  forget(): void {
    this.taken.clear();
    this.times.length = 0;
    this.mostAtOnce = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** As an entry of the provisioning file, or with `provider` as its body. */
export const providerEntry = (sink: Sink, change: object = {}) => ({ kind: "generic", nickname: "Sink", number: "+918000000002", endpoint: sink.endpoint, maxConcurrency: 50, default: true, ...change });
export const templateEntry = { provider: "Sink", name: "order_ready", language: "en", category: "MARKETING", components: [{ type: "BODY", text: "Hi {{1}}, your order is ready" }] };

/** Makes a provider with a template over the API. */
export async function makeProvider(admin: Visitor, db: Database, sink: Sink, change: object = {}): Promise<GenericProvider> {
  const { body, status } = await admin.post<GenericProvider>("/api/v1/providers", providerEntry(sink, change));
  if (status !== 201) throw new Error(`The provider was refused: ${JSON.stringify(body)}`);
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ workspace_id: string }>`insert into templates (workspace_id, id, provider_id, name, language, category, status, components)
      select workspace_id, gen_random_uuid(), id, 'order_ready', 'en', 'MARKETING', 'APPROVED', ${JSON.stringify(templateEntry.components)} from providers where id = ${body.id}
      returning workspace_id`.execute(tx);
    // A lane may have looked for templates already.
    await tellOnCommit(tx, rows[0]!.workspace_id, "templates");
  });
  return body;
}

const AT_ONCE = 1_000;

/** `+1555` and the person's number; every tenth said nothing about marketing, and so may not be written to. */
export async function addPeople(db: Database, workspaceId: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const drafts = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => {
      const n = from + i;
      return { phone: phoneOf(n), name: `Person ${n}`, ...(n % 10 !== 9 && { consent: { all: "in" as const } }) };
    });
    await db.transaction().execute((tx) => upsertContacts(tx, workspaceId, drafts, { source: "api" }));
  }
}
const phoneOf = (n: number): string => `+1555${String(1_000_000 + n)}`;

export async function workspaceOf(db: Database): Promise<string> {
  return (await sql<{ id: string }>`select id from workspaces order by created_at limit 1`.execute(db)).rows[0]!.id;
}

/** Launches a campaign for everybody, to be sent now. */
export async function launch(admin: Visitor, provider: string, change: Partial<CampaignDefinition> = {}): Promise<Campaign> {
  const made = await admin.post<Campaign>("/api/v1/campaigns", {
    name: "Sale", provider, audience: { everyone: true }, schedule: { kind: "now" },
    content: { mode: "single", variants: [{ key: "A", template: { name: "order_ready", language: "en" }, values: { body: [{ text: "{{ profile.name }}" }] } }] },
    ...change,
  });
  if (made.status !== 201) throw new Error(`The campaign was refused: ${JSON.stringify(made.body)}`);
  return act(admin, made.body.id, "launch");
}

export async function act(admin: Visitor, id: string, what: "launch" | "pause" | "resume" | "stop"): Promise<Campaign> {
  const answer = await admin.post<Campaign>(`/api/v1/campaigns/${id}/${what}`);
  if (answer.status !== 200) throw new Error(`${what} was refused: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function look(admin: Visitor, id: string): Promise<Campaign> {
  return (await admin.get<Campaign>(`/api/v1/campaigns/${id}`)).body;
}

/** People of the workspace by what one campaign made of them; each is in exactly one place, so the parts add up to all of them. */
export async function standingOf(db: Database, campaignId: string): Promise<{ people: number; messages: number; left: Record<string, number>; forgotten: number; twice: number }> {
  const { rows } = await sql<{ messages: number; reason: string | null; rows: number }>`
    with sent as (
      select left(external_id, 36)::uuid as contact_id, count(*)::int as n from messages
      where origin_id in (select id from campaign_cells where campaign_id = ${campaignId}) group by 1
    ), noted as (
      select contact_id, count(*)::int as n, min(coalesce(reason, state)) as reason from campaign_people
      where run_id in (select id from campaign_runs where campaign_id = ${campaignId}) group by 1
    )
    select coalesce(s.n, 0) as messages, coalesce(p.n, 0) as rows, p.reason
    from contacts c left join sent s on s.contact_id = c.id left join noted p on p.contact_id = c.id`.execute(db);
  const left: Record<string, number> = {};
  for (const { reason } of rows) if (reason !== null) left[reason] = (left[reason] ?? 0) + 1;
  return {
    people: rows.length,
    messages: rows.reduce((sum, row) => sum + row.messages, 0),
    left,
    forgotten: rows.filter((row) => row.messages + row.rows === 0).length,
    twice: rows.filter((row) => row.messages + row.rows > 1).length,
  };
}
