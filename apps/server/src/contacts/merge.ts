/*
 * Who a draft is about, and what it changes: the merge rule. Pure; upsert.ts loads and stores.
 *
 *   1. A draft is about the person with its id, else with its identity (first or further ones), else with its phone number.
 *   2. What it says replaces what is known; what it leaves out stays; null empties. Drafts of one call are heard in order.
 *   3. Found by phone, but known under another identity: a number does not make two customers one. The person with the number keeps it, the
 *      draft is somebody else, stored without a number, and `phone_taken` is reported.
 *   4. Found by identity (or id), and the draft's number is another person's: if that one has no identity (somebody who wrote to us, or came
 *      by number alone) the two are one, and the person found first survives. Otherwise the number stays where it is, and `phone_taken`
 *      is reported; somebody may merge the two by hand.
 *   5. The survivor's values win, gaps are filled from the other; the earlier creation and the later activity count. Of consent the newer
 *      word counts. Events and history become the survivor's, as does the other's identity, as a further one, and what went through a
 *      number that is given up stays in the survivor's timeline. What campaigns and others keep under the other's id is theirs too (merged.ts).
 */
import type { ContactSource, PropertyInput, PropertyType, PropertyValue } from "@tincan/api";
import { uuidv7 } from "../database/uuid.ts";
import { readFields, type FieldProblem, type Fields } from "./fields.ts";
import { LONGEST_KEY, MOST_PROPERTIES, readProperty, sameValue, tidy, type Properties } from "./properties.ts";
import type { ContactDraft, ContactProblem, ContactProblemCode, UpsertOptions } from "./types.ts";

export interface Person {
  id: string;
  identity: string | null;
  phone: string | null;
  name: string | null;
  email: string | null;
  language: string | null;
  timeZone: string | null;
  properties: Properties;
  source: ContactSource;
}

type PlainField = "identity" | "phone" | "name" | "email" | "language" | "timeZone";
const PLAIN: readonly PlainField[] = ["identity", "phone", "name", "email", "language", "timeZone"];

/** A person of the plan; `before` is what is stored, undefined for somebody new. */
interface Known {
  person: Person;
  before: Person | undefined;
}

export interface Plan {
  /** Of each draft, null for those refused. */
  ids: (string | null)[];
  created: Person[];
  changed: { before: Person; after: Person }[];
  /** Stored persons that become part of others. */
  merged: { from: Person; to: string }[];
  /** Types of keys that the workspace did not know. */
  newTypes: Map<string, PropertyType>;
  unchanged: number;
  repeated: number;
  problems: ContactProblem[];
}

export interface KnownPeople {
  people: Person[];
  /** Further identities. */
  identities: { identity: string; contactId: string }[];
  types: ReadonlyMap<string, PropertyType>;
}

export class MergePlan {
  readonly #options: UpsertOptions;
  readonly #types: Map<string, PropertyType>;
  readonly #newTypes = new Map<string, PropertyType>();
  readonly #byId = new Map<string, Known>();
  readonly #byIdentity = new Map<string, Known>();
  readonly #byPhone = new Map<string, Known>();
  readonly #merged: { from: Person; to: Known }[] = [];
  readonly #problems: ContactProblem[] = [];
  /** Of each draft. */
  readonly #who: (Known | null)[] = [];
  readonly #seen = new Set<Known>();
  /** Whom somebody of this plan became. */
  readonly #became = new Map<Known, Known>();
  #repeated = 0;

  constructor(known: KnownPeople, options: UpsertOptions) {
    this.#options = options;
    this.#types = new Map(known.types);
    for (const person of known.people) this.#add({ person: copyOf(person), before: person });
    for (const { identity, contactId } of known.identities) {
      const owner = this.#byId.get(contactId);
      if (owner) this.#byIdentity.set(identity, owner);
    }
  }

  /** The types of all properties, those included that the drafts so far have brought. */
  get types(): ReadonlyMap<string, PropertyType> {
    return this.#types;
  }

  /** May be called several times: drafts are counted on. */
  hear(drafts: readonly ContactDraft[]): this {
    for (const draft of drafts) this.#who.push(this.#hearOne(this.#who.length, draft));
    return this;
  }

