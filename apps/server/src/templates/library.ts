/**
 * Templates of Meta's library. The library itself is never stored: it is asked for whenever somebody looks at it. A template that is made
 * of an entry goes the way of every other template (authoring.ts); only what is sent to Meta names the entry instead of components.
 */
import type { LibraryQuery, LibraryTemplateInput, LibraryTemplateResult, List, Template, TemplateComponent, TemplateInput } from "@tincan/api";
import { libraryComponents, libraryDefinition, libraryProblems, type LibraryTemplate } from "@tincan/whatsapp";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { createTemplate, type AuthoringDeps } from "./authoring.ts";
import type { TemplateHost } from "./host.ts";
import { findTemplate, presentTemplate } from "./store.ts";
import { providerKind, saveTemplate } from "./write.ts";

/** An entry has a few dozen languages at most; more pages than this are somebody's mistake. */
const MOST_PAGES = 20;

/** One page of the library as Meta gives it; its cursor is handed on. */
export async function listLibrary(deps: AuthoringDeps, actor: Actor, query: LibraryQuery): Promise<List<LibraryTemplate>> {
  const { provider, q, name, limit = 50, ...filter } = query;
  const host = await libraryHost(deps, actor, provider);
  if (name !== undefined) return { items: (await entriesNamed(host, name)).filter(({ language }) => (query.language ?? language) === language), next: null };
  const { items, next } = await host.library({ ...filter, search: q, limit });
  return { items, next: next ?? null };
}

/** Makes one template for each language, one after the other: what Meta refuses in one language does not keep the others back. */
export async function createFromLibrary(deps: AuthoringDeps, actor: Actor, input: LibraryTemplateInput): Promise<LibraryTemplateResult> {
  const host = await libraryHost(deps, actor, input.provider);
  const entries = await entriesNamed(host, input.entry);
  if (entries.length === 0) throw new ApiError("template_library_entry_not_found", { field: "entry" });
  const chosen = input.languages.map((language, index) => chooseEntry(entries, input, language, index));
  const items: Template[] = [];
  const failures: { language: string; error: ApiError }[] = [];
  for (const entry of chosen) {
    try {
      items.push(await createOne(deps, actor, host, input, entry));
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      failures.push({ language: entry.language, error: cause });
    }
  }
  if (items.length === 0 && failures[0]) throw failures[0].error;
  return { items, refused: failures.map(({ language, error }) => ({ language, code: error.code, message: error.message })) };
}

/** Throws ApiError when the entry is not written in the language, or what is added to it breaks a rule. */
function chooseEntry(entries: LibraryTemplate[], input: LibraryTemplateInput, language: string, index: number): LibraryTemplate {
  const entry = entries.find((each) => each.language === language);
  if (!entry) throw new ApiError("template_library_entry_not_found", { field: `languages[${index}]`, detail: `It is not written in ${language}.` });
  const [problem] = libraryProblems(entry, input.name, input);
  if (problem) throw new ApiError("template_invalid", { field: problem.path, expected: problem.rule, detail: problem.message });
  return entry;
}

async function createOne(deps: AuthoringDeps, actor: Actor, host: TemplateHost, input: LibraryTemplateInput, entry: LibraryTemplate): Promise<Template> {
  const { db } = deps.database;
  const template: TemplateInput = {
    provider: input.provider,
    name: input.name,
    language: entry.language,
    // The library's categories are Meta's own words.
    category: entry.category as TemplateInput["category"],
    components: libraryComponents(entry, input) as TemplateComponent[],
    submit: true,
  };
  const made = await createTemplate(deps, actor, template, libraryDefinition(entry, input.name, input));
  // What the template says in the end is Meta's to say. Without its word the entry's own words stand until the next sync.
  const seen = made.externalId === null ? null : await host.read(made.externalId).catch(() => null);
  if (!seen) return made;
  await saveTemplate(db, actor.workspaceId, await findTemplate(db, actor.workspaceId, made.id), { components: seen.components });
  deps.registry.changed(actor.workspaceId);
  return presentTemplate(await findTemplate(db, actor.workspaceId, made.id));
}

/** Throws ApiError `provider_not_found`, or `template_library_missing` for a provider whose templates are approved elsewhere. */
async function libraryHost(deps: AuthoringDeps, actor: Actor, provider: string): Promise<TemplateHost> {
  await providerKind(deps.database.db, actor.workspaceId, provider);
  const host = await deps.hosts(actor.workspaceId, provider);
  if (!host) throw new ApiError("template_library_missing", { field: "provider" });
  return host;
}

/** The entry of exactly this name in all its languages. */
async function entriesNamed(host: TemplateHost, name: string): Promise<LibraryTemplate[]> {
  const found: LibraryTemplate[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next } = await host.library({ name, limit: 100, after });
    found.push(...items.filter((each) => each.name === name));
    if (next === undefined || next === after) break;
    after = next;
  }
  return found;
}
