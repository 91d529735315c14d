/** Planning a campaign of 100,000 people, or of a million with `--large`, while nothing leaves. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CampaignDefinition, TemplateComponent } from "@tincan/api";
import { sql } from "kysely";
import pino from "pino";
import { CampaignEngine } from "../apps/server/src/campaigns/engine/worker.ts";
import { campaignCounts } from "../apps/server/src/campaigns/reactions/counts.ts";
import type { RunDefinition } from "../apps/server/src/campaigns/types.ts";
import { openDatabase, type DatabaseHandle } from "../apps/server/src/database/connection.ts";
import { startEmbeddedPostgres } from "../apps/server/src/database/embedded-postgres.ts";
import { Live } from "../apps/server/src/database/live.ts";
import { migrate } from "../apps/server/src/database/migrate.ts";
import { uuidv7 } from "../apps/server/src/database/uuid.ts";
import { createLane } from "../apps/server/src/lanes/leases.ts";
import { TemplateRegistry } from "../apps/server/src/templates/registry.ts";
import { defineBench } from "./bench.ts";
import { addPeople, PEOPLE } from "./people.ts";

/** A database that a campaign is planned in. */
interface World {
  database: DatabaseHandle;
  workspaceId: string;
  providerId: string;
  /** CPU time that Postgres has used so far, in µs. */
  postgresCpu(): number;
}

export const components: TemplateComponent[] = [
  { type: "BODY", text: "Hi {{1}}, as our {{2}} guest in {{3}} you have a day more to choose." },
  { type: "BUTTONS", buttons: [{ type: "URL", text: "Choose", url: "https://shop.example/{{1}}" }] },
];
export const values = {
  body: [
    { text: '{{ profile.name | default: "there" }}' },
    { text: '{% if profile.Tier == "gold" %}golden{% else %}dear{% endif %}' },
    { text: '{{ profile.City | upcase | default: "town" }}' },
  ],
  buttons: [{ kind: "url" as const, index: 0, suffix: "c/{{ profile.identity }}" }],
};

/** Postgres alone writing the same number of rows into the same tables, in the same portions: no look at anybody's consent, one text for all. */
export const barePlan = defineBench("bare.plan", "people/s", () =>
  inWorld(async ({ database, workspaceId, providerId, postgresCpu }) => {
    const [started, cpu] = [performance.now(), postgresCpu()];
    const content = { type: "template", name: "bench", language: "en", body: [{ text: "Person 1" }, { text: "golden" }, { text: "PUNE" }], buttons: [{ kind: "url", index: 0, suffix: "c/c-1" }] };
    const originId = uuidv7();
    let after = "00000000-0000-0000-0000-000000000000";
    for (let done = 0; done < PEOPLE; done += 2_000) {
      const { rows } = await sql<{ last: string }>`
        with people as (
          select id, phone, gen_random_uuid() as message_id from contacts where workspace_id = ${workspaceId} and id > ${after}::uuid order by id limit 2000
        ), written as (
          insert into messages (workspace_id, id, provider_id, origin_kind, origin_id, external_id, recipient, type, category, template, state, accepted_at)
          select ${workspaceId}::uuid, message_id, ${providerId}::uuid, 'campaign', ${originId}::uuid, id::text, phone, 'template', 'marketing', 'bench', 'queued', now() from people
        ), contents as (
          insert into message_contents (workspace_id, message_id, content) select ${workspaceId}::uuid, message_id, ${JSON.stringify(content)}::json from people
        ), queued as (
          insert into outbox (workspace_id, message_id, lane_id, origin_id, priority, state, due_at)
          select ${workspaceId}::uuid, message_id, ${providerId}::uuid, ${originId}::uuid, 2, 'ready', now() from people
        )
        select max(id::text) as last from people`.execute(database.db);
      after = rows[0]!.last;
    }
    return { value: PEOPLE / ((performance.now() - started) / 1000), notes: `${perPerson(postgresCpu() - cpu)} µs of Postgres per person` };
  }),
);

/** An audience through judging, filling and the ledger, while nothing leaves: from the launch to the end of the audience. */
export const planRecipients = defineBench(
  "plan.recipients",
  "people/s",
  () =>
    inWorld(async (world) => {
      const { database, workspaceId, postgresCpu } = world;
      const { live, engine, close } = startEngine(database);
      const runId = await makeRun(world);
      const [started, cpu, own] = [performance.now(), postgresCpu(), process.cpuUsage()];
      await engine.start();
      for (;;) {
        await sleep(20);
        const { rows } = await sql<{ handed_over: number; state: string; reason: string | null }>`select handed_over, state, reason from campaign_runs where workspace_id = ${workspaceId} and id = ${runId}`.execute(database.db);
        if (rows[0]!.state === "failed") throw new Error(rows[0]!.reason ?? "The run failed.");
        if (rows[0]!.handed_over === PEOPLE) break;
      }
      const seconds = (performance.now() - started) / 1000;
      const { user, system } = process.cpuUsage(own);
      const notes = `${perPerson(user + system)} µs of Node and ${perPerson(postgresCpu() - cpu)} µs of Postgres per person`;
      await engine.stop();
      await close();
      await live.close();
      return { value: PEOPLE / seconds, notes };
    }),
  "bare.plan",
);

