import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Import, List, ImportSummary } from "@tincan/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../apps/server/src/database/connection.ts";
import { Tincan } from "./support/tincan.ts";
import { Visitor } from "./support/visitor.ts";

/* A real server, killed while it imports: it goes on behind the last checkpoint, and every row counts once. */
const ROWS = 50_000;
const ROUNDS = 3;
/** What the server may take in memory beyond what it has when idle: two batches, the parser, the driver and a second heap. */
const MORE_MEMORY = 250_000_000;
const KEY = "tc_import_crash_test_key_entropy_01";

let tincan: Tincan;
let admin: Visitor;
beforeAll(async () => {
  tincan = await Tincan.prepare({
    env: { TINCAN_SANDBOX: "off" },
    provision: { workspace: { name: "Imports" }, admin: { email: "admin@example.com", password: "correct horse battery" }, apiKeys: [{ name: "test", key: KEY, role: "admin" }] },
  });
  await tincan.start();
  admin = new Visitor(tincan.url, { authorization: `Bearer ${KEY}` });
});
afterAll(() => tincan?.remove());

const memory = (): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${tincan.pid}/status`, "utf8"))?.[1] ?? 0) * 1024;

/** Every tenth row is about the person of the row before, every hundredth cannot be read. */
function line(i: number): string {
  if (i % 100 === 50) return `c-${i},no number,${i}`;
  return i % 10 === 9 ? `c-${i - 1},,${i}` : `c-${i},+9198${String(10_000_000 + i)},${i}`;
}

async function upload(): Promise<Import> {
  const form = new FormData();
  form.append("file", new Blob([`id,phone,n\n${Array.from({ length: ROWS }, (_, i) => line(i)).join("\n")}\n`]), "people.csv");
  const answer = await fetch(`${tincan.url}/api/v1/imports`, { method: "POST", headers: admin.headers, body: form });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Import;
}

it(`an import survives ${ROUNDS} kills, counts every row once, and stays within its memory`, { timeout: 480_000 }, async () => {
  const idle = memory();
  let most = 0;
  const { id } = await upload();
  const started = await admin.post<Import>(`/api/v1/imports/${id}/start`);
  expect(started.status).toBe(202);
  const look = async (): Promise<Import> => (await admin.get<Import>(`/api/v1/imports/${id}`)).body;

  for (let round = 0; round < ROUNDS; round++) {
    const { counts } = await look();
    for (let now = counts; now.rows === counts.rows && now.rows < ROWS; now = (await look()).counts) await sleep(20);
    await sleep(Math.random() * 100);
    most = Math.max(most, memory());
    await tincan.crash();
    await tincan.start();
  }
  let ended = await look();
  for (let i = 0; ended.state === "running" && i < 3_000; i++) {
    most = Math.max(most, memory());
    await sleep(50);
    ended = await look();
  }
  expect(ended).toMatchObject({ state: "done", counts: { rows: ROWS, created: ROWS * 0.89, updated: 0, merged: ROWS * 0.1, rejected: ROWS * 0.01 } });
  expect(most - idle).toBeLessThan(MORE_MEMORY);

  const { port, password } = JSON.parse(readFileSync(`${tincan.folder}/data/postgres/connection.json`, "utf8")) as { port: number; password: string };
  const database = await openDatabase(`postgres://tincan:${password}@127.0.0.1:${port}/tincan`, { connections: 1 });
  const { rows } = await database.pool.query<{ people: number; latest: number; problems: number }>(
    `select (select count(*) from contacts) as people, (select count(*) from contacts where (properties ->> 'n')::int % 10 = 9) as latest, (select count(*) from import_problems) as problems`,
  );
  await database.close();
  expect(rows[0]).toEqual({ people: ROWS * 0.89, latest: ROWS * 0.1, problems: ROWS * 0.01 });
  expect((await admin.get<List<ImportSummary>>("/api/v1/imports")).body.items).toHaveLength(1);
});
