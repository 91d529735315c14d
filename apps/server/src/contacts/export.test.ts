import type { AuditEntry, List } from "@tincan/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../../tests/support/server.ts";
import type { Visitor } from "../../../../tests/support/visitor.ts";
import { exportRoutes } from "./export.routes.ts";
import { upsertContacts } from "./upsert.ts";

let server: TestServer;
let admin: Visitor;
let workspaceId: string;
beforeAll(async () => {
  server = await startTestServer({
    build: ({ accounts, database }) => ({ api: [...accounts.api, exportRoutes({ db: database.db })], wire: [], appliers: [], seedDemo: async () => {}, start: async () => {}, stop: async () => {} }),
  });
  admin = await server.admin();
  workspaceId = (await admin.get<{ id: string }>("/api/v1/workspace")).body.id;
  await server.database.db.transaction().execute(async (tx) => {
    await upsertContacts(tx, workspaceId, [
      { identity: "c-1", phone: "+919800000001", name: "=HYPERLINK(\"x\")", properties: { Tags: ["a", "b"], Visits: -3 }, consent: { all: "in", marketing: "out" } },
      { phone: "+4915112345678", name: "Mia, \"M\"", doNotDisturb: true },
    ], { source: "csv" });
    await upsertContacts(tx, workspaceId, Array.from({ length: 2_500 }, (_, i) => ({ identity: `many-${i}`, name: `Person ${i}` })), { source: "api" });
  });
});
afterAll(() => server.stop());

async function exported(query = ""): Promise<string[]> {
  const { body, headers } = await admin.get<string>(`/api/v1/exports/contacts.csv${query}`);
  expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
  return body.split("\r\n").filter((line) => line !== "");
}

test("an export holds everybody, a column for each property, and nothing a spreadsheet would reckon out", async () => {
  const [header, ...lines] = await exported("?source=csv&sort=oldest");
  expect(header).toBe("Identity,Phone,Name,Email,Language,Time zone,MSG-whatsapp,MSG-dndWhatsApp,Marketing consent,Utility consent,Authentication consent,Source,Added,Last seen,Tags,Visits");
  expect(lines.map((line) => line.replace(/,csv,[^,]*,/, ",csv,…,"))).toEqual([
    `c-1,+919800000001,"'=HYPERLINK(""x"")",,,,yes,no,out,,,csv,…,,a|b,-3`,
    `,+4915112345678,"Mia, ""M""",,,,no,yes,,,,csv,…,,,`,
  ]);
  expect((await exported()).length).toBe(2_503);
});

test("the list's filters narrow an export", async () => {
  expect((await exported("?q=Mia")).length).toBe(2);
  expect((await exported("?source=api")).length).toBe(2_501);
  expect((await exported("?property=Tags&value=b")).length).toBe(2);
});

test("an export is in the audit log, and is not for those who may only read", async () => {
  await exported("?q=Mia");
  const { body } = await admin.get<List<AuditEntry>>("/api/v1/audit?action=contacts.exported");
  expect(body.items[0]).toMatchObject({ action: "contacts.exported", detail: { q: "Mia" } });
  expect((await (await server.script("member")).get("/api/v1/exports/contacts.csv")).status).toBe(403);
});
