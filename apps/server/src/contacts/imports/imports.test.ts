import { existsSync } from "node:fs";
import type { AuditEntry, ErrorBody, Import, ImportSummary, List } from "@tincan/api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { importFile } from "./files.ts";
import { sweepImports } from "./sweep.ts";
import { startImportServer } from "./test-imports.ts";
import type { ImportServer } from "./test-imports.ts";

let imports: ImportServer;
beforeAll(async () => {
  imports = await startImportServer({ mostBytes: 30_000_000 });
});
afterAll(() => imports.stop());
beforeEach(async () => {
  await imports.server.database.pool.query("truncate contacts, contact_identities, contact_properties, consents, phone_dnd, consent_changes, contact_changes, imports cascade");
});

interface Person {
  identity: string | null;
  phone: string | null;
  name: string | null;
  email: string | null;
  language: string | null;
  properties: Record<string, unknown>;
  msg_whatsapp: boolean;
  source: string;
}

async function people(): Promise<Person[]> {
  const { rows } = await imports.server.database.pool.query<Person>("select * from contacts order by identity, phone");
  return rows;
}

const rowsOf = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join("\n");
const phoneOf = (i: number): string => `+9198${String(10_000_000 + i)}`;

describe("what an upload is answered", () => {
  test("columns are guessed by their names, then by their values", async () => {
    const file = "Customer ID,Full name,WhatsApp number,E-Mail,Locale,Opt-in,Age,Member since,Vip,Likes,Code\nc-1,Ravi,+919800000001,r@example.com,en,yes,31,2024-05-06,true,tea|cake,007\n";
    const { status, body } = await imports.upload(file);
    expect(status).toBe(201);
    expect(body.columns.map(({ guess }) => (guess.kind === "property" ? `${guess.key}: ${guess.type}` : guess.kind))).toEqual([
      "identity", "name", "phone", "email", "language", "consent", "Age: number", "Member since: date", "Vip: boolean", "Likes: list", "Code: text",
    ]);
    expect(body).toMatchObject({ state: "draft", encoding: "utf-8", delimiter: ",", rows: [["c-1", "Ravi", "+919800000001", "r@example.com", "en", "yes", "31", "2024-05-06", "true", "tea|cake", "007"]] });
    expect(body.columns[0]).toMatchObject({ index: 0, name: "Customer ID", samples: ["c-1"] });
  });

  test.each([
    ["semicolons", "name;phone\nRavi, Kumar;+919800000001\n", ";"],
    ["tabs", "name\tphone\nRavi\t+919800000001\n", "\t"],
    ["commas inside quotes", 'name;phone\n"a,b,c";+919800000001\n"d,e,f";+919800000002\n', ";"],
  ])("a file with %s is read by them", async (_name, file, delimiter) => {
    expect((await imports.upload(file)).body).toMatchObject({ delimiter, columns: [{ name: "name" }, { name: "phone" }] });
  });

  test.each([
    ["UTF-8 with a mark", Buffer.from("\ufeffname,phone\nJosé,+919800000001\n"), "utf-8"],
    ["UTF-16, little end first", Buffer.from("\ufeffname,phone\nJosé,+919800000001\n", "utf16le"), "utf-16le"],
    ["UTF-16, big end first", Buffer.from("\ufeffname,phone\nJosé,+919800000001\n", "utf16le").swap16(), "utf-16be"],
    ["UTF-16 without a mark", Buffer.from("name,phone\nJosé,+919800000001\n", "utf16le"), "utf-16le"],
    ["Windows-1252", Buffer.from("name,phone\nJosé,+919800000001\n", "latin1"), "windows-1252"],
  ])("%s is told and read", async (_name, file, encoding) => {
    const ended = await imports.run(file);
    expect(ended).toMatchObject({ encoding, state: "done", counts: { created: 1, rejected: 0 } });
    expect(await people()).toMatchObject([{ name: "José", phone: "+919800000001", source: "csv" }]);
  });

  test.each([
    ["an empty file", "", "The file is empty."],
    ["a header alone", "name,phone\n", "no row below it"],
    ["nothing but empty lines", "\n\n\n", "holds no rows"],
    ["a spreadsheet", Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(500, 7)]), "Save the sheet as CSV"],
    ["bytes that are no text", Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256)), "not a text file"],
  ])("%s is refused in words, and nothing of it is kept", async (_name, file, words) => {
    const { status, body } = await imports.upload<ErrorBody>(file);
    expect({ status, code: body.error.code }).toEqual({ status: 422, code: "import_file_unusable" });
    expect(body.error.message).toContain(words);
    expect((await imports.admin.get<List<ImportSummary>>("/api/v1/imports")).body.items).toEqual([]);
  });

  test("a file beyond the limit is refused, and the next one is heard", async () => {
    const file = `phone\n${"+919800000001\n".repeat(2_200_000)}`;
    for (let i = 0; i < 3; i++) expect(await imports.upload<ErrorBody>(file)).toMatchObject({ status: 413, body: { error: { code: "import_file_too_large" } } });
    expect((await imports.upload("phone\n+919800000001\n")).status).toBe(201);
  });

  test("a column name that comes twice is told apart, and two columns cannot be one thing", async () => {
    const { body } = await imports.upload("phone,name,name,\n+919800000001,a,b,c\n");
    expect(body.columns.map(({ name, guess }) => [name, guess.kind])).toEqual([["phone", "phone"], ["name", "name"], ["name (2)", "property"], ["Column 4", "property"]]);
    const refused = await imports.admin.patch<ErrorBody>(`/api/v1/imports/${body.id}`, { mapping: [{ kind: "phone" }, { kind: "name" }, { kind: "name" }, { kind: "skip" }] });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: "invalid_input", field: "mapping[2]" } } });
  });

  test("without a column for a number or an identity nothing starts", async () => {
    const { body } = await imports.upload("name,city\nRavi,Pune\n");
    expect(await imports.admin.post<ErrorBody>(`/api/v1/imports/${body.id}/start`)).toMatchObject({ status: 400, body: { error: { field: "mapping" } } });
  });
});

