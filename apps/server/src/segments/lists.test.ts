import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { AuditEntry, Contact, ContactList, ContactListDetail, ContactListMembersChanged, ContactListUpload, ErrorBody, List, Segment } from "@tincan/api";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestServer, type TestServer } from "../../../../tests/support/server.ts";
import type { Answer, Visitor } from "../../../../tests/support/visitor.ts";
import { contactRoutes } from "../contacts/routes.ts";
import { newPhone } from "../contacts/test-builders.ts";
import type { DatabaseHandle } from "../database/connection.ts";
import type { Claim, ThreadData } from "../database/job-thread.ts";
import type { JobThreads } from "../database/job-threads.ts";
import { uuidv7 } from "../database/uuid.ts";
import { forgetOldUnmatchedRows, forgetUnmatchedRows } from "./forget-people.ts";
import { listRoutes } from "./lists.routes.ts";
import { segmentRoutes } from "./routes.ts";
import { uploadFile } from "./uploads/files.ts";
import { claimUpload } from "./uploads/progress.ts";
import type { FromThread } from "./uploads/thread.ts";
import { uploadThreads } from "./uploads/worker.ts";

let server: TestServer;
let admin: Visitor;
let folder: string;
let database: DatabaseHandle;
let uploads: JobThreads<FromThread>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "tincan-lists-"));
  server = await startTestServer({
    build: ({ accounts, database: { db }, database: handle, live, log }) => {
      database = handle;
      uploads = uploadThreads({ database, live, log, dataDir: folder });
      return {
        api: [
          ...accounts.api,
          contactRoutes({ database, statusListeners: [], forgetters: [(tx, workspaceId, _traffic, addresses) => forgetUnmatchedRows(tx, workspaceId, addresses)], eventListeners: [] }),
          segmentRoutes({ db, usedBy: [] }),
          listRoutes({ db, dataDir: folder, mostBytes: 500_000, usedBy: [], nudge: () => uploads.nudge() }),
        ],
        wire: [], appliers: [], seedDemo: async () => {}, start: async () => {}, stop: () => uploads.stop(),
      };
    },
  });
  uploads.start();
  admin = await server.admin();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

let made = 0;
const makeList = async (): Promise<string> => (await admin.post<ContactList>("/api/v1/lists", { name: `List ${++made}` })).body.id;
const makeContact = async (identity?: string): Promise<Contact> => (await admin.post<Contact>("/api/v1/contacts", { phone: newPhone(), ...(identity !== undefined && { identity }) })).body;
const shown = async (id: string): Promise<ContactListDetail> => (await admin.get<ContactListDetail>(`/api/v1/lists/${id}`)).body;
const membersOf = async (id: string): Promise<string[]> => (await admin.get<List<Contact>>(`/api/v1/lists/${id}/members`)).body.items.map((contact) => contact.id).sort();
const idsOf = (...contacts: Contact[]): string[] => contacts.map(({ id }) => id).sort();

/** Sends a file and waits until it is read. */
async function upload(id: string, content: string, query: string, visitor = admin): Promise<Answer<ContactListUpload>> {
  const answer = await send(id, content, query, visitor);
  expect(answer.status).toBe(202);
  return { ...answer, body: await whenRead(id) };
}

async function whenRead(id: string): Promise<ContactListUpload> {
  return vi.waitUntil(async () => {
    const { lastUpload } = await shown(id);
    return lastUpload?.state === "running" ? null : lastUpload;
  }, { timeout: 30_000, interval: 25 });
}

async function workspaceOf({ id }: ContactListUpload): Promise<string> {
  return (await database.pool.query("select workspace_id from list_uploads where id = $1", [id])).rows[0].workspace_id;
}

/** Has the file read by a thread that is killed after its first batches; answers what that thread had claimed. */
async function killedAmidst(upload: ContactListUpload): Promise<Claim> {
  const claim = { workspaceId: await workspaceOf(upload), id: upload.id, runner: uuidv7() };
  const reader = new Worker(new URL("./uploads/thread.ts", import.meta.url), { workerData: { url: database.url, stopKey: database.stopKey, dataDir: folder, claim } satisfies ThreadData });
  await new Promise((resolve) => reader.once("message", resolve));
  await reader.terminate();
  return claim;
}

