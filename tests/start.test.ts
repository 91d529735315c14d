import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import type { Session } from "@tincan/api";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { isAlive } from "../apps/server/src/database/folder-lock.ts";
import { freePort } from "../apps/server/src/free-port.ts";
import { createTestDatabase } from "./support/database.ts";
import { Visitor } from "./support/visitor.ts";

const root = path.resolve(import.meta.dirname, "..");
/** The machine may be busy with other tests; the promise of 3 s is kept on an idle one. */
const PATIENCE_MS = 60_000;

let folder: string;
let port: number;
let sandboxPort: number;
const running = new Set<ChildProcess>();

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "tincan-start-"));
  port = await freePort(0, "127.0.0.1");
  sandboxPort = await freePort(0, "127.0.0.1");
});
afterEach(async () => {
  for (const child of running) await end(child, "SIGTERM");
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Run {
  child: ChildProcess;
  output: string;
}

function launch(env: Record<string, string> = {}): Run {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("TINCAN_") && name !== "DATABASE_URL"));
  const child = spawn(process.execPath, ["apps/server/dist/main.js"], {
    cwd: root,
    env: { ...inherited, NODE_ENV: "", NODE_COMPILE_CACHE: path.join(root, "node_modules/.cache/compiled"), LOG_LEVEL: "warn", PORT: String(port), SANDBOX_PORT: String(sandboxPort), DATA_DIR: path.join(folder, "data"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const run: Run = { child, output: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (run.output += chunk.toString()));
  return run;
}

/** Starts a server and waits until it says where it is. */
async function start(env?: Record<string, string>): Promise<Run> {
  const run = launch(env);
  await expect.poll(() => /API docs .*\n.*\n/.test(run.output) || run.child.exitCode, { timeout: PATIENCE_MS }).toBe(true);
  return run;
}

/** What a start that fails says, and its exit code. */
async function failure(env?: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const run = launch(env);
  const [code] = (await once(run.child, "close")) as [number | null];
  return { code, said: run.output };
}

/** Answers how long the end took, in ms. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number> {
  const started = Date.now();
  if (child.exitCode === null && child.signalCode === null) {
    const hanging = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.kill(signal);
    await once(child, "exit");
    clearTimeout(hanging);
  }
  return Date.now() - started;
}

/** What only some later request needs; each would make every start longer. */
const neededLater = ["better-auth", "zod", "nodemailer", "pino-pretty", "@fastify/swagger", "@duckdb", "@scalar"];
/** Makes Node tell of each module that it loads. */
const tellingModules = `--import=data:text/javascript,${encodeURIComponent(
  'import { registerHooks } from "node:module"; registerHooks({ load(url, context, next) { console.log(`loads ${url}`); return next(url, context); } });',
)}`;

/** The sources that a file of the built server was made of. */
function builtFrom(file: string): string[] {
  return existsSync(`${file}.map`) ? (JSON.parse(readFileSync(`${file}.map`, "utf8")) as { sources: string[] }).sources : [];
}

const postgresPid = (): number => Number(readFileSync(path.join(folder, "data/postgres/cluster/postmaster.pid"), "utf8").split("\n")[0]);
const oneSentence = /^[^\n]+\.\n$/;

describe("a start on an empty folder", () => {
  test("prints three addresses and a link that signs the newcomer in, serves all of them, and stops cleanly", async () => {
    const { child, output } = await start();
    const url = `http://127.0.0.1:${port}`;
    expect(output).toMatch(new RegExp(`Dashboard +${url}\n`));
    expect(output).toMatch(new RegExp(`Phones +http://127.0.0.1:${sandboxPort}\n`));
    expect(output).toMatch(new RegExp(`API docs +${url}/api/docs\n`));
    const link = /Sign in +(\S+)/.exec(output)![1]!;

    const newcomer = new Visitor(url);
    await newcomer.get(link.slice(url.length));
    const { body } = await newcomer.get<Session>("/api/v1/session");
    expect(body).toMatchObject({ user: { name: "Demo admin" }, workspace: { name: "Demo" }, role: "admin", demo: true });
    expect((await new Visitor(url).get("/readyz")).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${sandboxPort}/sandbox/behaviour`)).status).toBeLessThan(500);

    const database = postgresPid();
    expect(await end(child, "SIGINT")).toBeLessThan(5_000);
    expect(child.exitCode).toBe(0);
    expect(isAlive(database)).toBe(false);
  });

  test("after kill -9 the next start recovers by itself, with the same data", async () => {
    const first = await start();
    const database = postgresPid();
    await end(first.child, "SIGKILL");
    expect(isAlive(database)).toBe(true);
    const second = await start();
    expect(postgresPid()).toBe(database);
    const link = /Sign in +(\S+)/.exec(second.output)![1]!;
    expect(link).not.toBe(/Sign in +(\S+)/.exec(first.output)![1]);
    const newcomer = new Visitor(`http://127.0.0.1:${port}`);
    await newcomer.get(new URL(link).pathname + new URL(link).search);
    expect((await newcomer.get<Session>("/api/v1/session")).body.workspace?.name).toBe("Demo");
    expect(await end(second.child, "SIGTERM")).toBeLessThan(5_000);
    expect(isAlive(database)).toBe(false);
  });

  test("loads nothing that only a later request needs", async () => {
    const { output } = await start({ TINCAN_SANDBOX: "off", NODE_OPTIONS: tellingModules });
    const loaded = [...output.matchAll(/^loads (file:\S+)$/gm)].flatMap(([, url]) => [url!, ...builtFrom(fileURLToPath(url!))]);
    expect(loaded.some((file) => file.includes("/node_modules/fastify/"))).toBe(true);
    expect(neededLater.filter((name) => loaded.some((file) => file.includes(`/node_modules/${name}/`)))).toEqual([]);
  });

  test("with the sandbox off there is no demo: the set-up page is waiting", async () => {
    const { output } = await start({ TINCAN_SANDBOX: "off" });
    expect(output).not.toContain("Phones");
    expect(output).toMatch(new RegExp(`Set up +http://127.0.0.1:${port}/setup\n`));
  });

  test("provisioning takes the place of the demo", async () => {
    const file = path.join(folder, "provision.json");
    writeFileSync(file, JSON.stringify({ workspace: { name: "Acme" }, apiKeys: [{ name: "ci", key: "a-key-known-to-ci-1234", role: "admin" }] }));
    await start({ TINCAN_PROVISION: file });
    const script = new Visitor(`http://127.0.0.1:${port}`, { authorization: "Bearer a-key-known-to-ci-1234" });
    expect((await script.get("/api/v1/workspace")).body).toMatchObject({ name: "Acme" });
  });

  test("a process with the role of sender alone serves its health and nothing else", async () => {
    const database = await createTestDatabase();
    await start({ DATABASE_URL: database.url, TINCAN_ROLES: "sender" });
    const visitor = new Visitor(`http://127.0.0.1:${port}`);
    expect((await visitor.get("/readyz")).status).toBe(200);
    expect((await visitor.get("/metrics")).status).toBe(200);
    expect((await visitor.get("/api/v1/setup")).status).toBe(404);
    for (const child of running) await end(child, "SIGTERM");
    await database.drop();
  });
});

describe("a start that cannot succeed says why in one sentence and exits with 1", () => {
  test("an unknown setting", async () => {
    const { code, said } = await failure({ TINCAN_SANBOX: "on" });
    expect([code, said]).toEqual([1, expect.stringMatching(/^TINCAN_SANBOX is not a setting[^\n]*\n$/)]);
  });

  test("a provisioning file that is not there, before anything is started", async () => {
    const { code, said } = await failure({ TINCAN_PROVISION: path.join(folder, "nowhere.json") });
    expect([code, said]).toEqual([1, expect.stringMatching(/^TINCAN_PROVISION names [^\n]*nowhere\.json, which cannot be read \(ENOENT\)\.\n$/)]);
    expect(existsSync(path.join(folder, "data"))).toBe(false);
  });

  test("a port that is taken", async () => {
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    const { code, said } = await failure();
    expect([code, said]).toEqual([1, expect.stringMatching(new RegExp(`^Port ${port} is taken by another program; [^\n]*PORT[^\n]*\n$`))]);
    expect(existsSync(path.join(folder, "data/postgres/cluster/postmaster.pid"))).toBe(false);
    other.close();
  });

  test("a data folder that cannot be written", async () => {
    const file = path.join(folder, "a-file");
    writeFileSync(file, "");
    for (const dataDir of [file, path.join(file, "data"), "/proc/tincan"]) {
      const { code, said } = await failure({ DATA_DIR: dataDir });
      expect([code, said]).toEqual([1, expect.stringMatching(/^The data folder [^\n]* cannot be written \([^\n]*\); [^\n]*DATA_DIR[^\n]*\n$/)]);
    }
  });

  test("a DATABASE_URL that leads nowhere, to the wrong database or with the wrong password", async () => {
    const good = new URL(inject("templateUrl"));
    const nobodyThere = `postgres://tincan@127.0.0.1:${await freePort(0, "127.0.0.1")}/tincan`;
    const noSuchDatabase = Object.assign(new URL(good), { pathname: "/nowhere" }).href;
    const wrongPassword = Object.assign(new URL(good), { password: "hunter2hunter2" }).href;
    for (const url of [nobodyThere, noSuchDatabase, wrongPassword]) {
      const { code, said } = await failure({ DATABASE_URL: url });
      expect(code).toBe(1);
      expect(said).toMatch(/^DATABASE_URL does not lead to a database/);
      expect(said).toMatch(oneSentence);
      expect(said).not.toContain("hunter2");
    }
  });

  test("a database of a newer version, or sealed with another key", async () => {
    const database = await createTestDatabase({ connections: 2 });
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query("insert into tincan_migrations (name, timestamp) values ('900-from-the-future', '2030')");
    const newer = await failure({ DATABASE_URL: database.url });
    expect([newer.code, newer.said]).toEqual([1, expect.stringMatching(/^The database was made by a newer version of Tincan [^\n]*\n$/)]);
    await client.query("delete from tincan_migrations where name like '900%'");
    await client.query("insert into installation values ('secret-check', '\\x01')");
    const sealed = await failure({ DATABASE_URL: database.url });
    expect([sealed.code, sealed.said]).toEqual([1, expect.stringMatching(/^The secret key is not the one [^\n]*\n$/)]);
    await client.end();
    await database.drop();
  });

  test("a second server on the same data folder, while the first goes on", async () => {
    await start();
    const second = await failure({ PORT: "0", SANDBOX_PORT: "0" });
    expect([second.code, second.said]).toEqual([1, expect.stringMatching(/^Another Tincan server \(process \d+\) is already running [^\n]*\n$/)]);
    expect((await new Visitor(`http://127.0.0.1:${port}`).get("/readyz")).status).toBe(200);
  });
});
