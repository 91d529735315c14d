/**
 * The built-in Postgres: a child process on loopback with its data in a folder of ours, so that Tincan needs no database server.
 *
 *   absent ──initdb──► stopped ──postgres──► running ──clean stop──► stopped
 *                                             │  ▲
 *                          it dies by itself  └──┘ started again, same port and password
 *
 * The child lives in a process group of its own, so that Ctrl-C reaches the server first, which stops the child last. When the
 * server itself is killed, the child stays behind; the next start finds it through postmaster.pid and adopts it.
 * One server per folder, by the lock file. In the folder: `cluster/` (Postgres's data), `connection.json` (port, password;
 * mode 0600), `postgres.log` (what the child said), `server.pid` (the lock).
 */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rm, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { freePort } from "../free-port.ts";
import { EmbeddedPostgresError, PostgresPrograms, lastLine } from "./embedded-binaries.ts";
import { isAlive, lockFolder } from "./folder-lock.ts";

const USER = "tincan";
const DATABASE = "tincan";
const HOST = "127.0.0.1";
/** Recovery after a crash replays at most max_wal_size of log; a minute or two on a slow disk. */
const READY_WITHIN_MS = 180_000;
const FAST_STOP_MS = 3_000;
const IMMEDIATE_STOP_MS = 1_000;
const POLL_MS = 10;
const WATCH_MS = 500;
const LOG_LIMIT_BYTES = 5_000_000;

export interface EmbeddedPostgresOptions {
  /** Folder for everything; made if missing, its parent must be there. */
  home: string;
  /** False gives up crash safety for speed: for tests only. */
  durable?: boolean;
  /** Sessions at once; 80 unless told, which is enough for one server of ours and some tools beside it. */
  maxConnections?: number;
  /** Told when the child died and when it is back; the server logs it. */
  onTrouble?(message: string, cause?: unknown): void;
}

/** A running built-in Postgres. */
export interface EmbeddedPostgres {
  url: string;
  /** Process id of the postmaster; changes when it had to be started again. */
  readonly pid: number;
  /** Whether it was already running, left behind by a killed server. */
  adopted: boolean;
  /** Ends sessions and stops it, within 5 s. */
  stop(): Promise<void>;
}

interface Connection {
  port: number;
  password: string;
}

