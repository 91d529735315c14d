/** The consent of a batch of people: loaded, changed in memory by what is heard, and stored again, each in a handful of statements. */
import type { ConsentCategory, ConsentSource, ConsentState } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import { stopNumbers } from "../ledger/permissions-to-send.ts";
import { CATEGORIES, hear, nothingSaid, ownSources, type PersonConsent } from "./consent-state.ts";
import { forgetStops, stopsOf, type Stop, type StopScope } from "./stop-list.ts";
import type { ConsentChange, ConsentOutcome } from "./types.ts";

interface Entry {
  consent: PersonConsent;
  phone: string | null;
  /** The person's row is not written yet: whoever inserts it takes the flag from here. */
  fresh: boolean;
  flagChanged: boolean;
  changedCategories: Set<ConsentCategory>;
}

interface NumberEntry {
  dnd: boolean;
  at: Date | null;
  changed: { source: ConsentSource; proof: string | null } | undefined;
}

/** The proof of a stop that outlived the contact it was heard of. */
const RECALLED = "Said before the contact with this number was deleted";

export class ConsentBook {
  readonly #workspaceId: string;
  readonly #people = new Map<string, Entry>();
  readonly #numbers = new Map<string, NumberEntry>();
  /** What is stopped of numbers on the stop list. */
  readonly #stops = new Map<string, Map<StopScope, Stop>>();
  readonly #lifted: { phone: string; scope: StopScope }[] = [];
  readonly #history: (ConsentChange & { id: string })[] = [];

  private constructor(workspaceId: string) {
    this.#workspaceId = workspaceId;
  }