async function send<T = ContactListUpload>(id: string, content: string, query: string, visitor = admin): Promise<Answer<T>> {
  const form = new FormData();
  form.append("file", new Blob([content], { type: "text/csv" }), "people.csv");
  const cookie = [...visitor.cookies].map(([key, value]) => `${key}=${value}`).join("; ");
  const response = await fetch(`${server.url}/api/v1/lists/${id}/upload?${query}`, { method: "POST", headers: { ...(cookie !== "" && { cookie, origin: server.url }), ...visitor.headers }, body: form });
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}

describe("a list", () => {
  test("takes people and lets them go, and tells of ids that nobody has", async () => {
    const [id, one, other] = [await makeList(), await makeContact(), await makeContact()];
    const put = await admin.post<ContactListMembersChanged>(`/api/v1/lists/${id}/members`, { contactIds: [one.id, other.id, one.id, "nobody"] });
    expect(put.body).toEqual({ changed: 2, unknown: ["nobody"] });
    expect((await admin.post<ContactListMembersChanged>(`/api/v1/lists/${id}/members`, { contactIds: [one.id] })).body.changed).toBe(0);
    expect((await admin.post<ContactListMembersChanged>(`/api/v1/lists/${id}/members/remove`, { contactIds: [one.id] })).body.changed).toBe(1);
    expect(await membersOf(id)).toEqual([other.id]);
    expect(await shown(id)).toMatchObject({ members: 1, lastUpload: null, usedBy: [] });
  });

  test("finds those of its people whom a search means, and nobody else", async () => {
    const [id, one, other, outside] = [await makeList(), await makeContact("guest-a"), await makeContact("guest-b"), await makeContact("guest-c")];
    await admin.post(`/api/v1/lists/${id}/members`, { contactIds: [one.id, other.id] });
    const found = async (q: string): Promise<string[]> => (await admin.get<List<Contact>>(`/api/v1/lists/${id}/members?q=${q}`)).body.items.map((contact) => contact.id).sort();
    expect(await found("guest-")).toEqual(idsOf(one, other));
    expect(await found(encodeURIComponent(other.phone ?? ""))).toEqual(idsOf(other));
    expect(await found(outside.identity ?? "")).toEqual([]);
  });

  test("loses whoever is deleted, and keeps whoever two people become", async () => {
    const [id, gone, kept, doubled] = [await makeList(), await makeContact(), await makeContact(), await makeContact()];
    await admin.post(`/api/v1/lists/${id}/members`, { contactIds: [gone.id, doubled.id] });
    await admin.delete(`/api/v1/contacts/${gone.id}`);
    expect(await membersOf(id)).toEqual([doubled.id]);
    await admin.post(`/api/v1/contacts/${kept.id}/merge`, { with: doubled.id });
    expect(await membersOf(id)).toEqual([kept.id]);
    expect((await shown(id)).members).toBe(1);
  });

  test("stays while a segment names it, and is deleted with its members otherwise", async () => {
    const [id, one] = [await makeList(), await makeContact()];
    await admin.post(`/api/v1/lists/${id}/members`, { contactIds: [one.id] });
    const segment = (await admin.post<Segment>("/api/v1/segments", { name: "Of a list", query: { not: { kind: "list", listId: id, in: true } } })).body;
    const refused = await admin.delete<ErrorBody>(`/api/v1/lists/${id}`);
    expect(refused).toMatchObject({ status: 409, body: { error: { code: "list_in_use", message: expect.stringContaining("Of a list") } } });
    await admin.delete(`/api/v1/segments/${segment.id}`);
    expect((await admin.delete(`/api/v1/lists/${id}`)).status).toBe(204);
    expect((await server.database.pool.query("select from list_members where list_id = $1", [id])).rowCount).toBe(0);
  });

  test("has a name of its own, and can be renamed", async () => {
    const [id, other] = [await makeList(), await makeList()];
    const { name } = await shown(other);
    expect((await admin.patch<ErrorBody>(`/api/v1/lists/${id}`, { name: name.toUpperCase() })).body.error.code).toBe("list_name_taken");
    expect((await admin.patch<ContactList>(`/api/v1/lists/${id}`, { name: "Guests", description: "Of the fair" })).body).toMatchObject({ name: "Guests", description: "Of the fair" });
    expect((await admin.get<List<ContactList>>("/api/v1/lists?q=guest")).body.items.map((list) => list.id)).toEqual([id]);
  });
});

