import type { AuditEntry, ConsentSettings, ConsentWords, Contact, ContactProperty, ErrorBody, EventsResult, List, TimelineItem } from "@tincan/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../../tests/support/server.ts";
import type { Visitor } from "../../../../tests/support/visitor.ts";
import { accept } from "../ledger/accept.ts";
import { receiveInbound } from "../ledger/inbound.ts";
import { applyReceipts } from "../ledger/receipts.ts";
import { reachability } from "../ledger/permissions-to-send.ts";
import { message, type Place } from "../ledger/test-builders.ts";
import { uuidv7 } from "../database/uuid.ts";
import { consentRoutes } from "./consent.routes.ts";
import { seedDemoPeople } from "./demo.ts";
import { inboundPeople } from "./inbound-people.ts";
import { contactRoutes } from "./routes.ts";
import { newPhone, upsert } from "./test-builders.ts";

let server: TestServer;
let admin: Visitor;
let workspaceId: string;
const forgotten: string[][] = [];

beforeAll(async () => {
  server = await startTestServer({
    build: (core) => ({
      api: [
        ...core.accounts.api,
        contactRoutes({ eventListeners: [], database: core.database, statusListeners: [], forgetters: [async (_tx, _ws, _traffic, phones) => void forgotten.push(phones)] }),
        consentRoutes({ database: core.database }),
      ],
      wire: [], appliers: [], seedDemo: async () => {}, start: async () => {}, stop: async () => {},
    }),
  });
  admin = await server.admin();
  workspaceId = (await admin.get<{ id: string }>("/api/v1/workspace")).body.id;
});
afterAll(() => server.stop());

const add = async (input: Record<string, unknown>): Promise<Contact> => (await admin.post<Contact>("/api/v1/contacts", input)).body;
const list = async (query: string): Promise<List<Contact>> => (await admin.get<List<Contact>>(`/api/v1/contacts?${query}`)).body;
const timeline = async (id: string, query = ""): Promise<List<TimelineItem>> => (await admin.get<List<TimelineItem>>(`/api/v1/contacts/${id}/timeline?${query}`)).body;

/** A provider's lane in the server's workspace. */
async function place(): Promise<Place> {
  const providerId = uuidv7();
  await server.database.pool.query("insert into lanes (workspace_id, id, kind) values ($1, $2, 'provider')", [workspaceId, providerId]);
  return { workspaceId, providerId, originId: uuidv7() };
}

