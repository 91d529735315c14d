import type { Contact, ErrorBody, List, TimelineItem } from "@tincan/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../../tests/support/server.ts";
import type { Visitor } from "../../../../tests/support/visitor.ts";
import { uuidv7 } from "../database/uuid.ts";
import { receiveInbound } from "../ledger/inbound.ts";
import { reachability } from "../ledger/permissions-to-send.ts";
import { inboundPeople } from "./inbound-people.ts";
import { mayReceive } from "./may-receive.ts";
import { contactRoutes } from "./routes.ts";
import { newPhone, newWorkspace, upsert } from "./test-builders.ts";
import { uploadRoutes } from "./upload.routes.ts";
import { whatsappChoices } from "./whatsapp-choices.ts";

let server: TestServer;
let admin: Visitor;
let workspaceId: string;
const providerId = uuidv7();
let passcode: string;

beforeAll(async () => {
  server = await startTestServer({
    build: (core) => ({
      api: [...core.accounts.api, contactRoutes({ database: core.database, eventListeners: [], statusListeners: [], forgetters: [] })],
      wire: [uploadRoutes({ database: core.database, live: core.live, eventListeners: [] })], appliers: [], seedDemo: async () => {}, start: async () => {}, stop: async () => {},
    }),
  });
  admin = await server.admin();
  workspaceId = (await admin.get<{ id: string }>("/api/v1/workspace")).body.id;
  passcode = (await admin.post<{ key: string }>("/api/v1/api-keys", { name: "uploads", role: "creator" })).body.key;
  await server.database.pool.query("insert into lanes (workspace_id, id, kind) values ($1, $2, 'provider')", [workspaceId, providerId]);
});
afterAll(() => server.stop());

const db = () => server.database.db;
const add = async (input: object): Promise<Contact> => (await admin.post<Contact>("/api/v1/contacts", input)).body;
const remove = async (id: string): Promise<void> => expect((await admin.delete(`/api/v1/contacts/${id}`)).status).toBe(204);
const verdict = async (phone: string, category: "marketing" | "utility" = "marketing"): Promise<string> => (await mayReceive(db(), workspaceId, [phone], category))[0]!.verdict;
const importAgain = (phone: string) => upsert(db(), workspaceId, [{ phone, consent: { all: "in" } }], { source: "csv" });

let said = 0;
async function says(phone: string, text: string): Promise<void> {
  const listener = inboundPeople({ statusListeners: [], platformProviders: async () => new Set(), wake: () => {} });
  const word = { providerId, wireId: `wamid.stop${++said}`, sender: phone, type: "text" as const, content: { text }, raw: {}, occurredAt: new Date(Date.now() + said) };
  await db().transaction().execute((tx) => receiveInbound(tx, workspaceId, [word], [listener]));
}

test("somebody who said STOP and was deleted stays opted out when a file brings them again, until they say START", async () => {
  const phone = newPhone();
  const { id } = await add({ phone, optIn: true });
  await says(phone, "STOP");
  await remove(id);
  const { ids, problems } = await importAgain(phone);
  expect(problems).toMatchObject([{ code: "kept_out" }]);
  expect([await verdict(phone), await verdict(phone, "utility")]).toEqual(["optedOut", "optedOut"]);
  const { body } = await admin.get<List<TimelineItem>>(`/api/v1/contacts/${ids[0]}/timeline?kind=consent`);
  expect(JSON.stringify(body.items)).toContain("before the contact with this number was deleted");
  await importAgain(phone);
  expect(await verdict(phone)).toBe("optedOut");

  await says(phone, "START");
  expect(await verdict(phone)).toBe("allowed");
  await remove(ids[0]!);
  await importAgain(phone);
  expect(await verdict(phone)).toBe("allowed");
});

test("a stop is remembered for a number too that was given up when two contacts became one", async () => {
  const [given, phone] = [newPhone(), newPhone()];
  const [kept, gone] = [await add({ identity: "stays", phone, optIn: true }), await add({ phone: given, optIn: true })];
  await says(given, "STOP");
  expect((await admin.post(`/api/v1/contacts/${kept.id}/merge`, { with: gone.id })).status).toBe(200);
  await remove(kept.id);
  for (const each of [given, phone]) {
    await importAgain(each);
    expect(await verdict(each)).toBe("optedOut");
  }
});

test("who comes back without a word about consent is opted out too, and no form, key or upload opts them in", async () => {
  const phone = newPhone();
  const first = await add({ phone, optIn: true });
  await says(phone, "STOP");
  await remove(first.id);
  const again = await admin.post<Contact>("/api/v1/contacts", { phone, identity: "again", optIn: true });
  expect(again).toMatchObject({ status: 201, body: { consent: { categories: { marketing: { verdict: "optedOut", source: "keyword" } } }, problems: [{ code: "kept_out", field: "consent" }] } });
  for (const category of ["all", "marketing"]) {
    expect(await admin.send<ErrorBody>("PUT", `/api/v1/contacts/${again.body.id}/consent`, { category, state: "in" })).toMatchObject({ status: 409, body: { error: { code: "consent_kept_out" } } });
  }
  const headers = { "X-CleverTap-Account-Id": workspaceId, "X-CleverTap-Passcode": passcode };
  const upload = { d: [{ type: "profile", identity: "again", ts: Math.floor(Date.now() / 1000), profileData: { Phone: phone, "MSG-whatsapp": true } }] };
  expect((await fetch(`${server.url}/1/upload`, { method: "POST", headers, body: JSON.stringify(upload) })).status).toBe(200);
  expect(await verdict(phone)).toBe("optedOut");
});

