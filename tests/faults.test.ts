import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment } from "@tincan/api";
import type { ErrorRule } from "@tincan/sandbox";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Loop, type Phone } from "./support/loop.ts";
import { helloWorld } from "./support/requests.ts";
import { orderComplaints } from "./support/strict-reading.ts";

/*
 * Everything around the server breaks: the platform, WhatsApp, the database. What was answered success ends in the right state, and
 * nothing is sent twice. One server lives through all of it.
 */
let loop: Loop;
/** Begun at once and looked at last, since it mostly waits: the second platform goes away and comes back. */
let outage: Promise<Outage>;

beforeAll(async () => {
  loop = await Loop.start({ lines: 2, ownDatabase: true });
  outage = platformGoesAway();
  outage.catch(() => {});
});
afterAll(() => loop?.stop());

interface Sent {
  msgId: string;
  phone: Phone;
}

let messages = 0;

/** Posts one message to somebody new, through line 0 or 1. */
async function send(kind: string, phone = loop.person(), line = 0): Promise<Sent> {
  const msgId = `${kind}|${++messages}`;
  const answer = await loop.lines[line]!.post(helloWorld(msgId, phone.number));
  expect(answer).toEqual({ status: 200, body: { status: "success" } });
  return { msgId, phone };
}

const said = ({ msgId }: Sent, line = 0) => loop.lines[line]!.platform.said(msgId);
const saidOfAll = (sent: readonly Sent[], line = 0) => [...new Set(sent.map((each) => said(each, line).join(" ")))];
const timesReceived = (sent: readonly Sent[]) => Promise.all(sent.map(async ({ phone }) => (await phone.received()).length));
const times = (sent: readonly Sent[], n: number) => sent.map(() => n);

/** How often the server asked WhatsApp to send to each of these people. */
async function timesAsked(sent: readonly Sent[]): Promise<number[]> {
  const { items } = (await (await fetch(`${loop.sandbox.url}/sandbox/requests?limit=200`)).json()) as { items: { url: string; body: string }[] };
  const asked = items.filter(({ url }) => /\/messages(\?|$)/.test(url)).map(({ body }) => (JSON.parse(body) as { to: string }).to.replace("+", ""));
  return sent.map(({ phone }) => asked.filter((to) => to === phone.digits).length);
}

describe("while the Cloud API answers badly", () => {
  /** Three people to a case, told apart by what the wire does to them. */
  const cases = {
    throttled429: { httpStatus: 429, times: 6 },
    throttled130429: { code: 130429, times: 6 },
    throttled80007: { code: 80007, times: 3 },
    pairRate: { code: 131056, times: 3 },
    maintenance: { code: 131057, times: 3 },
    fault500Sent: { httpStatus: 500, accept: true },
    fault500Lost: { httpStatus: 500 },
    fault503Lost: { httpStatus: 503 },
    garbageSent: { garbage: true, accept: true },
    garbageLost: { garbage: true },
    resetSent: { reset: true, accept: true },
    resetLost: { reset: true },
    // Longer than the server waits for an answer.
    hangSent: { hangMs: 33_000, accept: true },
    hangLost: { hangMs: 33_000 },
  } satisfies Record<string, ErrorRule>;
  type Case = keyof typeof cases;
  const sent = {} as Record<Case, Sent[]>;
  const between: Sent[] = [];
  const known = (names: readonly Case[]) => names.flatMap((name) => sent[name]);

  beforeAll(async () => {
    const people = Object.fromEntries(Object.keys(cases).map((name) => [name, [loop.person(), loop.person(), loop.person()]]));
    loop.sandbox.change({ errors: Object.entries(cases).map(([name, rule]) => ({ ...rule, to: people[name]!.map((phone) => phone.digits) })) });
    // Requests whose answers hang first; others go between them, so that no row of bad luck looks like a dead endpoint.
    for (const name of Object.keys(cases).reverse() as Case[]) {
      sent[name] = [];
      for (const phone of people[name]!) {
        sent[name].push(await send(name, phone));
        between.push(await send("between"));
      }
    }
  });

  it("others' messages are delivered at once", async () => {
    await expect.poll(() => saidOfAll(between), { timeout: 15_000 }).toEqual(["sent delivered"]);
    expect(await timesReceived(between)).toEqual(times(between, 1));
  });

  it("messages refused for pace are tried again and delivered once", async () => {
    const paced = known(["throttled429", "throttled130429", "throttled80007", "pairRate", "maintenance"]);
    await expect.poll(() => saidOfAll(paced), { timeout: 35_000 }).toEqual(["sent delivered"]);
    expect(await timesReceived(paced)).toEqual(times(paced, 1));
  });

  it("messages that went out although the answer was lost are settled by their receipts and not sent again", async () => {
    const lucky = known(["fault500Sent", "garbageSent", "resetSent", "hangSent"]);
    await expect.poll(() => saidOfAll(lucky), { timeout: 15_000 }).toEqual(["sent delivered"]);
    expect(await timesReceived(lucky)).toEqual(times(lucky, 1));
  });

  it("messages that may have gone out wait for a receipt and are not sent again", async () => {
    const ambiguous = known(["fault500Lost", "fault503Lost", "garbageLost", "resetLost", "hangLost"]);
    const reasons = async () => (await Promise.all(ambiguous.map(async ({ msgId }) => loop.message(msgId)))).map((message) => message?.error?.title !== undefined);
    // The hanging ones are given up after 30 s.
    await expect.poll(reasons, { timeout: 50_000, interval: 500 }).toEqual(ambiguous.map(() => true));
    const states = await Promise.all(ambiguous.map(async ({ msgId }) => (await loop.message(msgId))?.state));
    expect(states).toEqual(ambiguous.map(() => "sending"));
    expect(saidOfAll(ambiguous)).toEqual([""]);
    // A request whose answer hangs shows in WhatsApp's log only when the hanging is over.
    await expect.poll(() => timesAsked(ambiguous)).toEqual(times(ambiguous, 1));
    const settled = known(["fault500Sent", "garbageSent", "resetSent", "hangSent"]);
    await expect.poll(() => timesAsked(settled)).toEqual(times(settled, 1));
    expect(await timesReceived(settled)).toEqual(times(settled, 1));
    expect((await loop.message(sent.hangSent[0]!.msgId))?.state).toBe("delivered");
  });
});

