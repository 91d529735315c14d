import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readTemplateList, type ImportBounds } from "./template-import.ts";

let server: Server;
let url: string;
let respond: (request: URL, response: ServerResponse, raw: IncomingMessage) => void;
let asked: URL[];
const dispatcher = new Agent();

beforeAll(async () => {
  server = createServer((request, response) => {
    const address = new URL(request.url ?? "/", url);
    asked.push(address);
    respond(address, response, request);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/templates`;
});
afterAll(async () => {
  await dispatcher.destroy();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

const bounds: ImportBounds = { pages: 5, templates: 20, pageBytes: 20_000, pageMs: 400, totalMs: 5_000 };
const read = (change: Partial<ImportBounds> = {}, address = url) => readTemplateList({ url: address, limit: 2 }, { token: "abc" }, dispatcher, { ...bounds, ...change });

const template = (name: string, more: object = {}) => ({ id: `1${name}`, name, language: "en", status: "APPROVED", category: "UTILITY", components: [{ type: "BODY", text: `Hello ${name}` }], ...more });
const page = (templates: object[], after?: string) => JSON.stringify({ data: templates, paging: { cursors: { ...(after && { after }) } } });

test("follows the cursors with the limit, the address's own query and the provider's headers", async () => {
  const tokens: unknown[] = [];
  respond = (request, response, raw) => {
    tokens.push(raw.headers["token"]);
    const after = request.searchParams.get("after");
    response.end(after === null ? page([template("a"), template("b")], "B") : page([template("c")]));
  };
  const { pages, templates, rejected } = await read({}, `${url}?wabaNumber=42`);
  expect([pages, templates.map(({ name }) => name), rejected]).toEqual([2, ["a", "b", "c"], []]);
  expect(asked.map(({ search }) => search)).toEqual(["?wabaNumber=42&limit=2", "?wabaNumber=42&limit=2&after=B"]);
  expect(tokens).toEqual(["abc", "abc"]);
});

test("ends at an empty page, and at a cursor that comes again", async () => {
  respond = (request, response) => response.end(request.searchParams.has("after") ? page([], "MORE") : page([template("a")], "MORE"));
  expect((await read()).templates).toHaveLength(1);
  respond = (_, response) => response.end(page([template("a")], "SAME"));
  expect((await read()).pages).toBe(2);
});

test("leaves out what it cannot read, and says so", async () => {
  const odd = [template("has space"), template("x", { language: "?" }), template("y", { components: [] }), template("z", { components: [{ type: "BODY", example: [1] }] }), { nothing: 1 }, template("good", { category: "", language: "pt_BR" })];
  respond = (_, response) => response.end(page(odd));
  const { templates, rejected, unread } = await read();
  expect(unread.map(({ name }) => name)).toEqual(["has space", "x", "y", "z"]);
  expect(templates).toMatchObject([{ name: "good", language: "pt_BR", category: "MARKETING", status: "APPROVED" }]);
  expect(rejected).toHaveLength(5);
  expect(rejected.map(({ message }) => message)).toContain("y: its components are not in Meta's shape");
});

test.each<[string, RegExp, Partial<ImportBounds>, (response: ServerResponse, n: number) => void]>([
  ["a list without end", /more than 5 pages/, {}, (response, n) => response.end(page([template(`t${n}`)], `C${n}`))],
  ["more templates than anybody has", /more than 2 templates/, { templates: 2 }, (response, n) => response.end(page([template(`t${n}`)], `C${n}`))],
  ["a page without end", /larger than/, { pageBytes: 100_000 }, (response) => {
    const pour = () => {
      while (!response.destroyed && response.write(" ".repeat(16_384)));
      if (!response.destroyed) response.once("drain", pour);
    };
    pour();
  }],
  ["no answer", /did not come within 0.4 seconds/, {}, () => {}],
  ["an answer that drips", /did not come within/, {}, (response) => void response.write("{")],
  ["a cut connection", /could not be asked/, {}, (response) => response.destroy()],
  ["a refusal", /HTTP 403: not you/, {}, (response) => response.writeHead(403).end("not you")],
  ["a redirect", /HTTP 302/, {}, (response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
  ["no JSON", /not JSON/, {}, (response) => response.end("<html>")],
  ["other JSON", /not a page of templates/, {}, (response) => response.end(`{"items":[]}`)],
])("a provider that sends %s ends the import", async (_, message, change, answer) => {
  respond = (_request, response) => answer(response, asked.length);
  await expect(read(change)).rejects.toMatchObject({ code: "template_import_failed", message: expect.stringMatching(message) });
});
