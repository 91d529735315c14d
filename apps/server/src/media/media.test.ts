import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { Secrets } from "../database/secrets.ts";
import { uuidv7 } from "../database/uuid.ts";
import { MediaFiles, type IncomingFile } from "./files.ts";
import { MediaLinks } from "./links.ts";
import { mediaRoutes } from "./routes.ts";

const workspaceId = uuidv7();
const providerId = uuidv7();
let database: TestDatabase;
let dataDir: string;
let app: FastifyInstance;
let files: MediaFiles;
let links: MediaLinks;
/** What the provider gives for a media id. */
let source: (wireMediaId: string) => IncomingFile;
let fetched: string[] = [];
let warned: object[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(path.join(os.tmpdir(), "tincan-media-"));
  files = new MediaFiles({
    db: database.db,
    dataDir,
    fetch: async (_workspace, _provider, id) => {
      fetched.push(id);
      return source(id);
    },
    log: { warn: (details) => void warned.push(details) },
  });
  links = new MediaLinks({ files, secrets: new Secrets("the secret key of a test"), publicUrl: "http://tincan.example" });
  app = Fastify({ routerOptions: { maxParamLength: 500 } });
  await app.register(mediaRoutes({ files, links }));
});
afterAll(async () => {
  await app.close();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  fetched = [];
  warned = [];
});

const bytes = (text: string, mimeType = "image/jpeg"): IncomingFile => ({ mimeType, stream: Readable.from([Buffer.from(text)]) });

/** The path of a published file's address. */
async function publish(wireMediaId: string): Promise<string> {
  const { url } = await links.publish(workspaceId, providerId, wireMediaId);
  return url.replace("http://tincan.example", "");
}

test("a file is fetched once, however often and at the same time it is asked for", async () => {
  source = () => bytes("hello");
  const all = await Promise.all(Array.from({ length: 5 }, () => links.publish(workspaceId, providerId, "once")));
  await links.publish(workspaceId, providerId, "once");
  expect(fetched).toEqual(["once"]);
  expect(all[0]).toMatchObject({ mimeType: "image/jpeg", url: expect.stringMatching(/^http:\/\/tincan\.example\/media\/[\w-]+\.jpg$/) });
});

test("whoever has the address gets the file, its type, and nothing a browser could take for something else", async () => {
  source = () => bytes("hello", "image/jpeg; codecs=x");
  const answer = await app.inject(await publish("served"));
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toBe("hello");
  expect(answer.headers).toMatchObject({ "content-type": "image/jpeg", "content-length": "5", "x-content-type-options": "nosniff", "content-disposition": "inline" });
  expect((await app.inject({ url: await publish("served"), headers: { "if-none-match": String(answer.headers["etag"]) } })).statusCode).toBe(304);
});

test.each(["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "nonsense"])("a file of the type %s is only offered for saving", async (mimeType) => {
  source = () => bytes("<script>alert(1)</script>", mimeType);
  const { headers } = await app.inject(await publish(`risky ${mimeType}`));
  expect(headers).toMatchObject({ "content-type": "application/octet-stream", "content-disposition": expect.stringMatching(/^attachment/), "content-security-policy": "default-src 'none'; sandbox" });
});

test("a document keeps the name its sender gave it", async () => {
  source = () => bytes("pdf", "application/pdf");
  await files.obtain(workspaceId, providerId, "named", "Rechnung \"März\"\r\n.pdf");
  const { headers } = await app.inject(await publish("named"));
  expect(headers["content-disposition"]).toBe("inline; filename*=UTF-8''Rechnung%20%22M%C3%A4rz%22__.pdf");
});

test("parts of a file can be asked for", async () => {
  source = () => bytes("0123456789");
  const url = await publish("ranges");
  const part = async (range: string) => {
    const answer = await app.inject({ url, headers: { range } });
    return [answer.statusCode, answer.body, answer.headers["content-range"]];
  };
  expect(await part("bytes=2-4")).toEqual([206, "234", "bytes 2-4/10"]);
  expect(await part("bytes=7-")).toEqual([206, "789", "bytes 7-9/10"]);
  expect(await part("bytes=-3")).toEqual([206, "789", "bytes 7-9/10"]);
  expect(await part("bytes=5-100")).toEqual([206, "56789", "bytes 5-9/10"]);
  expect((await part("bytes=10-")).slice(0, 1)).toEqual([416]);
  expect((await part("bytes=4-2")).slice(0, 2)).toEqual([200, "0123456789"]);
  expect((await part("bytes=0-1,4-5")).slice(0, 2)).toEqual([200, "0123456789"]);
  const head = await app.inject({ method: "HEAD", url });
  expect([head.statusCode, head.body, head.headers["content-length"]]).toEqual([200, "", "10"]);
});

test("an empty file is a file", async () => {
  source = () => ({ mimeType: "text/plain", stream: Readable.from([]) });
  const answer = await app.inject(await publish("empty"));
  expect([answer.statusCode, answer.body]).toEqual([200, ""]);
});

test("an address that is over, stretched, or made up is not found", async () => {
  source = () => bytes("hello");
  const url = await publish("guarded");
  const { id } = await files.obtain(workspaceId, providerId, "guarded");
  const over = `/media/${links.sign(workspaceId, id, "image/jpeg", Date.now() - 1000)}`;
  const stretched = url.replace(/-([0-9a-z]{6,8})-([\w-]{43}\.)/, "-zzzzzzz-$2");
  const forged = url.replace(/.{5}\.jpg$/, "AAAAA.jpg");
  expect(stretched).not.toBe(url);
  for (const bad of [over, stretched, forged, "/media/x", `/media/${"a".repeat(400)}`]) expect((await app.inject(bad)).statusCode).toBe(404);
  const other = new MediaLinks({ files, secrets: new Secrets("another secret key"), publicUrl: "" });
  expect((await app.inject(`/media/${other.sign(workspaceId, id, "image/jpeg", Date.now() + 10_000)}`)).statusCode).toBe(404);
});

test("bytes other than the provider announced are kept as they came, and the log says so", async () => {
  const [told, came] = ["whole", "whale"].map((text) => createHash("sha256").update(text).digest("hex"));
  source = () => ({ ...bytes("whale"), sha256: told });
  expect((await app.inject(await publish("announced"))).body).toBe("whale");
  expect(warned).toEqual([{ providerId, wireMediaId: "announced", announced: told, sha256: came }]);
  source = () => ({ ...bytes("whole"), sha256: told });
  expect((await app.inject(await publish("as announced"))).body).toBe("whole");
  expect(warned).toHaveLength(1);
});

test("a file that is too large, or breaks off, leaves nothing behind and can be asked for again", async () => {
  source = () => ({ mimeType: "video/mp4", stream: Readable.from(Array.from({ length: 101 }, () => Buffer.alloc(1024 * 1024))) });
  await expect(publish("huge")).rejects.toThrow(/more than 104857600 bytes/);
  source = () => ({
    mimeType: "video/mp4",
    stream: new Readable({ read() { this.push("begin"); this.destroy(new Error("cut")); } }),
  });
  await expect(publish("cut")).rejects.toThrow("cut");
  const left = (await readdir(dataDir, { recursive: true })).filter((name) => name.endsWith(".part"));
  expect(left).toEqual([]);
  source = () => bytes("whole");
  expect((await app.inject(await publish("cut"))).body).toBe("whole");
});