interface Outage {
  /** Posted while nothing listened at the callback URL, and while it took requests without ever answering. */
  whileDown: Sent[];
  whileHanging: Sent[];
  /** What people had got, and what the deployment said of its callbacks, before the platform was back. */
  receivedMeanwhile: number[];
  healthMeanwhile: Deployment["callbacks"];
  attemptsLeftHanging: number;
}

async function platformGoesAway(): Promise<Outage> {
  const { platform, deploymentId } = loop.lines[1]!;
  const post = async (kind: string): Promise<Sent[]> => {
    const sent: Sent[] = [];
    // Few enough that WhatsApp's log of 200 requests still holds what the cases above look for.
    for (let i = 0; i < 25; i++) sent.push(await send(kind, loop.person(), 1));
    await vi.waitUntil(async () => (await timesReceived(sent)).every((n) => n === 1), { timeout: 30_000, interval: 200 });
    return sent;
  };
  await platform.close();
  const whileDown = await post("down");
  platform.mode = "hang";
  await platform.listen();
  const whileHanging = await post("hanging");
  await vi.waitUntil(() => platform.attempts > 0, { timeout: 30_000 });
  const [receivedMeanwhile, attemptsLeftHanging] = [await timesReceived([...whileDown, ...whileHanging]), platform.attempts];
  const { body } = await loop.admin.get<Deployment>(`/api/v1/deployments/${deploymentId}`);
  platform.mode = "ok";
  return { whileDown, whileHanging, receivedMeanwhile, attemptsLeftHanging, healthMeanwhile: body.callbacks };
}

describe("while a platform's callback URL refuses connections and then hangs", () => {
  it("its requests are accepted and sent as ever, and the deployment says what is wrong", async () => {
    const { whileDown, whileHanging, receivedMeanwhile, attemptsLeftHanging, healthMeanwhile } = await outage;
    expect(receivedMeanwhile).toEqual(times([...whileDown, ...whileHanging], 1));
    expect(attemptsLeftHanging).toBeGreaterThan(0);
    expect(healthMeanwhile).toMatchObject({ status: "retrying", parked: 0, reason: expect.stringContaining("could not be reached") });
  });

  it("every callback arrives afterwards, once and in order", async () => {
    const { whileDown, whileHanging } = await outage;
    await expect.poll(() => saidOfAll([...whileDown, ...whileHanging], 1), { timeout: 80_000, interval: 200 }).toEqual(["sent delivered"]);
    expect(loop.lines[1]!.platform.complaints).toEqual([]);
    expect(orderComplaints(loop.lines[1]!.platform.statuses)).toEqual([]);
  });
});

describe("receipts that come twice, out of order and before the answer to their send", () => {
  it("settle each message once, in order", async () => {
    const { latencyMs, receipts, webhooks } = loop.sandbox.behaviour();
    loop.sandbox.change({
      errors: [],
      latencyMs: [300, 300],
      receipts: { sentAfterMs: [0, 0], deliveredAfterMs: [0, 1], readAfterMs: [0, 1], reorder: 0.5, duplicate: 1 },
      webhooks: { maxBatch: 1 },
    });
    const sent: Sent[] = [];
    for (let i = 0; i < 60; i++) sent.push(await send("receipts"));
    await expect.poll(() => saidOfAll(sent), { timeout: 20_000 }).toEqual(["sent delivered read"]);
    const states = async () => new Set(await Promise.all(sent.map(async ({ msgId }) => (await loop.message(msgId))?.state)));
    expect(await states()).toEqual(new Set(["read"]));
    expect(await timesReceived(sent)).toEqual(times(sent, 1));
    loop.sandbox.change({ latencyMs, receipts, webhooks });
  });
});

