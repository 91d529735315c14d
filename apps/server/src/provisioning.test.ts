import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pino } from "pino";
import Type from "typebox";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../../tests/support/database.ts";
import type { TestDatabase } from "../../../tests/support/database.ts";
import { actorOfKey } from "./accounts/api-keys.ts";
import { authWhenNeeded, type AuthSource } from "./accounts/auth-when-needed.ts";
import { findPerson, passwordFits } from "./accounts/people.ts";
import { Secrets } from "./database/secrets.ts";
import { ApiError } from "./http/errors.ts";
import { applier, parseProvisioning, readProvisioning } from "./provisioning.ts";
import type { Applier } from "./provisioning.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-provision-"));
const file = path.join(folder, "provision.json");
let database: TestDatabase;
let auth: AuthSource;
let applied: string[];

const Can = Type.Object({ name: Type.String({ minLength: 1 }) }, { additionalProperties: false });
const cans = applier("cans", Can, async (actor, { name }) => {
  if (name === "leaky") throw new ApiError("invalid_input", { field: "name", detail: "It leaks." });
  if (name === "rusty") throw new ApiError("invalid_input", { field: "name", expected: "free of rust" });
  applied.push(`${actor.name}: ${name}`);
});

const content = {
  workspace: { name: "Acme" },
  admin: { email: "Ops@example.com", password: "at least ten" },
  apiKeys: [{ name: "ci", key: "a-key-known-to-ci-1234", role: "admin" }],
};

beforeAll(async () => {
  database = await createTestDatabase();
  auth = authWhenNeeded({ db: database.db, secrets: new Secrets("the secret key of a test"), publicUrl: "http://127.0.0.1:3000", log: pino({ level: "silent" }) });
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  applied = [];
});

async function apply(value: unknown, appliers: Applier[] = []): Promise<void> {
  writeFileSync(file, JSON.stringify(value));
  await readProvisioning(parseProvisioning(file), appliers).apply({ db: database.db, auth });
}

async function auditCount(): Promise<number> {
  return Number((await database.pool.query("select count(*)::int as n from audit_log")).rows[0].n);
}

describe("what the file names is there afterwards", () => {
  test("workspace, admin and keys are made, and a second time nothing changes", async () => {
    await apply(content);
    const admin = await findPerson(database.db, "ops@example.com");
    expect(await passwordFits(database.db, auth, admin!.id, "at least ten")).toBe(true);
    expect(await actorOfKey(database.db, "a-key-known-to-ci-1234")).toMatchObject({ role: "admin", name: "ci" });
    const before = await auditCount();
    await apply(content);
    expect(await auditCount()).toBe(before);
    expect((await database.pool.query("select name from workspaces")).rows).toEqual([{ name: "Acme" }]);
  });

  test("a changed password and key replace the old ones", async () => {
    await apply(content);
    await apply({ ...content, admin: { ...content.admin, password: "another password" }, apiKeys: [{ ...content.apiKeys[0], key: "the-next-key-of-ci-5678", role: "member" }] });
    const admin = await findPerson(database.db, "ops@example.com");
    expect(await passwordFits(database.db, auth, admin!.id, "at least ten")).toBe(false);
    expect(await passwordFits(database.db, auth, admin!.id, "another password")).toBe(true);
    expect(await actorOfKey(database.db, "a-key-known-to-ci-1234")).toBeUndefined();
    expect(await actorOfKey(database.db, "the-next-key-of-ci-5678")).toMatchObject({ role: "member" });
  });

  test("features apply their own members in order, as the server itself", async () => {
    await apply({ ...content, cans: [{ name: "first" }, { name: "second" }] }, [cans]);
    expect(applied).toEqual(["Provisioning: first", "Provisioning: second"]);
  });
});

describe("a mistake is named before anything is applied", () => {
  test.each([
    [{ ...content, workspace: {} }, '"workspace.name" must be given'],
    [{ ...content, workspace: { name: "  " } }, '"workspace.name" must be more than spaces'],
    [{ ...content, apiKeys: [{ ...content.apiKeys[0], name: "  " }] }, '"apiKeys[0].name" must be more than spaces'],
    [{ ...content, admin: { email: "nobody", password: "at least ten" } }, '"admin.email" must be an e-mail address'],
    [{ ...content, admin: { email: "a@example.com", password: "short" } }, '"admin.password" must be at least 10 characters long'],
    [{ ...content, apiKeys: [content.apiKeys[0], { name: "x", key: "long-enough-to-be-a-key", role: "king" }] }, '"apiKeys[1].role" must be one of'],
    [{ ...content, cans: [{ name: "first" }, {}] }, '"cans[1].name" must be given'],
    [{ ...content, colour: "red" }, '"colour" must be left out'],
    [[], "the file must be an object"],
  ])("%j", async (value, sentence) => {
    await expect(apply(value, [cans])).rejects.toThrow(`TINCAN_PROVISION: ${sentence}`);
    expect(applied).toEqual([]);
  });

  test("an entry that a feature refuses is named with its place in the file", async () => {
    await expect(apply({ ...content, cans: [{ name: "first" }, { name: "leaky" }] }, [cans])).rejects.toThrow(/^TINCAN_PROVISION: "cans\[1\]\.name" cannot be applied: .*It leaks\.$/);
  });

  test("a value that a feature does not take is named with what was expected", async () => {
    await expect(apply({ ...content, cans: [{ name: "rusty" }] }, [cans])).rejects.toThrow('TINCAN_PROVISION: "cans[0].name" must be free of rust.');
  });

  test("a file that is missing or no JSON is named", () => {
    expect(() => parseProvisioning(path.join(folder, "nowhere.json"))).toThrow(/nowhere\.json, which cannot be read \(ENOENT\)/);
    writeFileSync(file, "{");
    expect(() => parseProvisioning(file)).toThrow(/provision\.json, which is not valid JSON/);
  });
});