  done(): Plan {
    const plan: Plan = { ids: [], created: [], changed: [], merged: [], newTypes: this.#newTypes, unchanged: 0, repeated: this.#repeated, problems: this.#problems };
    const told = new Set<Known>();
    for (const who of this.#who) {
      const known = who && this.#survivor(who);
      plan.ids.push(known?.person.id ?? null);
      if (!known || told.has(known)) continue;
      told.add(known);
      if (!known.before) plan.created.push(known.person);
      else if (isChanged(known.before, known.person)) plan.changed.push({ before: known.before, after: known.person });
      else plan.unchanged++;
    }
    for (const { from, to } of this.#merged) plan.merged.push({ from, to: this.#survivor(to).person.id });
    return plan;
  }

  #hearOne(index: number, draft: ContactDraft): Known | null {
    const { fields, problems } = readFields(draft, this.#options.defaultCountry);
    const report = (code: ContactProblemCode, field: string, message: string, refused = false): void => void this.#problems.push({ index, code, field, message, refused });
    if (this.#options.whole) problems.push(...this.#unfitProperties(draft.properties));
    const refused = this.#options.whole === true && problems.length > 0;
    for (const { code, field, message } of problems) report(code, field, message, refused);
    if (refused) return null;

    let known = this.#find(draft, fields);
    if (draft.id !== undefined && !known) {
      report("contact_not_found", "id", "There is no such contact.", true);
      return null;
    }
    const holder = fields.phone ? this.#byPhone.get(fields.phone) : undefined;
    if (known && holder && holder !== known) {
      if (holder.person.identity === null) this.#absorb(known, holder);
      else this.#phoneTaken(report, fields, holder);
    } else if (known && known === holder && draft.id === undefined && fields.identity && known.person.identity !== null && this.#byIdentity.get(fields.identity) !== known) {
      this.#phoneTaken(report, fields, known);
      known = undefined;
    }
    if (known && fields.identity) this.#keepIdentity(report, draft, fields, known);
    if (!known) {
      if (!fields.identity && !fields.phone) {
        report("no_identifier", "", "A person needs a phone number or an identity.", true);
        return null;
      }
      known = { person: blank(this.#options.source), before: undefined };
      this.#byId.set(known.person.id, known);
    }
    if (this.#seen.has(known)) this.#repeated++;
    this.#seen.add(known);
    this.#apply(report, known, fields, draft);
    return known;
  }

  #find(draft: ContactDraft, fields: Fields): Known | undefined {
    if (draft.id !== undefined) return this.#byId.get(draft.id);
    return (fields.identity ? this.#byIdentity.get(fields.identity) : undefined) ?? (fields.phone ? this.#byPhone.get(fields.phone) : undefined);
  }

  #phoneTaken(report: (code: ContactProblemCode, field: string, message: string) => void, fields: Fields, holder: Known): void {
    report("phone_taken", "phone", `${holder.person.phone} belongs to the person with the identity ${holder.person.identity}, who keeps it.`);
    delete fields.phone;
  }

  /** A further identity does not become the first; one of somebody else stays theirs. */
  #keepIdentity(report: (code: ContactProblemCode, field: string, message: string) => void, draft: ContactDraft, fields: Fields, known: Known): void {
    const owner = this.#byIdentity.get(fields.identity!);
    if (owner === undefined) return;
    if (owner !== known) report("identity_taken", "identity", `Another person has the identity ${draft.identity}; merge the two if they are one.`);
    delete fields.identity;
  }

  #absorb(known: Known, gone: Known): void {
    Object.assign(known.person, mergePersons(known.person, gone.person));
    this.#byId.delete(gone.person.id);
    this.#became.set(gone, known);
    if (gone.before && known.before) this.#merged.push({ from: gone.before, to: known });
    else if (gone.before) {
      // Somebody who is new in this call: the stored one's row goes on under the new name.
      this.#byId.delete(known.person.id);
      known.person.id = gone.before.id;
      known.before = gone.before;
      this.#byId.set(known.person.id, known);
    }
    if (gone.person.phone !== null) this.#byPhone.delete(gone.person.phone);
    if (known.person.phone !== null) this.#byPhone.set(known.person.phone, known);
  }

  #apply(report: (code: ContactProblemCode, field: string, message: string) => void, known: Known, fields: Fields, draft: ContactDraft): void {
    const { person } = known;
    if (fields.identity !== undefined && person.identity !== null && fields.identity !== person.identity) this.#byIdentity.delete(person.identity);
    if (fields.phone !== undefined && person.phone !== null && fields.phone !== person.phone) this.#byPhone.delete(person.phone);
    // A person cannot lose the last thing they are found by.
    if (fields.phone === null && (fields.identity === undefined ? person.identity : fields.identity) === null) delete fields.phone;
    if (fields.identity === null && (fields.phone === undefined ? person.phone : fields.phone) === null) delete fields.identity;
    Object.assign(person, fields);
    if (person.identity !== null) this.#byIdentity.set(person.identity, known);
    if (person.phone !== null) this.#byPhone.set(person.phone, known);
    // Somebody who had only written is known to the business from now on.
    if (person.source === "inbound") person.source = this.#options.source;
    if (draft.properties) this.#applyProperties(report, person, draft.properties);
  }

  /** What is wrong with properties, whomever they are for. */
  #unfitProperties(given: ContactDraft["properties"] = {}): FieldProblem[] {
    const fresh = new Set<string>();
    return Object.entries(given).flatMap(([rawKey, input]): FieldProblem[] => {
      const key = tidy(rawKey);
      const read = this.#readProperty(key, input, undefined, fresh.size);
      if ("problem" in read) return [read.problem];
      if (read.value !== undefined && !this.#types.has(key)) fresh.add(key);
      return [];
    });
  }

  /** `fresh`: keys that the workspace does not know yet and that this one would come on top of. */
  #readProperty(key: string, input: PropertyInput | Date, current: PropertyValue | undefined, fresh: number): { type: PropertyType; value: PropertyValue | undefined } | { problem: FieldProblem } {
    const problem = (code: ContactProblemCode, message: string) => ({ problem: { code, field: `properties.${key.slice(0, LONGEST_KEY)}`, message } });
    if (key === "" || key.length > LONGEST_KEY || key === "__proto__") return problem("bad_property_key", `A property's name has 1 to ${LONGEST_KEY} characters.`);
    const type = this.#types.get(key);
    const read = readProperty(input, type, current);
    if ("wrong" in read) return problem(read.wrong, read.message);
    if (read.value !== undefined && type === undefined && this.#types.size + fresh >= MOST_PROPERTIES) return problem("too_many_properties", `A workspace has at most ${MOST_PROPERTIES} properties.`);
    return read;
  }

  #applyProperties(report: (code: ContactProblemCode, field: string, message: string) => void, person: Person, given: NonNullable<ContactDraft["properties"]>): void {
    const properties = { ...person.properties };
    for (const [rawKey, input] of Object.entries(given)) {
      const key = tidy(rawKey);
      const read = this.#readProperty(key, input, properties[key], 0);
      if ("problem" in read) report(read.problem.code, read.problem.field, read.problem.message);
      else if (read.value === undefined) delete properties[key];
      else {
        if (!this.#types.has(key)) {
          this.#types.set(key, read.type);
          this.#newTypes.set(key, read.type);
        }
        properties[key] = read.value;
      }
    }
    person.properties = properties;
  }

  #add(known: Known): void {
    this.#byId.set(known.person.id, known);
    if (known.person.identity !== null) this.#byIdentity.set(known.person.identity, known);
    if (known.person.phone !== null) this.#byPhone.set(known.person.phone, known);
  }

