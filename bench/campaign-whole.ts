/**
 * A whole campaign in a real server: launched by the API, planned, filled, sent through a generic provider's lane to a sink that does nothing, and
 * every message reported sent, delivered and read. 100,000 people, or a million with `--large`.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Campaign, CampaignInput, TemplateComponent } from "@tincan/api";
import { sql } from "kysely";
import { verify } from "../apps/server/src/verify.ts";
import { defineBench, type Figure } from "./bench.ts";
import { components, values } from "./campaign.ts";
import { addPeople, PEOPLE } from "./people.ts";
import { startServer } from "./server.ts";

/** Longer than any of it takes on a slow machine. */
const PATIENCE_MS = 3_600_000;

/** What submitting a template asks for: an example of each variable. */
const exemplified: TemplateComponent[] = components.map((component) =>
  component.type === "BODY"
    ? { ...component, example: { body_text: [["Asha", "golden", "PUNE"]] } }
    : { ...component, buttons: component.buttons?.map((button) => ({ ...button, example: ["https://shop.example/c/1"] })) },
);

/** Measured once for both rows: its rate, and the most memory that the server's process had meanwhile. */
let measured: Promise<{ rate: Figure; memory: Figure }> | undefined;

/** Messages from the launch until the last of them is read. */
export const campaignGeneric = defineBench("campaign.generic", "msg/s", async () => (await (measured ??= wholeCampaign())).rate, "bare.post");
export const memoryCampaign = defineBench("memory.campaign", "MB", async () => (await (measured ??= wholeCampaign())).memory);

async function wholeCampaign(): Promise<{ rate: Figure; memory: Figure }> {
  const server = await startServer(1, { receipts: false });
  const database = await server.database();
  try {
    const { rows } = await sql<{ workspace_id: string; id: string }>`select workspace_id, id from providers where nickname = 'Generic'`.execute(database.db);
    const { workspace_id: workspaceId, id: providerId } = rows[0]!;
    await server.api("POST", "/templates", { provider: providerId, name: "bench", language: "en", category: "MARKETING", components: exemplified, submit: true });
    await addPeople(database, workspaceId);
    server.world.process.send({ reports: server.statusUrl });
    const sizeOf = async (): Promise<number> => (await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(database.db)).rows[0]!.bytes;
    const before = await sizeOf();
    const input: CampaignInput = {
      name: "Bench", provider: providerId, audience: { everyone: true }, schedule: { kind: "now" },
      content: { mode: "single", variants: [{ key: "A", template: { name: "bench", language: "en" }, values }] },
    };
    const { id } = await server.api<Campaign>("POST", "/campaigns", input);
    const started = performance.now();
    await server.api("POST", `/campaigns/${id}/launch`, {});
    let [memory, planned, sent, read] = [0, 0, 0, 0];
    while (read === 0) {
      await sleep(250);
      memory = Math.max(memory, server.memory());
      const { counts, state, reason } = await server.api<Campaign>("GET", `/campaigns/${id}`);
      const seconds = (performance.now() - started) / 1000;
      if (state === "failed" || counts.failed > 0) throw new Error(reason ?? `Of the messages, ${counts.failed} failed.`);
      if (counts.queued === PEOPLE) planned ||= seconds;
      if (counts.submitted === PEOPLE) sent ||= seconds;
      if (counts.read === PEOPLE) read = seconds;
      if (seconds * 1000 > PATIENCE_MS) throw new Error(`The campaign did not get through: ${JSON.stringify(counts)}`);
    }
    const wrong = await verify(database.db);
    if (wrong.length > 0) throw new Error(`The counters do not add up: ${JSON.stringify(wrong.slice(0, 5))}`);
    const bytes = ((await sizeOf()) - before) / PEOPLE;
    const notes = `${PEOPLE.toLocaleString("en")} people: handed over after ${planned.toFixed(1)} s, sent after ${sent.toFixed(1)} s, ${Math.round((3 * PEOPLE) / read).toLocaleString("en")} receipts/s beside it, ${Math.round(bytes).toLocaleString("en")} bytes of database each`;
    return { rate: { value: PEOPLE / read, notes }, memory: { value: memory / 1e6, notes: `at most, with a campaign of ${PEOPLE.toLocaleString("en")} people` } };
  } finally {
    await database.close();
    await server.stop();
  }
}
