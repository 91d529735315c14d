import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { queryClient } from "./api.ts";
import { PageFailed, PageMissing } from "./rooms/entry/PageProblems.tsx";
import { bestHoursSearch, campaignPageSearch, exportSearch, overviewSearch } from "./rooms/reports/report-search.ts";
import { apiKeySearch, auditSearch, callbackSearch, campaignSearch, contactListSearch, contactSearch, deploymentSearch, importSearch, librarySearch, memberSearch, messageSearch, newProviderSearch, newSegmentSearch, newTemplateSearch, peopleSearch, providerSearch, safePath, segmentSearch, templateSearch, wizardSearch } from "./search-params.ts";
import { sessionQuery, setupQuery } from "./session.ts";
import { Shell } from "./shell/Shell.tsx";

const rootRoute = createRootRoute({ component: Outlet, errorComponent: PageFailed });

/* The doors: open without a session. */

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  beforeLoad: async () => {
    const { needed } = await queryClient.fetchQuery(setupQuery);
    if (!needed) throw redirect({ to: "/" });
  },
  component: lazyRouteComponent(() => import("./rooms/entry/SetupPage.tsx")),
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (raw: Record<string, unknown>): { next?: string | undefined } => ({ next: safePath(raw["next"]) }),
  component: lazyRouteComponent(() => import("./rooms/entry/SignInPage.tsx")),
});

const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/join/$token",
  component: lazyRouteComponent(() => import("./rooms/entry/JoinPage.tsx")),
});

/* The rooms: somebody is signed in. */

const roomsRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "rooms",
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session.user) return;
    queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
    const { needed } = await queryClient.fetchQuery(setupQuery);
    if (needed) throw redirect({ to: "/setup" });
    throw redirect({ to: "/sign-in", search: { next: location.href === "/" ? undefined : location.href } });
  },
  component: Shell,
});

const missingRoute = createRoute({ getParentRoute: () => roomsRoute, path: "/$", component: PageMissing });
const homeRoute = createRoute({ getParentRoute: () => roomsRoute, path: "/", component: lazyRouteComponent(() => import("./rooms/home/HomePage.tsx")) });

const messagesRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/messages",
  validateSearch: messageSearch,
  component: lazyRouteComponent(() => import("./rooms/messages/MessagesPage.tsx")),
});
const messageRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/messages/$id",
  component: lazyRouteComponent(() => import("./rooms/messages/MessagePage.tsx")),
});

const campaignsRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/campaigns",
  validateSearch: campaignSearch,
  component: lazyRouteComponent(() => import("./rooms/campaigns/CampaignsPage.tsx")),
});
const campaignRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/campaigns/$id",
  validateSearch: campaignPageSearch,
  component: lazyRouteComponent(() => import("./rooms/campaigns/CampaignPage.tsx")),
});
const editCampaignRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/campaigns/$id/edit",
  validateSearch: wizardSearch,
  component: lazyRouteComponent(() => import("./rooms/campaigns/wizard/WizardPage.tsx")),
});

const reportsRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/reports",
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import("./rooms/reports/OverviewPage.tsx")),
});
const bestHoursRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/reports/best-hours",
  validateSearch: bestHoursSearch,
  component: lazyRouteComponent(() => import("./rooms/reports/BestHoursPage.tsx")),
});
const reportExportsRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/reports/exports",
  validateSearch: exportSearch,
  component: lazyRouteComponent(() => import("./rooms/reports/ExportsPage.tsx")),
});
const reportSchedulesRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/reports/scheduled",
  component: lazyRouteComponent(() => import("./rooms/reports/SchedulesPage.tsx")),
});
const rateCardRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/reports/rate-card",
  component: lazyRouteComponent(() => import("./rooms/reports/RateCardPage.tsx")),
});

const contactsRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/contacts",
  validateSearch: contactSearch,
  component: lazyRouteComponent(() => import("./rooms/people/contacts/ContactsPage.tsx")),
});
const newContactRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/contacts/new",
  component: lazyRouteComponent(() => import("./rooms/people/contacts/NewContactPage.tsx")),
});
const contactRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/contacts/$id",
  component: lazyRouteComponent(() => import("./rooms/people/contacts/ContactPage.tsx")),
});

const segmentsRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/segments",
  validateSearch: segmentSearch,
  component: lazyRouteComponent(() => import("./rooms/people/segments/SegmentsPage.tsx")),
});
const newSegmentRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/segments/new",
  validateSearch: newSegmentSearch,
  component: lazyRouteComponent(() => import("./rooms/people/segments/NewSegmentPage.tsx")),
});
const editSegmentRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/segments/$id/edit",
  component: lazyRouteComponent(() => import("./rooms/people/segments/EditSegmentPage.tsx")),
});
const segmentRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/segments/$id",
  validateSearch: peopleSearch,
  component: lazyRouteComponent(() => import("./rooms/people/segments/SegmentPage.tsx")),
});

const listsRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/lists",
  validateSearch: contactListSearch,
  component: lazyRouteComponent(() => import("./rooms/people/lists/ListsPage.tsx")),
});
const newListRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/lists/new",
  component: lazyRouteComponent(() => import("./rooms/people/lists/NewListPage.tsx")),
});
const listRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/lists/$id",
  validateSearch: peopleSearch,
  component: lazyRouteComponent(() => import("./rooms/people/lists/ListPage.tsx")),
});

const importsRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/import",
  validateSearch: importSearch,
  component: lazyRouteComponent(() => import("./rooms/people/imports/ImportsPage.tsx")),
});
const importRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/people/import/$id",
  component: lazyRouteComponent(() => import("./rooms/people/imports/ImportPage.tsx")),
});

const templatesRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/templates",
  validateSearch: templateSearch,
  component: lazyRouteComponent(() => import("./rooms/templates/TemplatesPage.tsx")),
});
const newTemplateRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/templates/new",
  validateSearch: newTemplateSearch,
  component: lazyRouteComponent(() => import("./rooms/templates/NewTemplatePage.tsx")),
});
const importTemplatesRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/templates/import",
  validateSearch: newTemplateSearch,
  component: lazyRouteComponent(() => import("./rooms/templates/ImportPage.tsx")),
});
const libraryRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/templates/library",
  validateSearch: librarySearch,
  component: lazyRouteComponent(() => import("./rooms/templates/library/LibraryPage.tsx")),
});
const libraryEntryRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/templates/library/$entry",
  validateSearch: newTemplateSearch,
  component: lazyRouteComponent(() => import("./rooms/templates/library/EntryPage.tsx")),
});
const editTemplateRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/templates/$id/edit",
  component: lazyRouteComponent(() => import("./rooms/templates/EditTemplatePage.tsx")),
});
const templateRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/templates/$id",
  component: lazyRouteComponent(() => import("./rooms/templates/TemplatePage.tsx")),
});

const providersRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/channels/whatsapp",
  validateSearch: providerSearch,
  component: lazyRouteComponent(() => import("./rooms/providers/ProvidersPage.tsx")),
});
const newProviderRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/channels/whatsapp/new",
  validateSearch: newProviderSearch,
  component: lazyRouteComponent(() => import("./rooms/providers/NewProviderPage.tsx")),
});
const facebookRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/channels/whatsapp/facebook",
  component: lazyRouteComponent(() => import("./rooms/providers/FacebookReturnPage.tsx")),
});
const providerRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/channels/whatsapp/$id",
  component: lazyRouteComponent(() => import("./rooms/providers/ProviderPage.tsx")),
});

const deploymentsRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/channels/platforms",
  validateSearch: deploymentSearch,
  component: lazyRouteComponent(() => import("./rooms/deployments/DeploymentsPage.tsx")),
});
const newDeploymentRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/channels/platforms/new",
  component: lazyRouteComponent(() => import("./rooms/deployments/NewDeploymentPage.tsx")),
});
const deploymentRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/channels/platforms/$id",
  validateSearch: callbackSearch,
  component: lazyRouteComponent(() => import("./rooms/deployments/DeploymentPage.tsx")),
});

const workspaceRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/settings/workspace",
  component: lazyRouteComponent(() => import("./rooms/settings/WorkspacePage.tsx")),
});
const teamRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/settings/team",
  validateSearch: memberSearch,
  component: lazyRouteComponent(() => import("./rooms/settings/TeamPage.tsx")),
});
const apiKeysRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/settings/api-keys",
  validateSearch: apiKeySearch,
  component: lazyRouteComponent(() => import("./rooms/settings/ApiKeysPage.tsx")),
});
const consentRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/settings/consent",
  component: lazyRouteComponent(() => import("./rooms/settings/consent/ConsentPage.tsx")),
});
const campaignRulesRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/settings/campaigns",
  component: lazyRouteComponent(() => import("./rooms/campaigns/RulesPage.tsx")),
});
const auditRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/settings/audit",
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("./rooms/settings/AuditPage.tsx")),
});
const accountRoute = createRoute({
  getParentRoute: () => roomsRoute,
  path: "/settings/account",
  component: lazyRouteComponent(() => import("./rooms/settings/AccountPage.tsx")),
});

const routeTree = rootRoute.addChildren([
  setupRoute,
  signInRoute,
  joinRoute,
  roomsRoute.addChildren([
    homeRoute,
    messagesRoute,
    messageRoute,
    campaignsRoute,
    campaignRoute,
    editCampaignRoute,
    reportsRoute,
    bestHoursRoute,
    reportExportsRoute,
    reportSchedulesRoute,
    rateCardRoute,
    contactsRoute,
    newContactRoute,
    contactRoute,
    segmentsRoute,
    newSegmentRoute,
    editSegmentRoute,
    segmentRoute,
    listsRoute,
    newListRoute,
    listRoute,
    importsRoute,
    importRoute,
    templatesRoute,
    newTemplateRoute,
    importTemplatesRoute,
    libraryRoute,
    libraryEntryRoute,
    editTemplateRoute,
    templateRoute,
    providersRoute,
    newProviderRoute,
    facebookRoute,
    providerRoute,
    deploymentsRoute,
    newDeploymentRoute,
    deploymentRoute,
    workspaceRoute,
    teamRoute,
    apiKeysRoute,
    consentRoute,
    campaignRulesRoute,
    auditRoute,
    accountRoute,
    missingRoute,
  ]),
]);

export const router = createRouter({ routeTree, defaultPreload: "intent", defaultPreloadStaleTime: 0, scrollRestoration: true });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

// A session that ended elsewhere: read again after a 401, and the rooms' guard leads to the sign-in page.
queryClient.getQueryCache().subscribe(({ type, query }) => {
  if (type !== "updated" || query.queryKey[0] !== "session") return;
  const data: unknown = query.state.data;
  const signedOut = typeof data === "object" && data !== null && "user" in data && data.user === null;
  if (signedOut && query.getObserversCount() > 0) void router.invalidate();
});
