// Everything `npm test` runs, in order; the last line counts checks and tests together.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const bin = (name) => path.resolve("node_modules/.bin", name);
const checks = [
  ["types: server, packages, tests", bin("tsc"), ["-p", "."]],
  ["types: dashboard", bin("tsc"), ["-p", "apps/web"]],
  ["types: phones", bin("tsc"), ["-p", "packages/sandbox/web"]],
  ["lint", bin("oxlint"), ["--deny-warnings"]],
  ["dependency rules", bin("depcruise"), ["--config", ".dependency-cruiser.cjs", "apps", "packages"]],
  ["unused code", bin("knip"), []],
];

let passed = 0;
let failed = 0;
for (const [name, command, args] of checks) {
  const started = Date.now();
  const done = spawnSync(command, args, { encoding: "utf8" });
  const ok = done.status === 0;
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? "✓" : "✗"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!ok) console.log(done.stdout + done.stderr);
}

const report = path.join(os.tmpdir(), `tincan-tests-${process.pid}.json`);
const run = spawnSync(bin("vitest"), ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)], { stdio: "inherit" });
let result;
try {
  result = JSON.parse(readFileSync(report, "utf8"));
} catch (cause) {
  console.error(`The test runner left no report: ${cause.message}`);
  result = { numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 0 };
}
rmSync(report, { force: true });
passed += result.numPassedTests;
failed += result.numFailedTests;
// A file that fails to load, or an error outside any test, fails no single test but must fail the run.
if (run.status !== 0 && result.numFailedTests === 0) failed++;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
