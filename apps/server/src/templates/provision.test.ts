import { TemplateEntry } from "@tincan/api";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { systemActor } from "../accounts/audit.ts";
import { Live } from "../database/live.ts";
import { checker } from "../http/validation.ts";
import { makePlace, type Place } from "../ledger/test-builders.ts";
import { provisionTemplate } from "./provision.ts";
import { TemplateRegistry } from "./registry.ts";
import { findTemplateOf } from "./store.ts";

let database: TestDatabase;
let place: Place;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  place = await makePlace(database.db);
  await database.pool.query(
    `insert into providers (workspace_id, id, kind, nickname, number, secrets, max_concurrency) values ($1, $2, 'generic', 'Haptik', '+2', '', 30)`,
    [place.workspaceId, place.providerId],
  );
});

const misfit = checker(TemplateEntry);

function entry(more: Partial<TemplateEntry> = {}): TemplateEntry {
  return {
    provider: "Haptik", name: "Order.ready:v2", language: "en",
    components: [{ type: "BODY", text: "Hi {{1}}", example: { body_text: [["Ada"]] } }, { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Stop" }] }],
    ...more,
  };
}

async function apply(given: TemplateEntry) {
  expect(misfit(given)).toBeUndefined();
  const registry = new TemplateRegistry({ db: database.db, live: new Live(database) });
  await provisionTemplate({ db: database.db, registry }, systemActor(place.workspaceId, "Provisioning"), given);
  return findTemplateOf(database.db, place.workspaceId, place.providerId, given.name, given.language);
}

const samples = { body: [{ text: "Grace" }] };
const buttonSettings = [{ index: 0, payload: "stop-offers", optOut: true }];

test("a template is approved, with the samples and the button settings of the file", async () => {
  expect(await apply(entry({ samples, buttonSettings }))).toMatchObject({ status: "APPROVED", category: "MARKETING", samples, buttonSettings });
});

test("the same file again leaves the template as it was", async () => {
  const first = await apply(entry({ samples, buttonSettings }));
  expect((await apply(entry({ samples, buttonSettings })))!.updatedAt).toBe(first!.updatedAt);
});

test("what the file makes and changes is in the audit log", async () => {
  const { id } = (await apply(entry()))!;
  await apply(entry());
  await apply(entry({ samples }));
  const log = await database.db.selectFrom("audit_log").select(["action", "actor_name", "target_id"]).where("workspace_id", "=", place.workspaceId).orderBy("id").execute();
  expect(log).toEqual(["template.created", "template.changed"].map((action) => ({ action, actor_name: "Provisioning", target_id: id })));
});

test("samples and button settings that the file does not name stay", async () => {
  await apply(entry({ samples, buttonSettings }));
  expect(await apply(entry({ category: "UTILITY", status: "PAUSED" }))).toMatchObject({ status: "PAUSED", category: "UTILITY", samples, buttonSettings });
});

test("a setting of a button that is not there is refused by name, and nothing is stored", async () => {
  await expect(apply(entry({ buttonSettings: [{ index: 3, payload: "x" }] }))).rejects.toMatchObject({ code: "template_invalid", details: { field: "buttonSettings[0].index" } });
  expect(await findTemplateOf(database.db, place.workspaceId, place.providerId, "Order.ready:v2", "en")).toBeNull();
});

test.each([
  [{ samples: { body: "Grace" } }, "samples.body"],
  [{ buttonSettings: [{ index: -1 }] }, "buttonSettings[0].index"],
  [{ name: "order ready" }, "name"],
])("%j is refused as %s", (wrong, field) => {
  expect(misfit({ ...entry(), ...wrong })?.field).toBe(field);
});
