/** Where campaigns and reports are put together; the rest of the features is in wiring.ts. */
import { Agent } from "undici";
import { couponRoutes } from "./campaigns/coupons/routes.ts";
import { pauseRun, resumeRun, stopRun } from "./campaigns/engine/life.ts";
import { CampaignEngine } from "./campaigns/engine/worker.ts";
import { judgingRoutes } from "./campaigns/judging.routes.ts";
import { campaignRoutes } from "./campaigns/routes.ts";
import type { Core } from "./features.ts";
import type { RoutePlugin } from "./http/app.ts";
import { guardedConnector, type ReachPolicy } from "./http/reachable.ts";
import type { StatusListener } from "./ledger/listeners.ts";
import { estimateCost } from "./reports/cost.ts";
import { reportExportRoutes } from "./reports/exports/routes.ts";
import { exportThreads } from "./reports/exports/worker.ts";
import { rateCardRoutes } from "./reports/rate-card.ts";
import { reportRoutes } from "./reports/routes.ts";
import { reportScheduleRoutes } from "./reports/schedules/routes.ts";
import { ScheduleWorker } from "./reports/schedules/worker.ts";
import type { TemplateRegistry } from "./templates/registry.ts";

interface Below {
  registry: TemplateRegistry;
  statusListeners: readonly StatusListener[];
  reach: ReachPolicy;
  /** Messages of these providers are committed. */
  wake(providerIds: string[]): void;
  /** As `wake`, for one provider, soon: several commits of one moment wake it once. */
  wakeSoon(providerId: string): void;
}

export interface CampaignFeatures {
  api: RoutePlugin[];
  /** There may be something for the engine to do. */
  nudge(): void;
  /** The scheduler's part. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function buildCampaigns({ settings, log, database, secrets, live }: Core, { registry, statusListeners, reach, wake, wakeSoon }: Below): CampaignFeatures {
  const { db } = database;
  const { publicUrl, dataDir } = settings;
  const engine = new CampaignEngine({ database, live, log, registry, statusListeners, publicUrl, wake });
  const exports = exportThreads({ database, live, log, dataDir });
  const agent = new Agent({ connect: guardedConnector(reach), allowH2: false });
  const delivery = { db, secrets, dispatcher: agent, mail: settings.mail, publicUrl };
  const schedules = new ScheduleWorker({ ...delivery, live, log });
  const nudge = (): void => engine.nudge();

  return {
    api: [
      campaignRoutes({ db, publicUrl, runs: { pause: pauseRun, resume: resumeRun, stop: stopRun }, nudge }),
      judgingRoutes({ db, live, statusListeners, publicUrl, estimateCost, wake: wakeSoon }),
      couponRoutes({ database }),
      reportRoutes({ db }),
      rateCardRoutes({ db }),
      reportExportRoutes({ db, dataDir, nudge: () => exports.nudge() }),
      reportScheduleRoutes({ ...delivery, policy: reach }),
    ],
    nudge,
    start: async () => {
      exports.start();
      schedules.start();
      await engine.start();
    },
    stop: async () => {
      await Promise.all([exports.stop(), schedules.stop(), engine.stop()]);
      await agent.destroy();
    },
  };
}