describe("a file of people", () => {
  test("adds those it names by number, and reports the rows that name nobody", async () => {
    const [id, one, other] = [await makeList(), await makeContact(), await makeContact()];
    const stranger = newPhone();
    const file = `Name,Mobile\nA,${one.phone}\nB,${other.phone!.replace("+1555", "+1 555 ")}\nC,${one.phone}\nD,${stranger}\nE,12\nF,\n`;
    const { body } = await upload(id, file, "by=phone&column=mobile");
    expect(body).toMatchObject({ fileName: "people.csv", mode: "add", rows: 6, matched: 3, added: 2, removed: 0, created: 0, unmatched: 3 });
    expect(await membersOf(id)).toEqual(idsOf(one, other));
    expect((await shown(id)).lastUpload).toEqual(body);
    const report = (await admin.get<string>(`/api/v1/lists/${id}/unmatched.csv`)).body.replace("\uFEFF", "").split("\r\n");
    expect(report.slice(0, 4)).toEqual(["Row,Value,Problem", `5,${stranger},No contact has this number.`, expect.stringMatching(/^6,12,"It is not a phone number/), "7,,The cell is empty."]);
    expect((await admin.get<List<AuditEntry>>("/api/v1/audit?action=list.unmatched_exported")).body.items).toMatchObject([{ target: { kind: "list", id } }]);
    const { rows } = await server.database.pool.query("select count(*) from contacts where phone = $1", [stranger]);
    expect(rows).toEqual([{ count: 0 }]);
  });

  test("adds those it names by identity, further ones included, or by id", async () => {
    const [id, one, other, third] = [await makeList(), await makeContact("c-1"), await makeContact("c-2"), await makeContact()];
    await admin.post(`/api/v1/contacts/${one.id}/merge`, { with: other.id });
    expect((await upload(id, "Customer\nc-2\nc-3\n", "by=identity")).body).toMatchObject({ rows: 2, matched: 1, added: 1, unmatched: 1 });
    expect((await upload(id, `id\n${third.id.toUpperCase()}\nnobody\n`, "by=id")).body).toMatchObject({ rows: 2, matched: 1, added: 1, unmatched: 1 });
    expect(await membersOf(id)).toEqual(idsOf(one, third));
  });

  test("replaces everybody else when asked to", async () => {
    const [id, stays, goes, comes] = [await makeList(), await makeContact(), await makeContact(), await makeContact()];
    await admin.post(`/api/v1/lists/${id}/members`, { contactIds: [stays.id, goes.id] });
    const { body } = await upload(id, `phone\n${stays.phone}\n${comes.phone}\n`, "by=phone&mode=replace");
    expect(body).toMatchObject({ matched: 2, added: 1, removed: 1 });
    expect(await membersOf(id)).toEqual(idsOf(stays, comes));
  });

  test("makes contacts of strangers only when asked to, by somebody who may", async () => {
    const id = await makeList();
    const [one, other] = [newPhone(), newPhone()];
    const file = `phone\n${one}\n${other}\n${one}\n`;
    const approver = await server.script("approver");
    expect((await send<ErrorBody>(id, file, "by=phone&createMissing=true", approver)).body.error.code).toBe("not_allowed");
    expect((await upload(id, file, "by=phone&createMissing=true", await server.script("creator"))).body).toMatchObject({ rows: 3, matched: 3, added: 2, created: 2, unmatched: 0 });
    expect(await membersOf(id)).toHaveLength(2);
  });

  test("that cannot be used changes nothing and leaves no file behind", async () => {
    const [id, one] = [await makeList(), await makeContact()];
    const codes = [
      await send<ErrorBody>(id, "", "by=phone"),
      await send<ErrorBody>(id, "phone\n", "by=phone"),
      await send<ErrorBody>(id, `phone\n${"x".repeat(600_000)}\n`, "by=phone"),
      await send<ErrorBody>(id, `phone\n${one.phone}\n`, "by=phone&column=Mobile"),
      await send<ErrorBody>(id, `phone\n${one.phone}\n`, "by=shoe"),
      await send<ErrorBody>("01980000-0000-7000-8000-000000000001", `phone\n${one.phone}\n`, "by=phone"),
    ].map(({ body }) => body.error.code);
    expect(codes).toEqual(["import_file_unusable", "import_file_unusable", "import_file_too_large", "invalid_input", "invalid_input", "list_not_found"]);
    expect(await membersOf(id)).toEqual([]);
    expect(readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual([]);
  });

  test("whose reader was killed is read on by another, each row once", async () => {
    const [id, first, middle, last] = [await makeList(), await makeContact(), await makeContact(), await makeContact()];
    const phones = Array.from({ length: 24_000 }, (_, i) => `+1666${String(2_000_000 + i)}`);
    for (const [i, { phone }] of [[0, first], [12_000, middle], [23_999, last]] as const) phones[i] = phone!;
    await uploads.stop();
    const { body: sent } = await send(id, `phone\n${phones.join("\n")}\n`, "by=phone");
    expect(sent).toMatchObject({ state: "running", rows: 0, bytesRead: 0, bytesTotal: phones.join("\n").length + 1 });

    const claim = await killedAmidst(sent);
    const left = (await shown(id)).lastUpload!;
    expect(left).toMatchObject({ state: "running", matched: left.rows > 12_000 ? 2 : 1 });
    expect(left.bytesRead).toBeGreaterThan(0);
    expect(left.bytesRead).toBeLessThan(left.bytesTotal);
    expect(await claimUpload(database.db, { ...claim, runner: uuidv7() })).toBeUndefined();

    await database.pool.query("update list_uploads set lease_until = now() where id = $1", [sent.id]);
    uploads.start();
    expect(await whenRead(id)).toMatchObject({ state: "done", rows: 24_000, matched: 3, added: 3, unmatched: 23_997, bytesRead: left.bytesTotal });
    expect(await membersOf(id)).toEqual(idsOf(first, middle, last));
    const { rows: [kept] } = await database.pool.query("select count(*)::int as problems from list_upload_problems where upload_id = $1", [sent.id]);
    expect(kept).toEqual({ problems: 23_997 });
    const { items } = (await admin.get<List<AuditEntry>>("/api/v1/audit?action=list.uploaded")).body;
    expect(items.filter(({ target }) => target.id === id)).toHaveLength(1);
  });

  test("that is cancelled after its reader was killed keeps what was stored, and nobody takes it up again", async () => {
    const [id, before, first, last] = [await makeList(), await makeContact(), await makeContact(), await makeContact()];
    await admin.post(`/api/v1/lists/${id}/members`, { contactIds: [before.id] });
    const phones = [first.phone, ...Array.from({ length: 24_000 }, (_, i) => `+1666${String(4_000_000 + i)}`), last.phone];
    await uploads.stop();
    const { body: sent } = await send(id, `phone\n${phones.join("\n")}\n`, "by=phone&mode=replace");
    await killedAmidst(sent);
    const cancel = `/api/v1/lists/${id}/uploads/${sent.id}/cancel`;
    const { status, body } = await admin.post<ContactListUpload>(cancel);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: "cancelled", failure: null, matched: 1, added: 1, removed: 0 });
    expect(existsSync(uploadFile(folder, { workspace_id: await workspaceOf(sent), id: sent.id }))).toBe(false);

    await database.pool.query("update list_uploads set lease_until = now() where id = $1", [sent.id]);
    uploads.start();
    // A file that waits behind it is read.
    await upload(await makeList(), `phone\n${first.phone}\n`, "by=phone");
    expect((await shown(id)).lastUpload).toEqual(body);
    expect(await membersOf(id)).toEqual(idsOf(before, first));
    const { items } = (await admin.get<List<AuditEntry>>("/api/v1/audit?action=list.upload_cancelled")).body;
    expect(items.filter(({ target }) => target.id === id)).toMatchObject([{ detail: { file: "people.csv", mode: "replace", rows: body.rows, added: 1 } }]);
    expect((await admin.post<ErrorBody>(cancel)).body.error.code).toBe("list_upload_ended");
    expect((await admin.post<ErrorBody>(`/api/v1/lists/${id}/uploads/${id}/cancel`)).body.error.code).toBe("list_upload_not_found");
  });

  test("that is cancelled while a batch of it is being stored loses that batch, whoever reads it", async () => {
    const [id, one] = [await makeList(), await makeContact()];
    await uploads.stop();
    const { body: sent } = await send(id, `phone\n${one.phone}\n${newPhone()}\n`, "by=phone");
    // Its reader waits for the list with the batch in hand.
    const holder = await database.pool.connect();
    await holder.query("begin");
    await holder.query("select from contact_lists where id = $1 for update", [id]);
    uploads.start();
    await vi.waitUntil(async () => (await database.pool.query("select from pg_locks where not granted and pid <> pg_backend_pid()")).rowCount, { timeout: 20_000 });
    expect((await admin.post<ContactListUpload>(`/api/v1/lists/${id}/uploads/${sent.id}/cancel`)).body.state).toBe("cancelled");
    await holder.query("commit");
    holder.release();
    await uploads.stop();
    uploads.start();
    expect((await shown(id)).lastUpload).toMatchObject({ state: "cancelled", rows: 0, matched: 0, unmatched: 0 });
    expect(await membersOf(id)).toEqual([]);
    expect((await database.pool.query("select from list_upload_problems where upload_id = $1", [sent.id])).rowCount).toBe(0);
  });

  test("that is lost before it is read fails, and says so", async () => {
    const id = await makeList();
    await uploads.stop();
    await send(id, "phone\n12\n", "by=phone");
    rmSync(path.join(folder, "list-uploads"), { recursive: true });
    uploads.start();
    expect(await whenRead(id)).toMatchObject({ state: "failed", failure: expect.stringContaining("not on this machine") });
  });

  test("is forgotten with its list while it waits", async () => {
    const id = await makeList();
    await uploads.stop();
    await send(id, "phone\n12\n", "by=phone");
    expect((await admin.delete(`/api/v1/lists/${id}`)).status).toBe(204);
    uploads.start();
    const { rows } = await database.pool.query("select from list_uploads where list_id = $1", [id]);
    expect(rows).toEqual([]);
  });

  test("has its report cleared of somebody who becomes a contact and is then deleted", async () => {
    const [id, phone] = [await makeList(), newPhone()];
    await upload(id, `phone\n${phone.replace("+1555", "+1 (555) ")}\nhello\n`, "by=phone");
    const later = (await admin.post<Contact>("/api/v1/contacts", { phone })).body;
    await admin.delete(`/api/v1/contacts/${later.id}`);
    expect((await admin.get<string>(`/api/v1/lists/${id}/unmatched.csv`)).body.split("\r\n").filter((line) => line !== "")).toHaveLength(2);
  });
});

test("the rows of an old file that named nobody are forgotten, its counts are not", async () => {
  const [old, fresh] = [await makeList(), await makeList()];
  for (const id of [old, fresh]) await upload(id, `phone\n${newPhone()}\n${newPhone()}\n${newPhone()}\n`, "by=phone");
  const { rows } = await server.database.pool.query<{ workspace_id: string }>("update list_uploads set uploaded_at = '2026-01-01' where list_id = $1 returning workspace_id", [old]);
  const removed: number[] = [];
  for (let i = 0; i < 3; i++) removed.push(await forgetOldUnmatchedRows(server.database.db, rows[0]!.workspace_id, new Date("2026-02-01"), 2));
  expect(removed).toEqual([2, 1, 0]);
  const linesOf = async (id: string) => (await admin.get<string>(`/api/v1/lists/${id}/unmatched.csv`)).body.trim().split("\r\n").length;
  expect([await linesOf(old), await linesOf(fresh)]).toEqual([1, 4]);
  expect((await shown(old)).lastUpload?.unmatched).toBe(3);
});

test("a list is exported as a file of contacts, which the audit log notes", async () => {
  const [id, one] = [await makeList(), await makeContact("export-1")];
  await admin.post(`/api/v1/lists/${id}/members`, { contactIds: [one.id] });
  const lines = (await admin.get<string>(`/api/v1/lists/${id}/export.csv`)).body.replace("\uFEFF", "").trim().split("\r\n");
  expect(lines.map((line) => line.split(",").slice(0, 2))).toEqual([["Identity", "Phone"], ["export-1", one.phone]]);
  expect((await (await server.script("approver")).get(`/api/v1/lists/${id}/export.csv`)).status).toBe(403);
  const { items } = (await admin.get<List<AuditEntry>>("/api/v1/audit?action=list.")).body;
  expect(items.slice(0, 3).map(({ action }) => action)).toEqual(["list.exported", "list.members_added", "list.created"]);
});
