/**
 * Where the features are put together. Each is constructed once from the core and adds its routes, its part of the provisioning file,
 * its share of the demo and whatever it runs in the background. Listeners that carry news upwards are handed in here.
 */
import { TemplateEntry } from "@tincan/api";
import { sandboxAccount } from "@tincan/sandbox";
import { buildCampaigns, type CampaignFeatures } from "./campaigns-wiring.ts";
import { DEMO_SEGMENT, removeCampaignsOf, seedDemoCampaign } from "./campaigns/demo.ts";
import { forgetCampaignPeople } from "./campaigns/forget-people.ts";
import { campaignCounts, campaignSubmissions } from "./campaigns/reactions/counts.ts";
import { campaignEvents } from "./campaigns/reactions/events.ts";
import { campaignReplies, campaignStops } from "./campaigns/reactions/responses.ts";
import { campaignNames } from "./campaigns/store.ts";
import { campaignsOfProvider, campaignsWithAudience } from "./campaigns/uses.ts";
import { consentRoutes } from "./contacts/consent.routes.ts";
import { DEMO_CONTACT, seedDemoPeople } from "./contacts/demo.ts";
import { keepMonthsAhead } from "./contacts/event-months.ts";
import { exportRoutes } from "./contacts/export.routes.ts";
import { importRoutes } from "./contacts/imports/routes.ts";
import { importThreads } from "./contacts/imports/worker.ts";
import { inboundPeople } from "./contacts/inbound-people.ts";
import { knownOnlyFrom } from "./contacts/known-from.ts";
import { isTracked } from "./contacts/may-receive.ts";
import { numbersOfContacts } from "./contacts/numbers.ts";
import { removeContacts, type ForgetDeps } from "./contacts/remove.ts";
import { contactRoutes } from "./contacts/routes.ts";
import { uploadRoutes } from "./contacts/upload.routes.ts";
import { whatsappChoices } from "./contacts/whatsapp-choices.ts";
import type { Database } from "./database/connection.ts";
import { demoRoutes } from "./demo-removal.ts";
import { seedDemo } from "./demo.ts";
import { Acceptance } from "./deployments/acceptance.ts";
import { openCallbackLane } from "./deployments/callback-lane.ts";
import { DeploymentDirectory } from "./deployments/directory.ts";
import { forgetCallbacks } from "./deployments/forget-people.ts";
import { inboundCallbacks } from "./deployments/inbound-callbacks.ts";
import { applyDeployment, DeploymentEntry, type ManageDeps } from "./deployments/manage.ts";
import { platformProviders } from "./deployments/platform-providers.ts";
import { addressesOf } from "./deployments/present.ts";
import { deploymentRoutes } from "./deployments/routes.ts";
import { statusCallbacks } from "./deployments/status-callbacks.ts";
import { deleteDeployment, deploymentNames, forgetDeploymentsOf } from "./deployments/store.ts";
import { callbackSteps } from "./deployments/trace.ts";
import { WakeSoon } from "./deployments/wake-soon.ts";
import { deploymentWire } from "./deployments/wire.routes.ts";
import type { Core, Features } from "./features.ts";
import { guardedConnector, type ReachPolicy } from "./http/reachable.ts";
import { LaneKeeper } from "./lanes/keeper.ts";
import { laneMetrics } from "./lanes/lane-metrics.ts";
import { laneRoutes } from "./lanes/lanes.routes.ts";
import { signalLanesOnCommit } from "./lanes/signals.ts";
import { forgetProviders } from "./ledger/forget.ts";
import { messageRoutes } from "./ledger/messages.routes.ts";
import { Clicks } from "./links/clicks.ts";
import { LinkDomains } from "./links/domain.ts";
import { forgetLinks, forgetLinksOfProviders } from "./links/forget.ts";
import { clickSteps } from "./links/of-message.ts";
import { redirectRoutes } from "./links/redirect.routes.ts";
import { linkRoutes } from "./links/routes.ts";
import { openProviders } from "./providers/assembly.ts";
import { autoReply } from "./providers/auto-reply.ts";
import { META_BASE_URL, META_VERSION } from "./providers/connect.ts";
import type { SignupApp } from "./providers/embedded-signup.ts";
import { forgetAutoReplies } from "./providers/forget-people.ts";
import { openProviderLane } from "./providers/lane-work.ts";
import { ProviderEntry, provisionProvider } from "./providers/provision.ts";
import { deleteProvider } from "./providers/store.ts";
import { sendTestRoutes } from "./providers/test.routes.ts";
import { wireRequestSteps } from "./providers/trace.ts";
import { applier } from "./provisioning.ts";
import { forgetExports } from "./reports/exports/forget.ts";
import { Retention, whatIsKept } from "./retention.ts";
import { forgetUnmatchedRows } from "./segments/forget-people.ts";
import { listRoutes } from "./segments/lists.routes.ts";
import { segmentRoutes } from "./segments/routes.ts";
import { deleteSegment } from "./segments/store.ts";
import { uploadThreads } from "./segments/uploads/worker.ts";
import type { UsedBy } from "./segments/uses.ts";
import { ownOriginOf } from "./settings.ts";
import { authoringRoutes } from "./templates/authoring.routes.ts";
import { importRoutes as templateImportRoutes } from "./templates/import.routes.ts";
import { applyImport, previewImport, type ImportDeps } from "./templates/import.ts";
import { libraryRoutes } from "./templates/library.routes.ts";
import { provisionTemplate } from "./templates/provision.ts";
import { TemplateRegistry } from "./templates/registry.ts";
import { templateRoutes } from "./templates/routes.ts";
import { findTemplateOf, templateNames } from "./templates/store.ts";

