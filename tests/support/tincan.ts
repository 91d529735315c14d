import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestDatabase } from "./database.ts";

const root = path.resolve(import.meta.dirname, "../..");
/** What `npm start` hands to Node. */
const flags = JSON.parse(readFileSync(path.join(root, "apps/server/node-flags.json"), "utf8")) as string[];

/** A real server in a process of its own, with its data in a temporary folder. */
export class Tincan {
  readonly port: number;
  readonly folder: string;
  readonly #env: Record<string, string>;
  readonly #database: TestDatabase | undefined;
  #child: ChildProcess | undefined;
  #said = "";

  private constructor(port: number, folder: string, env: Record<string, string>, database: TestDatabase | undefined) {
    this.port = port;
    this.folder = folder;
    this.#env = env;
    this.#database = database;
  }

  /**
   * Prepares one; `provision` is written to its file. Nothing runs before `start()`. It makes a database server of its own, which is most
   * of its first start, unless a test that does not depend on that hands in a database; this is dropped in the end.
   */
  static async prepare({ database, ...options }: { provision?: object; env?: Record<string, string>; database?: TestDatabase } = {}): Promise<Tincan> {
    const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-run-"));
    const port = await freePort();
    const env: Record<string, string> = {
      PORT: String(port),
      DATA_DIR: path.join(folder, "data"),
      TINCAN_SANDBOX: "on",
      SANDBOX_PORT: String(await freePort()),
      LOG_LEVEL: "warn",
      ...(database && { DATABASE_URL: database.url }),
      ...options.env,
    };
    if (options.provision) {
      env["TINCAN_PROVISION"] = path.join(folder, "provision.json");
      writeFileSync(env["TINCAN_PROVISION"], JSON.stringify(options.provision));
    }
    return new Tincan(port, folder, env, database);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get sandboxUrl(): string {
    return `http://127.0.0.1:${this.#env["SANDBOX_PORT"]}`;
  }

  /** Everything it has printed since it was prepared. */
  get said(): string {
    return this.#said;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("TINCAN_") && name !== "DATABASE_URL"));
    const child = spawn(process.execPath, [...flags, "apps/server/dist/main.js"], { cwd: root, env: { ...inherited, ...this.#env }, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    const take = (chunk: Buffer): void => {
      this.#said = (this.#said + chunk.toString()).slice(-200_000);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    for (let i = 0; i < 600; i++) {
      if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}:\n${this.#said}`);
      const ready = await fetch(`${this.url}/readyz`).catch(() => null);
      if (ready?.status === 200) return;
      await sleep(50);
    }
    throw new Error(`The server was not ready in 30 s:\n${this.#said}`);
  }

  /** Ends it as a crash would. */
  async crash(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends its built-in database as a crash would; the server runs on. */
  crashDatabase(): void {
    const [pid] = readFileSync(path.join(this.folder, "data/postgres/cluster/postmaster.pid"), "utf8").split("\n");
    process.kill(Number(pid), "SIGKILL");
  }

  /** Ends it cleanly; answers how many ms that took. */
  async stop(): Promise<number> {
    const started = Date.now();
    await this.#end("SIGTERM");
    return Date.now() - started;
  }

  /** Stops it and removes its folder. A crashed one is started once more, so that its database is stopped with it. */
  async remove(): Promise<void> {
    if (!this.#child && !this.#database) await this.start().catch(() => {});
    await this.stop();
    await this.#database?.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}

/** A port nobody listens on at the moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || !address) throw new Error("No free port");
  return address.port;
}
