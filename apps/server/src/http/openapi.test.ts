import type { TSchema } from "typebox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer } from "../../../../tests/support/server.ts";
import type { TestServer } from "../../../../tests/support/server.ts";
import { buildFeatures } from "../wiring.ts";
import { bodyExamples } from "./openapi-examples.ts";
import { patterns } from "./misfit.ts";
import { checker } from "./validation.ts";

interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags: string[];
  requestBody?: { content: Record<string, { schema: object; example?: unknown }> };
}
interface ApiDocument {
  openapi: string;
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { description?: string; pattern?: string }> };
}
let server: TestServer;
let api: ApiDocument;
let operations: Operation[];

beforeAll(async () => {
  server = await startTestServer({ build: buildFeatures });
  ({ body: api } = await server.visitor().get<ApiDocument>("/api/openapi.json"));
  operations = Object.values(api.paths).flatMap((path) => Object.values(path));
});
afterAll(() => server.stop());

test("every documented route of the API has a summary and says what permission it needs", () => {
  expect(api.openapi).toBe("3.1.0");
  expect(api.paths["/api/v1/api-keys"]?.["post"]?.description).toContain("`api-keys.write`");
  for (const operation of operations) expect(operation.summary).toBeTruthy();
});

test("every operation has a name of its own, and a part that is described", () => {
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { operationId } of operations) expect(operationId).toMatch(/^[a-z][A-Za-z]*(\.[a-z][A-Za-z]*)?$/);
  expect(new Set(operations.flatMap(({ tags }) => tags))).toEqual(new Set(api.tags.map(({ name }) => name)));
});

test("every example of a body belongs to an operation, which takes it", () => {
  const bodies = new Map(operations.flatMap(({ operationId, requestBody }) => (requestBody ? [[operationId, requestBody.content["application/json"]] as const] : [])));
  for (const [id, example] of Object.entries(bodyExamples)) {
    const body = bodies.get(id);
    expect(body?.example, id).toEqual(example);
    expect(checker(resolved(body!.schema, api.components.schemas) as TSchema)(example), id).toBeUndefined();
  }
});

test("schemas have their names, and descriptions from their comments", () => {
  expect(Object.keys(api.components.schemas)).toEqual(expect.arrayContaining(["Campaign", "CampaignInput", "Contact", "ErrorBody", "Provider", "SegmentInput", "SendInput"]));
  expect(api.components.schemas["SendInput"]?.description).toMatch(/never sends twice/);
});

test("every pattern of the API can be said in words", () => {
  const used = [...JSON.stringify(api).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(([, pattern = ""]) => JSON.parse(pattern) as string);
  expect([...new Set(used)].filter((pattern) => !(pattern in patterns))).toEqual([]);
});

/** The schema with the named ones in place of their references. */
function resolved(schema: unknown, named: Record<string, object>): unknown {
  if (Array.isArray(schema)) return schema.map((each) => resolved(each, named));
  if (typeof schema !== "object" || schema === null) return schema;
  if ("$ref" in schema) return resolved(named[String(schema.$ref).replace("#/components/schemas/", "")], named);
  return Object.fromEntries(Object.entries(schema).map(([member, each]) => [member, resolved(each, named)]));
}
