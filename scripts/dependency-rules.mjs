// Checks the rules of .dependency-cruiser.cjs. dependency-cruiser reads TypeScript only with the compiler up to version 6, so it is given
// a shadow of the source tree instead: for each file a stub that holds nothing but its imports (types included), found by Vite's parser.
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { cruise } from "dependency-cruiser";
import { parseSync } from "vite";

const sources = globSync(["apps/*/src/**/*.{ts,tsx}", "packages/*/src/**/*.{ts,tsx}", "packages/*/web/src/**/*.{ts,tsx}", "bench/**/*.ts", "tests/**/*.ts"], { exclude: ["**/node_modules/**"] });

/** "@tincan/api" → "packages/api/src/index.ts", "@tincan/whatsapp/templates" → "packages/whatsapp/src/templates/index.ts" */
const workspaces = new Map(
  globSync("packages/*/package.json").flatMap((file) => {
    const { name, exports } = JSON.parse(readFileSync(file, "utf8"));
    return Object.entries(exports).map(([key, target]) => [path.posix.join(name, key), path.join(path.dirname(file), target)]);
  }),
);

function importsOf(file) {
  const text = readFileSync(file, "utf8");
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const specifiers = [
    ...module.staticImports.map((each) => each.moduleRequest.value),
    ...module.staticExports.flatMap((each) => each.entries.map((entry) => entry.moduleRequest?.value)),
    ...module.dynamicImports.map((each) => text.slice(each.moduleRequest.start, each.moduleRequest.end).replaceAll(/["'`]/g, "")),
  ];
  return [...new Set(specifiers)]
    .filter((specifier) => specifier !== undefined && /^(\.|@tincan\/)/.test(specifier) && !/\.(css|json|svg|png)$/.test(specifier))
    .map((specifier) => workspaces.get(specifier) ?? path.join(path.dirname(file), specifier));
}

const shadow = mkdtempSync(path.join(os.tmpdir(), "tincan-imports-"));
let failed = false;
try {
  for (const file of sources) {
    const stub = path.join(shadow, `${file}.js`);
    mkdirSync(path.dirname(stub), { recursive: true });
    const lines = importsOf(file).map((target) => `import ${JSON.stringify(`./${path.relative(path.dirname(file), target)}.js`)};`);
    writeFileSync(stub, lines.join("\n"));
  }
  const rules = createRequire(import.meta.url)("../.dependency-cruiser.cjs");
  const { output } = await cruise(["apps", "packages", "bench", "tests"], { baseDir: shadow, validate: true, ruleSet: rules });
  const named = (name) => name.replace(/\.js$/, "");
  for (const { rule, from, to, cycle } of output.summary.violations) {
    failed = true;
    const path_ = cycle ? cycle.map((each) => named(each.name)).join(" → ") : named(to);
    console.log(`${rule.name}: ${named(from)} → ${path_}`);
  }
  console.log(`${output.summary.totalCruised} files, ${output.summary.totalDependenciesCruised} imports, ${output.summary.violations.length} violations`);
} finally {
  rmSync(shadow, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