test("a number on do not disturb comes back on it, also for platforms, and its owner takes it off by opting in", async () => {
  const phone = newPhone();
  const first = await add({ phone, optIn: true });
  await admin.send("PUT", `/api/v1/contacts/${first.id}/do-not-disturb`, { on: true });
  const refused = async () => (await reachability(db(), workspaceId, [providerId], [phone]))[0]!.optedOutOfMarketing;
  await remove(first.id);
  expect(await refused()).toBe(false);
  const { id } = await add({ phone, optIn: true });
  expect([await verdict(phone), await refused()]).toEqual(["doNotDisturb", true]);
  expect(await admin.send<ErrorBody>("PUT", `/api/v1/contacts/${id}/do-not-disturb`, { on: false })).toMatchObject({ status: 409, body: { error: { code: "consent_kept_out" } } });
  const headers = { "X-CleverTap-Account-Id": workspaceId, "X-CleverTap-Passcode": passcode };
  const subscribe = { d: [{ type: "whatsapp", value: phone, status: "Resubscribe" }] };
  const answer = await fetch(`${server.url}/1/subscribe`, { method: "POST", headers, body: JSON.stringify(subscribe) });
  expect(await answer.json()).toMatchObject({ status: "fail", processed: 0, unprocessed: [{ record: subscribe.d[0] }] });
  await says(phone, "START");
  expect([await verdict(phone), await refused()]).toEqual(["allowed", false]);
});

test("WhatsApp's own stop ends marketing alone, and a yes from elsewhere leaves it so", async () => {
  const phone = newPhone();
  const { id } = await add({ phone, optIn: true });
  const choose = (stopped: boolean, at: Date) => db().transaction().execute((tx) => whatsappChoices()(tx, workspaceId, [{ phone, stopped, source: "whatsapp", at }]));
  await choose(true, new Date());
  await remove(id);
  await add({ phone, optIn: true });
  expect([await verdict(phone), await verdict(phone, "utility")]).toEqual(["optedOut", "allowed"]);
  await choose(false, new Date(Date.now() + 1_000));
  expect(await verdict(phone)).toBe("allowed");
});

test("a number that somebody else gets later is as stopped as it was", async () => {
  const phone = newPhone();
  const { id } = await add({ phone });
  await says(phone, "STOP");
  await remove(id);
  const other = await add({ identity: "number-comes-later", optIn: true });
  await admin.patch(`/api/v1/contacts/${other.id}`, { phone });
  expect(await verdict(phone)).toBe("optedOut");
});

test("what an office entered as opted out is forgotten with the person, as is everybody of another workspace", async () => {
  const [entered, elsewhere] = [newPhone(), newPhone()];
  const { id } = await add({ phone: entered, optIn: false });
  await remove(id);
  await importAgain(entered);
  expect(await verdict(entered)).toBe("allowed");

  const stopped = await add({ phone: elsewhere });
  await says(elsewhere, "STOP");
  await remove(stopped.id);
  const other = await newWorkspace(db());
  await upsert(db(), other, [{ phone: elsewhere, consent: { all: "in" } }], { source: "csv" });
  expect((await mayReceive(db(), other, [elsewhere], "marketing"))[0]!.verdict).toBe("allowed");
});

test("many people are deleted and brought back in a handful of statements, and the list holds no number", async () => {
  const phones = Array.from({ length: 300 }, newPhone);
  const { ids } = await upsert(db(), workspaceId, phones.map((phone) => ({ phone, consent: { all: "in" } })), { source: "csv" });
  await upsert(db(), workspaceId, phones.slice(0, 200).map((phone) => ({ phone, consent: { all: "out" } })), { source: "csv", consentSource: "keyword" });
  expect((await admin.post("/api/v1/contacts/delete", { ids })).body).toEqual({ deleted: 300 });
  await upsert(db(), workspaceId, phones.map((phone) => ({ phone, consent: { all: "in" } })), { source: "csv" });
  const verdicts = (await mayReceive(db(), workspaceId, phones, "marketing")).map((permit) => permit.verdict);
  expect([verdicts.filter((each) => each === "optedOut").length, verdicts.filter((each) => each === "allowed").length]).toEqual([200, 100]);
  const { rows } = await server.database.pool.query<{ row: string }>("select t::text as row from stop_list t");
  expect(rows.length).toBeGreaterThanOrEqual(600);
  expect(rows.filter(({ row }) => phones.some((phone) => row.includes(phone.slice(1))))).toEqual([]);
});
