import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { sandboxAccount } from "@tincan/sandbox";
import { signBody } from "@tincan/whatsapp";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Loop } from "./support/loop.ts";
import { Chance, mutated } from "./support/mutate.ts";
import { get, post, type Answer } from "./support/raw-requests.ts";
import { realWebhooks } from "./support/real-webhooks.ts";
import { freeForm, helloWorld, orderReady, springOffer, verificationProbe } from "./support/requests.ts";

/*
 * What nobody should send, sent: the addresses that face the internet answer each of it with what it deserves, never with a fault of
 * their own, and work on as if nothing had been.
 */
const BODIES = 10_000;
const WARM_UP = 2_000;
const AT_ONCE = 48;
const MEGABYTE = 1024 * 1024;

let loop: Loop;

beforeAll(async () => {
  loop = await Loop.start();
});
afterAll(() => loop?.stop());

const json = { "content-type": "application/json" };
const toCallbackUrl = (body: Buffer, headers: Record<string, string> = {}) =>
  post(loop.line.callbackUrl, body, { ...json, token: loop.line.token, ...headers });
const toWebhook = (body: Buffer, headers: Record<string, string>) => post(`${loop.tincan.url}/wire/meta/webhook`, body, { ...json, ...headers });
const signed = (body: Buffer) => toWebhook(body, { "x-hub-signature-256": signBody(body, sandboxAccount.appSecret) });
const wronglySigned = (body: Buffer) => toWebhook(body, { "x-hub-signature-256": signBody(body, "somebody else's secret") });

