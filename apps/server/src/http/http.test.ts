import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import type { ErrorBody } from "@tincan/api";
import { Counter } from "prom-client";
import Type from "typebox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountsOnly, startTestServer } from "../../../../tests/support/server.ts";
import type { TestServer } from "../../../../tests/support/server.ts";
import type { RoutePlugin } from "./app.ts";

let server: TestServer;
const webFolder = mkdtempSync(path.join(os.tmpdir(), "tincan-web-"));

/** The dashboard as Vite writes it: a page, and an asset whose name changes with its content. */
function build(asset: string): void {
  rmSync(webFolder, { recursive: true });
  mkdirSync(path.join(webFolder, "assets"), { recursive: true });
  writeFileSync(path.join(webFolder, "assets", asset), "");
  writeFileSync(path.join(webFolder, "index.html"), `<script src="/assets/${asset}"></script>`);
}

/** Routes that fail in every way a handler can. */
const failing: RoutePlugin = async (app) => {
  app.get("/wire/broken", async () => {
    throw new Error("a secret detail");
  });
  app.get<{ Querystring: { code?: string; message?: string } }>("/wire/fails", async ({ query: { code, message } }) => {
    throw Object.assign(new Error(message ?? "it failed"), code === undefined ? {} : { code });
  });
  app.post("/wire/echo", { schema: { body: Type.Object({ n: Type.Integer() }) } }, async (request) => request.body);
  app.get("/wire/page", { schema: { querystring: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 9, default: 5 }) }) } }, async (request) => request.query);
};

beforeAll(async () => {
  build("first.js");
  server = await startTestServer({ build: (core) => ({ ...accountsOnly(core), wire: [failing] }), webFolder });
});
afterAll(async () => {
  await server.stop();
  rmSync(webFolder, { recursive: true });
});

describe("errors", () => {
  test("an address that does not exist answers JSON to machines", async () => {
    for (const path of ["/api/v1/nothing", "/api/nothing", "/wire/nothing", "/1/nothing"]) {
      expect(await server.visitor().get<ErrorBody>(path)).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
    }
  });

  test("a bug answers 500 without its details", async () => {
    const answer = await server.visitor().get<ErrorBody>("/wire/broken");
    expect(answer).toMatchObject({ status: 500, body: { error: { code: "internal" } } });
    expect(JSON.stringify(answer.body)).not.toContain("secret");
  });

  test.each(["code=ECONNREFUSED", "code=ECONNRESET", "code=08006", "code=57P01", "code=53300", "message=Connection terminated unexpectedly"])("a database that is away (%s) answers 503 with when to come back", async (query) => {
    const answer = await server.visitor().get<ErrorBody>(`/wire/fails?${query}`);
    expect(answer).toMatchObject({ status: 503, body: { error: { code: "database_unavailable" } } });
    expect(answer.headers.get("retry-after")).toBe("2");
  });

  test("what the database refuses is no outage", async () => {
    expect(await server.visitor().get<ErrorBody>("/wire/fails?code=23505")).toMatchObject({ status: 500, body: { error: { code: "internal" } } });
  });

  test.each([
    ["{", { "content-type": "application/json" }, 400, "malformed_json"],
    ["", { "content-type": "application/json" }, 400, "malformed_json"],
    ["<a/>", { "content-type": "application/xml" }, 415, "wrong_content_type"],
    [JSON.stringify({ n: "x".repeat(1_100_000) }), { "content-type": "application/json" }, 413, "body_too_large"],
    [JSON.stringify({ n: "1" }), { "content-type": "application/json" }, 400, "invalid_input"],
    ['{"__proto__":{"n":1}}', { "content-type": "application/json" }, 400, "malformed_json"],
  ])("a body %.12s… with %o answers %d", async (body, headers, status, code) => {
    expect(await server.visitor().send<ErrorBody>("POST", "/wire/echo", body, headers as Record<string, string>)).toMatchObject({ status, body: { error: { code } } });
  });

  test.each([
    ["/api/v1/workspace", { name: "a\0b" }, "name"],
    ["/api/v1/workspace", { name: "half \ud800" }, "name"],
    ["/api/v1/members/a%00b", { role: "admin" }, "id"],
  ])("%s with %j, which no database holds, is refused and the field named", async (path, body, field) => {
    const admin = await server.admin();
    expect(await admin.patch<ErrorBody>(path, body)).toMatchObject({ status: 400, body: { error: { code: "invalid_input", field, expected: "text of whole characters, without NUL" } } });
  });

  test("a body nested deeper than anything can be kept is refused", async () => {
    const data = `${'{"a":['.repeat(3_000)}${"]}".repeat(3_000)}`;
    expect(await server.visitor().post<ErrorBody>("/wire/echo", `{"n":1,"data":${data}}`)).toMatchObject({ status: 400, body: { error: { field: "data", expected: "nested at most 64 levels deep" } } });
  });

  test("a cursor that no page gave out is refused", async () => {
    const admin = await server.admin();
    expect((await admin.get<ErrorBody>("/api/v1/audit?q=a%00b")).body.error).toMatchObject({ code: "invalid_input", field: "q" });
    for (const [path, ...keys] of [["audit", ["x"], ["1".repeat(20)], []], ["members", ["\0"], [1]], ["api-keys", ["a", "b"]]] as [string, ...unknown[][]][]) {
      for (const key of keys) {
        const after = Buffer.from(JSON.stringify(key)).toString("base64url");
        expect(await admin.get<ErrorBody>(`/api/v1/${path}?after=${after}`)).toMatchObject({ status: 400, body: { error: { code: "invalid_input", field: "after" } } });
      }
    }
  });

  test("query values are converted and given their defaults", async () => {
    expect((await server.visitor().get("/wire/page")).body).toEqual({ limit: 5 });
    expect((await server.visitor().get("/wire/page?limit=7")).body).toEqual({ limit: 7 });
    expect((await server.visitor().get<ErrorBody>("/wire/page?limit=70")).body.error).toMatchObject({ field: "limit", expected: "at most 9" });
  });
});