/**
 * Starts, or adopts, the Postgres in `home`. Throws FolderInUseError when another server has the folder, EmbeddedPostgresError
 * with one clear sentence when it cannot run.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = path.resolve(options.home);
  if (!existsSync(home)) mkdirSync(home, { mode: 0o700 });
  const unlock = lockFolder(path.join(home, "server.pid"), path.dirname(home));
  try {
    const server = new Server(home, options);
    await server.start();
    return {
      url: server.url(DATABASE),
      get pid() {
        return server.pid;
      },
      adopted: server.adopted,
      stop: async () => {
        await server.stop();
        unlock();
      },
    };
  } catch (cause) {
    unlock();
    throw cause;
  }
}

class Server {
  adopted = false;
  pid = 0;
  readonly #home: string;
  readonly #data: string;
  readonly #options: EmbeddedPostgresOptions;
  #programs: PostgresPrograms | undefined;
  #connection: Connection = { port: 0, password: "" };
  #stopping = false;
  #watch: NodeJS.Timeout | undefined;

  constructor(home: string, options: EmbeddedPostgresOptions) {
    this.#home = home;
    this.#data = path.join(home, "cluster");
    this.#options = options;
  }

  url(database: string): string {
    return `postgres://${USER}:${this.#connection.password}@${HOST}:${this.#connection.port}/${database}`;
  }

  async start(): Promise<void> {
    await this.#initialise();
    this.#connection = JSON.parse(readFileSync(path.join(this.#home, "connection.json"), "utf8")) as Connection;
    this.adopted = await this.#adopt();
    if (!this.adopted) await this.#launch();
    await this.#createDatabase();
    this.#watchOver();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watch);
    await stopPostmaster(this.pid);
  }

  async #initialise(): Promise<void> {
    if (existsSync(path.join(this.#data, "PG_VERSION"))) return;
    const password = randomBytes(24).toString("base64url");
    const passwordFile = path.join(this.#home, "password");
    // The rename makes the cluster appear whole; a start cut short before it leaves a folder that nobody looks at again.
    const fresh = path.join(this.#home, `cluster.new-${process.pid}-${Date.now()}`);
    writeFileSync(passwordFile, password, { mode: 0o600 });
    try {
      this.#find().giveTo(passwordFile);
      await this.#find().initialise(fresh, { user: USER, passwordFile });
    } finally {
      rmSync(passwordFile, { force: true });
    }
    this.#remember({ port: 0, password });
    renameSync(fresh, this.#data);
    for (const name of readdirSync(this.#home)) {
      if (name.startsWith("cluster.new-")) rm(path.join(this.#home, name), { recursive: true, force: true }, () => {});
    }
  }

  /** Takes over a postmaster that a killed server left running; one that does not answer our password is stopped. */
  async #adopt(): Promise<boolean> {
    const found = this.#readPidFile();
    if (!found || !isAlive(found.pid)) return false;
    if (!this.#isOurPostmaster(found.pid)) {
      // The process id was given to another program since; Postgres would take that for a running server and refuse to start.
      rmSync(path.join(this.#data, "postmaster.pid"), { force: true });
      return false;
    }
    this.pid = found.pid;
    this.#connection.port = found.port;
    if ((await this.#becomesReady(() => !isAlive(found.pid))) && (await this.#answers())) return true;
    await stopPostmaster(found.pid);
    return false;
  }

  /** @param again it ran until a moment ago, so whatever still holds its lock is about to leave */
  async #launch(again = false): Promise<void> {
    const logFile = path.join(this.#home, "postgres.log");
    if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) rmSync(logFile);
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    for (;;) {
      const port = await freePort(this.#connection.port, HOST);
      if (port !== this.#connection.port) this.#remember({ ...this.#connection, port });
      const log = openSync(logFile, "a", 0o600);
      const before = statSync(logFile).size;
      const child = this.#find().startServer(this.#data, settings(port, this.#options.durable ?? true, this.#options.maxConnections ?? 80), log);
      closeSync(log);
      const ended = watchEnd(child);
      this.pid = child.pid ?? 0;
      if (await this.#becomesReady(() => ended.yes)) return;
      const said = readFileSync(logFile).subarray(before).toString("utf8");
      // Children of a killed postmaster need a moment to notice and leave; a port can be taken between the look and the use.
      const passing = /shared memory block|Address already in use|could not bind/i.test(said) || (again && /lock file .* already exists/i.test(said));
      if (!passing || Date.now() > giveUpAt) throw new EmbeddedPostgresError(`The built-in database did not start: ${lastLine(said)} (see ${logFile}).`);
      await sleep(100);
    }
  }

  async #createDatabase(): Promise<void> {
    const client = new Client({ connectionString: this.url("postgres") });
    await client.connect();
    try {
      const { rowCount } = await client.query("select from pg_database where datname = $1", [DATABASE]);
      if (rowCount === 0) await client.query(`create database ${DATABASE}`);
    } finally {
      await client.end();
    }
  }

  /** An adopted postmaster is no child of ours, so we look whether it lives instead of waiting for its end. */
  #watchOver(): void {
    this.#watch = setInterval(() => {
      if (this.#stopping || isAlive(this.pid)) return;
      clearInterval(this.#watch);
      this.#options.onTrouble?.("The built-in database stopped by itself; starting it again.");
      this.#launch(true).then(
        () => {
          if (this.#stopping) return stopPostmaster(this.pid);
          this.#options.onTrouble?.("The built-in database is back.");
          this.#watchOver();
          return undefined;
        },
        (cause: unknown) => {
          this.#options.onTrouble?.("The built-in database cannot be started again; trying on.", cause);
          if (!this.#stopping) this.#watchOver();
        },
      );
    }, WATCH_MS);
    this.#watch.unref();
  }

  async #becomesReady(ended: () => boolean): Promise<boolean> {
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    while (Date.now() < giveUpAt && !ended()) {
      const file = this.#readPidFile();
      if (file && file.pid === this.pid && file.ready) return true;
      await sleep(POLL_MS);
    }
    return false;
  }

  async #answers(): Promise<boolean> {
    const client = new Client({ connectionString: this.url("postgres"), connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** postmaster.pid: line 1 process id, line 4 port, line 8 status. */
  #readPidFile(): { pid: number; port: number; ready: boolean } | undefined {
    try {
      const lines = readFileSync(path.join(this.#data, "postmaster.pid"), "utf8").split("\n");
      return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
    } catch {
      return undefined;
    }
  }

  #isOurPostmaster(pid: number): boolean {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(this.#data);
    } catch {
      // No /proc here: believe the file, the password will tell.
      return true;
    }
  }

  #remember(connection: Connection): void {
    this.#connection = connection;
    const file = path.join(this.#home, "connection.json");
    writeFileSync(`${file}.new`, `${JSON.stringify(connection)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  /** Only when something must be run: adopting needs no program. */
  #find(): PostgresPrograms {
    this.#programs ??= PostgresPrograms.find(this.#home);
    return this.#programs;
  }
}

/**
 * Given at every start, so that they come with the version of Tincan. Durable to the last commit (fsync, synchronous_commit on);
 * sized for a machine of 2 GB: 256 MB of page cache of its own, up to 2 GB of write-ahead log between checkpoints.
 */
function settings(port: number, durable: boolean, maxConnections: number): Record<string, string> {
  return {
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: "",
    max_connections: String(maxConnections),
    shared_buffers: "256MB",
    work_mem: "16MB",
    synchronous_commit: durable ? "on" : "off",
    fsync: durable ? "on" : "off",
    full_page_writes: durable ? "on" : "off",
    max_wal_size: "2GB",
    wal_compression: "on",
    checkpoint_timeout: "15min",
    random_page_cost: "1.1",
    // Our statements are short and many; compiling them costs more than it gives.
    jit: "off",
    // Queue tables turn over whole in seconds; vacuum must come as often.
    autovacuum_naptime: "10s",
    autovacuum_vacuum_cost_limit: "2000",
    idle_in_transaction_session_timeout: "60s",
    // Notices a killed server even while a long statement runs.
    client_connection_check_interval: "2s",
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_checkpoints: "off",
    log_autovacuum_min_duration: "-1",
    timezone: "UTC",
  };
}

/** "Fast" (SIGINT: sessions are ended), then "immediate" (SIGQUIT: recovery at the next start), then the kill. */
async function stopPostmaster(pid: number): Promise<void> {
  const steps = [["SIGINT", FAST_STOP_MS], ["SIGQUIT", IMMEDIATE_STOP_MS], ["SIGKILL", 500]] as const;
  for (const [signal, patience] of steps) {
    if (!isAlive(pid)) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const until = Date.now() + patience;
    while (isAlive(pid) && Date.now() < until) await sleep(POLL_MS);
  }
}

function watchEnd(child: ChildProcess): { readonly yes: boolean } {
  const state = { yes: false };
  child.once("exit", () => (state.yes = true));
  child.once("error", () => (state.yes = true));
  return state;
}
