// The one entry behind `npm start`, `npm test`, `npm run bench` and `npm run sandbox`. It runs on any Node from 20 on:
// it installs what is missing, then hands over to the Node of node_modules, which runs TypeScript as it is.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

const root = path.resolve(fileURLToPath(import.meta.url), "../..");
const node = path.join(root, "node_modules/.bin/node");
const stamp = path.join(root, "node_modules/.installed-from");

const entries = {
  start: ["apps/server/src/main.ts"],
  test: ["scripts/test.mjs"],
  bench: ["bench/run.ts"],
  sandbox: ["packages/sandbox/src/cli.ts"],
};

function installIfStale() {
  const wanted = createHash("sha256").update(readFileSync(path.join(root, "package-lock.json"))).digest("hex");
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Installing dependencies (once, about a minute)");
  const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, stdio: "inherit" });
  if (done.status !== 0) process.exit(done.status ?? 1);
  writeFileSync(stamp, wanted);
}

const [name, ...rest] = process.argv.slice(2);
const entry = entries[name];
if (!entry) {
  console.error(`Unknown command "${name}". Known: ${Object.keys(entries).join(", ")}.`);
  process.exit(1);
}

installIfStale();
if (name !== "bench") {
  const built = spawnSync(node, [path.join(root, "scripts/build-web.mjs")], { cwd: root, stdio: "inherit" });
  if (built.status !== 0) process.exit(built.status ?? 1);
}

const child = spawn(node, [...entry, ...rest], { cwd: root, stdio: "inherit" });
// Ctrl-C reaches the whole terminal group; a signal sent to this process alone is handed on.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)));
