import { Agent } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { uuidv7 } from "../database/uuid.ts";
import { guardedConnector } from "../http/reachable.ts";
import type { LaneWork } from "../lanes/work.ts";
import { receiveInbound } from "../ledger/inbound.ts";
import type { InboundContent, NewInbound } from "../ledger/inbound-message.ts";
import { applyReceipts } from "../ledger/receipts.ts";
import type { Receipt } from "../ledger/types.ts";
import type { CallbackJob } from "./callback-jobs.ts";
import { callbackWork, nextAttempt } from "./callback-lane.ts";
import { replayCallbacks } from "./callback-store.ts";
import { mediaMark } from "./media-mark.ts";
import { deleteDeployment, type StoredDeployment } from "./store.ts";
import { openPlatform, type ReceivedStatus } from "./test/platform.ts";
import { openWorld, templateRequest, textRequest, type World } from "./test/world.ts";

const HOUR = 3_600_000;

let world: World;
let platform: Awaited<ReturnType<typeof openPlatform>>;
let deployment: StoredDeployment;
let work: LaneWork<CallbackJob>;
const owner = uuidv7();
const published: string[] = [];

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  platform = await openPlatform();
  deployment = await world.addDeployment({ webhooks: { status: platform.status, inbound: platform.inbound }, settings: { trialPolicy: "check", callbackBatchSize: 10, othersAsText: false } });
  work = openWork(deployment);
  await holdLease(deployment.id);
});
afterEach(async () => {
  await work.close();
  await platform.close();
  if (platform.complaints.length > 0) throw new Error(`The platform complains: ${platform.complaints.join("; ")}`);
});

function openWork(of: StoredDeployment): LaneWork<CallbackJob> {
  const media = {
    publish: async (_workspaceId: string, _providerId: string, wireMediaId: string) => {
      published.push(wireMediaId);
      return { url: `https://tincan.example/media/${wireMediaId}?signed=1`, mimeType: "image/jpeg" };
    },
  };
  const connect = guardedConnector({ sandbox: true, allowedHosts: [] }, 1_000);
  return callbackWork({ db: world.db, live: world.live, secrets: world.secrets, media, connect, wake: () => {} }, of);
}

async function holdLease(laneId: string): Promise<void> {
  await world.pool.query("update lanes set owner = $2, lease_until = now() + interval '1 hour' where id = $1", [laneId, owner]);
}

/** Claims, sends and settles until nothing is ready, as a lane would; `at` is the clock. @returns the requests made */
async function run(at = new Date(), lane = work): Promise<number> {
  let made = 0;
  for (;;) {
    const jobs = await lane.claim(owner, 4);
    if (jobs.length === 0) return made;
    made += jobs.length;
    const settled = await Promise.all(jobs.map(async (job) => ({ job, outcome: await lane.send(job, new AbortController().signal), startedAt: at, endedAt: new Date(at.getTime() + 5) })));
    await lane.settle(settled);
  }
}

/** Sends `n` requests through the Callback URL. @returns our ids and their msgIds */
async function send(n: number): Promise<{ id: string; msgId: string }[]> {
  await Promise.all(Array.from({ length: n }, () => world.post(deployment.id, templateRequest())));
  return (await world.messagesOf(deployment.id)).slice(-n).map((m) => ({ id: m.id, msgId: m.external_id! }));
}

async function receive(receipts: Receipt[]): Promise<void> {
  await world.db.transaction().execute((tx) => applyReceipts(tx, world.workspaceId, world.providerId, receipts, world.listeners.status));
}

const receipt = (messageId: string, status: Receipt["status"], more: Partial<Receipt> = {}): Receipt => ({ messageId, status, at: new Date(), ...more });

async function say(content: InboundContent, more: Partial<NewInbound> = {}): Promise<void> {
  const inbound: NewInbound = { providerId: world.providerId, wireId: `wamid.${uuidv7()}`, sender: "+919800000001", type: "text", content, raw: {}, occurredAt: new Date(), ...more };
  await world.db.transaction().execute((tx) => receiveInbound(tx, world.workspaceId, [inbound], world.listeners.inbound));
}

function ofMessage(msgId: string): string[] {
  return platform.statuses().filter((s) => s.msgId === msgId).map((s) => s.status);
}

