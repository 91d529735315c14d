import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MergePlan, type Person, type Plan } from "./merge.ts";
import type { ContactDraft } from "./types.ts";

/*
 * Any people, told about in any words: the plan keeps what makes people people. Numbers and identities are few, so that they collide.
 */
const identity = fc.constantFrom("a", "b", "c", "d");
const phone = fc.constantFrom("+15550100101", "+15550100102", "+15550100103");
const draft = fc.record(
  {
    identity, phone, name: fc.constantFrom("Ann", "Bo"), email: fc.constantFrom("a@x.example", null),
    properties: fc.dictionary(fc.constantFrom("k1", "k2"), fc.constantFrom("v1", "v2", null), { maxKeys: 2 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ContactDraft>;

/** People as some calls of upsertContacts would have left them. */
class Store {
  people: Person[] = [];
  types: Plan["newTypes"] = new Map();

  tell(drafts: ContactDraft[]): Plan {
    const plan = new MergePlan({ people: this.people, identities: [], types: this.types }, { source: "api" }).hear(drafts).done();
    const gone = new Set(plan.merged.map(({ from }) => from.id));
    const changed = new Map(plan.changed.map(({ after }) => [after.id, after]));
    this.people = [...this.people.filter((person) => !gone.has(person.id)).map((person) => changed.get(person.id) ?? person), ...plan.created].map((person) => structuredClone(person));
    this.types = new Map([...this.types, ...plan.newTypes]);
    return plan;
  }
}

const calls = fc.array(fc.array(draft, { maxLength: 6 }), { maxLength: 4 });

test("no two people ever have the same identity or the same number, and each has one of them", () => {
  fc.assert(
    fc.property(calls, (each) => {
      const store = new Store();
      for (const drafts of each) store.tell(drafts);
      for (const key of ["identity", "phone"] as const) {
        const values = store.people.flatMap((person) => person[key] ?? []);
        expect(new Set(values).size).toBe(values.length);
      }
      expect(store.people.every((person) => person.identity !== null || person.phone !== null)).toBe(true);
    }),
  );
});

test("an identity once known stays with its person: no draft makes one customer of two", () => {
  fc.assert(
    fc.property(calls, fc.array(draft, { maxLength: 6 }), (before, drafts) => {
      const store = new Store();
      for (const each of before) store.tell(each);
      const owners = new Map(store.people.flatMap((person) => (person.identity === null ? [] : [[person.identity, person.id]])));
      const plan = store.tell(drafts);
      for (const { from } of plan.merged) expect(from.identity).toBeNull();
      for (const person of store.people) if (person.identity !== null && owners.has(person.identity)) expect(person.id).toBe(owners.get(person.identity));
    }),
  );
});

test("every draft is about somebody who is there afterwards, or is refused", () => {
  fc.assert(
    fc.property(calls, fc.array(draft, { maxLength: 6 }), (before, drafts) => {
      const store = new Store();
      for (const each of before) store.tell(each);
      const plan = store.tell(drafts);
      const there = new Set(store.people.map((person) => person.id));
      for (const [i, id] of plan.ids.entries()) {
        if (id === null) expect(plan.problems).toContainEqual(expect.objectContaining({ index: i, refused: true }));
        else expect(there.has(id)).toBe(true);
      }
      const people = new Set(plan.ids.filter((id) => id !== null));
      expect(plan.created.length + plan.changed.length + plan.unchanged).toBe(people.size);
    }),
  );
});

test("telling the same again changes nothing", () => {
  fc.assert(
    fc.property(calls, draft, (before, one) => {
      const store = new Store();
      for (const each of before) store.tell(each);
      store.tell([one]);
      const people = structuredClone(store.people);
      const again = store.tell([one]);
      expect(again.changed).toEqual([]);
      expect(again.created).toEqual([]);
      expect(store.people).toEqual(people);
    }),
  );
});

test("drafts in one call come to the same people as drafts one by one", () => {
  fc.assert(
    fc.property(calls, fc.array(draft, { maxLength: 8 }), (before, drafts) => {
      const [together, apart] = [new Store(), new Store()];
      for (const each of before) together.tell(each);
      apart.people = structuredClone(together.people);
      apart.types = new Map(together.types);
      together.tell(drafts);
      for (const one of drafts) apart.tell([one]);
      const plain = (store: Store) => store.people.map((person) => JSON.stringify({ ...person, id: "", properties: Object.entries(person.properties).sort() })).sort();
      expect(plain(together)).toEqual(plain(apart));
    }),
  );
});
