import { BestHours, BestHoursQuery, CampaignReport, CampaignReportQuery, IdParams, OverviewReport, OverviewReportQuery } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import type { RoutePlugin } from "../http/app.ts";
import { bestHours } from "./best-hours.ts";
import { campaignReport } from "./campaign-report.ts";
import { overviewReport } from "./overview.ts";

const tags = ["Reports"];
const config = { permission: "reports.read" } as const;

/** Numbers of campaigns. Exports, schedules and the rate card have routes of their own. */
export function reportRoutes({ db }: { db: Database }): RoutePlugin {
  return async (app) => {
    app.get(
      "/reports/campaigns/:id",
      { config, schema: { tags, summary: "Show the report of a campaign", description: "From counters that the receipts keep; `run` for one run alone.", params: IdParams, querystring: CampaignReportQuery, response: { 200: CampaignReport } } },
      async ({ actor, params, query }) => campaignReport(db, actor.workspaceId, params.id, query.run ?? null),
    );

    app.get(
      "/reports/overview",
      { config, schema: { tags, summary: "Show the report of a period", description: "By campaign, template, provider or day. Hours count that begin in the period; costs are those of days of UTC that have the dates of its days in the workspace's zone.", querystring: OverviewReportQuery, response: { 200: OverviewReport } } },
      async ({ actor, query }) => overviewReport(db, actor.workspaceId, query),
    );

    app.get(
      "/reports/best-hours",
      { config, schema: { tags, summary: "Show the hours in which people read", querystring: BestHoursQuery, response: { 200: BestHours } } },
      async ({ actor, query }) => bestHours(db, actor.workspaceId, query.days),
    );
  };
}
