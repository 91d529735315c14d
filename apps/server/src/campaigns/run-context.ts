/**
 * Everything about a run that stays the same while it goes on, read and compiled once: cells, texts, quiet hours. The judge and the composer
 * work with it batch after batch.
 */
import type { CampaignSettings, Variant } from "@tincan/api";
import { checkSend } from "@tincan/whatsapp";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { Category } from "../ledger/types.ts";
import type { LinkOrigins } from "../links/address.ts";
import { readLinkSettings } from "../links/settings.ts";
import type { Utm } from "../links/utm.ts";
import { templateComponents } from "../providers/cloud-api/render.ts";
import { asListed } from "../templates/sample-values.ts";
import { TierWatch } from "./judge/tier.ts";
import { compileContent, type CompiledContent } from "./personalise/content.ts";
import type { CouponPlace } from "./personalise/coupons.ts";
import { sampleFilling } from "./personalise/sample.ts";
import { ValueFault } from "./personalise/values.ts";
import { campaignSettings } from "./settings.ts";
import type { RunDefinition, RunRow, TemplateSnapshot } from "./types.ts";

export interface RunContext {
  workspaceId: string;
  /** The run as it is now. Whoever locks the row puts what they read here before each batch: caps and the winner are taken from it. */
  run: RunRow;
  /** The workspace's rules; the judge reads them anew for each batch. */
  settings: CampaignSettings;
  /** The cell of each variant; the control group's is under CONTROL. Empty for a draft. */
  cells: ReadonlyMap<string, string>;
  /** The ids of all cells of the campaign, of earlier runs too. */
  campaignCells: ReadonlySet<string>;
  variants: ReadonlyMap<string, CompiledVariant>;
  /** How many more people the number may reach, when its tier says. */
  tier: TierWatch;
  /** Where the last batch's coupon codes ended. */
  couponPlace: CouponPlace;
}

export interface CompiledVariant extends CompiledContent {
  key: string;
  template: TemplateSnapshot;
  category: Category;
}

export interface OpenRunOptions {
  /** Of this server, for short links. */
  publicUrl: string;
  /** Nothing of it will be sent: what it counts concerns no other run. */
  draft?: boolean;
  /** What a variant lacks to be sent is passed over, for a look at a text that is still being written. */
  lenient?: boolean;
}

/** A run or a draft that cannot be sent to anybody, in words for people. `path` is where in the definition it is wrong. */
export class CampaignFault extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** Reads and compiles what a run needs. Throws CampaignFault; the run then fails with its words. */
export async function openRun(db: Database, row: RunRow, { publicUrl, draft = false, lenient = false }: OpenRunOptions): Promise<RunContext> {
  const workspaceId = row.workspace_id;
  const { definition } = row;
  const settings = await campaignSettings(db, workspaceId);
  const links = await readLinkSettings(db, workspaceId);
  const origins: LinkOrigins = { publicUrl, domain: links.domain };
  const utm = utmOf(definition, links.utm);
  const variants = definition.content.variants.map((variant, i): [string, CompiledVariant] => [
    variant.key,
    compileVariant(definition, variant, `content.variants[${i}]`, { timeZone: settings.timeZone, origins, utm, lenient }),
  ]);
  const ofCampaign = await cellsOf.run(db, [workspaceId, row.campaign_id]);
  const cells = new Map(ofCampaign.filter(({ run_id }) => run_id === row.id).map(({ id, variant }) => [variant, id]));
  const campaignCells = new Set(ofCampaign.map(({ id }) => id));
  const tier = await TierWatch.open(db, workspaceId, definition.provider, { alone: draft });
  return { workspaceId, run: row, settings, cells, campaignCells, variants: new Map(variants), tier, couponPlace: { after: "" } };
}

interface CompileOptions {
  timeZone: string;
  origins: LinkOrigins;
  utm: Utm | null;
  lenient: boolean;
}

/**
 * Compiles a variant, and checks once that a message made of it is one that its template takes: what differs between people afterwards is
 * what the texts say. Throws CampaignFault with a path that begins with `path`.
 */
function compileVariant({ templates, links, customProps }: RunDefinition, variant: Variant, path: string, { lenient, ...rules }: CompileOptions): CompiledVariant {
  const { name, language } = variant.template;
  const template = templates[`${name} ${language}`];
  if (!template) throw new CampaignFault(`${path}.template`, `The template ${name} (${language}) is not there.`);
  try {
    const compiled = compileContent({ template, values: variant.values, customProps, track: links.track, ...rules });
    const problem = lenient ? null : misfitOf(template, compiled);
    if (problem !== null) throw new CampaignFault(`${path}.values`, problem);
    return { ...compiled, key: variant.key, template, category: template.category };
  } catch (cause) {
    if (cause instanceof ValueFault) throw new CampaignFault(cause.path.startsWith("customProps") ? cause.path : `${path}.values.${cause.path}`, cause.message);
    throw cause;
  }
}

/** Why a message with such values would be refused, whoever it is for; null when it would not. */
function misfitOf(template: TemplateSnapshot, { make }: CompiledContent): string | null {
  const sample = sampleFilling(Date.now());
  const listed = asListed({ ...template, parameter_format: template.parameterFormat, category: template.category.toUpperCase() });
  const misfit = checkSend(listed, templateComponents(make(sample)));
  return misfit ? (misfit.details ?? misfit.message) : sample.failed;
}

/** The campaign's own marks, or else the workspace's with the campaign's name; null for none. */
function utmOf({ links, name }: RunDefinition, defaults: { append: boolean; source: string; medium: string }): Utm | null {
  if (links.utm) {
    const own = Object.fromEntries(Object.entries(links.utm).map(([key, value]) => [key.replace(/^utm_/, ""), value]));
    return Object.keys(own).length > 0 ? own : null;
  }
  return defaults.append ? { source: defaults.source, medium: defaults.medium, campaign: name } : null;
}

const cellsOf = statement<{ id: string; run_id: string; variant: string }>(
  "campaigns_cells_of",
  `select id, run_id, variant from campaign_cells where workspace_id = $1 and campaign_id = $2`,
);