describe("what is in front of a route", () => {
  test("pages and the API carry security headers, wire endpoints carry none", async () => {
    const api = await server.visitor().get("/api/v1/setup");
    expect(api.headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(api.headers.get("x-content-type-options")).toBe("nosniff");
    const wire = await server.visitor().get("/wire/page");
    expect(wire.headers.get("content-security-policy")).toBeNull();
  });

  test("a route of the API that names no permission stops the start", async () => {
    const forgotten: RoutePlugin = async (app) => {
      app.get("/forgotten", async () => ({}));
    };
    await expect(startTestServer({ build: (core) => ({ ...accountsOnly(core), api: [forgotten] }) })).rejects.toThrow(/\/api\/v1\/forgotten must have either a permission or an access/);
  });
});

describe("the built dashboard", () => {
  test("a page is served at any address a person may keep, and asks for it each time; its assets are kept for good", async () => {
    const page = await server.visitor().get("/campaigns/kept");
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining("/assets/first.js") });
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const asset = await server.visitor().get("/assets/first.js");
    expect([asset.status, asset.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
  });

  test("what is built while the server runs is served with its assets, and an asset that is gone is not answered with a page", async () => {
    build("second.js");
    expect((await server.visitor().get("/")).body).toContain("/assets/second.js");
    expect((await server.visitor().get("/assets/second.js")).status).toBe(200);
    expect(await server.visitor().get<ErrorBody>("/assets/first.js")).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
  });

  test("while a build is being written, pages say that there is none", async () => {
    rmSync(path.join(webFolder, "index.html"));
    expect(await server.visitor().get("/campaigns")).toMatchObject({ status: 404, body: expect.stringContaining("not built") });
  });
});

describe("health", () => {
  test("the process says that it lives and what it has counted", async () => {
    new Counter({ name: "tincan_test_total", help: "Counted by a test.", registers: [server.core.metrics.registry] }).inc(3);
    await server.visitor().get("/api/v1/setup");
    expect((await server.visitor().get("/healthz")).body).toEqual({ status: "ok" });
    expect((await server.visitor().get("/readyz")).body).toEqual({ status: "ready" });
    const { body, headers } = await server.visitor().get<string>("/metrics");
    expect(headers.get("content-type")).toMatch(/^text\/plain/);
    expect(body).toContain("tincan_test_total 3");
    expect(body).toMatch(/tincan_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/setup",status="200"\} \d/);
  });
});

describe("documentation", () => {
  test("the readable reference is served from here and asks nobody else", async () => {
    const page = await server.visitor().get<string>("/api/docs/");
    expect(page.status).toBe(200);
    expect(page.body).toContain("/api/openapi.json");
    expect(page.body).not.toMatch(/https?:\/\/(?!127\.0\.0\.1)/);
    expect(page.headers.get("content-security-policy")).toContain("connect-src 'self'");
    expect((await server.visitor().get<string>("/api/docs/js/scalar.js")).body.length).toBeGreaterThan(1_000_000);
  });
});

describe("live updates", () => {
  test("a signed-in page hears about changes in its own workspace", async () => {
    const script = await server.script("member");
    expect((await server.visitor().get("/api/v1/live")).status).toBe(401);
    const stream = await fetch(`${server.url}/api/v1/live`, { headers: script.headers });
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    const listening = (async () => {
      for (let chunk = await reader.read(); !chunk.done && !heard.includes("audit"); chunk = await reader.read()) heard += chunk.value;
    })();
    const admin = await server.admin();
    await expect
      .poll(async () => {
        await admin.post("/api/v1/api-keys", { name: `live ${Math.random()}`, role: "member" });
        return heard;
      }, { interval: 200 })
      .toContain('event: changed\ndata: {"topic":"audit"}\n\n');
    await reader.cancel();
    await listening;
  });

  test("an open page does not keep the server from stopping", async () => {
    const other = await startTestServer();
    const script = await other.script("member");
    const stream = await fetch(`${other.url}/api/v1/live`, { headers: script.headers });
    await other.stop();
    await stream.body?.cancel().catch(() => {});
  });
});

test("a connection that says nothing does not keep others out", async () => {
  const { port } = new URL(server.url);
  const silent = Array.from({ length: 200 }, () => connect(Number(port), "127.0.0.1"));
  await Promise.all(silent.map((socket) => once(socket, "connect")));
  expect((await server.visitor().get("/healthz")).status).toBe(200);
  for (const socket of silent) socket.destroy();
});
