/** The words of the API's document that no single route can say: the introduction, what each part is about, and what answers mean. */
import { errorCatalogue } from "./errors.ts";

interface Part {
  name: string;
  about: string;
  /** How the codes of its own errors begin. */
  errors?: readonly string[];
}

/** In the order in which somebody new needs them. */
const parts: readonly Part[] = [
  { name: "Messages", about: "Send one message to one person, search what was sent, and follow one message from its request to its receipts.", errors: ["message_", "send_"] },
  { name: "People", about: "Contacts, their properties, events and consent. `docs/people.md` tells how people are matched, merged and deleted.", errors: ["contact_", "consent_"] },
  { name: "Imports", about: "Contacts from CSV files. The steps: upload, map the columns, dry run, start, and read the problems. See `docs/imports.md`.", errors: ["import_"] },
  { name: "Segments", about: "Saved queries about people. `docs/segments.md` describes the query.", errors: ["segment_"] },
  { name: "Lists", about: "Sets of people, put together by hand or from a file.", errors: ["list_"] },
  { name: "Templates", about: "Message templates: drafts, review at Meta, Meta's library, import from a provider, and tests. See `docs/templates.md`.", errors: ["template_", "sample_", "no_test_"] },
  { name: "Campaigns", about: "Drafts, launches and everything after, with coupon codes and the rules for all campaigns. See `docs/campaigns.md`.", errors: ["campaign_", "coupon_"] },
  { name: "Reports", about: "What became of campaigns, exports of their messages, scheduled reports, and the rate card. See `docs/reports.md`.", errors: ["report_", "mail_"] },
  { name: "Links", about: "Short links in messages, and how they are made. See `docs/links.md`.", errors: ["link_domain_"] },
  { name: "Providers", about: "WhatsApp Connect: numbers on Meta's Cloud API, and providers that speak CleverTap's generic contract.", errors: ["provider_", "endpoint_", "signup_", "address_"] },
  { name: "Platform deployments", about: "What CleverTap sends through: a Callback URL, a Token, and the callbacks that report back. See `docs/wire.md`.", errors: ["deployment_"] },
  { name: "Lanes", about: "The way out to one provider, or back to one platform: its pace, its queue, and its pause switch.", errors: ["lane_"] },
  { name: "Overview", about: "The numbers of the dashboard's first page." },
  { name: "Workspace", about: "The workspace itself, and its demo data.", errors: ["workspace_", "demo_"] },
  { name: "Team", about: "The members of the workspace, their roles, and invitations.", errors: ["member_", "already_member", "last_admin", "link_not_valid", "wrong_password"] },
  { name: "API keys", about: "Keys for programs. A key has a role, as a member has.", errors: ["api_key_"] },
  { name: "Audit", about: "Who changed what, and when." },
  { name: "Session", about: "Setting the server up, and who is signed in. For the dashboard; programs use an API key." },
  { name: "Live", about: "News about what has changed, for pages that show it." },
];

function ownErrors({ errors = [] }: Part): string {
  const own = errorCatalogue().filter(({ code }) => errors.some((start) => code.startsWith(start)));
  return own.length === 0 ? "" : `\n\n**Errors**\n\n${errorList(own)}`;
}

/** The tags of the document, each with the errors that belong to it. */
export const tags = parts.map((part) => ({ name: part.name, description: part.about + ownErrors(part) }));

/** The errors that any operation may answer with. */
function commonErrors(): string {
  const owned = parts.flatMap(({ errors = [] }) => errors);
  return errorList(errorCatalogue().filter(({ code }) => !owned.some((start) => code.startsWith(start))));
}

/** A list, since the columns of a table would break the codes. */
function errorList(errors: readonly { code: string; status: number; message: string; fix?: string }[]): string {
  return errors.map(({ code, status, message, fix }) => `* \`${code}\` (${status}): ${[message, fix].filter(Boolean).join(" ")}`).join("\n");
}

