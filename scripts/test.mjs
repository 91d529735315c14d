// Everything `npm test` runs; the last line counts checks and tests together.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const bin = (name) => path.resolve("node_modules/.bin", name);
const checks = [
  ["types: server, packages, tests", bin("tsc"), ["-p", "."]],
  ["types: dashboard", bin("tsc"), ["-p", "apps/web"]],
  ["types: phones", bin("tsc"), ["-p", "packages/sandbox/web"]],
  ["lint", bin("oxlint"), ["--deny-warnings"]],
  ["dependency rules", process.execPath, ["scripts/dependency-rules.mjs"]],
  ["unused code", bin("knip"), ["--no-progress"]],
];

/** Runs one check and says how it went; what it printed only when it failed. */
function check([name, command, args]) {
  const started = Date.now();
  const child = spawn(command, args);
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  child.stderr.on("data", (chunk) => (said += chunk));
  return new Promise((resolve) => {
    child.on("error", (cause) => (said += cause.message));
    child.on("close", (code) => {
      console.log(`${code === 0 ? "✓" : "✗"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      if (code !== 0) console.log(said);
      resolve(code === 0);
    });
  });
}

const outcomes = await Promise.all(checks.map(check));
let passed = outcomes.filter(Boolean).length;
let failed = outcomes.length - passed;

const report = path.join(os.tmpdir(), `tincan-tests-${process.pid}.json`);
const run = spawnSync(bin("vitest"), ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)], { stdio: "inherit" });
let result;
try {
  result = JSON.parse(readFileSync(report, "utf8"));
} catch (cause) {
  console.error(`The test runner left no report: ${cause.message}`);
  result = { numPassedTests: 0, numFailedTests: 1 };
}
rmSync(report, { force: true });
passed += result.numPassedTests;
failed += result.numFailedTests;
// A file that fails to load, or an error outside any test, fails no single test but must fail the run.
if (run.status !== 0 && result.numFailedTests === 0) failed++;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
