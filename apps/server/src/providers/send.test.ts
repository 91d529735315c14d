import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { guardedConnector } from "../http/reachable.ts";
import { outbound } from "./adapter-contract.ts";
import { cloudApiAdapter } from "./cloud-api/adapter.ts";
import { openSender, type Sender } from "./send.ts";

const never = new AbortController().signal;
const message = outbound({ type: "text", text: "hi" });
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

/** A server that answers every request with `answer`, and a sender that talks to it. */
async function wire(answer: Parameters<typeof createServer>[1] & object, options: { timeoutMs?: number } = {}): Promise<{ sender: Sender; server: Server }> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const sender = senderTo((server.address() as AddressInfo).port, options.timeoutMs);
  opened.push(sender, { close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) });
  return { sender, server };
}

function senderTo(port: number, timeoutMs = 30_000): Sender {
  const baseUrl = `http://127.0.0.1:${port}`;
  const adapter = cloudApiAdapter({ baseUrl, version: "v26.0", phoneNumberId: "7", accessToken: "t", limits: { concurrency: 30, timeoutMs } });
  return openSender(adapter, { baseUrl, connect: guardedConnector({ sandbox: true, allowedHosts: [] }) });
}

test("posts what the adapter renders, and reads the answer", async () => {
  let request = "";
  const { sender } = await wire((req, res) => {
    req.setEncoding("utf8").on("data", (text: string) => (request += text));
    req.on("end", () => res.end(JSON.stringify({ messages: [{ id: `wamid.${req.url} ${req.headers.authorization}` }] })));
  });
  expect(await sender.send(message, never)).toMatchObject({ kind: "submitted", wireId: "wamid./v26.0/7/messages Bearer t" });
  expect(JSON.parse(request)).toMatchObject({ to: "+15550100123", biz_opaque_callback_data: message.messageId });
});

test("keeps connections open, and no more of them than the lane's concurrency", async () => {
  const sockets = new Set<Socket>();
  const { sender } = await wire((req, res) => {
    sockets.add(req.socket);
    setTimeout(() => res.end('{"messages":[{"id":"wamid.A"}]}'), 5);
  });
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => sender.send(message, never)));
  expect(outcomes.every((o) => o.kind === "submitted")).toBe(true);
  expect(sockets.size).toBeLessThanOrEqual(30);
});

test("a refused connection is certain: the endpoint is down, and nothing was sent", async () => {
  const { server } = await wire(() => {});
  const { port } = server.address() as AddressInfo;
  await opened.pop()!.close();
  const sender = senderTo(port);
  opened.push(sender);
  expect(await sender.send(message, never)).toMatchObject({ kind: "laneDown", cause: "endpoint", error: { title: "Nothing listens at the provider's address" } });
});

test("a connection cut after the request has left is ambiguous", async () => {
  const { sender } = await wire((req) => req.socket.destroy());
  expect(await sender.send(message, never)).toMatchObject({ kind: "ambiguous", error: { title: "The connection was cut before the answer came" } });
});

test("an answer cut in the middle is ambiguous, and what came of it is kept", async () => {
  const { sender } = await wire((_req, res) => {
    res.writeHead(200, { "content-length": "100" });
    res.write('{"messages":');
    setTimeout(() => res.socket!.destroy(), 20);
  });
  expect(await sender.send(message, never)).toMatchObject({ kind: "ambiguous", httpStatus: 200, answer: '{"messages":' });
});

test("no answer in time is ambiguous", async () => {
  const { sender } = await wire(() => {}, { timeoutMs: 200 });
  expect(await sender.send(message, never)).toMatchObject({ kind: "ambiguous", error: { title: "No answer came in time" } });
});

test("an answer without end is given up, and is ambiguous", async () => {
  const { sender } = await wire((_req, res) => res.end("x".repeat(1_000_000)));
  const outcome = await sender.send(message, never);
  expect(outcome).toMatchObject({ kind: "ambiguous" });
  expect(outcome.answer!.length).toBeLessThanOrEqual(8000);
});

test("stopping leaves what has left ambiguous, and what has not for another turn", async () => {
  const stop = new AbortController();
  const { sender } = await wire(() => setTimeout(() => stop.abort(), 20));
  const sent = sender.send(message, stop.signal);
  expect(await sent).toMatchObject({ kind: "ambiguous" });
  expect(await sender.send(message, stop.signal)).toEqual({ kind: "turn", afterMs: 0 });
});

test("an address that no provider may have is never connected to", async () => {
  const { server } = await wire(() => {});
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const adapter = cloudApiAdapter({ baseUrl, version: "v26.0", phoneNumberId: "7", accessToken: "t", limits: { concurrency: 30, timeoutMs: 30_000 } });
  const sender = openSender(adapter, { baseUrl, connect: guardedConnector({ sandbox: false, allowedHosts: [] }) });
  opened.push(sender);
  expect(await sender.send(message, never)).toMatchObject({ kind: "laneDown", cause: "endpoint", error: { title: expect.stringContaining("is this machine itself") } });
});

test("an answer that comes in pieces is put together, letters split between pieces included", async () => {
  const body = Buffer.from('{"messages":[{"id":"wamid.é"}]}');
  const { sender } = await wire((_req, res) => {
    res.writeHead(200, { "content-length": String(body.length) });
    res.write(body.subarray(0, 27));
    setTimeout(() => res.end(body.subarray(27)), 10);
  });
  expect(await sender.send(message, never)).toMatchObject({ kind: "submitted", wireId: "wamid.é" });
});