describe("a token that Meta no longer takes", () => {
  const breaker = async () => (await loop.providerLane()).breaker;
  const states = (sent: readonly Sent[]) => Promise.all(sent.map(async ({ msgId }) => (await loop.message(msgId))?.state));

  async function refusedToken(): Promise<Sent[]> {
    loop.sandbox.change({ account: { token: "expired" } });
    const sent: Sent[] = [];
    for (let i = 0; i < 5; i++) sent.push(await send("token"));
    await expect.poll(breaker).toMatchObject({ state: "open", why: expect.stringMatching(/token/i), since: expect.any(String) });
    return sent;
  }

  it("opens the lane's breaker with the reason; messages wait unharmed and flow by themselves once it is valid", async () => {
    const sent = await refusedToken();
    expect(await states(sent)).toEqual(sent.map(() => "queued"));
    expect(saidOfAll(sent)).toEqual([""]);
    loop.sandbox.change({ account: { token: "valid" } });
    await expect.poll(() => saidOfAll(sent), { timeout: 40_000 }).toEqual(["sent delivered"]);
    await expect.poll(breaker).toMatchObject({ state: "closed", why: null });
    expect(await timesReceived(sent)).toEqual(times(sent, 1));
  });

  it("needs no waiting when somebody saves a valid one", async () => {
    const sent = await refusedToken();
    loop.sandbox.change({ account: { token: "valid" } });
    const { id } = await loop.providerLane();
    expect((await loop.admin.patch(`/api/v1/providers/${id}`, { accessToken: "sandbox-token" })).status).toBe(200);
    await expect.poll(breaker, { timeout: 500, interval: 20 }).toMatchObject({ state: "closed", why: null });
    // Sooner than the breaker would have looked by itself.
    await expect.poll(() => saidOfAll(sent)).toEqual(["sent delivered"]);
    expect(await breaker()).toMatchObject({ state: "closed" });
  });
});

describe("a database that is killed twice under load", () => {
  it("comes back by itself; no accepted request is lost, none is sent twice, none is left without an answer", async () => {
    const { line, tincan } = loop;
    const accepted: Sent[] = [];
    const answers = new Set<string>();
    const stop = new AbortController();
    const worker = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        const [phone, msgId] = [loop.person(), `database|${++messages}`];
        const { status, body } = await line.post(helloWorld(msgId, phone.number));
        answers.add(`${status} ${body.status}`);
        if (status === 200 && body.status === "success") accepted.push({ msgId, phone });
        await sleep(20);
      }
    };
    const load = Promise.all(Array.from({ length: 20 }, worker));
    const { pid } = tincan;
    const saidBefore = tincan.said.length;
    for (let kills = 0; kills < 2; kills++) {
      const before = accepted.length;
      await vi.waitUntil(() => accepted.length >= before + 200, { timeout: 30_000 });
      tincan.crashDatabase();
      const then = accepted.length;
      await vi.waitUntil(() => accepted.length >= then + 200, { timeout: 30_000 });
    }
    stop.abort();
    await load;

    expect(tincan.pid).toBe(pid);
    expect([...answers].sort()).toEqual(["200 success", "500 failure"]);
    await expect.poll(() => saidOfAll(accepted), { timeout: 40_000, interval: 300 }).toEqual(["sent delivered"]);
    // Also those whose answer said that they were not taken, when the commit's own answer was lost.
    const stored = (await loop.messages()).filter((message) => message.msgId?.startsWith("database|"));
    expect(new Set(stored.map((message) => message.state))).toEqual(new Set(["delivered"]));
    const phones = stored.map(({ msgId, to }) => ({ msgId: msgId ?? "", phone: loop.phone(to.slice(1)) }));
    expect(await timesReceived(phones)).toEqual(times(phones, 1));
    expect(orderComplaints(line.platform.statuses)).toEqual([]);
    expect(line.platform.complaints).toEqual([]);

    const lines = tincan.said.slice(saidBefore).split("\n").filter((each) => /database|stack/.test(each));
    const told = lines.map((each) => (JSON.parse(each) as { msg: string }).msg);
    expect(told.filter((each) => each.startsWith("The database"))).toEqual(Array.from({ length: 2 }, () => ["The database does not answer; work waits until it does", "The database answers again"]).flat());
    expect(lines.filter((each) => each.includes("stack"))).toEqual([]);
  });
});
