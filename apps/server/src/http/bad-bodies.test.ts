import type { ErrorBody } from "@tincan/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADMIN, startTestServer } from "../../../../tests/support/server.ts";
import type { TestServer } from "../../../../tests/support/server.ts";
import type { Visitor } from "../../../../tests/support/visitor.ts";
import { buildFeatures } from "../wiring.ts";

let server: TestServer;
let visitor: Visitor;
let admin: Visitor;

beforeAll(async () => {
  server = await startTestServer({ build: buildFeatures });
  visitor = server.visitor();
  // Before the server is set up: afterwards nobody may.
  expect(await refusal("POST", "/setup", { ...ADMIN, workspaceName: BLANK }, visitor)).toEqual({ field: "workspaceName", expected: "more than spaces" });
  expect(await refusal("POST", "/setup", { ...ADMIN, name: BLANK }, visitor)).toEqual({ field: "name", expected: "more than spaces" });
  admin = await server.admin();
});
afterAll(() => server?.stop());

/** What is said to be wrong with the body. */
async function refusal(method: string, path: string, body: unknown, who = admin): Promise<{ field: string | undefined; expected: string | undefined }> {
  const answer = await who.send<ErrorBody>(method, `/api/v1${path}`, body);
  expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_input" } } });
  const { field, expected } = answer.body.error;
  return { field, expected };
}

const BLANK = " \t\u00a0";

describe("a name of spaces alone is refused", () => {
  const number = { number: "+15550100199", wabaId: "1", phoneNumberId: "2", accessToken: "a", appSecret: "b" };
  const schedule = { name: BLANK, every: "day", time: "09:30", by: "day", to: { kind: "email", addresses: ["ops@example.com"] } };

  test.each([
    ["a campaign", "POST", "/campaigns", { name: BLANK }, "name"],
    ["a campaign that is changed", "PATCH", "/campaigns/some", { name: BLANK }, "name"],
    ["a segment", "POST", "/segments", { name: BLANK, query: { all: [] } }, "name"],
    ["a list", "POST", "/lists", { name: BLANK }, "name"],
    ["a coupon pool", "POST", "/coupon-pools", { name: BLANK }, "name"],
    ["a number", "POST", "/providers", { kind: "cloud-api", nickname: BLANK, ...number }, "nickname"],
    ["a generic provider", "POST", "/providers", { kind: "generic", nickname: BLANK, number: number.number, endpoint: "https://provider.example" }, "nickname"],
    ["a deployment", "POST", "/deployments", { platform: "clevertap", name: BLANK, provider: "some" }, "name"],
    ["an API key", "POST", "/api-keys", { name: BLANK, role: "admin" }, "name"],
    ["a workspace", "POST", "/workspaces", { name: BLANK }, "name"],
    ["a workspace that is changed", "PATCH", "/workspace", { name: BLANK }, "name"],
    ["a scheduled report", "POST", "/report-schedules", schedule, "name"],
    ["where links come from", "PUT", "/link-settings", { domain: null, expireDays: null, utm: { append: true, source: BLANK, medium: "whatsapp" } }, "utm.source"],
  ])("for %s", async (_what, method, path, body, field) => {
    expect(await refusal(method, path, body)).toEqual({ field, expected: "more than spaces" });
  });

  test("for a campaign's label, which has rules of its own", async () => {
    expect(await refusal("POST", "/campaigns", { name: "Spring", labels: ["sale", BLANK] })).toEqual({ field: "labels[1]", expected: expect.stringMatching(/^more than spaces, and free of/) });
    expect((await admin.post("/api/v1/campaigns", { name: " Spring ", labels: [" on sale"] })).status).toBe(201);
  });
});
