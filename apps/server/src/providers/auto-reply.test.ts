import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { uuidv7 } from "../database/uuid.ts";
import { receiveInbound } from "../ledger/inbound.ts";
import type { NewInbound } from "../ledger/inbound-message.ts";
import { makePlace, type Place } from "../ledger/test-builders.ts";
import { autoReply } from "./auto-reply.ts";

let database: TestDatabase;
let place: Place;
const known = new Set<string>();
const woken: string[] = [];
const listener = autoReply({ isTracked: async () => known, statusListeners: [], wake: (laneId) => void woken.push(laneId) });

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  place = await makePlace(database.db);
  await provider(place.providerId, { autoReply: { enabled: true, text: "We will be back" } });
  known.clear();
  woken.length = 0;
});

async function provider(id: string, settings: object): Promise<void> {
  await sql`insert into providers (workspace_id, id, kind, nickname, number, settings, secrets, max_concurrency)
    values (${place.workspaceId}, ${id}, 'generic', ${id}, ${id}, ${JSON.stringify(settings)}, '', 30)`.execute(database.db);
}

let said = 0;
const writes = (sender: string, providerId = place.providerId): NewInbound => ({
  providerId, wireId: `wire-${++said}`, sender, type: "text", content: { text: "Hello" }, raw: {}, occurredAt: new Date(),
});
const receive = (...inbound: NewInbound[]) => database.db.transaction().execute((tx) => receiveInbound(tx, place.workspaceId, inbound, [listener]));
const replies = async () =>
  (await sql<{ recipient: string }>`select m.recipient, m.state, m.category, c.content from messages m join message_contents c on c.workspace_id = m.workspace_id and c.message_id = m.id
    where m.workspace_id = ${place.workspaceId} and m.origin_kind = 'auto-reply' order by m.recipient`.execute(database.db)).rows;

test("a stranger is answered once, however often they write within a day", async () => {
  await receive(writes("+15550100001"), writes("+15550100001"));
  await receive(writes("+15550100001"));
  expect(await replies()).toEqual([{ recipient: "+15550100001", state: "queued", category: "service", content: { type: "text", text: "We will be back" } }]);
  expect(woken).toEqual([place.providerId]);
});

test("a stranger who writes again after a day is answered again", async () => {
  await receive(writes("+15550100001"));
  await sql`update auto_replies set replied_at = now() - interval '25 hours'`.execute(database.db);
  await receive(writes("+15550100001"));
  expect(await replies()).toHaveLength(2);
});

test("people the business knows are not answered", async () => {
  known.add("+15550100002");
  await receive(writes("+15550100002"), writes("+15550100003"));
  expect((await replies()).map((reply) => reply.recipient)).toEqual(["+15550100003"]);
});

test("a message that comes a day late is not answered: its window has closed", async () => {
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await receive({ ...writes("+15550100001"), occurredAt: yesterday });
  expect(await replies()).toEqual([]);
  await receive(writes("+15550100001"), { ...writes("+15550100001"), occurredAt: yesterday });
  expect(await replies()).toHaveLength(1);
});

test("a repeat of a message is no second message", async () => {
  const one = writes("+15550100001");
  await receive(one);
  await sql`delete from auto_replies`.execute(database.db);
  await receive(one);
  expect(await replies()).toHaveLength(1);
});

test("a provider without the setting, or in the archive, answers nobody", async () => {
  const [off, archived] = [uuidv7(), uuidv7()];
  await provider(off, { autoReply: { enabled: false, text: "no" } });
  await provider(archived, { autoReply: { enabled: true, text: "no" } });
  await sql`update providers set archived_at = now() where id = ${archived}`.execute(database.db);
  await receive(writes("+15550100001", off), writes("+15550100001", archived));
  expect(await replies()).toEqual([]);
});

test("many who write at once in two processes are each answered once", async () => {
  const people = Array.from({ length: 50 }, (_, i) => `+1555020${String(i).padStart(4, "0")}`);
  await Promise.all([receive(...people.map((p) => writes(p))), receive(...people.toReversed().map((p) => writes(p)))]);
  expect((await replies()).map((reply) => reply.recipient)).toEqual(people);
});
