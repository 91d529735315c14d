/** Everything of this folder put together, for main.ts. */
import { Agent } from "undici";
import type { FastifyBaseLogger } from "fastify";
import type { Database, DatabaseHandle } from "../database/connection.ts";
import type { Live } from "../database/live.ts";
import type { Secrets } from "../database/secrets.ts";
import type { RoutePlugin } from "../http/app.ts";
import type { Metrics } from "../http/metrics.ts";
import { guardedConnector, type ReachPolicy } from "../http/reachable.ts";
import type { ChoiceListener, InboundListener, StatusListener } from "../ledger/listeners.ts";
import { MediaFiles } from "../media/files.ts";
import { MediaLinks } from "../media/links.ts";
import { mediaRoutes } from "../media/routes.ts";
import type { OpenTemplateHost } from "../templates/host.ts";
import type { FetchTemplates } from "../templates/import.ts";
import type { TemplateRegistry } from "../templates/registry.ts";
import { DeliveryStore } from "./cloud-api/delivery-store.ts";
import { openTemplateHost } from "./cloud-api/template-host.ts";
import { VerifyTokens } from "./cloud-api/verify-tokens.ts";
import { metaWebhookRoutes } from "./cloud-api/webhook.ts";
import { WebhookDirectory } from "./cloud-api/webhook-directory.ts";
import type { ConnectDeps } from "./connect.ts";
import { callbackRoutes } from "./generic/callback.routes.ts";
import { CallbackMeter } from "./generic/callback-meter.ts";
import { CallbackStore } from "./generic/callback-store.ts";
import { CallbackDirectory } from "./generic/callback-urls.ts";
import { templateImporter } from "./generic/template-import.ts";
import type { SignupApp } from "./embedded-signup.ts";
import { mediaSource } from "./media-source.ts";
import { overviewRoutes } from "./overview.routes.ts";
import { providerRoutes } from "./routes.ts";
import { ProviderUpkeep } from "./upkeep.ts";

export interface ProvidersOptions {
  database: DatabaseHandle;
  /** Where receipts and inbound messages are stored. */
  hot: Database;
  live: Live;
  secrets: Secrets;
  reach: ReachPolicy;
  publicUrl: string;
  dataDir: string;
  registry: TemplateRegistry;
  metrics: Metrics;
  log: FastifyBaseLogger;
  statusListeners: readonly StatusListener[];
  inboundListeners: readonly InboundListener[];
  choiceListeners: readonly ChoiceListener[];
  /** Takes a deployment away with what was still to be told to its platform. */
  removeDeployment: ConnectDeps["removeDeployment"];
  /** Called after the commit that removed deployments of a workspace. */
  deploymentsRemoved: ConnectDeps["deploymentsRemoved"];
  campaignsOf: ConnectDeps["campaignsOf"];
  signupApp: SignupApp | null;
}

export interface Providers {
  /** For buildApp's `routes.api` and `routes.wire`. */
  api: RoutePlugin[];
  wire: RoutePlugin[];
  /** For provisioning and the demo. */
  connect: ConnectDeps;
  /** `start()` it in processes of the role scheduler. */
  upkeep: ProviderUpkeep;
  media: MediaLinks;
  /** Meta, for templates written here. */
  templateHosts: OpenTemplateHost;
  /** Generic providers' template lists. */
  fetchTemplates: FetchTemplates;
  files: MediaFiles;
  /** After the HTTP server has closed: waits for what is under way and frees connections. */
  close(): Promise<void>;
}

export function openProviders(options: ProvidersOptions): Providers {
  const { database, live, secrets, reach, publicUrl, registry, metrics, log, statusListeners } = options;
  const { db } = database;
  const graph = new Agent({ connect: guardedConnector(reach), allowH2: false });
  const directory = new WebhookDirectory(db, secrets);
  const verifyTokens = new VerifyTokens(secrets);
  const upkeep = new ProviderUpkeep({ database, live, secrets, graph, registry, log });
  const files = new MediaFiles({ db, dataDir: options.dataDir, fetch: mediaSource({ db, secrets, graph }), log });
  const links = new MediaLinks({ files, secrets, publicUrl });
  const fetchMedia = (workspaceId: string, providerId: string, media: { wireMediaId: string; filename?: string }): void => {
    files.obtain(workspaceId, providerId, media.wireMediaId, media.filename).catch((cause: unknown) => {
      // Whoever needs the file asks for it again.
      log.warn({ providerId, err: cause }, "a file that came in could not be fetched yet");
    });
  };
  const store = new DeliveryStore({ db: options.hot, live, statusListeners, inboundListeners: options.inboundListeners, choiceListeners: options.choiceListeners, registry, upkeep, metrics, fetchMedia });
  const callbacks = new CallbackDirectory(db);
  const callbackStore = new CallbackStore({ db: options.hot, live, statusListeners, inboundListeners: options.inboundListeners, metrics, fetchMedia });
  const meter = new CallbackMeter({ db, live, log });
  const { removeDeployment, deploymentsRemoved, campaignsOf } = options;
  const connect: ConnectDeps = {
    database, secrets, reach, publicUrl, graph, verifyTokens, directory, callbacks, removeDeployment, deploymentsRemoved, campaignsOf, upkeep, statusListeners, log,
  };
  return {
    api: [providerRoutes({ ...connect, signupApp: options.signupApp }), overviewRoutes({ db })],
    wire: [
      metaWebhookRoutes({ db, directory, verifyTokens, store, metrics }),
      callbackRoutes({ directory: callbacks, store: callbackStore, meter }),
      mediaRoutes({ files, links }),
    ],
    connect,
    upkeep,
    media: links,
    templateHosts: openTemplateHost({ db, secrets, graph }),
    fetchTemplates: templateImporter({ db, secrets, reach, dispatcher: graph }),
    files,
    close: async () => {
      await upkeep.stop();
      await store.close();
      await callbackStore.close();
      await meter.close();
      await graph.close();
    },
  };
}
