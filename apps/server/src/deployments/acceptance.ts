/**
 * Storing what platforms ask to send. Requests that arrive while a commit runs share the next one; each is answered after its
 * own commit. A request that repeats a msgId still being stored waits for that one instead of racing it.
 */
import type { Database } from "../database/connection.ts";
import { GroupCommit } from "../database/group-commit.ts";
import { accept } from "../ledger/accept.ts";
import type { StatusListener } from "../ledger/listeners.ts";
import { reachability, SERVICE_WINDOW_MS } from "../ledger/permissions-to-send.ts";
import type { NewMessage, WireError } from "../ledger/types.ts";
import { refuseCircles } from "./circles.ts";
import { TRIAL_MSG_ID } from "@tincan/clevertap";

/** Most requests in one transaction, and transactions under way at once per workspace: one writes while the next collects. */
const MAX_BATCH = 250;
const PARALLEL = 2;

/** Callback codes (CleverTap: Generic WhatsApp, error codes); `source` tincan means they are taken as they are. */
const outsideWindow: WireError = { source: "tincan", code: 1008, title: "The 24-hour customer service window is closed." };
const optedOut: WireError = { source: "tincan", code: 1006, title: "The number has opted out of marketing messages." };

export interface AcceptanceOptions {
  db: Database;
  /** Told of messages that fail on acceptance. */
  listeners: readonly StatusListener[];
  /** Called after a commit with the provider whose lane has something new. */
  onStored: (workspaceId: string, providerId: string) => void;
}

export class Acceptance {
  readonly #options: AcceptanceOptions;
  readonly #commits = new Map<string, GroupCommit<NewMessage, void>>();
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(options: AcceptanceOptions) {
    this.#options = options;
  }

  /** Resolves when the message, or an earlier one of the same id, is committed; rejects when the database did not take it. */
  add(workspaceId: string, message: NewMessage): Promise<void> {
    if (message.externalId === undefined || message.externalId === TRIAL_MSG_ID) return this.#store(workspaceId, message);
    const key = `${message.originId} ${message.externalId}`;
    const earlier = this.#underWay.get(key);
    if (earlier) return earlier;
    const stored = this.#store(workspaceId, message).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, stored);
    return stored;
  }

  /** Resolves when everything added so far is committed or refused. */
  async drained(): Promise<void> {
    await Promise.all([...this.#commits.values()].map((commit) => commit.drained()));
  }

  async #store(workspaceId: string, message: NewMessage): Promise<void> {
    let commit = this.#commits.get(workspaceId);
    if (!commit) {
      const { db } = this.#options;
      commit = new GroupCommit({ db, maxBatch: MAX_BATCH, parallel: PARALLEL, commit: (tx, items) => this.#commit(tx, workspaceId, items) });
      this.#commits.set(workspaceId, commit);
    }
    await commit.add(message);
    this.#options.onStored(workspaceId, message.providerId);
  }

  async #commit(tx: Database, workspaceId: string, messages: readonly NewMessage[]): Promise<void[]> {
    const now = new Date();
    await refuseUnreachable(tx, workspaceId, messages, now);
    await refuseCircles(tx, workspaceId, messages);
    await accept(tx, workspaceId, [...messages], this.#options.listeners, now);
    return messages.map(() => undefined);
  }
}

/** Marks free-form messages outside the 24-hour window and marketing to people who stopped it: they are stored as failed. */
async function refuseUnreachable(tx: Database, workspaceId: string, messages: readonly NewMessage[], now: Date): Promise<void> {
  const asked = messages.filter((m) => m.category === "service" || m.category === "marketing");
  if (asked.length === 0) return;
  const found = await reachability(tx, workspaceId, asked.map((m) => m.providerId), asked.map((m) => m.recipient));
  for (const [i, message] of asked.entries()) {
    const { lastInboundAt, optedOutOfMarketing } = found[i]!;
    const open = lastInboundAt !== null && now.getTime() - lastInboundAt.getTime() < SERVICE_WINDOW_MS;
    if (message.category === "service") message.refusal = open ? undefined : outsideWindow;
    else message.refusal = optedOutOfMarketing ? optedOut : undefined;
  }
}
