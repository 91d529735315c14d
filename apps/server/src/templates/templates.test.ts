import type { TemplateInput } from "@tincan/api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { listAudit } from "../accounts/audit.ts";
import { Live } from "../database/live.ts";
import { uuidv7 } from "../database/uuid.ts";
import { makePlace, type Place } from "../ledger/test-builders.ts";
import { TemplateRegistry } from "./registry.ts";
import { findTemplate } from "./store.ts";
import { changeTemplates, storeTemplates, syncTemplates, type RemoteTemplate } from "./sync.ts";
import { insertDraft } from "./write.ts";

let database: TestDatabase;
let place: Place;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  place = await makePlace(database.db);
  await database.pool.query(
    `insert into providers (workspace_id, id, kind, nickname, number, secrets, max_concurrency) values ($1, $2, 'cloud-api', 'Main', '+1', '', 30)`,
    [place.workspaceId, place.providerId],
  );
});

function remote(name: string, more: Partial<RemoteTemplate> = {}): RemoteTemplate {
  return {
    remoteId: `1${name.length}`, name, language: "en", category: "UTILITY", status: "APPROVED", parameterFormat: "POSITIONAL",
    components: [{ type: "BODY", text: `Hello from ${name}` }],
    ...more,
  };
}

const sync = (templates: RemoteTemplate[]) => syncTemplates(database.db, place.workspaceId, place.providerId, templates);

async function rows() {
  const found = await database.db
    .selectFrom("templates").selectAll().where("workspace_id", "=", place.workspaceId).orderBy("name").orderBy("language").execute();
  return found.map((t) => ({ name: t.name, language: t.language, status: t.status, quality: t.quality, category: t.category }));
}

test("a first sync adds everything, a second one of the same changes nothing", async () => {
  const list = [remote("a"), remote("b"), remote("b", { language: "de" })];
  expect(await sync(list)).toEqual({ added: 3, updated: 0, removed: 0, total: 3, drafts: [] });
  expect(await sync(list)).toEqual({ added: 0, updated: 0, removed: 0, total: 3, drafts: [] });
});

test("a sync counts what changed, marks what is gone, and takes back what returns", async () => {
  await sync([remote("a"), remote("b")]);
  expect(await sync([remote("a", { status: "PAUSED" })])).toEqual({ added: 0, updated: 1, removed: 1, total: 1, drafts: [] });
  expect((await rows()).map((t) => t.status)).toEqual(["PAUSED", "DELETED"]);
  expect(await sync([remote("a", { status: "PAUSED" }), remote("b")])).toMatchObject({ updated: 1, removed: 0 });
});

test("the time of change moves only for templates that changed", async () => {
  const times = async () => (await database.db.selectFrom("templates").select("updated_at").where("workspace_id", "=", place.workspaceId).orderBy("name").execute()).map((t) => t.updated_at.getTime());
  await sync([remote("a"), remote("b")]);
  const before = await times();
  await sync([remote("a"), remote("b", { quality: "RED" })]);
  const after = await times();
  expect(after[0]).toBe(before[0]);
  expect(after[1]).toBeGreaterThan(before[1]!);
});

describe("a draft that nobody submitted", () => {
  const draft = async (name: string, text: string) => {
    const id = uuidv7();
    const components: TemplateInput["components"] = [{ type: "BODY", text }];
    await insertDraft(database.db, place.workspaceId, id, { provider: place.providerId, name, language: "en", category: "UTILITY", components });
    return id;
  };
  const textOf = async (id: string) => {
    const row = await findTemplate(database.db, place.workspaceId, id);
    return [row.name, row.status, row.components[0]!.text];
  };

  test("keeps its words under another name when the provider has a template of its name, in as many lists as there are", async () => {
    const id = await draft("a", "My own words");
    expect(await sync([remote("a"), remote("a_draft")])).toMatchObject({ added: 2, updated: 0, drafts: [{ id, name: "a", language: "en", keptAs: "a_draft_2" }] });
    expect(await textOf(id)).toEqual(["a_draft_2", "DRAFT", "My own words"]);
    expect(await sync([remote("a"), remote("a_draft")])).toMatchObject({ added: 0, updated: 0, drafts: [] });
    expect((await rows()).map(({ name, status }) => `${name} ${status}`)).toEqual(["a APPROVED", "a_draft APPROVED", "a_draft_2 DRAFT"]);
  });

  test("leaves an entry in the audit log when it gets another name, and one alone", async () => {
    const id = await draft("a", "My own words");
    await draft("b", "Hello from b");
    await sync([remote("a"), remote("b")]);
    await sync([remote("a"), remote("b")]);
    expect(await listAudit(database.db, place.workspaceId, { limit: 10, after: undefined, q: undefined, action: "template.", from: undefined, to: undefined, oldestFirst: false })).toMatchObject([
      { actor: { kind: "system", id: null, name: "Tincan" }, action: "template.draft_set_aside", target: { kind: "template", id, name: "a (en)" }, detail: { keptAs: "a_draft" } },
    ]);
  });

  test("becomes the provider's when both say the same", async () => {
    const id = await draft("a", "Hello from a");
    expect(await sync([remote("a")])).toMatchObject({ added: 0, updated: 1, drafts: [] });
    expect(await textOf(id)).toEqual(["a", "APPROVED", "Hello from a"]);
  });

  test("is left alone by a list that was asked for before it was saved", async () => {
    const id = await draft("a", "My own words");
    const askedAt = new Date(Date.now() - 1000);
    expect(await syncTemplates(database.db, place.workspaceId, place.providerId, [remote("a")], new Date(), askedAt)).toMatchObject({ added: 0, drafts: [] });
    expect(await textOf(id)).toEqual(["a", "DRAFT", "My own words"]);
  });
});

