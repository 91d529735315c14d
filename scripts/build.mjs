// Builds what runs: the server as one program and the two browser apps (dashboard, sandbox phones), each when its sources changed since its
// last build. Names behind the command choose among them.
import { spawn } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import path from "node:path";

const bin = (file) => path.resolve("node_modules", file);
const vite = [bin("vite/bin/vite.js"), "build", "--logLevel", "warn"];
const apps = [
  {
    name: "server", dir: "apps/server", built: "dist/main.js", command: ["build.js"],
    sources: ["apps/server/src/**", "apps/server/build.js", "packages/*/src/**", "package-lock.json"],
  },
  {
    name: "dashboard", dir: "apps/web", built: "dist/index.html", command: vite,
    sources: ["apps/web/{src,public}/**", "apps/web/*.{html,ts,json}", "packages/{api,whatsapp}/src/**"],
  },
  {
    name: "phones", dir: "packages/sandbox/web", built: "dist/index.html", command: vite,
    sources: ["packages/sandbox/web/{src,public}/**", "packages/sandbox/web/*.{html,ts,json}"],
  },
];

function isStale({ dir, built, sources }) {
  const file = path.join(dir, built);
  if (!existsSync(file)) return true;
  const builtAt = statSync(file).mtimeMs;
  // A folder's own time changes when a file in it is added, renamed or deleted.
  return sources.some((pattern) => globSync(pattern).some((source) => statSync(source).mtimeMs > builtAt));
}

/** Answers the bundler's exit code. */
function build({ name, dir, command }) {
  console.log(`Building the ${name}`);
  const child = spawn(process.execPath, command, { cwd: dir, stdio: "inherit" });
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

const chosen = process.argv.slice(2);
const wanted = apps.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
const codes = await Promise.all(wanted.filter(isStale).map(build));
process.exit(Math.max(0, ...codes));
