import { setTimeout as sleep } from "node:timers/promises";
import type { Contact, ContactList, ContactListDetail, ContactListUpload, List } from "@tincan/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Tincan } from "./support/tincan.ts";
import { Visitor } from "./support/visitor.ts";

/* A real server, killed while it reads a file that replaces the people of a list: it goes on by itself, and every row counts once. */
const ROWS = 30_000;
const ROUNDS = 2;
const KEY = "tc_list_crash_test_key_entropy_0001";

let tincan: Tincan;
let admin: Visitor;
beforeAll(async () => {
  tincan = await Tincan.prepare({
    env: { TINCAN_SANDBOX: "off" },
    provision: { workspace: { name: "Lists" }, admin: { email: "admin@example.com", password: "correct horse battery" }, apiKeys: [{ name: "test", key: KEY, role: "admin" }] },
  });
  await tincan.start();
  admin = new Visitor(tincan.url, { authorization: `Bearer ${KEY}` });
});
afterAll(() => tincan?.remove());

/** Every tenth row names the person of the row before, every hundredth nobody. */
function line(i: number): string {
  if (i % 100 === 50) return "no number";
  return `+9198${String(10_000_000 + (i % 10 === 9 ? i - 1 : i))}`;
}

it(`a file for a list survives ${ROUNDS} kills, and counts every row once`, { timeout: 480_000 }, async () => {
  const list = (await admin.post<ContactList>("/api/v1/lists", { name: "Guests" })).body;
  const before = (await admin.post<Contact>("/api/v1/contacts", { phone: "+15550100123" })).body;
  await admin.post(`/api/v1/lists/${list.id}/members`, { contactIds: [before.id] });
  const form = new FormData();
  form.append("file", new Blob([`phone\n${Array.from({ length: ROWS }, (_, i) => line(i)).join("\n")}\n`]), "people.csv");
  const answer = await fetch(`${tincan.url}/api/v1/lists/${list.id}/upload?by=phone&mode=replace&createMissing=true`, { method: "POST", headers: admin.headers, body: form });
  expect(answer.status).toBe(202);

  const shown = async (): Promise<ContactListDetail> => (await admin.get<ContactListDetail>(`/api/v1/lists/${list.id}`)).body;
  const look = async (): Promise<ContactListUpload> => (await shown()).lastUpload!;
  for (let round = 0; round < ROUNDS; round++) {
    const { rows } = await look();
    for (let now = await look(); now.rows === rows && now.state === "running"; now = await look()) await sleep(20);
    await tincan.crash();
    await tincan.start();
    // Nobody is missing while the file is not read to its end; whoever was made first comes first.
    const [first] = (await admin.get<List<Contact>>(`/api/v1/lists/${list.id}/members?limit=1`)).body.items;
    if ((await look()).state === "running") expect(first?.id).toBe(before.id);
  }
  let ended = await look();
  for (let i = 0; ended.state === "running" && i < 3_000; i++) {
    await sleep(50);
    ended = await look();
  }
  expect(ended).toMatchObject({ state: "done", failure: null, rows: ROWS, matched: ROWS * 0.99, added: ROWS * 0.89, created: ROWS * 0.89, removed: 1, unmatched: ROWS * 0.01 });
  expect((await shown()).members).toBe(ROWS * 0.89);
});
