import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { uuidv7 } from "../database/uuid.ts";
import { acceptNew, THERE_BEFORE } from "./accept-new.ts";
import { accept } from "./accept.ts";
import { makePlace, message, type Place } from "./test-builders.ts";

let database: TestDatabase;
let place: Place;
const now = new Date("2026-02-28T10:00:00Z");

beforeAll(async () => {
  database = await createTestDatabase();
  place = await makePlace(database.db);
});
afterAll(() => database.drop());

/** Messages to three people from an origin of their own, and what they share. */
function three() {
  const shared = { providerId: place.providerId, originKind: "campaign", originId: uuidv7(), category: "marketing", template: "order_ready" } as const;
  const messages = [1, 2, 3].map((n) => {
    const { id, content } = message(place, { content: { type: "template", name: "order_ready", language: "en", body: [{ text: `Ravi "${n}" \\ é😀` }] } });
    return { id, content, recipient: `+1555010012${n}`, externalId: uuidv7() };
  });
  return { shared, messages };
}

/** Every row of these messages in the three tables, without what differs from one message to the next. */
async function rowsOf(ids: string[]): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `select to_jsonb(m) - 'id' - 'external_id' - 'origin_id' as message, to_jsonb(c) - 'message_id' as content, to_jsonb(o) - 'message_id' - 'origin_id' as outbox,
       m.origin_id = o.origin_id as same_origin
     from messages m left join message_contents c on c.message_id = m.id left join outbox o on o.message_id = m.id where m.id = any ($1) order by m.recipient`,
    [ids],
  );
  return rows;
}

test("the short way in leaves the same rows as the long one", async () => {
  const [short, long] = [three(), three()];
  await acceptNew(database.db, place.workspaceId, short.shared, short.messages, now);
  await accept(database.db, place.workspaceId, long.messages.map((each) => ({ ...long.shared, ...each })), [], now);
  const rows = await rowsOf(short.messages.map(({ id }) => id));
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatchObject({ message: { state: "queued" }, outbox: { state: "ready" }, same_origin: true });
  expect(rows).toEqual(await rowsOf(long.messages.map(({ id }) => id)));
});

test("a message that was there before is told by its code, and none of the batch is stored", async () => {
  const { shared, messages } = three();
  await acceptNew(database.db, place.workspaceId, shared, messages.slice(0, 1), now);
  const again = messages.map((each) => ({ ...each, id: uuidv7() }));
  const tried = database.db.transaction().execute((tx) => acceptNew(tx, place.workspaceId, shared, again, now));
  await expect(tried).rejects.toMatchObject({ code: THERE_BEFORE });
  expect(await rowsOf(again.map(({ id }) => id))).toEqual([]);
});
