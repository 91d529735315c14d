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

describe("of a choice between forms, what is wrong in the form that was meant is named", () => {
  const campaign = (definition: object) => ({ name: "Spring", ...definition });
  const filter = (test: unknown) => campaign({ goal: { event: "Order placed", within: 60, filters: [{ key: "Amount", test }] } });
  const content = (values: object) => campaign({ content: { mode: "single", variants: [{ key: "A", template: { name: "offer", language: "en" }, values }] } });
  const PARTS = "an object with segmentId, listId, everyone, phones or query";

  test.each([
    ["an unknown test of a filter", filter({ type: "text", op: "equals", value: "x" }), "goal.filters[0].test.op", "one of is, isNot, contains, notContains, startsWith, in, notIn"],
    ["an unknown type of a filter's test", filter({ type: "string", op: "is", value: "x" }), "goal.filters[0].test.type", "one of text, number, date, boolean, list, any"],
    ["half a filter's test", filter({ type: "number", op: "between", from: 1 }), "goal.filters[0].test.to", "given"],
    ["a goal that is no object", campaign({ goal: "buy" }), "goal", "an object or null"],
    ["an audience of nobody in particular", campaign({ audience: {} }), "audience", PARTS],
    ["a misspelled audience", campaign({ audience: { listID: "x" } }), "audience", PARTS],
    ["an audience of two forms", campaign({ audience: { segmentId: "a", listId: "b" } }), "audience.listId", "left out: it is not known here"],
    ["a misspelled exception", campaign({ audience: { everyone: true, except: [{ phone: "1" }] } }), "audience.except[0]", PARTS],
    ["a schedule of no kind", campaign({ schedule: {} }), "schedule.kind", "one of now, at, dates, recurring, event"],
    ["a part of a schedule", campaign({ schedule: { kind: "recurring", every: "year", time: "09:30", timeZone: "UTC" } }), "schedule.every", "one of day, week, month"],
    ["a trigger's filter", campaign({ schedule: { kind: "event", trigger: { event: "Seen", filters: [{ key: "k", test: { type: "boolean", op: "is" } }] } } }), "schedule.trigger.filters[0].test.op", "one of isTrue, isFalse"],
    ["a header of no kind", content({ header: { kind: "picture" } }), "content.variants[0].values.header.kind", "one of text, image, video, document, location"],
    ["a button's value", content({ buttons: [{ kind: "url", index: 0 }] }), "content.variants[0].values.buttons[0].suffix", "given"],
    ["a limit that may be null", campaign({ pace: { gap: 1 } }), "pace.gap", "at least 5"],
  ])("%s", async (_what, body, field, expected) => {
    expect(await refusal("POST", "/campaigns", body)).toEqual({ field, expected });
  });

  const asked = (condition: object) => ({ name: "Buyers", query: { all: [{ kind: "event", name: "Order placed", did: true, ...condition }] } });
  const template = (more: object) => ({ provider: "some", name: "offer", language: "en", category: "UTILITY", components: [], ...more });

  test.each([
    ["a length of time in a segment", "/segments", asked({ within: { last: { n: 1, unit: "years" } } }), "query.all[0].within.last.unit", "one of minutes, hours, days, weeks, months"],
    ["a property's test in a segment", "/segments", asked({ where: [{ key: "k", test: { type: "list", op: "is", value: "x" } }] }), "query.all[0].where[0].test.op", "one of has, hasNot, hasAny, hasAll"],
    ["a provider of no kind", "/providers", { nickname: "Main" }, "kind", "one of cloud-api, generic"],
    ["a provider's empty nickname", "/providers", { kind: "generic", nickname: "", number: "+15550100199", endpoint: "https://provider.example" }, "nickname", "filled in"],
    ["a change of a property", "/contacts", { identity: "C-1", properties: { Tier: { set: "gold" } } }, "properties.Tier", "an object with date, add, remove or increment"],
    ["an item of a property", "/contacts", { identity: "C-1", properties: { Tags: ["a", 1] } }, "properties.Tags[1]", "a text"],
    ["a template's component", "/templates", template({ components: [{ type: "BODY" }, { text: "Hello" }] }), "components[1].type", "given"],
    ["a template's sample", "/templates", template({ samples: { header: { kind: "image", media: "x.jpg" } } }), "samples.header.media", "an object"],
  ])("%s", async (_what, path, body, field, expected) => {
    expect(await refusal("POST", path, body)).toEqual({ field, expected });
  });
});
