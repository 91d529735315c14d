/**
 * `npm run bench [-- name…]`: runs the benchmarks one after the other in one run, prints a table, writes results/latest.json.
 * A baseline of a chosen benchmark is run too, since only ratios within one run mean anything. `--large` makes campaigns of a million people.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { bareFastify, barePost } from "./bare.ts";
import { Skipped, type Bench, type Figure } from "./bench.ts";
import { barePlan, planRecipients } from "./campaign.ts";
import { campaignGeneric, memoryCampaign } from "./campaign-whole.ts";
import { bareCopy, bareUpload, importCsv, importUpload } from "./imports.ts";
import { apiToWireP50, bareFastifyP99, callbackUrlP99, loopCloudApi } from "./loop.ts";
import { sendBullmq, sendGraphileWorker } from "./queues.ts";
import { callbacksBatched, callbacksSingle, receiptsBatched, receiptsSingle } from "./receipts.ts";
import { reportsCampaign } from "./reports.ts";
import { bareCount, segmentsCount } from "./segments.ts";
import { sendCloudApi, sendGeneric } from "./send.ts";

const benches: Bench[] = [
  barePost, bareFastify, sendCloudApi, sendGeneric, sendGraphileWorker, sendBullmq, receiptsSingle, receiptsBatched, callbacksSingle, callbacksBatched,
  bareFastifyP99, callbackUrlP99, apiToWireP50, loopCloudApi, bareCopy, importCsv, bareUpload, importUpload, barePlan, planRecipients, campaignGeneric, memoryCampaign, bareCount, segmentsCount, reportsCampaign,
];

const chosen = process.argv.slice(2).filter((argument) => argument !== "--large");
const unknown = chosen.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`No benchmark is named ${unknown.join(", ")}. Known: ${benches.map((b) => b.name).join(", ")}.`);
  process.exit(1);
}
const baselines = new Set(benches.filter((b) => chosen.includes(b.name)).map((b) => b.baseline));
const wanted = benches.filter((b) => chosen.length === 0 || chosen.includes(b.name) || baselines.has(b.name));

const figures = new Map<string, Figure>();
const results: Record<string, { value: number; unit: string; baseline?: string; ratio?: number; notes?: string }> = {};
for (const bench of wanted) {
  process.stdout.write(`${bench.name.padEnd(24)}`);
  const figure = await bench.run().catch((cause: unknown) => {
    if (!(cause instanceof Skipped)) throw cause;
    console.log(`not measured: ${cause.message}`);
  });
  if (!figure) continue;
  figures.set(bench.name, figure);
  const baseline = bench.baseline === undefined ? undefined : figures.get(bench.baseline);
  const ratio = baseline && figure.value / baseline.value;
  const value = Number(figure.value.toPrecision(4));
  results[bench.name] = { value, unit: bench.unit, ...(ratio !== undefined && { baseline: bench.baseline, ratio: Number(ratio.toFixed(3)) }), ...(figure.notes && { notes: figure.notes }) };
  const against = ratio === undefined ? "" : `${ratio.toFixed(2)} × ${bench.baseline}`;
  console.log(`${value.toLocaleString("en").padStart(12)} ${bench.unit.padEnd(8)} ${against.padEnd(24)} ${figure.notes ?? ""}`);
}
const folder = new URL("results/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("latest.json", folder), `${JSON.stringify(results, null, 2)}\n`);
process.exit(0);
