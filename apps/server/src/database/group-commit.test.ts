import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase } from "../../../../tests/support/database.ts";
import type { TestDatabase } from "../../../../tests/support/database.ts";
import { GroupCommit } from "./group-commit.ts";

let database: TestDatabase;
let batches: number[];

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  await sql`create table notes (id integer primary key, text varchar(5) not null)`.execute(database.db);
});
afterAll(() => database.drop());
beforeEach(async () => {
  batches = [];
  await sql`truncate notes`.execute(database.db);
});

interface Note {
  id: number;
  text: string;
}

function writer(maxBatch = 1_000, parallel?: number, beatMs?: number): GroupCommit<Note, number> {
  return new GroupCommit<Note, number>({
    db: database.db,
    maxBatch,
    parallel,
    beatMs,
    commit: async (tx, notes) => {
      batches.push(notes.length);
      await sql`insert into notes select * from json_to_recordset(${JSON.stringify(notes)}) as n (id int, text text)`.execute(tx);
      return notes.map((note) => note.id * 10);
    },
  });
}

async function stored(): Promise<number[]> {
  return (await sql<{ id: number }>`select id from notes order by id`.execute(database.db)).rows.map((row) => row.id);
}

const notes = (count: number): Note[] => Array.from({ length: count }, (_, i) => ({ id: i + 1, text: "fine" }));

test("each item gets its own result once its transaction is committed", async () => {
  const group = writer();
  const result = await group.add({ id: 7, text: "fine" });
  expect(result).toBe(70);
  expect(await stored()).toEqual([7]);
});

test("items that arrive together share one commit", async () => {
  const group = writer();
  const results = await Promise.all(notes(100).map((note) => group.add(note)));
  expect(results).toEqual(notes(100).map((note) => note.id * 10));
  expect(batches).toEqual([100]);
});

test("a busy writer gathers what arrives within its beat", async () => {
  const group = writer(1_000, 1, 1_000);
  await group.add({ id: 1, text: "fine" });
  const second = group.add({ id: 2, text: "fine" });
  // The turn of the event loop that it came in is over.
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([second, group.add({ id: 3, text: "fine" })]);
  expect(batches).toEqual([1, 2]);
});

test("items that arrive during a commit share the next one", async () => {
  const group = writer();
  const first = group.add({ id: 1, text: "fine" });
  await new Promise((resolve) => setImmediate(resolve));
  const rest = notes(50).slice(1).map((note) => group.add(note));
  await Promise.all([first, ...rest]);
  expect(batches).toEqual([1, 49]);
});

test("a batch never holds more than its limit", async () => {
  const group = writer(30);
  await Promise.all(notes(100).map((note) => group.add(note)));
  expect(batches).toEqual([30, 30, 30, 10]);
});

test("only the item with bad data is refused, the rest of its batch is committed", async () => {
  const group = writer();
  const items = notes(40).map((note) => (note.id === 13 ? { ...note, text: "far too long" } : note));
  const settled = await Promise.allSettled(items.map((note) => group.add(note)));
  expect(settled.flatMap((s, i) => (s.status === "rejected" ? [i + 1] : []))).toEqual([13]);
  expect(await stored()).toEqual(notes(40).map((n) => n.id).filter((id) => id !== 13));
});

test("a failure that is not about the data refuses the whole batch", async () => {
  const group = new GroupCommit<number, number>({ db: database.db, maxBatch: 10, commit: () => Promise.reject(new Error("connection lost")) });
  const settled = await Promise.allSettled([group.add(1), group.add(2)]);
  expect(settled.map((s) => s.status)).toEqual(["rejected", "rejected"]);
});

test("a deadlock is tried once more", async () => {
  let tries = 0;
  const group = new GroupCommit<number, number>({
    db: database.db,
    maxBatch: 10,
    commit: (_tx, items) => (++tries === 1 ? Promise.reject(Object.assign(new Error("deadlock detected"), { code: "40P01" })) : Promise.resolve(items)),
  });
  expect(await group.add(1)).toBe(1);
  expect(tries).toBe(2);
});

test("draining waits for everything added so far", async () => {
  const group = writer(10, 2);
  const added = notes(45).map((note) => group.add(note));
  await group.drained();
  expect(await stored()).toHaveLength(45);
  await Promise.all(added);
  await group.drained();
});
