import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { FolderInUseError, isAlive } from "./folder-lock.ts";

let folder: string;
let home: string;

beforeEach(() => {
  // Mode 0700: as root, no other user can reach it.
  folder = mkdtempSync(path.join(os.tmpdir(), "tincan-postgres-"));
  home = path.join(folder, "postgres");
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

/** A server process of its own that starts the database and then waits to be killed. */
async function startInAnotherProcess(): Promise<{ pid: number; postgresPid: number; kill(): Promise<void> }> {
  const source = fileURLToPath(new URL("./embedded-postgres.ts", import.meta.url));
  const code = `const { startEmbeddedPostgres } = await import(${JSON.stringify(source)});
    const server = await startEmbeddedPostgres({ home: ${JSON.stringify(home)} });
    console.log(server.pid); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return {
    pid: child.pid!,
    postgresPid: Number(line.toString()),
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

test("a new folder gets a durable database that keeps its data over a restart", async () => {
  const first = await startEmbeddedPostgres({ home });
  await ask(first.url, "create table kept (n integer)");
  expect(await ask(first.url, "select current_setting('fsync') || current_setting('synchronous_commit')")).toEqual(["onon"]);
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);

  const second = await startEmbeddedPostgres({ home });
  expect(second.adopted).toBe(false);
  expect(second.url).toBe(first.url);
  expect(await ask(second.url, "select count(*)::int from kept")).toEqual([0]);
  await second.stop();
});

test("a wrong password is refused and the stored one is readable by its owner only", async () => {
  const server = await startEmbeddedPostgres({ home });
  const wrong = new URL(server.url);
  wrong.password = "guess";
  await expect(ask(wrong.href, "select 1")).rejects.toThrow(/password authentication failed/);
  expect(statSync(path.join(home, "connection.json")).mode & 0o077).toBe(0);
  await server.stop();
});

test("stopping ends open sessions instead of waiting for them", async () => {
  const server = await startEmbeddedPostgres({ home });
  const client = new Client({ connectionString: server.url });
  client.on("error", () => {});
  await client.connect();
  const sleeping = client.query("select pg_sleep(60)").catch(() => "ended");
  await server.stop();
  expect(await sleeping).toBe("ended");
});

test("a second server on the same folder is refused in one sentence", async () => {
  const server = await startEmbeddedPostgres({ home });
  await expect(startEmbeddedPostgres({ home })).rejects.toThrow(FolderInUseError);
  await server.stop();
  const again = await startEmbeddedPostgres({ home });
  await again.stop();
});

test("a database left behind by a killed server is adopted and can still be stopped", async () => {
  const dead = await startInAnotherProcess();
  await dead.kill();
  expect(isAlive(dead.postgresPid)).toBe(true);
  const server = await startEmbeddedPostgres({ home });
  expect(server.adopted).toBe(true);
  expect(server.pid).toBe(dead.postgresPid);
  expect(await ask(server.url, "select 1")).toEqual([1]);
  await server.stop();
  expect(isAlive(dead.postgresPid)).toBe(false);
});

test("a postmaster.pid whose process id now belongs to another program is no obstacle", async () => {
  const first = await startEmbeddedPostgres({ home });
  const pidFile = path.join(home, "cluster/postmaster.pid");
  const lines = readFileSync(pidFile, "utf8").split("\n");
  await first.stop();
  writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join("\n"), { mode: 0o600 });
  const second = await startEmbeddedPostgres({ home });
  expect(second.adopted).toBe(false);
  await second.stop();
});

test("a database that dies by itself is started again at the same address", async () => {
  const troubles: string[] = [];
  const server = await startEmbeddedPostgres({ home, onTrouble: (message) => troubles.push(message) });
  const before = server.pid;
  process.kill(before, "SIGKILL");
  await expect.poll(() => troubles.length, { timeout: 15_000 }).toBe(2);
  expect(server.pid).not.toBe(before);
  expect(await ask(server.url, "select 1")).toEqual([1]);
  await server.stop();
});

test("a start cut short while the database was being made begins anew", async () => {
  const dead = startInAnotherProcess();
  await expect.poll(() => existsSync(home) && readdirSync(home).some((name) => name.startsWith("cluster.new")), { interval: 5 }).toBe(true);
  const pid = Number(readFileSync(path.join(home, "server.pid"), "utf8").split(" ")[0]);
  process.kill(pid, "SIGKILL");
  void dead.catch(() => {});
  await expect.poll(() => isAlive(pid)).toBe(false);
  const server = await startEmbeddedPostgres({ home });
  expect(await ask(server.url, "select 1")).toEqual([1]);
  await server.stop();
});
