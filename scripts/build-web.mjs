// Builds the two browser apps (dashboard, sandbox phones) when their sources changed since the last build.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import path from "node:path";

const apps = [
  { name: "dashboard", dir: "apps/web", sources: ["apps/web/{src,public}/**", "apps/web/*.{html,ts,json}", "packages/api/src/**", "packages/whatsapp/src/**"] },
  { name: "phones", dir: "packages/sandbox/web", sources: ["packages/sandbox/web/{src,public}/**", "packages/sandbox/web/*.{html,ts,json}"] },
];

for (const app of apps) {
  if (!existsSync(path.join(app.dir, "vite.config.ts"))) continue;
  const built = path.join(app.dir, "dist/index.html");
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0;
  const newest = Math.max(...app.sources.flatMap((s) => globSync(s)).map((f) => statSync(f).mtimeMs));
  if (newest <= builtAt) continue;
  console.log(`Building the ${app.name}`);
  const done = spawnSync(process.execPath, [path.resolve("node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], { cwd: app.dir, stdio: "inherit" });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