describe("delivery reports", () => {
  test("reach the status URL in batches, each message's in order", async () => {
    const messages = await send(25);
    await receive(messages.flatMap(({ id }) => [receipt(id, "read"), receipt(id, "sent"), receipt(id, "delivered")]));
    await run();
    for (const { msgId } of messages) expect(ofMessage(msgId)).toEqual(["sent", "delivered", "read"]);
    expect(platform.requests.every(({ path, body }) => path === "/dlr?account=1" && (body as { statuses: ReceivedStatus[] }).statuses.length <= 10)).toBe(true);
    expect(platform.requests.length).toBeLessThan(16);
    expect((await world.callbacksOf(deployment.id)).every((c) => c.state === "delivered" && c.delivered_at)).toBe(true);
  });

  test("of a step that comes late are filled in, and a duplicate is told once", async () => {
    const [message] = await send(1);
    await receive([receipt(message!.id, "delivered")]);
    await receive([receipt(message!.id, "delivered"), receipt(message!.id, "sent")]);
    await run();
    expect(ofMessage(message!.msgId)).toEqual(["sent", "delivered"]);
  });

  test("carry CleverTap's code for Meta's error and the time in seconds", async () => {
    const [message] = await send(1);
    const at = new Date("2026-09-21T10:00:00.700Z");
    await receive([receipt(message!.id, "failed", { at, error: { source: "meta", code: 131026, title: "Message undeliverable" } })]);
    await run();
    expect(platform.statuses()).toEqual([{ msgId: message!.msgId, status: "failed", timestamp: String(Date.parse("2026-09-21T10:00:00Z") / 1000), error: { code: 1005, title: "Message undeliverable" } }]);
  });

  test("keep a code of ours, and turn a contract provider's send code into its delivery code", async () => {
    const [first, second] = await send(2);
    await receive([
      receipt(first!.id, "failed", { error: { source: "tincan", code: 1006, title: "Opted out" } }),
      receipt(second!.id, "failed", { error: { source: "provider", code: 2001, title: "template not found" } }),
    ]);
    await run();
    expect(platform.statuses().map((s) => s.error?.code).sort()).toEqual([1001, 1006]);
  });

  test("say clicked, once, with the link that was clicked first", async () => {
    const [message] = await send(1);
    const at = new Date("2026-09-21T10:00:00.700Z");
    const click = { url: "https://shop.example/orders/42", shortUrl: "https://tincan.example/l/Ab12Cd34Ef" };
    const later = { at: new Date(at.getTime() + 5000), click: { ...click, url: "https://shop.example/other" } };
    await receive([receipt(message!.id, "clicked", later), receipt(message!.id, "clicked", { at, click })]);
    await receive([receipt(message!.id, "clicked", later)]);
    await run();
    const seconds = Date.parse("2026-09-21T10:00:00Z") / 1000;
    expect(platform.statuses()).toEqual([{ msgId: message!.msgId, status: "clicked", timestamp: seconds, ts: seconds, ...click }]);
  });

  test("leave out a click of which the link is not known", async () => {
    const [message] = await send(1);
    await receive([receipt(message!.id, "clicked")]);
    await run();
    expect(platform.statuses()).toEqual([]);
  });

  test("are not kept for a deployment without any URL", async () => {
    const silent = await world.addDeployment();
    await world.post(silent.id, textRequest());
    expect(await world.callbacksOf(silent.id)).toEqual([]);
  });

  test("go to the inbound URL when that is the only one", async () => {
    const one = await world.addDeployment({ webhooks: { status: null, inbound: platform.inbound } });
    await holdLease(one.id);
    await world.post(one.id, textRequest());
    const lane = openWork(one);
    await run(new Date(), lane);
    await lane.close();
    expect(platform.requests.map(({ path }) => path)).toEqual(["/imo?account=1"]);
  });
});

