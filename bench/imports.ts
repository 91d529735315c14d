import { createWriteStream, openAsBlob, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Import } from "@tincan/api";
import { openDatabase, type DatabaseHandle } from "../apps/server/src/database/connection.ts";
import { Tincan } from "../tests/support/tincan.ts";
import { postLoop } from "./bare.ts";
import { defineBench } from "./bench.ts";
import { startChild } from "./processes.ts";

const API_KEY = "tc_bench_key_with_enough_entropy_0001";
const ROWS = 1_000_000;
const PER_BODY = 1_000;
const BODIES = 200;
/** What CleverTap's API allows an account at once. */
const IN_FLIGHT = 15;

interface Importer {
  tincan: Tincan;
  database: DatabaseHandle;
  stop(): Promise<void>;
}

async function startImporter(): Promise<Importer> {
  const tincan = await Tincan.prepare({
    env: { LOG_LEVEL: "error", TINCAN_SANDBOX: "off" },
    provision: { workspace: { name: "Bench" }, apiKeys: [{ name: "bench", key: API_KEY, role: "admin" }] },
  });
  await tincan.start();
  const { port, password } = JSON.parse(readFileSync(`${tincan.folder}/data/postgres/connection.json`, "utf8")) as { port: number; password: string };
  const database = await openDatabase(`postgres://tincan:${password}@127.0.0.1:${port}/tincan`, { connections: 1 });
  const stop = async (): Promise<void> => {
    await database.close();
    await tincan.remove();
  };
  return { tincan, database, stop };
}

/** A million people with eight columns: 80 MB. */
async function writePeople(file: string): Promise<void> {
  const out = createWriteStream(file);
  out.write("identity,name,phone,email,city,tier,age,joined\n");
  for (let from = 0; from < ROWS; from += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, ROWS - from) }, (_, k) => {
      const i = from + k;
      return `c-${i},Person ${i},+9198${String(10_000_000 + i)},p${i}@example.com,Pune,gold,${i % 80},2026-01-${String(1 + (i % 28)).padStart(2, "0")}\n`;
    });
    if (!out.write(lines.join(""))) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
}

/** Postgres reading the same file by itself: no checks, no merging, no search, only a primary key. */
export const bareCopy = defineBench("bare.copy", "rows/s", async () => {
  const { tincan, database, stop } = await startImporter();
  const file = `${tincan.folder}/people.csv`;
  try {
    await writePeople(file);
    await database.pool.query("create table bench_people (identity text primary key, name text, phone text, email text, city text, tier text, age integer, joined date)");
    const started = performance.now();
    await database.pool.query(`copy bench_people from '${file}' with (format csv, header)`);
    return { value: ROWS / ((performance.now() - started) / 1000) };
  } finally {
    rmSync(file, { force: true });
    await stop();
  }
});

/** The same file uploaded and imported: from the start of the run to its end, people visible and searchable. */
export const importCsv = defineBench("import.csv", "rows/s", async () => {
  const { tincan, stop } = await startImporter();
  const file = `${tincan.folder}/people.csv`;
  try {
    await writePeople(file);
    const headers = { authorization: `Bearer ${API_KEY}` };
    const call = async (path: string, init: RequestInit = {}): Promise<Import> => {
      const answer = await fetch(`${tincan.url}/api/v1/imports${path}`, { headers, ...init });
      if (!answer.ok) throw new Error(`The server answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as Import;
    };
    const form = new FormData();
    form.append("file", await openAsBlob(file), "people.csv");
    const { id } = await call("", { method: "POST", body: form });
    const started = performance.now();
    let memory = 0;
    let state = (await call(`/${id}/start`, { method: "POST" })).state;
    while (state === "running") {
      await sleep(100);
      memory = Math.max(memory, Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${tincan.pid}/status`, "utf8"))?.[1] ?? 0));
      state = (await call(`/${id}`)).state;
    }
    const seconds = (performance.now() - started) / 1000;
    const { counts } = await call(`/${id}`);
    if (counts.created !== ROWS) throw new Error(`The import ended ${state} with ${JSON.stringify(counts)}`);
    return { value: ROWS / seconds, notes: `${Math.round(memory / 1024)} MB resident at most` };
  } finally {
    await stop();
  }
}, "bare.copy");

/** A call of a thousand new profiles, with a property each. */
function uploadBody(n: number): string {
  const d = Array.from({ length: PER_BODY }, (_, k) => {
    const i = n * PER_BODY + k;
    return { type: "profile", identity: `u-${i}`, ts: 1_790_000_000, profileData: { Name: `Person ${i}`, Phone: `+9197${String(10_000_000 + i)}`, "MSG-whatsapp": true, Tier: "gold" } };
  });
  return JSON.stringify({ d });
}

/** Fastify that takes the same calls and throws them away. */
export const bareUpload = defineBench("bare.upload", "records/s", async () => {
  const server = await startChild("./fastify.ts");
  try {
    return { value: PER_BODY * (await postLoop(`${server.url}/wire/meta/webhook`, BODIES, IN_FLIGHT, (n) => ({ body: uploadBody(n), headers: {} }))) };
  } finally {
    await server.stop();
  }
});

/** CleverTap's upload API: every call answered after its records are committed. */
export const importUpload = defineBench("import.upload", "records/s", async () => {
  const { tincan, database, stop } = await startImporter();
  try {
    const { rows } = await database.pool.query<{ id: string }>("select id from workspaces");
    const headers = { "X-CleverTap-Account-Id": rows[0]!.id, "X-CleverTap-Passcode": API_KEY, "content-type": "application/json" };
    return { value: PER_BODY * (await postLoop(`${tincan.url}/1/upload`, BODIES, IN_FLIGHT, (n) => ({ body: uploadBody(n), headers }))) };
  } finally {
    await stop();
  }
}, "bare.upload");