export const introduction = [
  "The management API of Tincan. What the dashboard does, a program can do here, except signing in and what belongs to one person's account.",
  "## Authentication",
  "Send an API key with each request: `Authorization: Bearer tc_…`. An admin makes one under **Settings → API keys**. The key's role decides what it may do; each operation names the permission it needs.",
  [
    "* **admin** may do everything.",
    "* **approver** may write templates, segments, campaigns and reports, approve campaigns, and pause lanes.",
    "* **creator** may write contacts, templates, segments, campaigns and reports, and send messages.",
    "* **member** may read.",
    "* **agent** may read contacts, templates and messages, and send messages.",
  ].join("\n"),
  "```sh\ncurl -H 'Authorization: Bearer tc_…' http://127.0.0.1:3000/api/v1/contacts?limit=2\n```",
  "## Lists",
  "A list answers `{\"items\": […], \"next\": \"…\"}`. Pass `next` back as `after` to read on; it is null on the last page. A search that filters may answer a short or empty page that still has a `next`.",
  "## Times and ids",
  "Times are ISO 8601 with a zone, such as `2026-11-22T10:15:30Z`; answers are in UTC. Phone numbers are E.164 with a plus sign. Ids are made by Tincan.",
  "## Errors",
  "Every answer that is not a success has the same body. Decide on `code`, which never changes its meaning. `message` says what happened and `fix` what to do. `field` and `expected` are there when one value of the request is at fault.",
  "```json\n{\"error\": {\"code\": \"invalid_input\", \"message\": \"\\\"limit\\\" must be at most 200.\", \"field\": \"limit\", \"expected\": \"at most 200\"}}\n```",
  "These can come from any operation. Each part below lists its own.",
  commonErrors(),
].join("\n\n");

/** What the answer of a status is. */
export const answers: Record<string, string> = {
  "200": "Done.",
  "201": "Made.",
  "202": "Accepted; the work goes on in the background.",
  "204": "Done; the answer has no body.",
  default: "An error; the introduction and the part's own list say which there are.",
};

/** Names that the rule of `operationId` would give twice, or that would mislead. */
const named: Record<string, string> = {
  "GET /api/v1/live": "live.follow",
  "POST /api/v1/contacts": "contacts.save",
  "POST /api/v1/contacts/delete": "contacts.deleteMany",
  "GET /api/v1/demo": "demo.get",
  "POST /api/v1/session/workspace": "session.switchWorkspace",
  "POST /api/v1/setup": "setup.run",
  "POST /api/v1/events": "events.record",
  "POST /api/v1/invitations/{token}": "invitations.accept",
  "POST /api/v1/lists/{id}/members": "lists.addMembers",
  "POST /api/v1/lists/{id}/members/remove": "lists.removeMembers",
  "POST /api/v1/lists/{id}/uploads/{upload}/cancel": "lists.cancelUpload",
  "POST /api/v1/members": "members.invite",
  "POST /api/v1/segments/{id}/count": "segments.recount",
  "POST /api/v1/send": "send",
  "POST /api/v1/templates/library": "templates.createFromLibrary",
  "POST /api/v1/templates/import": "templates.previewImport",
  "POST /api/v1/templates/import/apply": "templates.applyImport",
  "POST /api/v1/deployments/{id}/callbacks/replay": "deployments.replayCallbacks",
};

const verbs: Record<string, string> = { POST: "create", PATCH: "update", PUT: "replace", DELETE: "delete" };

/** A name for programs that are made from the document, such as `campaigns.list` or `campaigns.pause`. */
export function operationId(method: string, url: string, isList: boolean): string {
  const path = url.replace(/:(\w+)/g, "{$1}");
  const given = named[`${method} ${path}`];
  if (given !== undefined) return given;
  const [noun = "", ...rest] = path.replace("/api/v1/", "").split("/").filter((part) => !part.startsWith("{")).map(camel);
  if (rest.length === 0) return `${noun}.${verbs[method] ?? (isList ? "list" : "get")}`;
  const last = rest.map((word, i) => (i === 0 ? word : capital(word))).join("");
  return `${noun}.${method === "PUT" ? `set${capital(last)}` : last}`;
}

function camel(words: string): string {
  return words.replace(/[-.](\w)/g, (_, letter: string) => letter.toUpperCase());
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