/** Longer than a commit usually takes: a listener asks for the wake-up inside the transaction, before there is anything to claim. */
const CALLBACK_WAKE_MS = 20;

export function buildFeatures(core: Core): Features {
  const { settings, log, database, hot, secrets, live, metrics } = core;
  const { db } = database;
  const { publicUrl } = settings;
  const reach: ReachPolicy = { sandbox: settings.sandbox, allowedHosts: settings.allowedHosts };

  const callbackWakes = new WakeSoon((laneIds) => keeper.wake(laneIds), CALLBACK_WAKE_MS);
  // All messages of one commit wake their lane once.
  const sendWakes = new WakeSoon((laneIds) => keeper.wake(laneIds), 0);
  const engineNudges = new WakeSoon(() => campaigns.nudge(), CALLBACK_WAKE_MS);
  const statusListeners = [statusCallbacks(callbackWakes), campaignCounts()];
  const eventListeners = [campaignEvents({ wake: async (_tx, workspaceId) => engineNudges.soon(workspaceId) })];
  const inboundListeners = [
    autoReply({ isTracked, statusListeners, wake: (laneId) => callbackWakes.soon(laneId) }),
    inboundPeople({ statusListeners, platformProviders, wake: (laneId) => callbackWakes.soon(laneId) }),
    campaignReplies(),
    inboundCallbacks(callbackWakes),
  ];

  const registry = new TemplateRegistry({ db, live });
  const providers = openProviders({
    database, hot, live, secrets, reach, publicUrl, dataDir: settings.dataDir, registry, metrics, log, statusListeners, inboundListeners,
    choiceListeners: [whatsappChoices(), campaignStops()],
    removeDeployment: deleteDeployment,
    deploymentsRemoved: (workspaceId) => directory.changed(workspaceId),
    campaignsOf: campaignsOfProvider,
    signupApp: signupApp(core),
  });
  const keeper: LaneKeeper = new LaneKeeper({
    database, live, log,
    open: {
      provider: openProviderLane({ db: hot, live, secrets, reach, registry, listeners: statusListeners, submittedListeners: [campaignSubmissions()] }),
      platform: openCallbackLane({ db: hot, live, secrets, media: providers.media, connect: guardedConnector(reach), wake: (laneId) => callbackWakes.soon(laneId) }),
    },
  });
  laneMetrics(metrics, keeper);
  const campaigns: CampaignFeatures = buildCampaigns(core, {
    registry, statusListeners, reach,
    wake: (providerIds) => keeper.wake(providerIds),
    wakeSoon: (providerId) => sendWakes.soon(providerId),
  });

  const directory = new DeploymentDirectory({ db, live });
  const acceptance = new Acceptance({
    db: hot,
    listeners: statusListeners,
    onStored: (workspaceId, providerId) => {
      sendWakes.soon(providerId);
      live.changed(workspaceId, "messages");
    },
  });
  const manage: ManageDeps = { database, secrets, directory, policy: reach };
  const ownOrigin = (): string => ownOriginOf(settings);

  const imports = importThreads({ database, live, log, dataDir: settings.dataDir });
  const listUploads = uploadThreads({ database, live, log, dataDir: settings.dataDir });
  const retention = new Retention({ db, log, kinds: whatIsKept({ db, files: providers.files, keepDays: settings.keepDays }) });
  const removeDemoProviders = async (tx: Database, workspaceId: string, ids: string[]): Promise<void> => {
    const people = await knownOnlyFrom(tx, workspaceId, ids);
    await removeCampaignsOf(tx, workspaceId, ids);
    const deployments = await forgetDeploymentsOf(tx, workspaceId, ids);
    await forgetLinksOfProviders(tx, workspaceId, ids);
    await forgetProviders(tx, workspaceId, ids);
    // Nothing else is left that anybody would have to forget about them.
    await removeContacts(tx, workspaceId, people, { statusListeners: [], forgetters: [], stops: "forgotten" });
    await providers.files.forgetProviders(tx, workspaceId, ids);
    for (const id of ids) await deleteProvider(tx, workspaceId, id);
    await signalLanesOnCommit(tx, "changed", [...ids, ...deployments]);
  };

  /** Features that send to segments and lists say here which of theirs still will. */
  const segmentsUsedBy: UsedBy[] = [campaignsWithAudience];
  const forget: ForgetDeps = {
    statusListeners,
    forgetters: [
      forgetCallbacks,
      forgetLinks,
      forgetExports,
      (tx, workspaceId, { media }) => providers.files.forget(tx, workspaceId, media),
      (tx, workspaceId, _traffic, phones) => forgetAutoReplies(tx, workspaceId, phones),
      (tx, workspaceId, _traffic, _phones, contactIds) => forgetCampaignPeople(tx, workspaceId, contactIds),
      (tx, workspaceId, _traffic, addresses) => forgetUnmatchedRows(tx, workspaceId, addresses),
    ],
  };
  const clicks = new Clicks({ db: hot, listeners: statusListeners, onStored: (workspaceId) => live.changed(workspaceId, "messages") });
  const domains = new LinkDomains({ secrets, policy: reach });
  let stopMonths = (): void => {};

  return {
    api: [
      ...core.accounts.api,
      demoRoutes({
        database,
        removers: [
          { kind: "provider", remove: removeDemoProviders },
          { kind: DEMO_SEGMENT, remove: async (tx, workspaceId, ids) => void (await Promise.all(ids.map((id) => deleteSegment(tx, workspaceId, id)))) },
          { kind: DEMO_CONTACT, remove: async (tx, workspaceId, ids) => void (await removeContacts(tx, workspaceId, ids, { ...forget, stops: "forgotten" })) },
        ],
        onRemoved: (workspaceId) => {
          directory.changed(workspaceId);
          registry.changed(workspaceId);
          providers.connect.directory.forget();
          providers.connect.callbacks.forget();
        },
      }),
      ...providers.api,
      laneRoutes({ database }),
      templateRoutes({ db }),
      authoringRoutes({ database, registry, hosts: providers.templateHosts }),
      libraryRoutes({ database, registry, hosts: providers.templateHosts }),
      templateImportRoutes({ database, registry, fetch: providers.fetchTemplates }),
      sendTestRoutes({ database, live, statusListeners, wake: (providerId) => sendWakes.soon(providerId), phonesOf: numbersOfContacts }),
      messageRoutes({
        db,
        originNames: [deploymentNames, templateNames, campaignNames],
        findTemplate: (workspaceId, providerId, name, language) => findTemplateOf(db, workspaceId, providerId, name, language),
        trace: [wireRequestSteps(registry), callbackSteps, clickSteps],
      }),
      deploymentRoutes({ ...manage, registry, publicUrl, ownOrigin }),
      linkRoutes({ database, domains, publicUrl }),
      exportRoutes({ db }),
      contactRoutes({ database, eventListeners, ...forget }),
      consentRoutes({ database }),
      importRoutes({ db, dataDir: settings.dataDir, mostBytes: settings.importMaxBytes, nudge: () => imports.nudge() }),
      segmentRoutes({ db, usedBy: segmentsUsedBy }),
      listRoutes({ db, dataDir: settings.dataDir, mostBytes: settings.importMaxBytes, usedBy: segmentsUsedBy, nudge: () => listUploads.nudge() }),
      ...campaigns.api,
    ],
    wire: [
      ...providers.wire,
      deploymentWire({ db, directory, registry, acceptance, publicUrl }),
      uploadRoutes({ database, live, eventListeners }),
      redirectRoutes({ db: hot, clicks, domains, metrics, publicUrl }),
    ],
    appliers: [
      applier("providers", ProviderEntry, (actor, entry) => provisionProvider(providers.connect, actor, entry)),
      applier("deployments", DeploymentEntry, async (actor, entry) => void (await applyDeployment(manage, actor, entry))),
      applier("templates", TemplateEntry, (actor, entry) => provisionTemplate({ db, registry }, actor, entry)),
    ],
    seedDemo: async ({ actor }) => {
      if (core.phonesUrl === null) return;
      await seedDemoPeople(db, actor.workspaceId, new Date());
      const importing: ImportDeps = { database, registry, fetch: providers.fetchTemplates };
      const numberId = await seedDemo(providers.connect, {
        actor,
        sandboxUrl: core.phonesUrl,
        account: sandboxAccount,
        ownOrigin: ownOrigin(),
        deploy: async (name, provider, webhooks) => {
          const deployment = await applyDeployment(manage, actor, { platform: "clevertap", name, provider, ...(webhooks && { webhooks }) });
          return { ...addressesOf(deployment, ownOrigin()), token: deployment.token };
        },
        importTemplates: async (providerId) => void (await applyImport(importing, actor, (await previewImport(importing, actor, { providerId })).id)),
      });
      await seedDemoCampaign(db, actor, numberId, `${core.phonesUrl}/sandbox/assets/order.png`);
    },
    start: async () => {
      if (settings.roles.has("scheduler")) {
        providers.upkeep.start();
        retention.start();
        imports.start();
        listUploads.start();
        await campaigns.start();
        stopMonths = keepMonthsAhead(db, (cause) => log.warn({ err: cause }, "the months of events to come could not be made yet"));
      }
      if (settings.roles.has("sender")) await keeper.start();
    },
    stop: async () => {
      stopMonths();
      await Promise.all([acceptance.drained(), clicks.drained(), imports.stop(), listUploads.stop(), campaigns.stop()]);
      await retention.stop();
      engineNudges.close();
      sendWakes.close();
      callbackWakes.close();
      await keeper.stop();
      directory.close();
      await providers.close();
      registry.close();
    },
  };
}

/** Log in with Facebook goes through the sandbox's simulated dialog while the sandbox is on. */
function signupApp({ phonesUrl, settings }: Core): SignupApp | null {
  if (phonesUrl !== null) return { appId: sandboxAccount.appId, appSecret: sandboxAccount.appSecret, baseUrl: phonesUrl, dialogUrl: `${phonesUrl}/dialog/oauth` };
  if (!settings.facebookApp) return null;
  return { ...settings.facebookApp, baseUrl: META_BASE_URL, dialogUrl: `https://www.facebook.com/${META_VERSION}/dialog/oauth` };
}
