// The one entry behind `npm start`, `npm test`, `npm run bench`, `npm run sandbox` and `npm run verify`. It runs on any Node from 20 on:
// it installs what is missing, then hands over to the Node of node_modules, which runs TypeScript as it is.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

const root = path.resolve(fileURLToPath(import.meta.url), "../..");
const binaries = path.join(root, "node_modules/.bin");
const node = path.join(binaries, "node");

/*
 * How V8 keeps the server's heap. What the requests under way need fits among the young objects; with less room for these, much of it would be
 * taken for lasting. Old objects grow by half before they are collected, where V8 by itself lets them grow to a multiple of what lives: a busy
 * server keeps little and drops much, so that would only be memory. Tests and benchmarks start the server with the same.
 */
const serverFlags = JSON.parse(readFileSync(path.join(root, "apps/server/node-flags.json"), "utf8"));

const entries = {
  start: [...serverFlags, "apps/server/dist/main.js"],
  test: ["scripts/test.mjs"],
  bench: ["bench/run.ts"],
  sandbox: ["packages/sandbox/src/cli.ts"],
  verify: ["apps/server/src/verify-main.ts"],
};

/** Whether node_modules holds what package-lock.json asks for; npm notes what it installed in node_modules/.package-lock.json. */
function isInstalled() {
  const note = path.join(root, "node_modules/.package-lock.json");
  if (!existsSync(node) || !existsSync(note)) return false;
  const wanted = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(note, "utf8")).packages;
  return Object.entries(wanted).every(
    ([folder, { version, optional, link }]) => !folder.includes("node_modules/") || optional || link || present[folder]?.version === version,
  );
}

const [name, ...rest] = process.argv.slice(2);
const entry = entries[name];
if (!entry) {
  console.error(`Unknown command "${name}". Known: ${Object.keys(entries).join(", ")}.`);
  process.exit(1);
}

if (!isInstalled()) {
  console.log("Installing dependencies (once, about a minute)");
  const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, stdio: "inherit" });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

const env = {
  ...process.env,
  // Programs of node_modules are started by name here and there; they need this Node, not the system's.
  PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ""}`,
  // Compiled code is kept between starts: it halves the time a start takes.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(root, "node_modules/.cache/compiled"),
  // glibc keeps a heap per thread otherwise, up to eight per core, and gives little of them back.
  MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? "1",
};

/** What each command needs built; nothing named is all of it. */
const needs = { start: [], test: [], bench: ["server"], sandbox: ["phones"] };
if (needs[name]) {
  const built = spawnSync(node, [path.join(root, "scripts/build.mjs"), ...needs[name]], { cwd: root, stdio: "inherit", env });
  if (built.status !== 0) process.exit(built.status ?? 1);
}

const child = spawn(node, [...entry, ...rest], { cwd: root, stdio: "inherit", env });
// A terminal's Ctrl-C reaches the child as well; hearing it twice does no harm, and a signal sent to us alone arrives.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
// npm does not hand on every signal: when it is gone, its shell with it, nobody is left to stop the server.
const parent = process.ppid;
if (process.env.npm_lifecycle_event !== undefined) {
  setInterval(() => {
    if (process.ppid !== parent) child.kill("SIGTERM");
  }, 250).unref();
}
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGKILL" ? 137 : 1)));
