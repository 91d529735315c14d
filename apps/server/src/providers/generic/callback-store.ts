import { Counter } from "prom-client";
import { knownOtherwise } from "../../contacts/written-otherwise.ts";
import type { Database } from "../../database/connection.ts";
import { GroupCommit } from "../../database/group-commit.ts";
import type { Live } from "../../database/live.ts";
import type { Metrics } from "../../http/metrics.ts";
import { receiveInbound } from "../../ledger/inbound.ts";
import type { NewInbound } from "../../ledger/inbound-message.ts";
import type { InboundListener, StatusListener } from "../../ledger/listeners.ts";
import { applyReceipts } from "../../ledger/receipts.ts";
import type { CallbackContent } from "./callback-body.ts";
import type { CallbackTarget } from "./callback-urls.ts";

export interface CallbackStoreDeps {
  db: Database;
  live: Live;
  statusListeners: readonly StatusListener[];
  inboundListeners: readonly InboundListener[];
  metrics: Metrics;
  /** Called after the commit with files that people sent, to be fetched before the provider forgets them. */
  fetchMedia(workspaceId: string, providerId: string, media: { wireMediaId: string; filename?: string }): void;
}

interface Item {
  providerId: string;
  content: CallbackContent;
}

/** Bodies in one transaction: what arrives during one commit. */
const MOST_BODIES = 256;

/** Writes what callbacks say, one group commit per workspace. */
export class CallbackStore {
  readonly #deps: CallbackStoreDeps;
  readonly #commits = new Map<string, GroupCommit<Item, undefined>>();
  readonly #unmatched: Counter;

  constructor(deps: CallbackStoreDeps) {
    this.#deps = deps;
    this.#unmatched = new Counter({ name: "tincan_callbacks_unmatched_total", help: "Delivery reports of providers about messages that are not ours.", registers: [deps.metrics.registry] });
  }

  /** Resolves once the content is committed. */
  async add({ workspaceId, providerId }: CallbackTarget, content: CallbackContent): Promise<void> {
    this.#unmatched.inc(content.foreign);
    if (content.receipts.length + content.inbound.length === 0) return;
    let commit = this.#commits.get(workspaceId);
    if (!commit) {
      commit = new GroupCommit({ db: this.#deps.db, maxBatch: MOST_BODIES, commit: (tx, items) => this.#write(tx, workspaceId, items) });
      this.#commits.set(workspaceId, commit);
    }
    await commit.add({ providerId, content });
    this.#deps.live.changed(workspaceId, "messages");
    for (const { content: said } of content.inbound) if (said.media) this.#deps.fetchMedia(workspaceId, providerId, said.media);
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.#commits.values()].map((commit) => commit.drained()));
  }

  async #write(tx: Database, workspaceId: string, items: readonly Item[]): Promise<undefined[]> {
    const { statusListeners, inboundListeners } = this.#deps;
    const byProvider = Map.groupBy(items, (item) => item.providerId);
    const inbound: NewInbound[] = [];
    // In one order, so that two batches of different processes never wait for each other.
    for (const providerId of [...byProvider.keys()].sort()) {
      const contents = byProvider.get(providerId)!.map((item) => item.content);
      const receipts = contents.length === 1 ? contents[0]!.receipts : contents.flatMap((content) => content.receipts);
      if (receipts.length > 0) this.#unmatched.inc((await applyReceipts(tx, workspaceId, providerId, receipts, statusListeners)).unmatched);
      for (const content of contents) for (const each of content.inbound) inbound.push({ ...each, providerId });
    }
    const otherwise = await knownOtherwise(tx, workspaceId, inbound.map(({ sender }) => sender));
    const known = inbound.map((each): NewInbound => ({ ...each, sender: otherwise.get(each.sender) ?? each.sender, writtenAs: each.sender }));
    await receiveInbound(tx, workspaceId, known, inboundListeners);
    return items.map(() => undefined);
  }
}