describe("adding and changing", () => {
  test("a person is added once; the same identity or number changes them", async () => {
    const phone = newPhone();
    const first = await admin.post<Contact>("/api/v1/contacts", { identity: "form-1", phone: phone.replace("+1", "+1 (").replace(/(.{7})/, "$1) "), name: "Ravi", properties: { tier: "gold", since: { date: "2026-01-01" } }, optIn: true, proof: "shop" });
    expect(first).toMatchObject({
      status: 201,
      body: { identity: "form-1", phone, name: "Ravi", identities: [], properties: { tier: "gold", since: "2026-01-01T00:00:00.000Z" }, source: "form", consent: { msgWhatsapp: true, dndWhatsapp: false, categories: { marketing: { verdict: "allowed", state: null } } } },
    });
    const again = await admin.post<Contact>("/api/v1/contacts", { phone, email: "r@example.com" });
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id, name: "Ravi", email: "r@example.com" } });
    expect((await admin.patch<Contact>(`/api/v1/contacts/${first.body.id}`, { name: null, timeZone: "asia/kolkata" })).body).toMatchObject({ name: null, timeZone: "Asia/Kolkata" });
    const changes = await admin.get<List<AuditEntry>>("/api/v1/audit?action=contact.");
    expect(changes.body.items.filter((entry) => entry.target.id === first.body.id).map((entry) => entry.action)).toEqual(["contact.changed", "contact.changed", "contact.created"]);
  });

  test("what cannot be used is named, and nothing of it is stored", async () => {
    const phone = newPhone();
    const refused = async (input: object) => (await admin.post<ErrorBody>("/api/v1/contacts", input)).body.error;
    expect(await refused({ name: "Nobody" })).toMatchObject({ code: "invalid_input" });
    expect(await refused({ phone: "12345" })).toMatchObject({ code: "invalid_input", field: "phone", message: expect.stringContaining("country code") });
    expect(await refused({ phone, email: "nobody" })).toMatchObject({ field: "email" });
    expect(await refused({ phone, timeZone: "Mars/Base" })).toMatchObject({ field: "timeZone" });
    await add({ phone: newPhone(), properties: { counted: 1 } });
    expect(await refused({ phone, properties: { counted: "many" } })).toMatchObject({ field: "properties.counted", message: expect.stringContaining("is a number") });
    expect((await list(`q=${encodeURIComponent(phone)}`)).items).toEqual([]);
  });

  test("a number that another person has is a conflict, and merging the two solves it", async () => {
    const phone = newPhone();
    const one = await add({ identity: "merge-1", phone, name: "One", properties: { a: "1" } });
    const two = await add({ identity: "merge-2", name: "Two", email: "two@example.com", properties: { b: "2" } });
    expect(await admin.patch<ErrorBody>(`/api/v1/contacts/${two.id}`, { phone })).toMatchObject({ status: 409, body: { error: { code: "contact_conflict", field: "phone" } } });
    const merged = await admin.post<Contact>(`/api/v1/contacts/${one.id}/merge`, { with: two.id });
    expect(merged.body).toMatchObject({ id: one.id, identity: "merge-1", identities: ["merge-2"], name: "One", email: "two@example.com", properties: { a: "1", b: "2" } });
    expect((await admin.get(`/api/v1/contacts/${two.id}`)).status).toBe(404);
    expect((await add({ identity: "merge-2", language: "es" })).id).toBe(one.id);
    expect((await admin.post<ErrorBody>(`/api/v1/contacts/${one.id}/merge`, { with: one.id })).status).toBe(400);
  });

  test("numbers without a country are read by the workspace's, or the request's own", async () => {
    await admin.send("PUT", "/api/v1/consent-settings", { ...(await admin.get<ConsentSettings>("/api/v1/consent-settings")).body, defaultCountry: "IN" });
    expect(await add({ phone: "098000 00001" })).toMatchObject({ phone: "+919800000001" });
    expect(await add({ phone: "(555) 019-0001", country: "US" })).toMatchObject({ phone: "+15550190001" });
  });
});