describe("a request that is not taken", () => {
  test("is made again after growing gaps, and told to the trace", async () => {
    const [message] = await send(1);
    platform.answers((_path, _body, response) => void response.writeHead(400).end('{"status":"error","error_code":400}'));
    await receive([receipt(message!.id, "sent")]);
    const at = new Date();
    expect(await run(at)).toBe(1);
    await work.sweep(new Date(at.getTime() + 9_000));
    expect(await run(at)).toBe(0);
    const later = new Date(at.getTime() + 13_000);
    expect(await work.sweep(later)).toEqual({ released: 1 });
    platform.answers((_path, _body, response) => void response.end());
    expect(await run(later)).toBe(1);
    expect(await world.callbacksOf(deployment.id)).toMatchObject([{ state: "delivered", attempts: 1 }]);
    const attempts = await world.pool.query("select http_status, answer from callback_attempts where workspace_id = $1 order by at desc limit 1", [world.workspaceId]);
    expect(attempts.rows).toEqual([{ http_status: 400, answer: '{"status":"error","error_code":400}' }]);
  });

  test("holds back later statuses of its message and of no other", async () => {
    const [first, second] = await send(2);
    platform.answers((_path, _body, response) => void response.writeHead(400).end());
    await receive([receipt(first!.id, "sent")]);
    const at = new Date();
    await run(at);
    platform.answers((_path, _body, response) => void response.end());
    platform.forget();
    await receive([receipt(first!.id, "delivered"), receipt(second!.id, "sent")]);
    await run(at);
    expect(platform.statuses().map((s) => s.msgId)).toEqual([second!.msgId]);
    await work.sweep(new Date(at.getTime() + 13_000));
    await run(at);
    expect(ofMessage(first!.msgId)).toEqual(["sent", "delivered"]);
  });

  test("goes out again in smaller parts, so that one status the platform chokes on is left alone", async () => {
    const messages = await send(8);
    const poison = messages[3]!.msgId;
    platform.answers((_path, body, response) => void response.writeHead(JSON.stringify(body).includes(poison) ? 500 : 200).end());
    await receive(messages.map(({ id }) => receipt(id, "sent")));
    let at = new Date();
    for (let i = 0; i < 3; i++) {
      await run(at);
      at = new Date(at.getTime() + 3 * 60_000);
      await work.sweep(at);
    }
    await run(at);
    const states = await world.callbacksOf(deployment.id);
    expect(states.filter((c) => c.state === "delivered")).toHaveLength(7);
    expect(states.filter((c) => c.state !== "delivered")).toMatchObject([{ state: "held", body: { msgId: poison } }]);
  });

  test("is parked after 72 hours and delivered when somebody replays it", async () => {
    const [message] = await send(1);
    platform.answers((_path, _body, response) => void response.writeHead(404).end());
    await receive([receipt(message!.id, "sent")]);
    const start = new Date();
    let requests = 0;
    for (let hours = 0; hours <= 73; hours += 0.5) {
      const at = new Date(start.getTime() + hours * HOUR);
      await work.sweep(at);
      requests += await run(at);
    }
    const [parked] = await world.callbacksOf(deployment.id);
    expect(parked).toMatchObject({ state: "parked", last_failure: { httpStatus: 404 } });
    expect(requests).toBeGreaterThan(10);
    expect(requests).toBeLessThan(25);
    platform.answers((_path, _body, response) => void response.end());
    platform.forget();
    expect(await replayCallbacks(world.db, world.workspaceId, deployment.id, null, new Date())).toBe(1);
    await run();
    expect(ofMessage(message!.msgId)).toEqual(["sent"]);
  });

  test("is made again when the answer never came", async () => {
    const [message] = await send(1);
    platform.answers((_path, _body, response) => void response.destroy());
    await receive([receipt(message!.id, "sent")]);
    const [job] = await work.claim(owner, 1);
    const outcome = await work.send(job!, new AbortController().signal);
    expect(outcome.kind).toBe("ambiguous");
    const at = new Date();
    await work.settle([{ job: job!, outcome, startedAt: at, endedAt: at }]);
    platform.answers((_path, _body, response) => void response.end());
    await work.sweep(new Date(at.getTime() + 13_000));
    await run();
    expect(ofMessage(message!.msgId)).toEqual(["sent", "sent"]);
  });

  test("is made again by the next owner after a crash", async () => {
    const [message] = await send(1);
    await receive([receipt(message!.id, "sent")]);
    expect(await work.claim(owner, 1)).toHaveLength(1);
    expect(await run()).toBe(0);
    await work.recover();
    expect(await run()).toBe(1);
    expect(ofMessage(message!.msgId)).toEqual(["sent"]);
  });

  test("because nobody listens opens the breaker, and goes out at once when somebody does again", async () => {
    const [first, second] = await send(2);
    const gone = { ...deployment, webhooks: { status: "http://127.0.0.1:9/dlr", inbound: null } };
    const lane = openWork(gone);
    await receive([receipt(first!.id, "sent")]);
    const [job] = await lane.claim(owner, 1);
    const outcome = await lane.send(job!, new AbortController().signal);
    expect(outcome).toMatchObject({ kind: "laneDown", cause: "endpoint" });
    const at = new Date();
    await lane.settle([{ job: job!, outcome, startedAt: at, endedAt: at }]);
    await lane.settle([{ job: { kind: "status", callbacks: [] }, outcome: { kind: "submitted" }, startedAt: at, endedAt: at }]);
    await lane.close();
    await receive([receipt(second!.id, "sent")]);
    await run(at);
    expect(ofMessage(first!.msgId)).toEqual(["sent"]);
  });

  test("to an address that is not allowed is never made", async () => {
    const [message] = await send(1);
    await receive([receipt(message!.id, "sent")]);
    const agent = new Agent({ connect: guardedConnector({ sandbox: false, allowedHosts: [] }) });
    const { sendCallback } = await import("./send-callback.ts");
    const [job] = await work.claim(owner, 1);
    const outcome = await sendCallback(agent, { workspaceId: world.workspaceId, url: platform.status, job: job!, media: { publish: () => Promise.reject(new Error("unused")) } }, new AbortController().signal);
    await agent.close();
    expect(outcome).toMatchObject({ kind: "laneDown" });
    expect(platform.requests).toEqual([]);
  });

  test("never keeps the platform's own requests waiting", async () => {
    platform.answers(() => {});
    const messages = await send(5);
    await receive(messages.map(({ id }) => receipt(id, "sent")));
    const hanging = new AbortController();
    const [job] = await work.claim(owner, 1);
    const sending = work.send(job!, hanging.signal);
    await expect.poll(() => platform.requests.length).toBe(1);
    await send(50);
    hanging.abort();
    expect((await sending).kind).toBe("ambiguous");
  });

  test("is not claimed by a process that does not hold the lane", async () => {
    const [message] = await send(1);
    await receive([receipt(message!.id, "sent")]);
    expect(await work.claim(uuidv7(), 4)).toEqual([]);
    expect(await run()).toBe(1);
  });
});