describe("a run", () => {
  test("stores people with typed properties and their consent, and removes the file", async () => {
    const ended = await imports.run(
      "id,name,phone,opt-in,age,joined,likes,vip\nc-1,Ravi,098 0000 0001,yes,31,06/05/2024,tea|cake,no\nc-2,Mia,+4915112345678,no,,,,\n",
      { defaultCountry: "IN", consentProof: "Newsletter form of May", mapping: [
        { kind: "identity" }, { kind: "name" }, { kind: "phone" }, { kind: "consent", category: "all" },
        { kind: "property", key: "age", type: "number" }, { kind: "property", key: "joined", type: "date" }, { kind: "property", key: "likes", type: "list" }, { kind: "property", key: "vip", type: "boolean" },
      ] },
    );
    expect(ended).toMatchObject({ state: "done", counts: { rows: 2, created: 2, updated: 0, merged: 0, rejected: 0 }, progress: { fraction: 1 }, problems: [] });
    expect(await people()).toMatchObject([
      { identity: "c-1", phone: "+919800000001", msg_whatsapp: true, properties: { age: 31, joined: "2024-05-06T00:00:00.000Z", likes: ["tea", "cake"], vip: false } },
      { identity: "c-2", phone: "+4915112345678", msg_whatsapp: false, properties: {} },
    ]);
    const { rows } = await imports.server.database.pool.query("select source, proof from consent_changes where state = 'in'");
    expect(rows).toEqual([{ source: "csv", proof: "Newsletter form of May" }]);
    const { rows: files } = await imports.server.database.pool.query<{ workspace_id: string; id: string }>("select workspace_id, id from imports");
    expect(existsSync(importFile(imports.folder, files[0]!))).toBe(false);
  });

  test("when it is done, all its people are in the search's index", async () => {
    await imports.run("name,phone\nAsha,+919876543210\nRavi,+919876543211\n");
    const { rows } = await imports.server.database.pool.query<{ still_waiting: number }>("select gin_clean_pending_list('contacts_words') as still_waiting");
    expect(rows[0]!.still_waiting).toBe(0);
  });

  test("a row that cannot be read is refused as a whole, with every reason", async () => {
    const ended = await imports.run(
      [
        "id,phone,email,joined,age", "c-1,+919800000001,a@example.com,2024-02-30,old", "c-2,12,nobody,2024-02-28,7", "c-3,+919800000003", "c-4,+919800000004,a@example.com,2024-01-01,4,extra",
        ",,b@example.com,,", "c-6,9.19800E+11,,,", "c-7,+919800000007,,,,,", `c-8,+919800000008,${"x".repeat(300)}@example.com,,`,
      ].join("\n"),
      { mapping: [{ kind: "identity" }, { kind: "phone" }, { kind: "email" }, { kind: "property", key: "joined", type: "date" }, { kind: "property", key: "age", type: "number" }] },
    );
    expect(ended.counts).toEqual({ rows: 8, created: 1, updated: 0, merged: 0, rejected: 7 });
    expect(ended.problems.map(({ row, column, reason }) => [row, column, reason])).toEqual([
      [2, "joined", "It is not a date."],
      [2, "age", "It is not a number."],
      [3, "phone", "It is not a phone number with its country, such as +4915112345678, and no default country is set."],
      [3, "email", "It is not an e-mail address."],
      [4, null, "The row has 2 fields, the header 5 columns."],
      [5, null, "The row has 6 fields, the header 5 columns."],
      [6, null, "The row has neither a phone number nor an identity."],
      [7, "phone", "A spreadsheet shortened this number; format the column as text and save the file again."],
      [9, "email", "It has 312 characters; at most 254 fit."],
    ]);
    expect((await people()).map(({ identity }) => identity)).toEqual(["c-7"]);
  });

  test("a row is refused for an address or a zone that a contact cannot have", async () => {
    const ended = await imports.run("id,email,zone\nc-1,mina@nowhere,Europe/Berlin\nc-2,mina@example.com,+05:30\nc-3,mina@example.com,asia/kolkata\n", {
      mapping: [{ kind: "identity" }, { kind: "email" }, { kind: "timeZone" }],
    });
    expect(ended.counts).toMatchObject({ created: 1, rejected: 2 });
    expect(ended.problems.map(({ row, column }) => [row, column])).toEqual([[2, "email"], [3, "zone"]]);
  });

  test("the file of problems is in the audit log, and is not for those who may only read", async () => {
    const { id } = await imports.run("id,phone\nc-1,12\n");
    expect((await (await imports.server.script("approver")).get(`/api/v1/imports/${id}/problems.csv`)).status).toBe(403);
    await imports.problems(id);
    const { body } = await imports.admin.get<List<AuditEntry>>("/api/v1/audit?action=import.problems_exported");
    expect(body.items).toMatchObject([{ target: { kind: "import", id } }]);
  });

  test("the file of problems holds the rows as they were, opens safely in a spreadsheet, and can be imported again", async () => {
    const ended = await imports.run("id,phone,note\nc-1,12,=cmd()\nc-2,+919800000002,fine\nc-3,+1,\"a, b\"\n");
    const problems = await imports.problems(ended.id);
    expect(problems.split("\r\n")).toEqual([
      "Row,Problem,id,phone,note",
      `2,"phone: It is not a phone number with its country, such as +4915112345678, and no default country is set.",c-1,12,'=cmd()`,
      `4,phone: It is not a phone number.,c-3,+1,"a, b"`,
      "",
    ]);
    const again = await imports.upload(problems.replace("c-1,12", "c-1,+919800000001"));
    expect(again.body.columns.map(({ guess }) => guess.kind)).toEqual(["skip", "skip", "identity", "phone", "property"]);
    expect((await imports.run(problems.replace("c-1,12", "c-1,+919800000001"))).counts).toMatchObject({ created: 1, rejected: 1 });
    expect((await people()).find(({ identity }) => identity === "c-1")?.properties).toEqual({ note: "=cmd()" });
  });

  test("broken bytes cost their rows alone", async () => {
    const file = Buffer.concat([Buffer.from("name,phone\nJosé,+919800000001\nRen"), Buffer.from([0xe9]), Buffer.from("e,+919800000002\nBjörn,+919800000003\nA\u0000B,+919800000004\n")]);
    const ended = await imports.run(file);
    expect(ended).toMatchObject({ encoding: "utf-8", counts: { created: 2, rejected: 2 } });
    expect(ended.problems.map(({ row, column, reason }) => [row, column, reason])).toEqual([
      [3, "name", "It holds characters that cannot be read; save the file as UTF-8."],
      [5, "name", "It holds characters that cannot be read; save the file as UTF-8."],
    ]);
  });

  test("a field of 5 MB is one problem, and so is a quotation that never ends", async () => {
    const ended = await imports.run(`phone,note\n+919800000001,"${"x".repeat(5_000_000)}"\n+919800000002,"never\n+919800000003,fine\n${rowsOf(200_000, () => "+919800000004,many rows of text to make it long")}\n`);
    expect(ended.state).toBe("done");
    expect(ended.problems.map(({ row, column, reason }) => [row, column, reason])).toEqual([
      [2, "note", "It has 5,000,000 characters; at most 512 fit."],
      [3, null, "A quotation mark opens in this row and is never closed."],
    ]);
    expect(ended.problems[0]!.value!.length).toBeLessThan(300);
    expect((await people()).map(({ phone }) => phone)).toEqual(["+919800000003", "+919800000004"]);
  });

  test("rows about one person are counted once and merged", async () => {
    await imports.run("id,phone,name\nold,+919800000009,Old\n");
    const ended = await imports.run("id,phone,name\nc-1,+919800000001,Ravi\n,+919800000001,Ravi K\nc-1,,Ravi Kumar\nold,,Older\n");
    expect(ended.counts).toEqual({ rows: 4, created: 1, updated: 1, merged: 2, rejected: 0 });
    expect((await people()).map(({ identity, name }) => [identity, name])).toEqual([["c-1", "Ravi Kumar"], ["old", "Older"]]);
  });

  test("somebody known in the midst of new people is changed, and nobody else is lost or doubled", async () => {
    await imports.run("id,phone,age\nc-5000,+919800009999,6\n");
    const ended = await imports.run(`id,name,age\n${rowsOf(7_000, (i) => (i === 6_500 ? "c-10,Again,1" : `c-${i},Person ${i},${i % 70}`))}\n`);
    expect(ended).toMatchObject({ state: "done", counts: { rows: 7_000, created: 6_998, updated: 1, merged: 1, rejected: 0 } });
    const found = await people();
    expect(found.length).toBe(6_999);
    expect(found.filter(({ identity }) => identity === "c-10" || identity === "c-5000")).toMatchObject([
      { identity: "c-10", name: "Again", properties: { age: 1 } }, { identity: "c-5000", phone: "+919800009999", name: "Person 5000", properties: { age: 5000 % 70 } },
    ]);
    const { rows } = await imports.server.database.pool.query("select key, contacts from contact_properties");
    expect(rows).toEqual([{ key: "age", contacts: 6_999 }]);
  });

  test("a dry run counts what a run then does, over many batches, and stores nobody", async () => {
    await imports.run(`id,phone\n${rowsOf(500, (i) => `c-${i},${phoneOf(i)}`)}\n`);
    const file = `id,phone,age\n${rowsOf(9_000, (i) => (i % 90 === 7 ? `c-${i},12,5` : i % 100 === 3 ? `c-${i % 4000},,9` : `c-${i},${phoneOf(i)},${i % 70}`))}\n`;
    const { body } = await imports.upload(file);
    await imports.admin.post(`/api/v1/imports/${body.id}/dry-run`);
    const checked = await imports.ended(body.id);
    expect(checked).toMatchObject({ state: "checked", dryRun: { rows: 9_000, rejected: 100 } });
    expect((await people()).length).toBe(500);
    const problems = await imports.problems(body.id);
    await imports.admin.post(`/api/v1/imports/${body.id}/start`);
    const done = await imports.ended(body.id);
    expect(done.counts).toEqual(checked.dryRun);
    expect(await imports.problems(body.id)).toBe(problems);
    expect((await people()).length).toBe(500 + done.counts.created);
    expect(done.counts.merged).toBeGreaterThan(10);
  });

  test("what a person decided by themselves is not undone, and said so", async () => {
    await imports.run("phone\n+919800000001\n");
    await imports.server.database.pool.query(
      "insert into consents (workspace_id, contact_id, category, state, source, at) select workspace_id, id, 'marketing', 'out', 'keyword', now() from contacts",
    );
    const ended = await imports.run("phone,marketing opt-in\n+919800000001,yes\n");
    expect(ended.counts).toMatchObject({ updated: 1, rejected: 0 });
    expect(ended.problems).toMatchObject([{ row: 2, reason: expect.stringContaining("The rest of the row was taken.") }]);
  });
});

