/**
 * Reads a provider's whole list of templates from its import URL, page by page (CleverTap: Generic WhatsApp, template import).
 *
 * The other side is a stranger: pages, their size, their number, the templates and the time are bounded, a cursor that comes a second
 * time ends the list, no redirect is followed, and the guarded connector judges the address at every connection.
 */
import { TemplateComponent } from "@tincan/api";
import { parseTemplatePage, type ImportedTemplate, type ReceivedTemplatePage } from "@tincan/clevertap";
import Type from "typebox";
import { request, type Dispatcher } from "undici";
import type { Database } from "../../database/connection.ts";
import type { Secrets } from "../../database/secrets.ts";
import { ApiError } from "../../http/errors.ts";
import { whyNoAnswer } from "../../http/no-answer.ts";
import { assertReachableUrl, type ReachPolicy } from "../../http/reachable.ts";
import { checker } from "../../http/validation.ts";
import type { FetchedTemplates, FetchTemplates } from "../../templates/import.ts";
import type { RemoteTemplate } from "../../templates/sync.ts";
import { findProvider } from "../store.ts";
import { requestHeaders } from "./headers.ts";
import { openGeneric } from "./stored.ts";

export interface ImportBounds {
  pages: number;
  /** Templates in all; Meta's own accounts hold 6,000 at most. */
  templates: number;
  pageBytes: number;
  /** For one page, and for all of them. */
  pageMs: number;
  totalMs: number;
}

const BOUNDS: ImportBounds = { pages: 250, templates: 10_000, pageBytes: 8 * 1024 * 1024, pageMs: 15_000, totalMs: 120_000 };
/** Rejected templates named one by one. */
const MOST_REJECTED = 100;

export interface TemplateImportDeps {
  db: Database;
  secrets: Secrets;
  reach: ReachPolicy;
  /** Through the guarded connector. */
  dispatcher: Dispatcher;
}

export function templateImporter(deps: TemplateImportDeps): FetchTemplates {
  return async (workspaceId, providerId) => {
    const row = await findProvider(deps.db, workspaceId, providerId);
    const provider = row && openGeneric(row, deps.secrets);
    const source = provider?.settings.templateImport;
    if (!provider || !source) throw new ApiError("template_import_not_set_up");
    await assertReachableUrl(source.url, deps.reach, "templateImport.url");
    const { "content-type": _, ...headers } = requestHeaders(provider.secrets);
    return readTemplateList(source, headers, deps.dispatcher, BOUNDS);
  };
}

/** Follows the cursors of a list to its end. Throws ApiError `template_import_failed`; nothing of a list that breaks off is of use. */
export async function readTemplateList(source: { url: string; limit: number }, headers: Record<string, string>, dispatcher: Dispatcher, bounds: ImportBounds): Promise<FetchedTemplates> {
  const result: FetchedTemplates = { pages: 0, templates: [], rejected: [], unread: [] };
  const until = Date.now() + bounds.totalMs;
  const seen = new Set<string>();
  for (let after: string | undefined; ; ) {
    if (result.pages >= bounds.pages) throw failed(`It has more than ${bounds.pages} pages.`);
    if (Date.now() > until) throw failed(`Its pages took longer than ${bounds.totalMs / 1000} seconds.`);
    const page = await readPage(addressOf(source, after), headers, dispatcher, bounds);
    result.pages++;
    take(result, page);
    if (result.templates.length > bounds.templates) throw failed(`It lists more than ${bounds.templates} templates.`);
    after = page.after;
    if (after === undefined || seen.has(after)) return result;
    seen.add(after);
  }
}

function addressOf({ url, limit }: { url: string; limit: number }, after: string | undefined): URL {
  const address = new URL(url);
  address.searchParams.set("limit", String(limit));
  if (after !== undefined) address.searchParams.set("after", after);
  return address;
}

async function readPage(url: URL, headers: Record<string, string>, dispatcher: Dispatcher, { pageMs, pageBytes }: ImportBounds): Promise<ReceivedTemplatePage> {
  const signal = AbortSignal.timeout(pageMs);
  let status = 0;
  let text: string;
  try {
    const answer = await request(url, { method: "GET", headers, dispatcher, signal });
    status = answer.statusCode;
    text = await readBounded(answer.body, pageBytes);
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    throw failed(signal.aborted ? `A page did not come within ${pageMs / 1000} seconds.` : `It could not be asked. ${whyNoAnswer(cause)}.`);
  }
  if (status !== 200) throw failed(`It answered HTTP ${status}: ${text.slice(0, 200).replaceAll("\0", "")}`);
  const page = parseTemplatePage(parsed(text));
  if (!page.ok) throw failed(`Its answer is not a page of templates: ${page.error.message}`);
  return page.value;
}

async function readBounded(body: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most) throw failed(`A page is larger than ${Math.round(most / 1024)} KB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw failed("It answered with something that is not JSON.");
  }
}

function take(result: FetchedTemplates, page: ReceivedTemplatePage): void {
  const reject = (message: string, { name, language }: { name?: string; language?: string }) => {
    if (result.rejected.length < MOST_REJECTED) result.rejected.push({ page: result.pages, message });
    if (name !== undefined && language !== undefined) result.unread.push({ name, language });
  };
  for (const error of page.rejected) reject(error.message, error);
  for (const each of page.templates) {
    const why = objectionTo(each);
    if (why) reject(`${each.name.slice(0, 80)}: ${why}`, each);
    else result.templates.push(remoteTemplate(each));
  }
}

const misfit = checker(Type.Array(TemplateComponent, { minItems: 1, maxItems: 20 }));

/** Names are kept exactly as the provider writes them: it must find them again. */
function objectionTo({ name, language, components }: ImportedTemplate): string | null {
  if (!/^[^\s\p{C}]{1,512}$/u.test(name)) return "its name has spaces or more than 512 characters";
  if (!/^[A-Za-z_-]{2,20}$/.test(language)) return "its language is not a code such as en or en_US";
  return misfit(components) ? "its components are not in Meta's shape" : null;
}

function remoteTemplate(each: ImportedTemplate): RemoteTemplate {
  return {
    remoteId: each.id === "" ? null : each.id.slice(0, 200),
    name: each.name,
    language: each.language,
    // Whoever says nothing gets the category with the strictest consent.
    category: each.category === "" ? "MARKETING" : each.category.slice(0, 40),
    status: each.status.slice(0, 40),
    parameterFormat: each.parameter_format?.toUpperCase() === "NAMED" ? "NAMED" : "POSITIONAL",
    components: each.components,
    timeToLiveSeconds: each.message_send_ttl_seconds,
  };
}

function failed(detail: string): ApiError {
  return new ApiError("template_import_failed", { detail });
}
