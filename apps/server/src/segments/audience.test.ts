import type { Audience, SegmentQuery } from "@tincan/api";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { uuidv7 } from "../database/uuid.ts";
import { countAudience, pageOfAudience, type AudienceOptions, type Shard } from "./audience.ts";
import "./tables.ts";
import { means, type PlainPerson } from "./test-plain.ts";
import { NOW, people, queries, storeWorld } from "./test-world.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function everyPage(workspaceId: string, audience: Audience, limit: number, options: AudienceOptions & { shard?: Shard } = {}): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page = await pageOfAudience(database.db, workspaceId, audience, after, limit, options);
    expect(page.contacts.length).toBeLessThanOrEqual(limit);
    ids.push(...page.contacts.map(({ id }) => id));
    after = page.next;
  } while (after !== null);
  return ids;
}

const idsOf = (people: PlainPerson[]): string[] => people.map(({ id }) => id).sort();

describe("what a query means", () => {
  test("random questions about random people have the answers that looking at each person gives", async () => {
    const lists = [uuidv7(), uuidv7()];
    const saved = [uuidv7(), uuidv7()];
    const world = fc.tuple(people(lists), fc.tuple(queries(lists, []), queries(lists, [saved[0]!])), fc.array(queries(lists, saved), { minLength: 6, maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(world, async ([all, [first, second], questions]) => {
        const segments: Record<string, SegmentQuery> = { [saved[0]!]: first, [saved[1]!]: second };
        const workspaceId = await storeWorld(database.db, lists, all);
        for (const [id, query] of Object.entries(segments)) await database.db.insertInto("segments").values({ workspace_id: workspaceId, id, name: id, query: JSON.stringify(query), created_by: "Ada" }).execute();
        for (const query of questions) {
          const expected = idsOf(all.filter((person) => means(query, person, NOW, segments)));
          expect(await everyPage(workspaceId, { query }, 4, { now: NOW }), JSON.stringify(query)).toEqual(expected);
          expect(await countAudience(database.db, workspaceId, { query }, { now: NOW })).toBe(expected.length);
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