describe("finding", () => {
  test("by the beginning of any word of a name, accents and case aside, by number, e-mail and identity", async () => {
    const phone = newPhone();
    const { id } = await add({ identity: "Kunde 77-x", phone, name: "Zoë Ibáñez-Ruiz", email: "zoe.i@example.com" });
    const hindi = await add({ phone: newPhone(), name: "प्रिया शर्मा" });
    for (const q of ["zoe", "IBAN", "ruiz", "zoe ruiz", "ibáñez-r", phone, phone.slice(1), phone.slice(2), `${phone.slice(0, 5)} ${phone.slice(5)}`, "zoe.i@ex", "77-x", "kunde"]) {
      expect([q, (await list(`q=${encodeURIComponent(q)}`)).items.map((c) => c.id)]).toEqual([q, [id]]);
    }
    expect((await list(`q=${encodeURIComponent("शर्मा")}`)).items.map((c) => c.id)).toEqual([hindi.id]);
    for (const q of ["oë", "'", "a & b | !:*", "\\", "zoe nobody", "%"]) expect([q, (await list(`q=${encodeURIComponent(q)}`)).items]).toEqual([q, []]);
  });

  test("pages follow each other without gaps or repeats, in every order", async () => {
    await upsert(server.database.db, workspaceId, Array.from({ length: 30 }, (_, i) => ({ identity: `page-${i}`, name: `Pager ${i % 5}` })));
    for (const sort of ["newest", "oldest", "name"]) {
      const seen: string[] = [];
      let after = "";
      do {
        const page = await list(`q=pager&sort=${sort}&limit=7${after}`);
        seen.push(...page.items.map((c) => c.id));
        after = page.next === null ? "" : `&after=${page.next}`;
      } while (after !== "");
      expect([sort, seen.length, new Set(seen).size]).toEqual([sort, 30, 30]);
    }
    const names = (await list("q=pager&sort=name&limit=200")).items.map((c) => c.name!);
    expect(names).toEqual(names.toSorted());
    expect((await admin.get("/api/v1/contacts?after=nonsense")).status).toBe(400);
  });

  test("by consent to marketing and by where they came from", async () => {
    const [a, b, c] = [newPhone(), newPhone(), newPhone()];
    await upsert(server.database.db, workspaceId, [
      { phone: a, name: "Filtered", consent: { all: "in" } }, { phone: b, name: "Filtered", consent: { all: "in", marketing: "out" } }, { phone: c, name: "Filtered", consent: { all: "in" }, doNotDisturb: true },
    ], { source: "csv" });
    const phones = async (query: string) => (await list(`q=filtered&${query}`)).items.map((x) => x.phone).sort();
    expect(await phones("consent=in")).toEqual([a]);
    expect(await phones("consent=out")).toEqual([b, c]);
    expect(await phones("source=csv")).toEqual([a, b, c]);
    expect(await phones("source=form")).toEqual([]);
    expect((await list("source=csv")).items).toHaveLength(3);
  });

  test("by when they were last seen, either way, paged; who never was comes last after the newest", async () => {
    const mark = `seen${uuidv7().slice(-6)}`;
    const people: Contact[] = [];
    for (const name of ["A", "B", "C", "D", "E"]) people.push(await add({ phone: newPhone(), name: `${mark} ${name}` }));
    const at = (minutes: number) => new Date(Date.UTC(2026, 4, 1, 12, minutes));
    for (const [i, minutes] of [[0, 5], [1, 9], [2, 5], [3, 1]] as const) await server.database.pool.query("update contacts set last_seen_at = $2 where id = $1", [people[i]!.id, at(minutes)]);
    const paged = async (sort: string, query: string): Promise<string[]> => {
      const found: string[] = [];
      for (let after = ""; ; ) {
        const page = await list(`${query}&limit=2&sort=${sort}${after}`);
        found.push(...page.items.map(({ name }) => name?.slice(-1) ?? ""));
        if (page.next === null) return found;
        after = `&after=${page.next}`;
      }
    };
    expect(await paged("-lastSeenAt", `q=${mark}`)).toEqual(["B", "C", "A", "D", "E"]);
    expect(await paged("lastSeenAt", `q=${mark}`)).toEqual(["E", "D", "A", "C", "B"]);
    expect((await paged("-lastSeenAt", "consent=out")).slice(0, 4)).toEqual(["B", "C", "A", "D"]);
    const cursor = (await list("sort=name&limit=1")).next;
    expect((await admin.get(`/api/v1/contacts?sort=-lastSeenAt&after=${cursor}`)).status).toBe(400);
  });

  test("by a property they have and by its value, each type in its own way", async () => {
    const values = { fTier: "gold", fVisits: 3, fVip: true, fTags: ["shoes", "coffee"], fBorn: { date: "1990-05-03" } };
    const one = await add({ phone: newPhone(), properties: values });
    const other = await add({ phone: newPhone(), properties: { fTier: "silver", fVisits: 30, fVip: false, fTags: ["tea"], fBorn: { date: "1990-05-30" } } });
    const found = async (query: string): Promise<string[]> => {
      const answer = await admin.get<List<Contact>>(`/api/v1/contacts?sort=oldest&${query}`);
      expect(answer).toMatchObject({ status: 200 });
      return answer.body.items.map(({ id }) => id);
    };
    for (const [key, value] of [["fTier", "gold"], ["fVisits", "3"], ["fVip", "true"], ["fTags", "coffee"], ["fBorn", "1990-05-03"]]) expect([key, await found(`property=${key}&value=${value}`)]).toEqual([key, [one.id]]);
    expect(await found("property=fTier")).toEqual([one.id, other.id]);
    expect(await found("property=fTier&value=gold&source=form")).toEqual([one.id]);
    for (const query of ["property=fTier&value=Gold%25", "property=fVisits&value=many", "property=fVip&value=yes", "property=fBorn&value=May", "property=nobody has this"]) expect([query, await found(query)]).toEqual([query, []]);
    expect((await admin.get("/api/v1/contacts?value=gold")).status).toBe(400);
  });

  test("the registry lists properties with their types and how many people have them", async () => {
    await add({ phone: newPhone(), properties: { shoe: 42 } });
    const { id } = await add({ phone: newPhone(), properties: { shoe: 43 } });
    const shoe = async () => (await admin.get<List<ContactProperty>>("/api/v1/contact-properties")).body.items.find((p) => p.key === "shoe");
    expect(await shoe()).toMatchObject({ type: "number", contacts: 2 });
    await admin.delete(`/api/v1/contacts/${id}`);
    expect(await shoe()).toMatchObject({ contacts: 1 });
  });
});

