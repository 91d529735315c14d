// Everything `npm test` runs; the last line counts checks and tests together.
import { spawn } from "node:child_process";
import { once } from "node:events";
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

/** Runs all tests and answers what the runner's exit code and its report say of them. */
async function runTests() {
  const report = path.join(os.tmpdir(), `tincan-tests-${process.pid}.json`);
  const child = spawn(bin("vitest"), ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)], { stdio: "inherit" });
  try {
    const [code] = await once(child, "close");
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
    // A file that fails to load, or an error outside any test, fails no single test but must fail the run.
    return { passed: numPassedTests, failed: code !== 0 && numFailedTests === 0 ? 1 : numFailedTests };
  } catch (cause) {
    console.error(`The test runner left no report: ${cause.message}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(report, { force: true });
  }
}

// The tests leave the processors idle now and then; the checks take no time of their own beside them.
const [outcomes, tests] = await Promise.all([Promise.all(checks.map(check)), runTests()]);
const passed = outcomes.filter(Boolean).length + tests.passed;
const failed = outcomes.filter((outcome) => !outcome).length + tests.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
