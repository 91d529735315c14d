import type { OverviewReportQuery } from "@tincan/api";
import { overviewFields } from "./overview-order.ts";

/*
 * What the addresses of the reports hold. What does not make sense there is dropped without a word.
 */

type Raw = Record<string, unknown>;

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined => allowed.find((one) => one === value);
const day = (value: unknown): string | undefined => (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined);

export interface OverviewSearch {
  period?: "7d" | "90d" | "own" | undefined;
  from?: string | undefined;
  to?: string | undefined;
  by?: Exclude<OverviewReportQuery["by"], "campaign"> | undefined;
  sort?: string | undefined;
}

export const overviewSearch = (raw: Raw): OverviewSearch => {
  const period = oneOf(raw["period"], ["7d", "90d", "own"]);
  return {
    period,
    from: period === "own" ? day(raw["from"]) : undefined,
    to: period === "own" ? day(raw["to"]) : undefined,
    by: oneOf(raw["by"], ["template", "provider", "day"]),
    sort: oneOf(raw["sort"], overviewFields.flatMap((field) => [field, `-${field}`])),
  };
};

/** Which part of a campaign's page is shown. */
export interface CampaignPageSearch {
  tab?: "report" | undefined;
}

export const campaignPageSearch = (raw: Raw): CampaignPageSearch => ({ tab: oneOf(raw["tab"], ["report"]) });

export interface BestHoursSearch {
  show?: "clicked" | undefined;
  days?: "30" | "365" | undefined;
}

export const bestHoursSearch = (raw: Raw): BestHoursSearch => ({ show: oneOf(raw["show"], ["clicked"]), days: oneOf(String(raw["days"]), ["30", "365"]) });

export interface ExportSearch {
  /** A campaign to make a file of. */
  campaign?: string | undefined;
}

export const exportSearch = (raw: Raw): ExportSearch => ({ campaign: typeof raw["campaign"] === "string" && raw["campaign"] !== "" ? raw["campaign"].slice(0, 64) : undefined });