describe("consent", () => {
  test("is set per category with its proof, and shown with why", async () => {
    const { id } = await add({ phone: newPhone() });
    const put = async (body: object) => (await admin.send<Contact>("PUT", `/api/v1/contacts/${id}/consent`, body)).body.consent;
    expect(await put({ category: "utility", state: "in", proof: "order 7" })).toMatchObject({
      msgWhatsapp: false, categories: { marketing: { verdict: "notOptedIn" }, utility: { verdict: "allowed", state: "in", source: "dashboard", proof: "order 7" } },
    });
    expect(await put({ category: "all", state: "in" })).toMatchObject({ msgWhatsapp: true, categories: { marketing: { verdict: "allowed" }, utility: { verdict: "allowed", state: null } } });
    expect(await put({ category: "marketing", state: "out" })).toMatchObject({ categories: { marketing: { verdict: "optedOut" }, authentication: { verdict: "allowed" } } });
    const history = (await timeline(id, "kind=consent")).items;
    expect(history.map((item) => item.title)).toEqual(["Opted out of marketing messages", "Opted in to all messages", "Opted in to utility messages"]);
    expect(history[0]!.consent).toMatchObject({ source: "dashboard", by: "Ada" });
  });

  test("do not disturb of a number outweighs everything, and platforms cannot send marketing to it either", async () => {
    const phone = newPhone();
    const { id } = await add({ phone, optIn: true });
    const provider = uuidv7();
    const stopped = async () => (await reachability(server.database.db, workspaceId, [provider], [phone]))[0]!.optedOutOfMarketing;
    const put = (on: boolean) => admin.send<Contact>("PUT", `/api/v1/contacts/${id}/do-not-disturb`, { on });
    expect((await put(true)).body.consent).toMatchObject({ dndWhatsapp: true, categories: { utility: { verdict: "doNotDisturb" } } });
    expect(await stopped()).toBe(true);
    expect((await put(false)).body.consent).toMatchObject({ dndWhatsapp: false, categories: { utility: { verdict: "allowed" } } });
    expect(await stopped()).toBe(false);
    const nameless = await add({ identity: "no-number" });
    expect((await admin.send("PUT", `/api/v1/contacts/${nameless.id}/do-not-disturb`, { on: true })).status).toBe(400);
  });

  test("consent words can be replaced, must be words, and come back", async () => {
    const words = async (body: object) => admin.send<ConsentWords & ErrorBody>("PUT", "/api/v1/consent-words", body);
    const mine = { word: "Enough", state: "out", category: "marketing", language: "en" };
    expect((await admin.get<ConsentWords>("/api/v1/consent-words")).body).toMatchObject({ custom: false, words: expect.arrayContaining([expect.objectContaining({ word: "STOP", category: "all" })]) });
    expect((await words({ words: [mine] })).body).toEqual({ words: [mine], custom: true });
    expect((await words({ words: [mine, { ...mine, word: " enough! " }] })).body.error).toMatchObject({ field: "words[1].word" });
    expect((await words({ words: [{ ...mine, word: "!!" }] })).body.error).toMatchObject({ field: "words[0].word" });
    expect((await words({ words: null })).body.custom).toBe(false);
  });
});

