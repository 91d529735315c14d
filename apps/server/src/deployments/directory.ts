/**
 * Deployments in memory, by id: the Callback URL is the busiest address of the product and must not ask the database who is
 * calling. An entry is fresh until somebody, in any process, changes a deployment of its workspace, and for TTL_MS at most.
 */
import type { DeploymentSettings } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import type { Live } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import { storedId } from "./deployment-id.ts";
import { defaultSettings } from "./store.ts";
import type { StoredSettings } from "./tables.ts";

/** Bounds how long a change goes unnoticed when the notification was lost. */
const TTL_MS = 10_000;
/** Ids that do not exist are remembered for a moment too, so that guessing them costs no queries. */
const UNKNOWN_TTL_MS = 2_000;
const MOST_ENTRIES = 10_000;

/** What the Callback URL needs to know of its deployment. */
export interface KnownDeployment {
  workspaceId: string;
  id: string;
  providerId: string;
  /** The provider's nickname while it is archived and sends nothing; null otherwise. */
  archivedProvider: string | null;
  /** SHA-256 of the token, 32 bytes. */
  tokenHash: Buffer;
  /** The token once a request has shown it to be right: comparing it again costs less than a hash. */
  provenToken?: Buffer;
  trialPolicy: DeploymentSettings["trialPolicy"];
}

interface Entry {
  deployment: KnownDeployment | null;
  freshUntil: number;
}

export class DeploymentDirectory {
  readonly #db: Database;
  readonly #live: Live;
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<KnownDeployment | null>>();
  readonly #subscriptions = new Map<string, () => void>();
  readonly #lastRequests = new Map<string, Date>();

  constructor(options: { db: Database; live: Live }) {
    this.#db = options.db;
    this.#live = options.live;
  }

  /** Answers at once while the entry is fresh. `id` is as written in the URL. */
  find(id: string): KnownDeployment | null | Promise<KnownDeployment | null> {
    const entry = this.#entries.get(id);
    if (entry && Date.now() < entry.freshUntil) return entry.deployment;
    let loading = this.#loading.get(id);
    if (!loading) {
      loading = this.#load(id).finally(() => this.#loading.delete(id));
      this.#loading.set(id, loading);
    }
    return loading;
  }

  /** Notes that the platform called. */
  called(deploymentId: string): void {
    this.#lastRequests.set(deploymentId, new Date());
  }

  /** When the platform last called this process, refused and trial requests included. */
  lastRequest(deploymentId: string): Date | null {
    return this.#lastRequests.get(deploymentId) ?? null;
  }

  /** Tells every process that deployments of the workspace changed; call it after the commit. */
  changed(workspaceId: string): void {
    this.#forget(workspaceId);
    this.#live.changed(workspaceId, "deployments");
  }

  close(): void {
    for (const unsubscribe of this.#subscriptions.values()) unsubscribe();
    this.#subscriptions.clear();
  }

  /** Unknown ids go too: one of them may exist now. */
  #forget(workspaceId: string): void {
    for (const [id, { deployment }] of this.#entries) {
      if (!deployment || deployment.workspaceId === workspaceId) this.#entries.delete(id);
    }
  }

  async #load(id: string): Promise<KnownDeployment | null> {
    const asked = Date.now();
    const [row] = await find.run(this.#db, [storedId(id)]);
    const deployment: KnownDeployment | null = row
      ? {
          workspaceId: row.workspace_id,
          id: row.id,
          providerId: row.provider_id,
          archivedProvider: row.archived_provider,
          tokenHash: Buffer.from(row.token_hash, "hex"),
          trialPolicy: row.settings.trialPolicy ?? defaultSettings.trialPolicy,
        }
      : null;
    if (this.#entries.size >= MOST_ENTRIES) this.#entries.clear();
    this.#entries.set(id, { deployment, freshUntil: asked + (deployment ? TTL_MS : UNKNOWN_TTL_MS) });
    if (deployment) this.#follow(deployment.workspaceId);
    return deployment;
  }

  #follow(workspaceId: string): void {
    if (this.#subscriptions.has(workspaceId)) return;
    const unsubscribe = this.#live.subscribe(workspaceId, (topic) => {
      if (topic === "deployments" || topic === "all") this.#forget(workspaceId);
    });
    this.#subscriptions.set(workspaceId, unsubscribe);
  }
}

/** The one question that names no workspace: the URL has only the deployment's id, and the answer is the workspace. */
const find = statement<{ workspace_id: string; id: string; provider_id: string; archived_provider: string | null; token_hash: string; settings: StoredSettings }>(
  "deployments_by_url",
  `select d.workspace_id, d.id, d.provider_id, d.token_hash, d.settings, case when p.archived_at is not null then p.nickname end as archived_provider
   from deployments d join providers p on p.workspace_id = d.workspace_id and p.id = d.provider_id
   where d.id = $1 order by d.created_at limit 1`,
);