  #survivor(known: Known): Known {
    let last = known;
    for (let next = this.#became.get(last); next; next = this.#became.get(last)) last = next;
    return last;
  }
}

/** The survivor of two: its values win, gaps are filled from the one that goes. */
export function mergePersons(kept: Person, gone: Person): Person {
  const merged = { ...kept, properties: { ...gone.properties, ...kept.properties } };
  for (const field of PLAIN) merged[field] ??= gone[field];
  if (merged.source === "inbound") merged.source = gone.source;
  return merged;
}

/** What is different, field by field, for the history: "name", "properties.Tier" … */
export function differences(before: Person, after: Person): Record<string, { from: PropertyValue | null; to: PropertyValue | null }> {
  const found: Record<string, { from: PropertyValue | null; to: PropertyValue | null }> = {};
  for (const field of PLAIN) if (before[field] !== after[field]) found[field] = { from: before[field], to: after[field] };
  if (before.properties !== after.properties) {
    for (const key of new Set([...Object.keys(before.properties), ...Object.keys(after.properties)])) {
      const [from, to] = [before.properties[key], after.properties[key]];
      if (!sameValue(from, to)) found[`properties.${key}`] = { from: from ?? null, to: to ?? null };
    }
  }
  return found;
}

function isChanged(before: Person, after: Person): boolean {
  return before.source !== after.source || Object.keys(differences(before, after)).length > 0;
}

function blank(source: ContactSource): Person {
  return { id: uuidv7(), identity: null, phone: null, name: null, email: null, language: null, timeZone: null, properties: {}, source };
}

const copyOf = (person: Person): Person => ({ ...person });