describe("a person's timeline", () => {
  test("holds what was sent with its receipts, what they wrote, did and agreed to, and what changed, newest first and paged", async () => {
    const phone = newPhone();
    const { id } = await add({ phone, name: "Tim" });
    const here = await place();
    const out = message(here, { recipient: phone });
    const { db } = server.database;
    await db.transaction().execute((tx) => accept(tx, workspaceId, [out], []));
    const at = new Date(Date.now() + 10);
    await db.transaction().execute((tx) => applyReceipts(tx, workspaceId, here.providerId, [{ messageId: out.id, status: "read", at }], []));
    const listener = inboundPeople({ statusListeners: [], platformProviders: async () => new Set(), wake: () => {} });
    await db.transaction().execute((tx) =>
      receiveInbound(tx, workspaceId, [{ providerId: here.providerId, wireId: "wamid.t1", sender: phone, type: "text", content: { text: "STOP" }, raw: {}, occurredAt: new Date(Date.now() + 20) }], [listener]),
    );
    await admin.post("/api/v1/events", { events: [{ contactId: id, name: "Paid", at: new Date(Date.now() + 30).toISOString(), properties: { amount: 5 } }] });
    await admin.patch(`/api/v1/contacts/${id}`, { name: "Timo" });

    const all = (await timeline(id)).items;
    expect(all.map((item) => item.kind).sort()).toEqual(["consent", "event", "inbound", "message", "message", "profile", "profile"]);
    expect(all.map((item) => item.at)).toEqual(all.map((item) => item.at).toSorted().toReversed());
    expect(all.find((item) => item.messageId === out.id)).toMatchObject({ title: "Sent the template order_ready", state: "read", receipts: [{ status: "sent" }, { status: "delivered" }, { status: "read" }] });
    expect(all.find((item) => item.kind === "inbound")).toMatchObject({ title: "Wrote", detail: "STOP" });
    expect(all.find((item) => item.kind === "event")).toMatchObject({ title: "Paid", properties: { amount: 5 } });
    expect(all.find((item) => item.title === "Profile changed by Ada")).toMatchObject({ properties: { name: { from: "Tim", to: "Timo" } } });

    const paged: TimelineItem[] = [];
    for (let after = ""; ; ) {
      const page = await timeline(id, `limit=2${after}`);
      paged.push(...page.items);
      if (page.next === null) break;
      after = `&after=${page.next}`;
    }
    expect(paged).toEqual(all);
    expect((await admin.get(`/api/v1/contacts/${uuidv7()}/timeline`)).status).toBe(404);
  });

  test("of somebody who was merged with another holds what was sent to either of them and what either wrote, and the links are theirs", async () => {
    const [phone, given, moved] = [newPhone(), newPhone(), newPhone()];
    const { db } = server.database;
    const here = await place();
    const kept = await add({ identity: "merged-kept", phone });
    const gone = await add({ identity: "merged-gone", phone: moved });
    await admin.patch(`/api/v1/contacts/${gone.id}`, { phone: given });
    const sent = [phone, given, moved, "merged-gone"].map((recipient) => message(here, { recipient }));
    await db.transaction().execute((tx) => accept(tx, workspaceId, sent, []));
    await db.transaction().execute((tx) => receiveInbound(tx, workspaceId, [{ providerId: here.providerId, wireId: "wamid.m1", sender: given, type: "text", content: { text: "Hello" }, raw: {}, occurredAt: new Date() }], []));
    await server.database.pool.query("insert into links (workspace_id, message_id, code, contact_id, target, place, created_at) values ($1, $2, 'merged', $3, 'https://example.com', 'body', now())", [workspaceId, sent[1]!.id, gone.id]);
    await admin.post("/api/v1/events", { events: [{ contactId: gone.id, name: "Paid" }] });

    expect((await admin.post(`/api/v1/contacts/${kept.id}/merge`, { with: gone.id })).status).toBe(200);
    const merged = (await timeline(kept.id)).items;
    expect(merged.filter(({ kind }) => kind === "message").map(({ messageId }) => messageId).sort()).toEqual(sent.map(({ id }) => id).sort());
    expect(merged.filter(({ kind }) => kind === "inbound" || kind === "event").map(({ detail, title }) => detail ?? title).sort()).toEqual(["Hello", "Paid"]);
    expect(merged.find(({ kind, properties }) => kind === "profile" && JSON.stringify(properties).includes(given))).toMatchObject({ title: "Profile changed by Ada" });
    expect((await server.database.pool.query("select contact_id from links where code = 'merged'")).rows).toEqual([{ contact_id: kept.id }]);

    // Whoever gets a number that was given up begins with what goes to it from then on, and it is theirs alone.
    await add({ phone: given });
    expect((await timeline(kept.id, "kind=message")).items.map(({ messageId }) => messageId)).not.toContain(sent[1]!.id);
  });

  test("names the provider that a message went through, so that two numbers of one workspace are told apart", async () => {
    const phone = newPhone();
    const { id } = await add({ phone });
    const { db, pool } = server.database;
    for (const [nickname, number] of [["Shop", "+15550100197"], ["Tincan as provider", "+15550100198"]]) {
      const here = await place();
      await pool.query("insert into providers (workspace_id, id, kind, nickname, number, secrets, max_concurrency) values ($1, $2, 'generic', $3, $4, '', 30)", [workspaceId, here.providerId, nickname, number]);
      await db.transaction().execute((tx) => accept(tx, workspaceId, [message(here, { recipient: phone })], []));
      await db.transaction().execute((tx) => receiveInbound(tx, workspaceId, [{ providerId: here.providerId, wireId: `wamid.${nickname}`, sender: phone, type: "text", content: { text: "hello" }, raw: {}, occurredAt: new Date() }], []));
    }
    const throughOf = async (): Promise<string[]> => (await timeline(id)).items.filter(({ kind }) => kind !== "profile").map(({ kind, provider }) => `${kind} ${provider?.nickname}`).sort();
    expect(await throughOf()).toEqual(["inbound Shop", "inbound Tincan as provider", "message Shop", "message Tincan as provider"]);
    await pool.query("delete from providers where workspace_id = $1 and nickname = 'Shop'", [workspaceId]);
    expect(await throughOf()).toEqual(["inbound Tincan as provider", "inbound undefined", "message Tincan as provider", "message undefined"]);
    await pool.query("delete from providers where workspace_id = $1", [workspaceId]);
  });
});