describe("steering", () => {
  test("a run that is cancelled keeps whole batches and goes no further", async () => {
    const { body } = await imports.upload(`id,phone\n${rowsOf(60_000, (i) => `c-${i},${phoneOf(i)}`)}\n`);
    await imports.admin.post(`/api/v1/imports/${body.id}/start`);
    for (;;) {
      const { counts } = (await imports.admin.get<Import>(`/api/v1/imports/${body.id}`)).body;
      if (counts.rows > 0) break;
    }
    const cancelled = await imports.admin.post<Import>(`/api/v1/imports/${body.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { state: "cancelled" } });
    const after = await imports.ended(body.id);
    expect((await people()).length).toBe(after.counts.created);
    expect(after.counts.rows).toBeLessThan(60_000);
    expect(await imports.admin.post<ErrorBody>(`/api/v1/imports/${body.id}/start`)).toMatchObject({ status: 409, body: { error: { code: "import_not_editable" } } });
  });

  test("what was done to an import is in the audit log, and other workspaces do not see it", async () => {
    const ended = await imports.run("phone\n+919800000001\n");
    const { body } = await imports.admin.get<List<AuditEntry>>("/api/v1/audit?action=import");
    expect(body.items.filter(({ target }) => target.id === ended.id).map(({ action }) => action)).toEqual(["import.started", "import.mapped", "import.uploaded"]);
    const other = await imports.admin.post<{ id: string }>("/api/v1/workspaces", { name: "Other" });
    await imports.admin.post("/api/v1/session/workspace", { workspaceId: other.body.id });
    expect((await imports.admin.get(`/api/v1/imports/${ended.id}`)).status).toBe(404);
    expect((await imports.admin.get<List<ImportSummary>>("/api/v1/imports")).body.items).toEqual([]);
  });

  test("a draft nobody came back for is cancelled after a week, and its file removed", async () => {
    const { body } = await imports.upload("phone\n+919800000001\n");
    const young = await imports.upload("phone\n+919800000002\n");
    const { pool, db } = imports.server.database;
    await pool.query("update imports set created_at = now() - interval '1 hour' where id = $1", [body.id]);
    const inAWeek = Date.now() + 7 * 86_400_000 - 1_800_000;
    // Files of the tests before have lost their rows.
    expect(await sweepImports(db, imports.folder, inAWeek)).toBeGreaterThanOrEqual(1);
    const { rows } = await pool.query<{ workspace_id: string; id: string; state: string }>("select workspace_id, id, state from imports order by id");
    expect(rows.map((row) => [row.id, row.state, existsSync(importFile(imports.folder, row))])).toEqual([[body.id, "cancelled", false], [young.body.id, "draft", true]]);
  });

  test("somebody who may only read cannot upload", async () => {
    const member = await imports.server.script("member");
    const form = new FormData();
    form.append("file", new Blob(["phone\n+919800000001\n"]), "a.csv");
    const answer = await fetch(`${imports.server.url}/api/v1/imports`, { method: "POST", headers: member.headers, body: form });
    expect(answer.status).toBe(403);
  });
});
