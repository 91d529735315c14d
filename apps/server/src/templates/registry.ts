/**
 * Templates in memory, for whoever must look one up without waiting.
 *
 *     await registry.load(workspaceId, providerId);                               // no query while the list is fresh
 *     registry.find(workspaceId, providerId, "order_ready", "en");                // synchronous
 *
 * A list is fresh until somebody, in any process, says that templates changed, and for TTL_MS at most.
 */
import type { TemplateComponent } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import type { Live } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import "./tables.ts";

/** Bounds how long a change goes unnoticed when the notification was lost. */
const TTL_MS = 10_000;
/** Lists kept, those not asked for longest are dropped; a list of 6,000 templates has some 10 MB. */
const MOST_LISTS = 200;

export interface RegisteredTemplate {
  id: string;
  name: string;
  language: string;
  /** MARKETING, UTILITY or AUTHENTICATION. */
  category: string;
  /** APPROVED, PENDING, REJECTED, PAUSED, DISABLED, DELETED … */
  status: string;
  parameterFormat: string;
  components: TemplateComponent[];
}

interface List {
  templates: Map<string, RegisteredTemplate>;
  freshUntil: number;
  loading: Promise<void> | undefined;
  unsubscribe: () => void;
}

export class TemplateRegistry {
  readonly #db: Database;
  readonly #live: Live;
  readonly #now: () => number;
  readonly #lists = new Map<string, List>();

  constructor(options: { db: Database; live: Live; now?: () => number }) {
    this.#db = options.db;
    this.#live = options.live;
    this.#now = options.now ?? Date.now;
  }

  /** Makes `find` answer for this provider; resolves at once while its list is fresh. */
  load(workspaceId: string, providerId: string): Promise<void> {
    const list = this.#list(workspaceId, providerId);
    if (list.loading) return list.loading;
    if (this.#now() < list.freshUntil) return loaded;
    list.loading = this.#read(workspaceId, providerId, list).finally(() => (list.loading = undefined));
    return list.loading;
  }

  /** Reads the list whatever was remembered: for a decision that would be wrong for good if a change had been missed. */
  async reload(workspaceId: string, providerId: string): Promise<void> {
    const list = this.#list(workspaceId, providerId);
    // One that is under way may have begun before the change.
    await list.loading;
    list.freshUntil = 0;
    await this.load(workspaceId, providerId);
  }

  /** The template of exactly this name and language; undefined when there is none or the list was never loaded. */
  find(workspaceId: string, providerId: string, name: string, language: string): RegisteredTemplate | undefined {
    return this.#lists.get(`${workspaceId} ${providerId}`)?.templates.get(`${name} ${language}`);
  }

  /** All languages of a name. */
  named(workspaceId: string, providerId: string, name: string): RegisteredTemplate[] {
    const list = this.#lists.get(`${workspaceId} ${providerId}`);
    return list ? [...list.templates.values()].filter((t) => t.name === name) : [];
  }

  /** Tells every process that the workspace's templates changed; call it after the commit. */
  changed(workspaceId: string): void {
    for (const [key, list] of this.#lists) if (key.startsWith(workspaceId)) list.freshUntil = 0;
    this.#live.changed(workspaceId, "templates");
  }

  close(): void {
    for (const list of this.#lists.values()) list.unsubscribe();
    this.#lists.clear();
  }

  #list(workspaceId: string, providerId: string): List {
    const key = `${workspaceId} ${providerId}`;
    let list = this.#lists.get(key);
    if (!list) {
      const fresh: List = { templates: new Map(), freshUntil: 0, loading: undefined, unsubscribe: () => {} };
      fresh.unsubscribe = this.#live.subscribe(workspaceId, (topic) => {
        if (topic === "templates" || topic === "all") fresh.freshUntil = 0;
      });
      list = fresh;
      const [oldest] = this.#lists.keys();
      if (this.#lists.size >= MOST_LISTS && oldest !== undefined) this.#drop(oldest);
    } else if (this.#lists.size >= MOST_LISTS) {
      this.#lists.delete(key);
    }
    this.#lists.set(key, list);
    return list;
  }

  #drop(key: string): void {
    this.#lists.get(key)?.unsubscribe();
    this.#lists.delete(key);
  }

  async #read(workspaceId: string, providerId: string, list: List): Promise<void> {
    // A change that arrives while the query runs sets freshUntil to 0 again, and the next load reads once more.
    list.freshUntil = this.#now() + TTL_MS;
    try {
      const rows = await readAll.run(this.#db, [workspaceId, providerId]);
      list.templates = new Map(rows.map(({ parameter_format, ...row }) => [`${row.name} ${row.language}`, { ...row, parameterFormat: parameter_format }]));
    } catch (cause) {
      list.freshUntil = 0;
      throw cause;
    }
  }
}

const loaded = Promise.resolve();

const readAll = statement<Omit<RegisteredTemplate, "parameterFormat"> & { parameter_format: string }>(
  "templates_read_all",
  `select id, name, language, category, status, parameter_format, components
   from templates where workspace_id = $1 and provider_id = $2 and status not in ('DELETED', 'DRAFT')`,
);