describe("what people write", () => {
  test("reaches the inbound URL, one message per request, in the contract's form", async () => {
    await say({ text: "yes please" });
    await say({ choice: { payload: "ok-42", text: "OK" } }, { type: "button" });
    await say({ location: { latitude: "19.07", longitude: "72.87", name: "Depot" } }, { type: "location" });
    await run();
    const bodies = platform.requests.map(({ body }) => body as { type: string });
    expect(new Set(platform.requests.map(({ path }) => path))).toEqual(new Set(["/imo?account=1"]));
    expect(bodies.map((body) => body.type).sort()).toEqual(["button", "location", "text"]);
    expect(bodies).toContainEqual({ payloadVersion: "0.1", from: "919800000001", wabaNumber: "15550100199", timestamp: expect.stringMatching(/^\d{10}$/), type: "text", text: { body: "yes please" } });
  });

  test("stays as it is when it looks like a file's place in a stored callback", async () => {
    const text = mediaMark({ providerId: world.providerId, wireMediaId: "m1" });
    await say({ text });
    await run();
    expect(platform.requests.map(({ body }) => body)).toMatchObject([{ type: "text", text: { body: text } }]);
  });

  test("in answer to a deployment's message names its msgId, and goes to that deployment alone", async () => {
    const other = await world.addDeployment({ webhooks: { status: platform.status, inbound: null } });
    const [message] = await send(1);
    await world.pool.query("insert into wire_ids (workspace_id, provider_id, wire_id, message_id) values ($1, $2, 'wamid.sent', $3)", [world.workspaceId, world.providerId, message!.id]);
    await say({ text: "to you" }, { replyToWireId: "wamid.sent" });
    await run();
    expect(platform.requests.map(({ body }) => body)).toMatchObject([{ context: { id: message!.msgId } }]);
    expect(await world.callbacksOf(other.id)).toEqual([]);
    await say({ text: "to everybody" });
    expect(await world.callbacksOf(other.id)).toHaveLength(1);
    await world.pool.query("update deployments set webhooks_sealed = '' where id = $1", [other.id]);
  });

  test("in answer to a deployment that was removed goes to those that are there", async () => {
    const removed = await world.addDeployment({ webhooks: { status: null, inbound: platform.inbound } });
    await world.post(removed.id, templateRequest());
    const [{ id, external_id } = { id: "", external_id: "" }] = await world.messagesOf(removed.id);
    await deleteDeployment(world.db, world.workspaceId, removed.id);
    await say({ text: "yes please" }, { replyToMessageId: id });
    await run();
    expect(platform.requests.map(({ body }) => body)).toMatchObject([{ type: "text", text: { body: "yes please" }, context: { id: external_id } }]);
  });

  test("with a file carries a URL made when the callback leaves", async () => {
    await say({ media: { kind: "image", wireMediaId: "m/1?x", mimeType: "image/jpeg", caption: "here" } }, { type: "image" });
    await say({ media: { kind: "document", wireMediaId: "m2", mimeType: "application/pdf", filename: "a.pdf" } }, { type: "document" });
    await say({ media: { kind: "audio", wireMediaId: "m3", mimeType: "audio/ogg", voice: true } }, { type: "audio" });
    expect(published).toEqual([]);
    await run();
    expect(published.sort()).toEqual(["m/1?x", "m2", "m3"]);
    const file = { mediaURL: "https://tincan.example/media/m2?signed=1", mimeType: "application/pdf" };
    expect(platform.requests.map(({ body }) => body)).toContainEqual(expect.objectContaining({ type: "file", file, document: file }));
  });

  test("with a sticker is told as the picture it is", async () => {
    await say({ media: { kind: "sticker", wireMediaId: "s1", mimeType: "image/webp" } }, { type: "sticker" });
    await run();
    expect(platform.requests.map(({ body }) => body)).toMatchObject([{ type: "image", image: { mediaURL: "https://tincan.example/media/s1?signed=1", mimeType: "image/webp" } }]);
  });

  test("that the contract has no form for stays here, unless the deployment wants it as text", async () => {
    const others = [
      () => say({ reaction: { emoji: "👍", wireId: "wamid.x" } }, { type: "reaction" }),
      () => say({ contacts: [{ name: "Ada", phones: ["+1 555 010 0123", "+1 555 010 0124"] }, { name: "Shop", phones: [] }] }, { type: "contacts" }),
      () => say({ text: "two of these" }, { type: "order" }),
      () => say({ reaction: { emoji: "", wireId: "wamid.x" } }, { type: "reaction" }),
      () => say({}, { type: "hologram" }),
    ];
    for (const other of others) await other();
    expect(await world.callbacksOf(deployment.id)).toEqual([]);
    await world.pool.query(`update deployments set settings = settings || '{"othersAsText": true}' where id = $1`, [deployment.id]);
    for (const other of others) await other();
    await run();
    expect(platform.requests.map(({ body }) => (body as { text: { body: string } }).text.body).sort()).toEqual(["Ada, +1 555 010 0123, +1 555 010 0124\nShop", "two of these", "👍"].sort());
    await world.pool.query(`update deployments set settings = settings - 'othersAsText' where id = $1`, [deployment.id]);
  });

  test("without showing a number is told under the number that the answered message went to, and stays here when it answers none", async () => {
    const [message] = await send(1);
    await world.pool.query("insert into wire_ids (workspace_id, provider_id, wire_id, message_id) values ($1, $2, 'wamid.asked', $3)", [world.workspaceId, world.providerId, message!.id]);
    const { rows } = await world.pool.query<{ recipient: string }>("select recipient from messages where id = $1", [message!.id]);
    const sender = "US.13491208655302741918";
    await say({ text: "hidden" }, { sender });
    await say({ text: "still me" }, { sender, replyToWireId: "wamid.asked" });
    await run();
    expect(platform.requests.map(({ body }) => body)).toMatchObject([{ from: rows[0]!.recipient.slice(1), context: { id: message!.msgId }, text: { body: "still me" } }]);
    const windows = await world.pool.query<{ phone: string }>("select phone from conversation_windows where phone = any ($1::text[]) order by phone", [[sender, rows[0]!.recipient]]);
    expect(windows.rows.map((row) => row.phone)).toEqual([rows[0]!.recipient, sender]);
  });
});

describe("the gaps between attempts", () => {
  test("grow to eight hours, and the last attempt comes when 72 hours are over", () => {
    const since = new Date(0);
    const gap = (failures: number, now = 0) => nextAttempt(failures, since, new Date(now), () => 0)!.getTime() - now;
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 20].map((n) => gap(n))).toEqual([10_000, 30_000, 120_000, 600_000, 1_800_000, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR]);
    expect(gap(20, 70 * HOUR)).toBe(2 * HOUR);
    expect(nextAttempt(20, since, new Date(72 * HOUR))).toBeNull();
  });
});