  /** Reads what is known of people that are stored. The caller holds the people lock when it is going to save. */
  static async open(db: Database, workspaceId: string, contactIds: string[]): Promise<ConsentBook> {
    const book = new ConsentBook(workspaceId);
    if (contactIds.length === 0) return book;
    for (const row of await readFlags.run(db, [workspaceId, contactIds])) {
      book.#people.set(row.id, {
        consent: { msgWhatsapp: row.msg_whatsapp, msgWhatsappAt: row.msg_whatsapp_at, categories: {} },
        phone: row.phone, fresh: false, flagChanged: false, changedCategories: new Set(),
      });
      if (row.phone !== null) book.#numbers.set(row.phone, { dnd: row.dnd ?? false, at: row.dnd_at, changed: undefined });
    }
    for (const { contact_id, category, ...word } of await readCategories.run(db, [workspaceId, contactIds])) {
      const entry = book.#people.get(contact_id);
      if (entry) entry.consent.categories[category] = word;
    }
    await book.#readStops(db, [...book.#numbers.keys()]);
    return book;
  }

  /** People about to be inserted, or whose number is about to change. Their numbers may have a past, which becomes theirs. */
  async expect(db: Database, people: { id: string; phone: string | null; fresh: boolean }[]): Promise<void> {
    for (const { id, phone, fresh } of people) {
      const known = this.#people.get(id);
      if (known) known.phone = phone;
      else this.#people.set(id, { consent: nothingSaid(), phone, fresh, flagChanged: false, changedCategories: new Set() });
    }
    const phones = people.flatMap(({ phone }) => (phone === null || this.#numbers.has(phone) ? [] : [phone]));
    if (phones.length > 0) {
      for (const phone of phones) this.#numbers.set(phone, { dnd: false, at: null, changed: undefined });
      for (const row of await readNumbers.run(db, [this.#workspaceId, phones])) this.#numbers.set(row.phone, { dnd: row.dnd, at: row.at, changed: undefined });
      await this.#readStops(db, phones);
    }
    for (const { id } of people) this.#recall(id);
  }

  consentOf(contactId: string): PersonConsent {
    return this.#people.get(contactId)?.consent ?? nothingSaid();
  }

  isOnDoNotDisturb(contactId: string): boolean {
    const phone = this.#people.get(contactId)?.phone;
    return phone !== null && phone !== undefined && (this.#numbers.get(phone)?.dnd ?? false);
  }

  /** Somebody's consent as a whole, when two people become one. */
  replace(contactId: string, consent: PersonConsent): void {
    const entry = this.#people.get(contactId);
    if (!entry) return;
    changed(entry, () => (entry.consent = consent));
  }

  /**
   * What becomes of each word, in the order given. About somebody not in the book, or a number they do not have, nothing changes. A word
   * dated in the future is said now: otherwise no stop would be newer until then.
   */
  hear(changes: readonly ConsentChange[]): ConsentOutcome[] {
    const now = new Date();
    return changes.map((given) => {
      const change = given.at > now ? { ...given, at: now } : given;
      const entry = this.#people.get(change.contactId);
      const outcome = entry === undefined ? "unchanged" : change.scope === "doNotDisturb" ? this.#hearNumber(entry, change) : this.#hearPerson(entry, change.scope, change);
      if (outcome !== "applied") return { outcome, id: null };
      const id = uuidv7();
      this.#history.push({ ...change, id });
      return { outcome, id };
    });
  }

  /** Writes what changed. Fresh people's flags are not written here. */
  async save(tx: Database): Promise<void> {
    const entries = [...this.#people];
    const flags = entries.filter(([, entry]) => entry.flagChanged && !entry.fresh);
    if (flags.length > 0) {
      await writeFlags.run(tx, [this.#workspaceId, flags.map(([id]) => id), flags.map(([, e]) => e.consent.msgWhatsapp), flags.map(([, e]) => e.consent.msgWhatsappAt)]);
    }
    const touched = entries.flatMap(([contactId, { consent, changedCategories }]) => [...changedCategories].map((category) => ({ contactId, category, word: consent.categories[category] })));
    const gone = touched.filter(({ word }) => word === undefined);
    if (gone.length > 0) await forgetCategories.run(tx, [this.#workspaceId, gone.map((g) => g.contactId), gone.map((g) => g.category)]);
    const said = touched.flatMap(({ contactId, category, word }) => (word ? [{ contactId, category, ...word }] : []));
    if (said.length > 0) {
      await writeCategories.run(tx, [
        this.#workspaceId, said.map((s) => s.contactId), said.map((s) => s.category), said.map((s) => s.state), said.map((s) => s.source), said.map((s) => s.at), said.map((s) => s.proof),
      ]);
    }
    await this.#saveNumbers(tx);
    if (this.#lifted.length > 0) await forgetStops(tx, this.#workspaceId, this.#lifted);
    if (this.#history.length > 0) {
      const rows = this.#history;
      await writeHistory.run(tx, [
        this.#workspaceId, rows.map((r) => r.contactId), rows.map((r) => r.id), rows.map((r) => r.scope), rows.map((r) => r.state), rows.map((r) => r.source), rows.map((r) => r.at),
        rows.map((r) => r.proof ?? null), rows.map((r) => r.by ?? null),
      ]);
    }
  }

  async #saveNumbers(tx: Database): Promise<void> {
    const changed = [...this.#numbers].flatMap(([phone, { dnd, at, changed }]) => (changed ? [{ phone, dnd, at, ...changed }] : [])).sort((a, b) => (a.phone < b.phone ? -1 : 1));
    if (changed.length === 0) return;
    await writeNumbers.run(tx, [this.#workspaceId, changed.map((c) => c.phone), changed.map((c) => c.dnd), changed.map((c) => c.source), changed.map((c) => c.at), changed.map((c) => c.proof)]);
    await stopNumbers(tx, this.#workspaceId, changed.map(({ phone, dnd, at }) => ({ phone, stopped: dnd, at: at! })));
  }

  #hearNumber(entry: Entry, { state, source, at, proof }: ConsentChange): ConsentOutcome["outcome"] {
    const number = entry.phone === null ? undefined : this.#numbers.get(entry.phone);
    if (!number) return "unchanged";
    if (state === "in" && this.#stopsOf(entry)?.has("doNotDisturb")) return "keptOut";
    if (number.at && at < number.at) return "outdated";
    const dnd = state === "out";
    if (number.dnd === dnd) return "unchanged";
    number.dnd = dnd;
    number.at = at;
    number.changed = { source, proof: proof ?? null };
    return "applied";
  }

  /** A stop of the list is ended by the person's own word alone. */
  #hearPerson(entry: Entry, scope: ConsentCategory | "all", change: ConsentChange): ConsentOutcome["outcome"] {
    const stops = this.#stopsOf(entry);
    if (!stops || change.state === "out") return changed(entry, () => hear(entry.consent, scope, change));
    if (ownSources.has(change.source)) {
      const outcome = changed(entry, () => hear(entry.consent, scope, change));
      if (outcome === "applied" || outcome === "unchanged") this.#lift(entry, stops, scope, change);
      return outcome;
    }
    const stopped = CATEGORIES.filter((category) => stops.has(category));
    if (scope === "all" ? stopped.length === CATEGORIES.length : stops.has(scope)) return "keptOut";
    return changed(entry, () => {
      const outcome = hear(entry.consent, scope, change);
      for (const category of stopped) this.#stop(entry, category, stops.get(category)!);
      return outcome;
    });
  }

  #lift(entry: Entry, stops: Map<StopScope, Stop>, scope: ConsentCategory | "all", { contactId, at, source, proof }: ConsentChange): void {
    const phone = entry.phone!;
    for (const stopped of stops.keys()) {
      if (scope !== "all" && stopped !== scope && stopped !== "doNotDisturb") continue;
      stops.delete(stopped);
      this.#lifted.push({ phone, scope: stopped });
    }
    const number = this.#numbers.get(phone);
    if (!number?.dnd || !this.#lifted.some((each) => each.phone === phone && each.scope === "doNotDisturb")) return;
    Object.assign(number, { dnd: false, at, changed: { source, proof: proof ?? null } });
    this.#history.push({ contactId, scope: "doNotDisturb", state: "in", source, at, proof: proof ?? null, id: uuidv7() });
  }

  /** Somebody has come to a number whose earlier contact had stopped: it is as stopped as it was. */
  #recall(contactId: string): void {
    const entry = this.#people.get(contactId)!;
    for (const [scope, stop] of this.#stopsOf(entry) ?? []) {
      if (scope === "doNotDisturb") {
        const number = this.#numbers.get(entry.phone!)!;
        if (number.dnd) continue;
        Object.assign(number, { dnd: true, at: stop.at, changed: { source: stop.source, proof: RECALLED } });
      } else if (!changed(entry, () => this.#stop(entry, scope, stop))) continue;
      this.#history.push({ contactId, scope, state: "out", source: stop.source, at: stop.at, proof: RECALLED, id: uuidv7() });
    }
  }

  /** Whether it was not stopped before. */
  #stop({ consent }: Entry, category: ConsentCategory, { source, at }: Stop): boolean {
    const known = consent.categories[category];
    if (known?.state === "out" && ownSources.has(known.source)) return false;
    consent.categories[category] = { state: "out", source, at, proof: RECALLED };
    return true;
  }

  #stopsOf({ phone }: Entry): Map<StopScope, Stop> | undefined {
    const stops = phone === null ? undefined : this.#stops.get(phone);
    return stops?.size === 0 ? undefined : stops;
  }

  async #readStops(db: Database, phones: string[]): Promise<void> {
    for (const [phone, stops] of await stopsOf(db, this.#workspaceId, phones)) this.#stops.set(phone, stops);
  }
}

/** Notes what of somebody's consent is different after `act`. */
function changed<Result>(entry: Entry, act: () => Result): Result {
  const before = { ...entry.consent, categories: { ...entry.consent.categories } };
  const result = act();
  if (before.msgWhatsapp !== entry.consent.msgWhatsapp || before.msgWhatsappAt !== entry.consent.msgWhatsappAt) entry.flagChanged = true;
  for (const category of CATEGORIES) if (before.categories[category] !== entry.consent.categories[category]) entry.changedCategories.add(category);
  return result;
}

const readFlags = statement<{ id: string; phone: string | null; msg_whatsapp: boolean; msg_whatsapp_at: Date | null; dnd: boolean | null; dnd_at: Date | null }>(
  "consent_read_flags",
  `with people as (select id, phone, msg_whatsapp, msg_whatsapp_at from contacts where workspace_id = $1 and id = any ($2::uuid[]))
   select p.id, p.phone, p.msg_whatsapp, p.msg_whatsapp_at, d.dnd, d.at as dnd_at
   from people p left join (
     select phone, dnd, at from phone_dnd where workspace_id = $1 and phone = any (array (select phone from people))
   ) d on d.phone = p.phone`,
);

const readCategories = statement<{ contact_id: string; category: ConsentCategory; state: ConsentState; source: ConsentSource; at: Date; proof: string | null }>(
  "consent_read_categories",
  `select contact_id, category, state, source, at, proof from consents where workspace_id = $1 and contact_id = any ($2::uuid[])`,
);

const readNumbers = statement<{ phone: string; dnd: boolean; at: Date }>(
  "consent_read_numbers",
  `select phone, dnd, at from phone_dnd where workspace_id = $1 and phone = any ($2::text[])`,
);

const writeFlags = statement(
  "consent_write_flags",
  `update contacts c set msg_whatsapp = i.flag, msg_whatsapp_at = i.at, updated_at = now()
   from unnest($2::uuid[], $3::boolean[], $4::timestamptz[]) as i (id, flag, at)
   where c.workspace_id = $1 and c.id = i.id and c.id = any ($2::uuid[])`,
);

const forgetCategories = statement(
  "consent_forget_categories",
  `delete from consents where workspace_id = $1 and contact_id = any ($2::uuid[])
     and (contact_id, category) in (select * from unnest($2::uuid[], $3::text[]))`,
);

const writeCategories = statement(
  "consent_write_categories",
  `insert into consents (workspace_id, contact_id, category, state, source, at, proof)
   select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
   on conflict (workspace_id, contact_id, category)
   do update set state = excluded.state, source = excluded.source, at = excluded.at, proof = excluded.proof`,
);

const writeNumbers = statement(
  "consent_write_numbers",
  `insert into phone_dnd (workspace_id, phone, dnd, source, at, proof)
   select $1, * from unnest($2::text[], $3::boolean[], $4::text[], $5::timestamptz[], $6::text[])
   on conflict (workspace_id, phone) do update set dnd = excluded.dnd, source = excluded.source, at = excluded.at, proof = excluded.proof`,
);

const writeHistory = statement(
  "consent_write_history",
  `insert into consent_changes (workspace_id, contact_id, id, scope, state, source, at, proof, by_name)
   select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[], $9::text[])`,
);
