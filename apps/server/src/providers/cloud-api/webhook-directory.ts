/**
 * Which of our numbers a webhook of Meta means, in memory: Meta names a number or an account, never a workspace, and several
 * workspaces may have connected the same one. An entry is fresh for TTL_MS; a signature that does not fit makes it read again,
 * so that a new app secret works at once in every process. Whatever a body names is read with one query.
 */
import type { Database } from "../../database/connection.ts";
import type { Secrets } from "../../database/secrets.ts";
import { statement } from "../../database/statement.ts";
import { openNumber, type ProviderRow } from "../store.ts";

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

/** What a webhook names: a number, an account, or both. */
export interface Named {
  phoneNumberId: string | undefined;
  wabaId: string | undefined;
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

  /** For each that is named, all numbers of the account and the number itself. Answers at once while all entries are fresh. */
  find(named: readonly Named[]): WebhookTarget[][] | Promise<WebhookTarget[][]> {
    return this.#freshFor(named, TTL_MS);
  }

  /** The same, read again unless that was done a moment ago. */
  findAgain(named: readonly Named[]): WebhookTarget[][] | Promise<WebhookTarget[][]> {
    return this.#freshFor(named, REREAD_MS);
  }

  /** A number was connected, changed or removed by this process. */
  forget(): void {
    this.#entries.clear();
  }

  #freshFor(named: readonly Named[], ms: number): WebhookTarget[][] | Promise<WebhookTarget[][]> {
    const oldest = Date.now() - ms;
    const isFresh = (each: Named): boolean => (this.#entries.get(keyOf(each))?.readAt ?? -Infinity) > oldest;
    const stale = named.filter((each) => !isFresh(each));
    if (stale.length > 0) return this.#read(stale).then((read) => named.map((each) => read.get(keyOf(each)) ?? this.#entries.get(keyOf(each))?.targets ?? []));
    return named.map((each) => this.#entries.get(keyOf(each))?.targets ?? []);
  }

  async #read(named: readonly Named[]): Promise<Map<string, WebhookTarget[]>> {
    // Anybody can post here: what cannot be an id of Meta's costs no query, and no text the database refuses reaches it.
    const numbers = named.flatMap((each) => asMetaId(each.phoneNumberId) ?? []);
    const accounts = named.flatMap((each) => asMetaId(each.wabaId) ?? []);
    const rows = numbers.length + accounts.length === 0 ? [] : await byMetaIds.run(this.#db, [numbers, accounts]);
    const targets = rows.flatMap((row): WebhookTarget[] => {
      const number = openNumber(row, this.#secrets);
      if (!number) return [];
      const { workspaceId, id, wabaId, phoneNumberId, secrets } = number;
      return [{ workspaceId, providerId: id, phoneNumberId, wabaId, digits: number.number.slice(1), appSecret: secrets.appSecret }];
    });
    const byNumber = Map.groupBy(targets, (target) => target.phoneNumberId);
    const byAccount = Map.groupBy(targets, (target) => target.wabaId);
    if (this.#entries.size + named.length > MOST_ENTRIES) this.#entries.clear();
    const readAt = Date.now();
    const read = new Map<string, WebhookTarget[]>();
    for (const each of named) {
      const meant = [...new Set([...(byAccount.get(each.wabaId ?? "") ?? []), ...(byNumber.get(each.phoneNumberId ?? "") ?? [])])];
      read.set(keyOf(each), meant);
      this.#entries.set(keyOf(each), { targets: meant, readAt });
    }
    return read;
  }
}

function keyOf({ phoneNumberId, wabaId }: Named): string {
  return `${phoneNumberId} ${wabaId}`;
}

function asMetaId(id: string | undefined): string | undefined {
  return id !== undefined && /^\d{1,40}$/.test(id) ? id : undefined;
}

/** Spans workspaces, since Meta's webhook names none. Reads providers_by_phone_number and providers_by_waba. */
const byMetaIds = statement<ProviderRow>(
  "providers_by_meta_ids",
  `select * from providers where phone_number_id = any ($1::text[]) or waba_id = any ($2::text[])`,
);
