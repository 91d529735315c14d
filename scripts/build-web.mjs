// Builds the two browser apps (dashboard, sandbox phones) when their sources changed since the last build.
import { spawn } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import path from "node:path";

const apps = [
  { name: "dashboard", dir: "apps/web", sources: ["apps/web/{src,public}/**", "apps/web/*.{html,ts,json}", "packages/{api,whatsapp}/src/**"] },
  { name: "phones", dir: "packages/sandbox/web", sources: ["packages/sandbox/web/{src,public}/**", "packages/sandbox/web/*.{html,ts,json}"] },
];

function isStale({ dir, sources }) {
  if (!existsSync(path.join(dir, "vite.config.ts"))) return false;
  const built = path.join(dir, "dist/index.html");
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  // A folder's own time changes when a file in it is added, renamed or deleted.
  return sources.some((pattern) => globSync(pattern).some((file) => statSync(file).mtimeMs > builtAt));
}

/** Answers Vite's exit code. */
function build({ name, dir }) {
  console.log(`Building the ${name}`);
  const vite = path.resolve("node_modules/vite/bin/vite.js");
  const child = spawn(process.execPath, [vite, "build", "--logLevel", "warn"], { cwd: dir, stdio: "inherit" });
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

const codes = await Promise.all(apps.filter(isStale).map(build));
process.exit(Math.max(0, ...codes));