function perPerson(us: number): number {
  return Math.round(us / PEOPLE);
}

function startEngine(database: DatabaseHandle): { live: Live; engine: CampaignEngine; close(): Promise<void> } {
  const live = new Live(database);
  const registry = new TemplateRegistry({ db: database.db, live });
  const engine = new CampaignEngine({
    database, live, registry, log: pino({ level: "error" }), statusListeners: [campaignCounts()], publicUrl: "https://tincan.example", wake: () => {}, planAhead: Number.MAX_SAFE_INTEGER,
  });
  return { live, engine, close: async () => registry.close() };
}

/** The run as a launch makes it. */
async function makeRun({ database, workspaceId, providerId }: World): Promise<string> {
  const definition: CampaignDefinition = {
    name: "Bench", labels: [], provider: providerId, audience: { everyone: true }, schedule: { kind: "now" }, timing: { kind: "together" }, quietHours: null, pace: {}, goal: null,
    controlShare: 0, retryCapped: null, links: { track: false }, couponPool: null, customProps: {},
    content: { mode: "single", variants: [{ key: "A", template: { name: "bench", language: "en" }, values }] },
  };
  const snapshot: RunDefinition = { ...definition, templates: { "bench en": { name: "bench", language: "en", category: "marketing", parameterFormat: "POSITIONAL", components } } };
  const [campaignId, runId] = [uuidv7(), uuidv7()];
  await sql`insert into campaigns (workspace_id, id, name, state, provider_id, definition, created_by_name, runs) values (${workspaceId}, ${campaignId}, 'Bench', 'running', ${providerId}, ${JSON.stringify(definition)}, 'Bench', 1)`.execute(database.db);
  await sql`insert into campaign_runs (workspace_id, id, campaign_id, number, state, definition, due_at) values (${workspaceId}, ${runId}, ${campaignId}, 1, 'waiting', ${JSON.stringify(snapshot)}, now())`.execute(database.db);
  await sql`insert into campaign_cells (workspace_id, id, campaign_id, run_id, variant) values (${workspaceId}, ${uuidv7()}, ${campaignId}, ${runId}, 'A')`.execute(database.db);
  return runId;
}

/** A database with everybody in it, opted in, and a provider with an approved template whose lane nobody runs. */
async function inWorld<T>(act: (world: World) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-bench-"));
  const home = path.join(folder, "postgres");
  const postgres = await startEmbeddedPostgres({ home });
  const database = await openDatabase(postgres.url, { connections: 10 });
  try {
    await migrate(database.db);
    const [workspaceId, providerId] = [uuidv7(), uuidv7()];
    await sql`insert into workspaces (id, name) values (${workspaceId}, 'Bench')`.execute(database.db);
    await sql`insert into providers (workspace_id, id, kind, nickname, number, settings, secrets, max_concurrency, is_default)
      values (${workspaceId}, ${providerId}, 'generic', 'Bench', '+15550109999', '{}', '', 200, true)`.execute(database.db);
    await createLane(database.db, workspaceId, providerId, "provider");
    await sql`insert into templates (workspace_id, id, provider_id, name, language, category, status, components)
      values (${workspaceId}, ${uuidv7()}, ${providerId}, 'bench', 'en', 'MARKETING', 'APPROVED', ${JSON.stringify(components)})`.execute(database.db);
    await addPeople(database, workspaceId);
    return await act({ database, workspaceId, providerId, postgresCpu: () => cpuOf(home) });
  } finally {
    await database.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CPU time of the Postgres that runs in a folder, in µs: of its processes now, and of those that have ended. */
function cpuOf(home: string): number {
  const stats = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ").map(Number);
      return [{ pid: Number(pid), parent: fields[1]!, own: fields[11]! + fields[12]!, ended: fields[13]! + fields[14]! }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
  const cluster = readdirSync(home, { recursive: true }).map(String).find((name) => name.endsWith("postmaster.pid"));
  const main = Number(readFileSync(path.join(home, cluster ?? ""), "utf8").split("\n", 1)[0]);
  const ticks = stats.reduce((sum, { pid, parent, own, ended }) => sum + (pid === main ? own + ended : parent === main ? own : 0), 0);
  return ticks * 10_000;
}
