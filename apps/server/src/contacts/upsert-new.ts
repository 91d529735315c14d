/**
 * Adds people of whom it is likely that nobody knows them, as most of a first import are. Who they are is planned, and their rows are written
 * down, before the transaction begins; whoever brings a million of them does that while Postgres stores the batch before.
 *
 * Nobody is looked up: the unique indexes of contacts tell when somebody was known after all. Then, or when the plan assumed something that is
 * not so, SomebodyKnown is thrown, the caller undoes the transaction, and gives the same drafts to upsertContacts.
 */
import type { PropertyType } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { nothingSaid } from "./consent-state.ts";
import { lockPeople } from "./lock.ts";
import { MergePlan, type Plan } from "./merge.ts";
import type { ContactDraft, UpsertOptions, UpsertResult } from "./types.ts";
import { writtenPeople } from "./upsert-insert.ts";
import { furtherIdentities } from "./upsert-store.ts";
import { carryOut } from "./upsert.ts";

/** Nothing of the transaction may be kept. */
export class SomebodyKnown extends Error {}

/** A batch of such people, made ready draft by draft. */
export class NewPeople {
  readonly #drafts: ContactDraft[] = [];
  readonly #options: UpsertOptions;
  readonly #workspaceId: string;
  readonly #types: ReadonlyMap<string, PropertyType>;
  readonly #hearing: MergePlan;
  #plan: Plan | undefined;
  #written: string[] = [];

  /** `types` are those that the workspace's properties will have when the batch is stored. */
  constructor(workspaceId: string, types: ReadonlyMap<string, PropertyType>, options: UpsertOptions) {
    this.#workspaceId = workspaceId;
    this.#types = types;
    this.#options = options;
    this.#hearing = new MergePlan({ people: [], identities: [], types }, options);
  }

  add(draft: ContactDraft): void {
    this.#drafts.push(draft);
    this.#hearing.hear([draft]);
  }

  /** The types after this batch. */
  get types(): ReadonlyMap<string, PropertyType> {
    return this.#hearing.types;
  }

  /** After the last draft: writes the rows down, and yields in between for others to have their turn. */
  *write(): Generator<void, void> {
    this.#plan = this.#hearing.done();
    for (const piece of writtenPeople(this.#workspaceId, this.#plan.created, nothingSaid)) {
      this.#written.push(piece);
      yield;
    }
  }

  /** Stores the batch; takes the people lock, as upsertContacts does. Throws SomebodyKnown. May be called again when the transaction was undone. */
  async store(tx: Database): Promise<UpsertResult> {
    const plan = this.#plan;
    if (!plan) throw new Error("People are written down before they are stored.");
    await lockPeople(tx, this.#workspaceId);
    const [found] = await findAssumed.run(tx, [this.#workspaceId]);
    if (!found || !isSame(found.types, this.#types)) throw new SomebodyKnown();
    if (found.has_further && (await furtherIdentities(tx, this.#workspaceId, plan.created.flatMap(({ identity }) => identity ?? []))).length > 0) throw new SomebodyKnown();
    try {
      // What it learns while it is carried out must not be learned twice.
      return await carryOut(tx, this.#workspaceId, { ...plan, problems: [...plan.problems] }, this.#drafts, this.#options, { written: this.#written, noStops: !found.has_stops });
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && cause.code === UNIQUE_VIOLATION) throw new SomebodyKnown();
      throw cause;
    }
  }
}

const UNIQUE_VIOLATION = "23505";

function isSame(found: Readonly<Record<string, PropertyType>>, assumed: ReadonlyMap<string, PropertyType>): boolean {
  const keys = Object.keys(found);
  return keys.length === assumed.size && keys.every((key) => found[key] === assumed.get(key));
}

const findAssumed = statement<{ has_further: boolean; has_stops: boolean; types: Record<string, PropertyType> }>(
  "contacts_find_assumed",
  `select exists (select from contact_identities where workspace_id = $1) as has_further,
     exists (select from stop_list where workspace_id = $1) as has_stops,
     (select coalesce(jsonb_object_agg(key, type), '{}') from contact_properties where workspace_id = $1) as types`,
);
