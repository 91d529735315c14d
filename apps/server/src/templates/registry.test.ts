import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { Live } from "../database/live.ts";
import { uuidv7 } from "../database/uuid.ts";
import { TemplateRegistry } from "./registry.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("a template that nobody told of is found once the list is read again", async () => {
  const { pool } = database;
  const [workspaceId, providerId] = [uuidv7(), uuidv7()];
  await pool.query("insert into workspaces (id, name) values ($1, 'Shop')", [workspaceId]);
  await pool.query("insert into providers (workspace_id, id, kind, nickname, number, settings, secrets, max_concurrency) values ($1, $2, 'generic', 'Main', '+15550100199', '{}', '', 30)", [workspaceId, providerId]);
  const live = new Live(database);
  const registry = new TemplateRegistry({ db: database.db, live });
  const status = () => registry.find(workspaceId, providerId, "order_ready", "en")?.status;
  await registry.load(workspaceId, providerId);
  await pool.query("insert into templates (workspace_id, id, provider_id, name, language, category, status, components) values ($1, $2, $3, 'order_ready', 'en', 'UTILITY', 'APPROVED', '[]')", [workspaceId, uuidv7(), providerId]);
  await registry.load(workspaceId, providerId);
  expect(status()).toBeUndefined();
  await registry.reload(workspaceId, providerId);
  expect(status()).toBe("APPROVED");
  registry.close();
  await live.close();
});