describe("deleting", () => {
  test("forgets the person everywhere; what was sent stays as a count that names nobody", async () => {
    const phone = newPhone();
    const { id } = await add({ identity: "gone", phone, name: "Gone", properties: { secret: "x" }, optIn: true });
    const here = await place();
    const [sent, waiting] = [message(here, { recipient: phone }), message(here, { recipient: phone })];
    const { db, pool } = server.database;
    await db.transaction().execute((tx) => accept(tx, workspaceId, [sent, waiting], []));
    await pool.query("update outbox set state = 'claimed' where message_id = $1", [sent.id]);
    await db.transaction().execute((tx) => receiveInbound(tx, workspaceId, [{ providerId: here.providerId, wireId: "wamid.g1", sender: phone, type: "text", content: { text: "my secret" }, raw: {}, occurredAt: new Date() }], []));
    await admin.post("/api/v1/events", { events: [{ contactId: id, name: "Paid", id: "gone-1" }] });
    await admin.send("PUT", `/api/v1/contacts/${id}/do-not-disturb`, { on: true });

    const importId = uuidv7();
    await pool.query("insert into raw_webhooks (workspace_id, id, provider_id, field, body) values ($1, $2, $3, 'new_kind', $4), ($1, $5, $3, 'new_kind', '{\"gone\":1}')", [workspaceId, uuidv7(), here.providerId, JSON.stringify({ to: phone.slice(1) }), uuidv7()]);
    await pool.query("insert into imports (workspace_id, id, file_name, size, state, encoding, delimiter, columns, sample_rows, settings, created_by, stored_size, header_end, next_byte) values ($1, $2, 'old.csv', 9, 'done', 'utf-8', ',', '[]', '[]', '{}', 'Somebody', 9, 1, 9)", [workspaceId, importId]);
    await pool.query("insert into import_problems (workspace_id, import_id, row_number, place, column_name, value, reason, fields) values ($1, $2, 1, 0, 'born', 'soon', 'a date', $3), ($1, $2, 1, 1, 'paid', 'x', 'a number', null), ($1, $2, 2, 0, 'born', 'never', 'a date', array['+15550000001'])", [workspaceId, importId, [`${phone.slice(0, 5)} ${phone.slice(5)}`, "my secret"]]);

    expect((await admin.delete(`/api/v1/contacts/${id}`)).status).toBe(204);
    expect((await pool.query("select row_number from import_problems where import_id = $1", [importId])).rows).toEqual([{ row_number: 2 }]);
    expect((await pool.query("select body from raw_webhooks where workspace_id = $1", [workspaceId])).rows).toEqual([{ body: { gone: 1 } }]);
    expect((await admin.delete(`/api/v1/contacts/${id}`)).status).toBe(404);
    expect(forgotten.at(-1)!.sort()).toEqual([phone, "gone"].sort());
    const tables = (await pool.query<{ name: string }>("select table_name as name from information_schema.columns where column_name = 'workspace_id' and table_schema = 'public' and table_name not like 'events_%'")).rows;
    for (const { name } of tables) {
      const { rows } = await pool.query(`select t::text as row from "${name}" t where workspace_id = $1 and (t::text like $2 or t::text like '%gone-1%' or t::text like '%my secret%')`, [workspaceId, `%${phone.slice(1)}%`]);
      expect([name, rows]).toEqual([name, []]);
    }
    const left = (await pool.query("select recipient, state, error ->> 'title' as title from messages where id = any ($1) order by state", [[sent.id, waiting.id]])).rows;
    expect(left).toEqual([{ recipient: "forgotten", state: "failed", title: "The person was deleted before the message was sent." }, { recipient: "forgotten", state: "unknown", title: null }]);
    const [entry] = (await admin.get<List<AuditEntry>>("/api/v1/audit?action=contact.deleted")).body.items;
    expect(entry).toMatchObject({ target: { kind: "contact", id } });
    expect(JSON.stringify(entry)).not.toContain("Gone");
  });

  test("forgets what is kept under another writing of the number, unless it is somebody else's", async () => {
    const here = await place();
    const { db, pool } = server.database;
    const gone = [await add({ phone: "+5531987650001" }), await add({ phone: "+5531987650002" })];
    await add({ phone: "+553187650002" });
    const inbound = gone.map(({ phone }, i) => ({ providerId: here.providerId, wireId: `wamid.br${i}`, sender: phone!, writtenAs: phone!.replace("+55319", "+5531"), type: "text", content: { text: "Oi" }, raw: {}, occurredAt: new Date() }));
    await db.transaction().execute((tx) => receiveInbound(tx, workspaceId, inbound, []));
    expect((await admin.post("/api/v1/contacts/delete", { ids: gone.map(({ id }) => id) })).body).toEqual({ deleted: 2 });
    expect((await pool.query("select phone from conversation_windows where provider_id = $1", [here.providerId])).rows).toEqual([{ phone: "+553187650002" }]);
  });

  test("forgets what went to numbers that the person, or somebody merged into them, gave up, unless somebody else has them", async () => {
    const [own, given, changed, passedOn] = [newPhone(), newPhone(), newPhone(), newPhone()];
    const here = await place();
    const kept = await add({ identity: "doomed", phone: changed });
    await admin.patch(`/api/v1/contacts/${kept.id}`, { phone: own });
    const gone = await add({ identity: "doomed-too", phone: passedOn });
    await admin.patch(`/api/v1/contacts/${gone.id}`, { phone: given });
    await admin.post(`/api/v1/contacts/${kept.id}/merge`, { with: gone.id });
    const other = await add({ phone: passedOn });
    const { db, pool } = server.database;
    await db.transaction().execute((tx) => accept(tx, workspaceId, [own, given, changed, passedOn].map((recipient) => message(here, { recipient })), []));
    await db.transaction().execute((tx) => receiveInbound(tx, workspaceId, [{ providerId: here.providerId, wireId: "wamid.d1", sender: given, type: "text", content: { text: "Hello" }, raw: {}, occurredAt: new Date() }], []));

    expect((await admin.delete(`/api/v1/contacts/${kept.id}`)).status).toBe(204);
    const { rows } = await pool.query<{ recipient: string }>("select recipient from messages where workspace_id = $1 and provider_id = $2 order by recipient", [workspaceId, here.providerId]);
    expect(rows.map(({ recipient }) => recipient)).toEqual([passedOn, "forgotten", "forgotten", "forgotten"]);
    expect((await pool.query("select sender from inbound_messages where sender = $1", [given])).rows).toEqual([]);
    expect((await pool.query("select id from merged_contacts where id = $1", [gone.id])).rows).toEqual([]);
    expect((await timeline(other.id, "kind=message")).items).toHaveLength(1);
  });

  test("takes many at once and counts those that were there", async () => {
    const ids = (await upsert(server.database.db, workspaceId, [{ phone: newPhone() }, { phone: newPhone() }])).ids;
    expect((await admin.post("/api/v1/contacts/delete", { ids: [...ids, uuidv7(), "nonsense"] })).body).toEqual({ deleted: 2 });
  });
});

