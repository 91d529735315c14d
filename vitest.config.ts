import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The longest files, longest first: begun late, one of them would run on alone beside an idle core. */
const longest = ["browser/every-room", "crash", "browser/campaigns", "campaign-crash", "faults", "bad-input", "start", "import-crash"];

function rank({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  if (place >= 0) return place;
  return moduleId.includes("/tests/") ? longest.length : longest.length + 1;
}

/** The longest files first, then the others that start whole servers, then the small ones. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Two workers: the suite must fit two cores beside the database and the browser it starts. */
const limits = { maxWorkers: 2, testTimeout: 20_000, hookTimeout: 60_000 };

/** @param isolate whether each file has a process to itself; without, modules are loaded once for many files */
function project(name: string, isolate: boolean, include: string[]): TestProjectInlineConfiguration {
  return { test: { name, isolate, include, exclude: ["**/node_modules/**", "**/dist/**"], ...limits } };
}

export default defineConfig({
  test: {
    globalSetup: ["./tests/support/global-setup.ts"],
    sequence: { sequencer: LongestFirst },
    ...limits,
    projects: [project("whole", true, ["tests/**/*.test.ts"]), project("parts", false, ["apps/**/*.test.{ts,tsx}", "packages/**/*.test.ts", "bench/**/*.test.ts"])],
  },
});
