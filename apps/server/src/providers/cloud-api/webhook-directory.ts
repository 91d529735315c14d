/**
 * Which of our numbers a webhook of Meta means, in memory: Meta names a number or an account, never a workspace, and several
 * workspaces may have connected the same one. An entry is fresh for TTL_MS; a signature that does not fit makes it read again,
 * so that a new app secret works at once in every process.
 */
import type { Database } from "../../database/connection.ts";
import type { Secrets } from "../../database/secrets.ts";
import { numbersOf, openNumber } from "../store.ts";

const TTL_MS = 5_000;
/** After a signature that did not fit, the next reading of the same entry waits this long, whoever sends how many of them. */
const REREAD_MS = 500;
const MOST_ENTRIES = 5_000;

/** What the webhook needs to know of a number. */
export interface WebhookTarget {
  workspaceId: string;
  providerId: string;
  phoneNumberId: string;
  wabaId: string;
  /** Digits only, as webhooks about an account show it. */
  digits: string;
  appSecret: string;
}

interface Entry {
  targets: WebhookTarget[];
  readAt: number;
}

export class WebhookDirectory {
  readonly #db: Database;
  readonly #secrets: Secrets;
  readonly #entries = new Map<string, Entry>();

  constructor(db: Database, secrets: Secrets) {
    this.#db = db;
    this.#secrets = secrets;
  }

  /** All numbers of the account and the number itself. Answers at once while the entry is fresh. */
  find(phoneNumberId: string | undefined, wabaId: string | undefined): WebhookTarget[] | Promise<WebhookTarget[]> {
    const entry = this.#entries.get(`${phoneNumberId} ${wabaId}`);
    return entry && Date.now() - entry.readAt < TTL_MS ? entry.targets : this.#read(phoneNumberId, wabaId);
  }

  /** The same, read again unless that was done a moment ago. */
  findAgain(phoneNumberId: string | undefined, wabaId: string | undefined): WebhookTarget[] | Promise<WebhookTarget[]> {
    const entry = this.#entries.get(`${phoneNumberId} ${wabaId}`);
    return entry && Date.now() - entry.readAt < REREAD_MS ? entry.targets : this.#read(phoneNumberId, wabaId);
  }

  /** A number was connected, changed or removed by this process. */
  forget(): void {
    this.#entries.clear();
  }

  async #read(phoneNumberId: string | undefined, wabaId: string | undefined): Promise<WebhookTarget[]> {
    // Anybody can post here: what cannot be an id of Meta's costs no query, and no text the database refuses reaches it.
    const [number, account] = [asMetaId(phoneNumberId), asMetaId(wabaId)];
    if (number === undefined && account === undefined) return [];
    const rows = await numbersOf(this.#db, number, account);
    const targets = rows.flatMap((row): WebhookTarget[] => {
      const number = openNumber(row, this.#secrets);
      if (!number) return [];
      const { workspaceId, id, wabaId: account } = number;
      return [{ workspaceId, providerId: id, phoneNumberId: number.phoneNumberId, wabaId: account, digits: number.number.slice(1), appSecret: number.secrets.appSecret }];
    });
    if (this.#entries.size >= MOST_ENTRIES) this.#entries.clear();
    this.#entries.set(`${phoneNumberId} ${wabaId}`, { targets, readAt: Date.now() });
    return targets;
  }
}

function asMetaId(id: string | undefined): string | undefined {
  return id !== undefined && /^\d{1,40}$/.test(id) ? id : undefined;
}
