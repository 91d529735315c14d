import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The longest files, longest first: begun late, one of them would run on alone beside an idle core. */
const longest = ["crash", "browser/every-room", "browser/campaigns", "campaign-crash", "faults", "bad-input", "start", "import-crash"];

function rank({ moduleId, project }: TestSpecification): number {
  const place = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return place >= 0 ? place : longest.length + projects.findIndex(({ test }) => test?.name === project.name);
}

/** The longest files first, then one project after the other: a process that is shared ends when a file of another project is next. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/**
 * Three workers for two cores: two leave a quarter of them idle, waiting for servers to start and end. Everything comes soon on a quiet
 * machine and may take its time on a busy one: no limit is reached but by what hangs.
 */
const limits = { maxWorkers: 3, testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } };

/** @param isolate whether each file has a process to itself; without, modules are loaded once for many files */
function project(name: string, isolate: boolean, include: string[]): TestProjectInlineConfiguration {
  return { test: { name, isolate, include, exclude: ["**/node_modules/**", "**/dist/**"], ...limits } };
}

const projects = [
  project("servers", true, ["tests/*.test.ts"]),
  project("browser", false, ["tests/browser/*.test.ts"]),
  project("parts", false, ["apps/**/*.test.{ts,tsx}", "packages/**/*.test.ts", "bench/**/*.test.ts"]),
];

export default defineConfig({
  test: { globalSetup: ["./tests/support/global-setup.ts"], sequence: { sequencer: LongestFirst }, ...limits, projects },
});