test("events come by REST, each stored or reported for itself; those that a person reports are in the audit log", async () => {
  const noted = async () => (await admin.get<List<AuditEntry>>("/api/v1/audit?action=events.")).body.items.map(({ detail }) => detail);
  const before = await noted();
  const result = await admin.post<EventsResult>("/api/v1/events", { events: [{ identity: "rest", name: "Seen", id: "r-1" }, { identity: "rest", name: "Seen", id: "r-1" }, { name: "Nobody" }] });
  expect(result).toMatchObject({ status: 200, body: { stored: 1, duplicates: 1, problems: [{ index: 2, code: "no_person", field: null }] } });
  expect((await (await server.script("creator")).post("/api/v1/events", { events: [{ identity: "rest", name: "Seen", id: "r-2" }] })).status).toBe(200);
  expect(await noted()).toEqual([{ events: 1 }, ...before]);
});

test("an agent reads people and changes nothing; a creator changes them", async () => {
  const [agent, creator] = [await server.script("agent"), await server.script("creator")];
  expect((await agent.get("/api/v1/contacts")).status).toBe(200);
  expect((await agent.post("/api/v1/contacts", { phone: newPhone() })).status).toBe(403);
  expect(await creator.post("/api/v1/contacts", { phone: newPhone() })).toMatchObject({ status: 201, body: { source: "api" } });
});

test("the demo has 200 people, some with consent, some with doings, and is made once", async () => {
  const { workspaceId: demo } = await (async () => {
    const id = uuidv7();
    await server.database.pool.query("insert into workspaces (id, name, demo) values ($1, 'Demo', true)", [id]);
    return { workspaceId: id };
  })();
  await seedDemoPeople(server.database.db, demo, new Date());
  await seedDemoPeople(server.database.db, demo, new Date());
  const { rows } = await server.database.pool.query("select count(*) as people, count(*) filter (where msg_whatsapp) as opted_in, count(distinct name) as names from contacts where workspace_id = $1 and phone like '+1555%'", [demo]);
  expect(rows[0].people).toBe(200);
  expect(rows[0].opted_in).toBeGreaterThan(80);
  expect(rows[0].names).toBeGreaterThan(120);
  expect((await server.database.pool.query("select count(*) as n from demo_items where workspace_id = $1 and kind = 'contact'", [demo])).rows[0].n).toBe(200);
});
