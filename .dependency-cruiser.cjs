// The arrows of the house (ARCHITECTURE.md). scripts/dependency-rules.mjs runs dependency-cruiser with these rules over what every
// source file imports, types included.

/** The floors of apps/server/src, lowest first; a folder imports only from floors below its own. Files beside them are the top floor. */
const floors = [
  ["http", "database"],
  ["accounts", "ledger", "templates", "media"],
  ["contacts", "links", "lanes"],
  ["inbox", "segments", "providers", "deployments"],
  ["campaigns", "journeys"],
  ["reports"],
];
const src = "^apps/server/src/";
/** Under all floors. */
const ground = `${src}(settings|free-port|lost-connection)\\.ts`;
const test = "(\\.test\\.tsx?|/tests?/)";

const upward = floors.map((folders, i) => {
  const higher = floors.slice(i + 1).flat();
  const to = higher.length === 0 ? `${src}[^/]+$` : `${src}(${higher.join("|")})/|${src}[^/]+$`;
  return {
    name: `floor-${i + 2}-looks-down`,
    comment: `${folders.join(", ")} import nothing from the floors above`,
    severity: "error",
    from: { path: `${src}(${folders.join("|")})/`, pathNot: test },
    to: { path: to, pathNot: ground },
  };
});

const sideways = floors.map((folders, i) => ({
  name: `floor-${i + 2}-keeps-apart`,
  comment: "rooms of one floor know nothing of each other; only accounts (permissions, audit) may be asked by its neighbours",
  severity: "error",
  from: { path: `${src}(${folders.join("|")})/`, pathNot: test },
  to: { path: `${src}(${folders.join("|")})/`, pathNot: [`${src}$1/`, `${src}accounts/`] },
}));

module.exports = {
  forbidden: [
    ...upward,
    ...sideways,
    {
      name: "accounts-asks-no-neighbour",
      severity: "error",
      from: { path: `${src}accounts/`, pathNot: test },
      to: { path: `${src}(ledger|templates|media)/` },
    },
    {
      name: "ground-stands-alone",
      severity: "error",
      from: { path: ground },
      to: { path: src, pathNot: ground },
    },
    {
      name: "packages-know-no-app",
      severity: "error",
      from: { path: "^packages/", pathNot: test },
      to: { path: "^(apps|bench|tests)/" },
    },
    {
      name: "contracts-stand-alone",
      comment: "clevertap, whatsapp and api can be used by anybody, each without the rest",
      severity: "error",
      from: { path: "^packages/(clevertap|whatsapp|api)/", pathNot: test },
      to: { path: "^packages/", pathNot: "^packages/$1/" },
    },
    {
      name: "sandbox-knows-only-whatsapp",
      severity: "error",
      from: { path: "^packages/sandbox/", pathNot: test },
      to: { path: "^packages/(clevertap|api)/" },
    },
    {
      name: "dashboard-knows-only-the-api",
      comment: "and WhatsApp's own rules, for previews",
      severity: "error",
      from: { path: "^apps/web/", pathNot: test },
      to: { path: "^(apps/server|packages/(sandbox|clevertap))/" },
    },
    {
      name: "server-knows-no-dashboard",
      severity: "error",
      from: { path: "^apps/server/", pathNot: test },
      to: { path: "^apps/web/" },
    },
    {
      name: "products-know-no-tests",
      severity: "error",
      from: { path: "^(apps|packages)/", pathNot: test },
      to: { path: test },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
};