test("templates given by hand survive a sync that does not list them", async () => {
  await storeTemplates(database.db, place.workspaceId, place.providerId, [remote("mine", { remoteId: null })]);
  expect(await sync([])).toMatchObject({ removed: 0 });
});

test("a provider that lists a template twice does not break the sync", async () => {
  expect(await sync([remote("a"), remote("a", { status: "PENDING" })])).toMatchObject({ added: 1, total: 1 });
});

test("announced changes find a template by its remote id, or by name and language", async () => {
  await sync([remote("a", { remoteId: "77" }), remote("b")]);
  const found = await changeTemplates(database.db, place.workspaceId, place.providerId, [
    { remoteId: "77", status: "PAUSED" },
    { name: "b", language: "en", quality: "YELLOW" },
    { name: "b", language: "en", category: "MARKETING" },
    { name: "nobody", language: "en", status: "APPROVED" },
  ]);
  expect(found).toBe(3);
  expect(await rows()).toEqual([
    { name: "a", language: "en", status: "PAUSED", quality: "UNKNOWN", category: "UTILITY" },
    { name: "b", language: "en", status: "APPROVED", quality: "YELLOW", category: "MARKETING" },
  ]);
});

test("a change that is announced for a deleted template leaves the draft alone that took its name", async () => {
  await sync([remote("a", { remoteId: "77", status: "DRAFT" })]);
  await database.db.updateTable("templates").set({ remote_id: null }).where("workspace_id", "=", place.workspaceId).execute();
  expect(await changeTemplates(database.db, place.workspaceId, place.providerId, [{ remoteId: "77", name: "a", language: "en", status: "DELETED" }])).toBe(0);
  expect((await rows()).map((t) => t.status)).toEqual(["DRAFT"]);
});

test("a late word about a deleted template leaves the new one alone that has its name and another id", async () => {
  await sync([remote("a", { remoteId: "78", status: "APPROVED" })]);
  const late = { remoteId: "77", name: "a", language: "en", status: "DELETED" };
  expect(await changeTemplates(database.db, place.workspaceId, place.providerId, [late])).toBe(0);
  expect((await rows()).map((t) => t.status)).toEqual(["APPROVED"]);
});

test("a list that was asked for before something changed here does not undo it", async () => {
  await sync([remote("a"), remote("b")]);
  const askedAt = new Date(Date.now() - 1000);
  await changeTemplates(database.db, place.workspaceId, place.providerId, [{ name: "a", language: "en", status: "PAUSED" }]);
  expect(await syncTemplates(database.db, place.workspaceId, place.providerId, [remote("a")], new Date(), askedAt)).toMatchObject({ updated: 0, removed: 0 });
  expect((await rows()).map((t) => t.status)).toEqual(["PAUSED", "APPROVED"]);
  expect(await syncTemplates(database.db, place.workspaceId, place.providerId, [remote("a")], new Date(), new Date(Date.now() + 1000))).toMatchObject({ updated: 1, removed: 1 });
});

test("the registry answers at once after a load, and hears of changes made by another process", async () => {
  const [here, there] = [new Live(database), new Live(database)];
  const registry = new TemplateRegistry({ db: database.db, live: here });
  const elsewhere = new TemplateRegistry({ db: database.db, live: there });
  try {
    await sync([remote("a")]);
    expect(registry.find(place.workspaceId, place.providerId, "a", "en")).toBeUndefined();
    await registry.load(place.workspaceId, place.providerId);
    expect(registry.find(place.workspaceId, place.providerId, "a", "en")).toMatchObject({ name: "a", status: "APPROVED" });

    await sync([remote("a", { status: "PAUSED" })]);
    await expect
      .poll(async () => {
        elsewhere.changed(place.workspaceId);
        await registry.load(place.workspaceId, place.providerId);
        return registry.find(place.workspaceId, place.providerId, "a", "en")?.status;
      }, { timeout: 5000 })
      .toBe("PAUSED");
  } finally {
    registry.close();
    await Promise.all([here.close(), there.close()]);
  }
});

test("the registry reads again after a while even if nobody told it, and keeps quiet until then", async () => {
  const live = new Live(database);
  let now = 0;
  const registry = new TemplateRegistry({ db: database.db, live, now: () => now });
  const status = async () => {
    await registry.load(place.workspaceId, place.providerId);
    return registry.find(place.workspaceId, place.providerId, "a", "en")?.status;
  };
  await sync([remote("a")]);
  expect(await status()).toBe("APPROVED");
  await sync([remote("a", { status: "PAUSED" })]);
  now = 9_000;
  expect(await status()).toBe("APPROVED");
  now = 11_000;
  expect(await status()).toBe("PAUSED");
  registry.close();
  await live.close();
});

test("a load that fails is tried again by the next one", async () => {
  const live = new Live(database);
  const registry = new TemplateRegistry({ db: database.db, live });
  await expect(registry.load("not a uuid", uuidv7())).rejects.toThrow("uuid");
  await expect(registry.load("not a uuid", uuidv7())).rejects.toThrow("uuid");
  registry.close();
  await live.close();
});
