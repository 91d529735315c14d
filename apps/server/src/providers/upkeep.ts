/**
 * What keeps the picture of each Cloud API number true: its health and its templates are read again at start, hourly, on demand,
 * and soon after a webhook said that something changed.
 *
 * Several processes may run this. The hourly round takes only numbers that nobody has looked at for an hour, and marks them in the
 * same statement, so each is looked at once; what is asked for on demand is simply done.
 */
import { createCloudApi, type CloudApi, type ListedTemplate } from "@tincan/whatsapp";
import type { FastifyBaseLogger } from "fastify";
import type { Dispatcher } from "undici";
import { audit } from "../accounts/audit.ts";
import type { DatabaseHandle } from "../database/connection.ts";
import type { Live } from "../database/live.ts";
import type { Secrets } from "../database/secrets.ts";
import type { Actor } from "../http/actor.ts";
import { whyNoAnswer } from "../http/no-answer.ts";
import { signalLanes } from "../lanes/signals.ts";
import type { TemplateRegistry } from "../templates/registry.ts";
import { syncTemplates, type RemoteTemplate, type SyncCounts } from "../templates/sync.ts";
import { factsOf, ratePerSecond } from "./cloud-api/health.ts";
import { claimForUpkeep, findProvider, mergeHealth, openNumber, type CloudApiNumber } from "./store.ts";

const HOUR_MS = 3_600_000;
/** How often the hourly round looks for numbers that are due. */
const ROUND_MS = 60_000;
/** A start right after another one (a restart, several processes) does not look again. */
const START_AGE_MS = 30_000;
/** Several webhooks about one thing lead to one look. */
const SOON_MS = 1_500;
const AT_ONCE = 20;

export interface UpkeepDeps {
  database: DatabaseHandle;
  live: Live;
  secrets: Secrets;
  /** For calls of Meta's Graph API, through the guarded connector. */
  graph: Dispatcher;
  registry: TemplateRegistry;
  log: FastifyBaseLogger;
}

type Job = "health" | "templates";

export class ProviderUpkeep {
  readonly #deps: UpkeepDeps;
  readonly #soon = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #rounds: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(deps: UpkeepDeps) {
    this.#deps = deps;
  }

  /** Begins the hourly rounds; for processes of the role scheduler. */
  start(): void {
    void this.inBackground(() => this.#round(START_AGE_MS));
    this.#rounds = setInterval(() => void this.inBackground(() => this.#round(HOUR_MS)), ROUND_MS);
  }

  /** Ends the rounds and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#rounds);
    for (const timer of this.#soon.values()) clearTimeout(timer);
    this.#soon.clear();
    await Promise.all(this.#running);
  }

  /** Does work that `stop` waits for; a failure is logged. Resolves when it is done, never rejects. */
  inBackground(work: () => Promise<void>): Promise<void> {
    const tracked = work()
      .catch((cause: unknown) => this.#deps.log.warn({ err: cause }, "provider upkeep failed"))
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return tracked;
  }

  /** Looks again in a moment. */
  soon(job: Job, workspaceId: string, providerId: string): void {
    const key = `${job} ${providerId}`;
    if (this.#stopped || this.#soon.has(key)) return;
    const timer = setTimeout(() => {
      this.#soon.delete(key);
      void this.inBackground(() => this.#look(workspaceId, providerId, [job]));
    }, SOON_MS);
    this.#soon.set(key, timer);
  }

  /**
   * Reads all templates of the number and makes the registry equal to them. `actor` is the one who asked for it. Throws what the Graph client
   * throws.
   */
  async syncTemplates(number: CloudApiNumber, actor?: Actor): Promise<SyncCounts & { syncedAt: Date }> {
    const { database, registry, live } = this.#deps;
    const remote: RemoteTemplate[] = [];
    const askedAt = new Date();
    for await (const each of this.#api(number).listTemplates(number.wabaId)) remote.push(remoteTemplate(each));
    const syncedAt = new Date();
    const counts = await database.db.transaction().execute(async (tx) => {
      const made = await syncTemplates(tx, number.workspaceId, number.id, remote, syncedAt, askedAt);
      if (actor && isChange(made)) await audit(tx, actor, { action: "template.synced", target: { kind: "provider", id: number.id, name: number.nickname }, detail: { ...made, drafts: made.drafts.length } });
      return made;
    });
    await mergeHealth(database.db, number.workspaceId, number.id, { templatesSyncedAt: syncedAt.toISOString() });
    if (isChange(counts)) registry.changed(number.workspaceId);
    live.changed(number.workspaceId, "providers");
    return { ...counts, syncedAt };
  }

  /** Reads how the number is doing, and tells its lane when it may go faster or must go slower. */
  async refreshHealth(number: CloudApiNumber): Promise<void> {
    const { database, live } = this.#deps;
    const facts = factsOf(await this.#api(number).phoneNumber(number.phoneNumberId));
    // JSON leaves undefined out, so a failure that is over is told by an empty text.
    await mergeHealth(database.db, number.workspaceId, number.id, { checkedAt: new Date().toISOString(), facts, failure: "" });
    if (ratePerSecond({ facts }, number.settings) !== ratePerSecond(number.health, number.settings)) await signalLanes(database, "changed", [number.id]);
    live.changed(number.workspaceId, "providers");
  }

  #api({ settings, secrets }: CloudApiNumber): CloudApi {
    return createCloudApi({ baseUrl: settings.baseUrl, version: settings.version, accessToken: secrets.accessToken, appSecret: secrets.appSecret, dispatcher: this.#deps.graph });
  }

  async #round(age: number): Promise<void> {
    const now = Date.now();
    for (;;) {
      const due = await claimForUpkeep(this.#deps.database.db, new Date(now - age), new Date(now), AT_ONCE);
      await Promise.all(due.map((row) => this.#look(row.workspace_id, row.id, ["health", "templates"])));
      if (due.length < AT_ONCE || this.#stopped) return;
    }
  }

  /** Never throws for what Meta does: a failed look shows in the number's health. */
  async #look(workspaceId: string, providerId: string, jobs: Job[]): Promise<void> {
    const { database, secrets, live, log } = this.#deps;
    const row = await findProvider(database.db, workspaceId, providerId);
    const number = row && openNumber(row, secrets);
    if (!number) return;
    try {
      if (jobs.includes("health")) await this.refreshHealth(number);
      if (jobs.includes("templates")) await this.syncTemplates(number);
    } catch (cause) {
      const failure = `Meta could not be asked how the number is doing. ${whyNoAnswer(cause)}.`;
      log.warn({ providerId, err: cause }, "provider upkeep failed");
      await mergeHealth(database.db, workspaceId, providerId, { checkedAt: new Date().toISOString(), failure });
      live.changed(workspaceId, "providers");
    }
  }

}

function isChange({ added, updated, removed }: SyncCounts): boolean {
  return added + updated + removed > 0;
}

/** A template of Meta's list as the registry keeps it. */
export function remoteTemplate(listed: ListedTemplate): RemoteTemplate {
  return {
    remoteId: listed.id,
    name: listed.name,
    language: listed.language,
    category: listed.category,
    status: listed.status,
    quality: listed.quality_score?.score,
    parameterFormat: listed.parameter_format?.toUpperCase() === "NAMED" ? "NAMED" : "POSITIONAL",
    components: listed.components,
    rejectedReason: listed.rejected_reason,
    timeToLiveSeconds: listed.message_send_ttl_seconds,
  };
}