/** Resident memory of the server process, in bytes. */
async function memory(): Promise<number> {
  const text = await (await fetch(`${loop.tincan.url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
}

interface Siege {
  /** How many answers there were of each status. */
  statuses: Record<number, number>;
  answers: Answer[];
  slowestMs: number;
  /** Bytes by which the process grew after a warm-up. */
  grown: number;
}

/** Sends mutations of the bodies, many at a time. */
async function besiege(seed: number, bodies: readonly string[], send: (body: Buffer) => Promise<Answer>): Promise<Siege> {
  const chance = new Chance(seed);
  const round = async (count: number): Promise<Answer[]> => {
    const answers: Answer[] = [];
    let left = count;
    const worker = async (): Promise<void> => {
      while (left-- > 0) answers.push(await send(mutated(chance, bodies)));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return answers;
  };
  await round(WARM_UP);
  const before = await memory();
  const answers = await round(BODIES);
  const statuses: Record<number, number> = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  return { statuses, answers, slowestMs: Math.max(...answers.map((answer) => answer.ms)), grown: (await memory()) - before };
}

let sent = 0;

/** An ordinary message goes through, from the platform to the phone and back. */
async function stillWorks(): Promise<void> {
  const [msgId, phone] = [`works|${++sent}`, loop.person()];
  expect(await loop.line.post(helloWorld(msgId, phone.number))).toEqual({ status: 200, body: { status: "success" } });
  await expect.poll(() => loop.line.platform.said(msgId), { timeout: 30_000 }).toEqual(["sent", "delivered"]);
}

/** Requests of every kind, all of them good. */
function goodRequests(): string[] {
  const to = loop.person().number;
  const order = { image: "https://cdn.example.com/a.jpg", name: "Ravi", number: "42", path: "t/42", payload: "ok-42" };
  return [
    helloWorld("good|1", to),
    orderReady("good|2", to, order),
    orderReady("0|0|0|0", to, { ...order, name: "0", number: "1", path: "0" }),
    springOffer("good|3", to, { code: "SPRING25", expiresAtMs: 1_900_000_000_000 }),
    freeForm("good|4", to, { type: "text", text: { body: "Thanks, noted" } }),
    freeForm("good|5", to, { type: "file", file: { mediaURL: "https://cdn.example.com/a.pdf", filename: "a.pdf", caption: "Bill" } }),
    verificationProbe(),
    { body: verificationProbe() },
  ].map((each) => JSON.stringify(each));
}

describe(`${BODIES} mutated bodies`, () => {
  const inBounds = { slowestMs: expect.toSatisfy((ms: number) => ms < 10_000), grown: expect.toSatisfy((bytes: number) => bytes < 150 * MEGABYTE) };

  let webhooks: string[];

  beforeAll(async () => {
    webhooks = await realWebhooks(loop);
  });

  it("at the Callback URL are each answered in the contract's words, without any growth of memory", async () => {
    const siege = await besiege(1, goodRequests(), (body) => toCallbackUrl(body));
    expect(siege.statuses).toEqual({ 200: BODIES });
    expect(siege).toMatchObject(inBounds);
    const codes = new Set(siege.answers.map(({ text }) => (JSON.parse(text) as { status: string; error?: { code: number } }).error?.code ?? "success"));
    expect([...codes].sort()).toEqual([2001, 2002, 2004, "success"]);
    await stillWorks();
  });

  it("at Meta's webhook, validly signed, are taken or refused, without any growth of memory", async () => {
    const siege = await besiege(2, webhooks, signed);
    expect(Object.keys(siege.statuses)).toEqual(["200", "400", "403"]);
    expect(siege.statuses[200]).toBeGreaterThan(BODIES / 2);
    expect(siege).toMatchObject(inBounds);
    await stillWorks();
  });

  it("at Meta's webhook, signed by somebody else, are refused, without any growth of memory", async () => {
    const siege = await besiege(3, webhooks, wronglySigned);
    expect(Object.keys(siege.statuses)).toEqual(["400", "403"]);
    expect(siege).toMatchObject(inBounds);
    await stillWorks();
  });

  it("leave every callback that came of them in the contract's strict form", async () => {
    await stillWorks();
    expect(loop.line.platform.complaints).toEqual([]);
  });
});

it("addresses nobody would make are answered without a fault: template import, webhook check, media", async () => {
  const chance = new Chance(4);
  const words = [
    "", "0", "-1", "1e9", "9".repeat(300), "%00", "a%00b", "%ff", "%", "%zz", "%F0%9F%98%80", "x".repeat(400), "..%2f..%2fetc%2fpasswd",
    "[]", "null", btoa('["a\0","b"]'), btoa("\0\0"),
  ];
  const word = (): string => chance.oneOf(words);
  const paths: (() => string)[] = [
    () => `/wire/clevertap/${loop.line.deploymentId}/templates?limit=${word()}&after=${word()}`,
    () => `/wire/clevertap/${loop.line.deploymentId}/templates?limit=${word()}&limit=${word()}&after=${word()}&after=${word()}`,
    () => `/wire/clevertap/${word()}/templates`,
    () => `/wire/meta/webhook?hub.mode=subscribe&hub.verify_token=${word()}&hub.challenge=${word()}`,
    () => `/wire/meta/webhook?hub.mode=${word()}&hub.mode=${word()}&hub.verify_token=${word()}&hub.verify_token=${word()}&hub.challenge=1`,
    () => `/media/${word()}`,
    () => `/wire/${word()}`,
  ];
  const faults = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    const path = chance.oneOf(paths)();
    const status = await get(loop.tincan.url + path, { token: loop.line.token });
    if (status >= 500) faults.add(`${status} ${path}`);
  }
  expect([...faults]).toEqual([]);
});

describe("bodies that are too much", () => {
  const endpoints: [name: string, send: (body: Buffer) => Promise<Answer>][] = [
    ["the Callback URL", (body) => toCallbackUrl(body)],
    ["Meta's webhook", signed],
  ];
  const padded = (bytes: number): Buffer => Buffer.from(`{"padding":"${"x".repeat(bytes - 14)}"}`);

  it.each(endpoints)("are refused by %s when longer than 3 MB, however many come at once", async (_name, send) => {
    const before = await memory();
    const body = padded(3 * MEGABYTE + 1);
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(body)));
    // Whoever still writes when the refusal comes finds the connection closed.
    expect([0, 413]).toEqual(expect.arrayContaining([...new Set(answers.map((answer) => answer.status))]));
    expect((await memory()) - before).toBeLessThan(150 * MEGABYTE);
  });

  it.each(endpoints)("are read by %s up to 3 MB", async (_name, send) => {
    expect((await send(padded(3 * MEGABYTE))).status).not.toBe(413);
  });

  it.each(["/wire/meta/webhook", "/wire/clevertap/x/messages"])("are refused at %s when they say so, before a byte of them has come", async (path) => {
    const socket = connect(loop.tincan.port, "127.0.0.1");
    const target = path.replace("/x/", `/${loop.line.deploymentId}/`);
    socket.write(`POST ${target} HTTP/1.1\r\nHost: x\r\nToken: ${loop.line.token}\r\nContent-Length: 10000000000\r\n\r\n`);
    const [said] = (await once(socket, "data")) as [Buffer];
    expect(said.toString()).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it("are refused at once when they name more numbers than Meta ever would", async () => {
    const change = (i: number) => ({ field: "messages", value: { metadata: { phone_number_id: String(i) }, statuses: [{}] } });
    const entry = Array.from({ length: 20_000 }, (_, i) => ({ id: String(i), changes: [change(i)] }));
    const answer = await wronglySigned(Buffer.from(JSON.stringify({ object: "whatsapp_business_account", entry })));
    expect(answer.status).toBe(403);
    expect(answer.ms).toBeLessThan(3_000);
  });
});

describe("a request that is not signed or labelled as it should be", () => {
  const inbound = (text: string): Buffer =>
    Buffer.from(
      JSON.stringify({
        object: "whatsapp_business_account",
        entry: [
          {
            id: sandboxAccount.wabaId,
            changes: [
              {
                field: "messages",
                value: {
                  messaging_product: "whatsapp",
                  metadata: { display_phone_number: "15550100199", phone_number_id: sandboxAccount.phoneNumberId },
                  contacts: [{ profile: { name: "Ada" }, wa_id: "15550100123" }],
                  messages: [{ from: "15550100123", id: `wamid.${text}`, timestamp: String(Math.floor(Date.now() / 1000)), type: "text", text: { body: text } }],
                },
              },
            ],
          },
        ],
      }),
    );
  const heard = (text: string) => loop.line.platform.inbound.filter((message) => JSON.stringify(message["text"]) === JSON.stringify({ body: text }));

  it("is refused by the webhook with 403 and tells nobody anything", async () => {
    const body = inbound("forged");
    const right = signBody(body, sandboxAccount.appSecret);
    const other = signBody(inbound("other"), sandboxAccount.appSecret);
    const signatures = ["", "sha256=", right.slice(0, -1), right.replace("sha256=", "sha1="), `${right}0`, right.toUpperCase(), other];
    const answers = await Promise.all(signatures.map((signature) => toWebhook(body, { "x-hub-signature-256": signature })));
    expect(answers.map((answer) => answer.status)).toEqual(signatures.map(() => 403));
    expect((await toWebhook(body, {})).status).toBe(403);
    expect((await signed(inbound("genuine"))).status).toBe(200);
    await expect.poll(() => heard("genuine").length).toBe(1);
    expect(heard("forged")).toEqual([]);
  });

  const types = [
    "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "a/b; c", "nonsense", ";;;",
  ];

  it.each(types)("is read as JSON by the Callback URL although it calls itself %s", async (type) => {
    const body = Buffer.from(JSON.stringify(verificationProbe()));
    expect(await toCallbackUrl(body, { "content-type": type })).toMatchObject({ status: 200, text: '{"status":"success"}' });
  });

  it.each(types)("is read as JSON by Meta's webhook although it calls itself %s", async (type) => {
    const body = inbound(`as ${type}`);
    expect((await toWebhook(body, { "content-type": type, "x-hub-signature-256": signBody(body, sandboxAccount.appSecret) })).status).toBe(200);
    await expect.poll(() => heard(`as ${type}`).length).toBe(1);
  });

  it("is refused with 2000 when its token is missing or wrong", async () => {
    const body = Buffer.from(JSON.stringify(verificationProbe()));
    const { token } = loop.line;
    const tokens = ["", `${token}x`, token.slice(1)].map((wrong) => ({ token: wrong }));
    const headers: Record<string, string>[] = [{}, ...tokens, { authorization: "Basic eDp5" }, { authorization: `Bearer ${token}x` }];
    const answers = await Promise.all(headers.map((each) => post(loop.line.callbackUrl, body, { ...json, ...each })));
    expect(answers.map(({ text }) => JSON.parse(text) as unknown)).toMatchObject(headers.map(() => ({ error: { code: 2000 } })));
  });
});

describe("a thousand slow connections", () => {
  const SLOW = 1_000;

  it("keep nobody from an answer and are closed in time", async () => {
    const { port } = loop.tincan;
    const path = new URL(loop.line.callbackUrl).pathname;
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nToken: ${loop.line.token}\r\n`;
    // Headers that do not end, bodies that do not end, and silence.
    const beginnings = [head, `${head}Content-Length: 1000\r\n\r\n`, ""];
    let open = 0;
    const sockets: Socket[] = [];
    for (let i = 0; i < SLOW; i++) {
      const socket = connect(port, "127.0.0.1");
      socket.on("connect", () => {
        open++;
        socket.write(beginnings[i % beginnings.length]!);
      });
      socket.on("close", () => open--);
      socket.on("error", () => {});
      socket.resume();
      sockets.push(socket);
    }
    await vi.waitUntil(() => open === SLOW, { timeout: 60_000 });
    const drip = setInterval(() => sockets.forEach((socket, i) => i % 3 < 2 && socket.writable && socket.write("x")), 1_000);

    for (let asked = 0; asked < 100; asked++) expect((await loop.line.post(verificationProbe())).body).toEqual({ status: "success" });
    expect(open).toBe(SLOW);
    await stillWorks();

    await vi.waitUntil(() => open === 0, { timeout: 60_000 });
    clearInterval(drip);
    await stillWorks();
  });

  it("of bytes that are no HTTP are refused and closed at once", async () => {
    const chance = new Chance(7);
    const answers = Array.from({ length: 200 }, async () => {
      const socket = connect(loop.tincan.port, "127.0.0.1").on("error", () => {});
      let said = "";
      socket.setEncoding("latin1").on("data", (text: string) => (said += text));
      socket.write(Buffer.from(Array.from({ length: 200 }, () => chance.below(256))));
      await once(socket, "close");
      return said.split("\r\n")[0];
    });
    expect(new Set(await Promise.all(answers))).toEqual(new Set(["HTTP/1.1 400 Bad Request"]));
    await stillWorks();
  });
});
