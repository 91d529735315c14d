import type { Deployment } from "@tincan/api";
import { sandboxAccount } from "@tincan/sandbox";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Loop, type Line, type Phone, type WireAnswer } from "./support/loop.ts";
import { freeForm, helloWorld, orderReady, springOffer, verificationProbe } from "./support/requests.ts";
import { orderComplaints } from "./support/strict-reading.ts";

/*
 * CleverTap's part played against the whole product: requests at the Callback URL, phones that get them and answer, and every callback
 * read as strictly as the contract can be read.
 */
const SUCCESS: WireAnswer = { status: 200, body: { status: "success" } };
const soon = { timeout: 15_000 };

let loop: Loop;
let line: Line;

beforeAll(async () => {
  loop = await Loop.start({ lines: 2 });
  line = loop.line;
});
afterAll(() => loop?.stop());

let messages = 0;
/** An id in CleverTap's layout, with letters that any conversion on the way would spoil. */
const newMsgId = (): string => `${++messages}|1790001111|20260921|"é\\😀 ${messages}|wzrk_default`;
const said = (msgId: string, to: Line = line) => to.platform.said(msgId);
const failure = (msgId: string) => line.platform.statuses.find((status) => status.msgId === msgId && status.status === "failed")?.error;
const heardFrom = (phone: Phone, to: Line = line) => to.platform.inbound.filter((message) => message["from"] === phone.digits);
const refused = (code: number) => ({ status: 200, body: { status: "failure", error: { code, message: expect.any(String) } } });
const image = () => `${loop.sandbox.url}/sandbox/assets/order.png`;
const order = (payload?: string) => ({ image: image(), name: "Ravi", number: "A-42", path: "t/42", ...(payload && { payload }) });

async function graph(method: string, path: string, body?: object): Promise<void> {
  const answer = await fetch(`${loop.sandbox.url}/v26.0/${path}`, {
    method,
    headers: { authorization: "Bearer sandbox-token", "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`Meta refused: ${await answer.text()}`);
}

function createTemplate(name: string): Promise<void> {
  // Two templates with the same text would count as one at Meta.
  const components = [{ type: "BODY", text: `Your parcel is on its way to you, by the route called ${name}.` }];
  return graph("POST", `${sandboxAccount.wabaId}/message_templates`, { name, language: "en", category: "UTILITY", components });
}

describe("templates", () => {
  it("arrive with image, values, footer and buttons, and are reported sent and delivered, then read", soon, async () => {
    const [phone, msgId] = [loop.person(), newMsgId()];
    expect(await line.post(orderReady(msgId, phone.number, order()))).toEqual(SUCCESS);
    await expect.poll(() => said(msgId), soon).toEqual(["sent", "delivered"]);
    const [message] = await phone.received();
    expect(message?.shown).toEqual({
      header: { media: { kind: "image", url: image() } },
      body: "Hi Ravi, your order *A-42* is ready for collection. We keep it for you for seven days.",
      footer: "Open every day from 9 to 18",
      buttons: [
        { index: 0, kind: "url", text: "See order", url: "https://shop.example/orders/t/42" },
        { index: 1, kind: "reply", text: "On my way", id: expect.any(String) },
      ],
    });
    await phone.reads();
    await expect.poll(() => said(msgId), soon).toEqual(["sent", "delivered", "read"]);
  });

  it("with a limited-time offer show its end and its code", soon, async () => {
    const [phone, msgId, expiresAtMs] = [loop.person(), newMsgId(), Date.now() + 3_600_000];
    expect(await line.post(springOffer(msgId, phone.number, { code: "SPRING25", expiresAtMs }))).toEqual(SUCCESS);
    await expect.poll(() => said(msgId), soon).toEqual(["sent", "delivered"]);
    const [message] = await phone.received();
    expect(message?.shown.offer).toEqual({ text: "Spring offer", expiresAt: expiresAtMs, code: "SPRING25" });
  });

  it("whose picture cannot be fetched fail with 1009", soon, async () => {
    const [phone, msgId] = [loop.person(), newMsgId()];
    const gone = { ...order(), image: `${loop.sandbox.url}/sandbox/assets/gone.png` };
    expect(await line.post(orderReady(msgId, phone.number, gone))).toEqual(SUCCESS);
    await expect.poll(() => said(msgId), soon).toEqual(["failed"]);
    expect(failure(msgId)).toMatchObject({ code: 1009, title: expect.stringContaining("404") });
  });

  it("that Meta pauses are refused with 2001 until they are sendable again", async () => {
    const phone = loop.person();
    await createTemplate("to_pause");
    const send = (): Promise<WireAnswer> =>
      line.post({ ...helloWorld(newMsgId(), phone.number), template: { namespace: "to_pause", languageCode: "en" } });
    await expect.poll(send, soon).toEqual(SUCCESS);
    const { items } = (await (await fetch(`${loop.sandbox.url}/sandbox/templates`)).json()) as { items: { id: string; name: string }[] };
    const decide = (decision: string) =>
      fetch(`${loop.sandbox.url}/sandbox/templates/${items.find((each) => each.name === "to_pause")!.id}/decision`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ decision }),
      });
    await decide("pause");
    await expect.poll(send, soon).toEqual(refused(2001));
    await decide("unpause");
    await expect.poll(send, soon).toEqual(SUCCESS);
  });

  it("that are deleted at Meta are refused with 2001 afterwards", async () => {
    const phone = loop.person();
    await createTemplate("to_delete");
    const send = (): Promise<WireAnswer> =>
      line.post({ ...helloWorld(newMsgId(), phone.number), template: { namespace: "to_delete", languageCode: "en" } });
    await expect.poll(send, soon).toEqual(SUCCESS);
    await graph("DELETE", `${sandboxAccount.wabaId}/message_templates?name=to_delete`);
    await expect.poll(send, soon).toEqual(refused(2001));
  });
});

describe("free-form messages", () => {
  it("arrive inside the 24 hours after the person wrote", soon, async () => {
    const [phone, words, picture] = [loop.person(), newMsgId(), newMsgId()];
    await phone.writes({ type: "text", text: { body: "Hello?" } });
    await expect.poll(() => heardFrom(phone).length, soon).toBe(1);
    expect(await line.post(freeForm(words, phone.digits, { type: "text", text: { body: "Thanks, noted" } }))).toEqual(SUCCESS);
    expect(await line.post(freeForm(picture, phone.digits, { type: "image", image: { mediaURL: image(), caption: "Here" } }))).toEqual(SUCCESS);
    await expect.poll(() => [said(words), said(picture)], soon).toEqual([["sent", "delivered"], ["sent", "delivered"]]);
    const shown = (await phone.received()).map((message) => message.shown);
    expect(shown).toContainEqual({ body: "Thanks, noted" });
    expect(shown).toContainEqual({ media: { kind: "image", url: image() }, body: "Here" });
  });

  it("outside of them are taken, reported failed with 1008, and never sent", soon, async () => {
    const [phone, msgId] = [loop.person(), newMsgId()];
    expect(await line.post(freeForm(msgId, phone.digits, { type: "text", text: { body: "Anybody there?" } }))).toEqual(SUCCESS);
    await expect.poll(() => failure(msgId), soon).toMatchObject({ code: 1008 });
    expect(said(msgId)).toEqual(["failed"]);
    expect(await phone.received()).toEqual([]);
  });
});

describe("a person who stops marketing on the phone", () => {
  it("gets no further marketing, which is reported failed with 1006, but still gets other templates", soon, async () => {
    const [phone, marketing, utility] = [loop.person(), newMsgId(), newMsgId()];
    await phone.stopsMarketing();
    const offer = { code: "SPRING25", expiresAtMs: Date.now() + 3_600_000 };
    // The choice travels by webhook; until it is here, WhatsApp itself refuses with the same meaning.
    expect(await line.post(springOffer(marketing, phone.number, offer))).toEqual(SUCCESS);
    await expect.poll(() => failure(marketing), soon).toMatchObject({ code: 1006 });
    expect(await line.post(helloWorld(utility, phone.number))).toEqual(SUCCESS);
    await expect.poll(() => said(utility), soon).toEqual(["sent", "delivered"]);
    const again = newMsgId();
    expect(await line.post(springOffer(again, phone.number, offer))).toEqual(SUCCESS);
    await expect.poll(() => failure(again), soon).toMatchObject({ code: 1006 });
    const delivered = (await phone.received()).filter((message) => message.status !== "failed");
    expect(delivered.map((message) => message.shown.header)).toEqual([{ text: "Hello from the sandbox" }]);
    expect((await loop.message(again))?.wamid).toBeNull();
  });
});

describe("a failure that WhatsApp reports", () => {
  const codes: [meta: number, clevertap: number][] = [
    [131026, 1005], [131049, 1010], [130472, 1010], [131050, 1006], [131047, 1008],
    [131051, 1007], [131053, 1009], [130429, 1004], [131000, 1009], [132015, 1001],
  ];

  it("after taking the message reaches CleverTap as its own code", soon, async () => {
    const sent = codes.map(([meta, clevertap]) => ({ meta, clevertap, phone: loop.person(), msgId: newMsgId() }));
    loop.sandbox.change({ errors: sent.map(({ meta, phone }) => ({ to: [phone.digits], code: meta, as: "status" as const })) });
    for (const { phone, msgId } of sent) expect(await line.post(helloWorld(msgId, phone.number))).toEqual(SUCCESS);
    await expect.poll(() => sent.map(({ meta, msgId }) => [meta, failure(msgId)?.code]), soon).toEqual(codes);
    expect(sent.map(({ msgId }) => said(msgId))).toEqual(codes.map(() => ["failed"]));
    loop.sandbox.change({ errors: [] });
  });

  it("instead of taking it reaches CleverTap as its own code", soon, async () => {
    const answers: typeof codes = [[131009, 1001], [132001, 1001], [131021, 1009], [131030, 1002], [130403, 1009]];
    const sent = answers.map(([meta, clevertap]) => ({ meta, clevertap, phone: loop.person(), msgId: newMsgId() }));
    loop.sandbox.change({ errors: sent.map(({ meta, phone }) => ({ to: [phone.digits], code: meta })) });
    for (const { phone, msgId } of sent) expect(await line.post(helloWorld(msgId, phone.number))).toEqual(SUCCESS);
    await expect.poll(() => sent.map(({ meta, msgId }) => [meta, failure(msgId)?.code]), soon).toEqual(answers);
    loop.sandbox.change({ errors: [] });
  });
});

describe("what a person answers", () => {
  let phone: Phone;
  let msgId: string;
  let wamid: string;

  beforeAll(async () => {
    [phone, msgId] = [loop.person(), newMsgId()];
    await line.post(orderReady(msgId, phone.number, order("ok-42")));
    await vi.waitUntil(() => said(msgId).includes("delivered"), soon);
    wamid = (await phone.received())[0]!.id;
  });

  /** The newest thing told about this person, once it is there. */
  async function told(writes: object): Promise<Record<string, unknown>> {
    const before = heardFrom(phone).length;
    await phone.writes(writes);
    await expect.poll(() => heardFrom(phone).length, soon).toBe(before + 1);
    return heardFrom(phone).at(-1)!;
  }
  const envelope = () => ({ payloadVersion: "0.1", from: phone.digits, wabaNumber: "15550100199", timestamp: expect.any(String) });

  it("in words comes with the msgId it answers, byte for byte", soon, async () => {
    const words = "yes please 😀 \"quoted\" \\ ü";
    expect(await told({ type: "text", text: { body: words }, replyTo: wamid })).toEqual({ ...envelope(), type: "text", context: { id: msgId }, text: { body: words } });
  });

  it("without quoting anything comes without a context", soon, async () => {
    expect(await told({ type: "text", text: { body: "By the way" } })).toEqual({ ...envelope(), type: "text", text: { body: "By the way" } });
  });

  it("by pressing a quick reply comes with the payload the platform gave it", soon, async () => {
    const pressed = await told({ type: "button", button: { text: "On my way" }, replyTo: wamid });
    expect(pressed).toEqual({ ...envelope(), type: "button", context: { id: msgId }, button: { payload: "ok-42", text: "On my way" } });
  });

  it("with a picture comes with an address at which anybody finds exactly its bytes", soon, async () => {
    const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
    const inbound = await told({ type: "image", image: { data: png.toString("base64"), mime_type: "image/png", caption: "here" }, replyTo: wamid });
    expect(inbound).toEqual({ ...envelope(), type: "image", context: { id: msgId }, image: { mediaURL: expect.any(String), mimeType: "image/png", caption: "here" } });
    const file = await fetch((inbound["image"] as { mediaURL: string }).mediaURL);
    expect([file.status, file.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(png);
  });

  it("with a document comes under both names the contract uses", soon, async () => {
    const inbound = await told({ type: "document", document: { data: Buffer.from("%PDF-1.4 tiny").toString("base64"), mime_type: "application/pdf", filename: "bill.pdf" } });
    expect(inbound).toMatchObject({ type: "file", file: { mimeType: "application/pdf" }, document: { mimeType: "application/pdf" } });
    const file = await fetch((inbound["file"] as { mediaURL: string }).mediaURL);
    expect(await file.text()).toBe("%PDF-1.4 tiny");
  });

  it("with a voice note comes as audio", soon, async () => {
    const inbound = await told({ type: "audio", audio: { data: Buffer.from("OggS").toString("base64"), mime_type: "audio/ogg; codecs=opus", voice: true } });
    expect(inbound).toMatchObject({ type: "audio", audio: { mediaURL: expect.stringMatching(/^http/), mimeType: expect.stringContaining("audio/ogg") } });
  });

  it("with a place comes with its coordinates as text", soon, async () => {
    const inbound = await told({ type: "location", location: { latitude: 19.07, longitude: -72.87, name: "Depot", address: "1 Dock Rd" } });
    expect(inbound).toEqual({ ...envelope(), type: "location", location: { latitude: "19.07", longitude: "-72.87", name: "Depot", address: "1 Dock Rd" } });
  });

  it("with a sticker comes as the picture it is", soon, async () => {
    const inbound = await told({ type: "sticker", sticker: {} });
    expect(inbound).toEqual({ ...envelope(), type: "image", image: { mediaURL: expect.any(String), mimeType: "image/webp" } });
    const file = await fetch((inbound["image"] as { mediaURL: string }).mediaURL);
    expect([file.status, file.headers.get("content-type")]).toEqual([200, "image/webp"]);
  });

  it("with a reaction or a contact card comes as text where a deployment wants that, and not at all elsewhere", soon, async () => {
    const [first, second] = loop.lines;
    const { body } = await loop.admin.patch<Deployment>(`/api/v1/deployments/${second!.deploymentId}`, { settings: { othersAsText: true } });
    expect(body.settings).toMatchObject({ othersAsText: true, trialPolicy: "check" });
    const someone = loop.person();
    await someone.writes({ type: "contacts", contacts: [{ name: { formatted_name: "Bo", first_name: "Bo" }, phones: [{ phone: "+1 555 010 0188" }] }] });
    await expect.poll(() => heardFrom(someone, second).at(-1), soon).toMatchObject({ type: "text", text: { body: "Bo, +1 555 010 0188" } });
    const id = newMsgId();
    await second!.post(helloWorld(id, someone.number));
    await expect.poll(() => said(id, second), soon).toEqual(["sent", "delivered"]);
    await someone.writes({ type: "reaction", reaction: { message_id: (await someone.received())[0]!.id, emoji: "👍" } });
    await expect.poll(() => heardFrom(someone, second).at(-1), soon).toMatchObject({ type: "text", text: { body: "👍" }, context: { id } });
    expect(heardFrom(someone, first)).toEqual([]);
    await loop.admin.patch(`/api/v1/deployments/${second!.deploymentId}`, { settings: { othersAsText: false } });
  });

  it("to one deployment's message goes to that deployment alone, anything else to all of the number", soon, async () => {
    const [first, second] = loop.lines;
    const someone = loop.person();
    await someone.writes({ type: "text", text: { body: "To whom it may concern" } });
    await expect.poll(() => [heardFrom(someone, first).length, heardFrom(someone, second).length], soon).toEqual([1, 1]);
    const id = newMsgId();
    await second!.post(helloWorld(id, someone.number));
    await expect.poll(() => said(id, second), soon).toEqual(["sent", "delivered"]);
    await someone.writes({ type: "text", text: { body: "Got it" }, replyTo: (await someone.received())[0]!.id });
    await expect.poll(() => heardFrom(someone, second).at(-1), soon).toMatchObject({ text: { body: "Got it" }, context: { id } });
    expect(heardFrom(someone, first)).toHaveLength(1);
  });
});

describe("requests that are not to be sent", () => {
  it("are the probe of a provider being saved, bare or wrapped in a body", async () => {
    const before = (await loop.messages()).length;
    for (const probe of [verificationProbe(), { body: verificationProbe() }]) {
      expect(await line.post(probe)).toEqual(SUCCESS);
    }
    expect(await loop.messages()).toHaveLength(before);
  });

  it("are the trial of a template being saved, which is held against the registry", async () => {
    const before = (await loop.messages()).length;
    const trial = orderReady("0|0|0|0", "+910000000000", { ...order(), name: "0", number: "1", path: "0" });
    expect(await line.post(trial)).toEqual(SUCCESS);
    expect(await line.post({ ...trial, template: { namespace: "order_ready", languageCode: "fr" } })).toEqual(refused(2001));
    expect(await line.post({ ...trial, template: { namespace: "never_heard_of", languageCode: "en" } })).toEqual(refused(2001));
    expect(await loop.messages()).toHaveLength(before);
  });

  it("are repeats of a msgId, answered success however many come at once or later", soon, async () => {
    const [phone, msgId] = [loop.person(), newMsgId()];
    const request = helloWorld(msgId, phone.number);
    expect(await Promise.all(Array.from({ length: 20 }, () => line.post(request)))).toEqual(Array.from({ length: 20 }, () => SUCCESS));
    await expect.poll(() => said(msgId), soon).toEqual(["sent", "delivered"]);
    expect(await line.post(request)).toEqual(SUCCESS);
    // Whatever the repeat might have started would be ahead of this one.
    const later = newMsgId();
    await line.post(helloWorld(later, phone.number));
    await expect.poll(() => said(later), soon).toEqual(["sent", "delivered"]);
    expect(await phone.received()).toHaveLength(2);
    expect(said(msgId)).toEqual(["sent", "delivered"]);
  });
});

it("a msgId is another deployment's own, and the id 0|0|0|0 may come again and again", soon, async () => {
  const [first, second] = loop.lines;
  const [phone, msgId] = [loop.person(), newMsgId()];
  await Promise.all(loop.lines.map((each) => each.post(helloWorld(msgId, phone.number))));
  await expect.poll(() => [said(msgId, first), said(msgId, second)], soon).toEqual([["sent", "delivered"], ["sent", "delivered"]]);
  for (let i = 0; i < 2; i++) expect(await first!.post(orderReady("0|0|0|0", phone.number, order()))).toEqual(SUCCESS);
  await expect.poll(async () => (await phone.received()).length, soon).toBe(4);
});

it("template import pages follow one another in Meta's shape, approved templates only, each once", async () => {
  const created = ["page_a", "page_b", "page_c", "page_d"];
  for (const name of created) await createTemplate(name);
  loop.sandbox.change({ templates: { reviewMs: null } });
  await createTemplate("page_pending");
  const metaShape = { name: expect.any(String), id: expect.stringMatching(/^\d+$/), language: expect.any(String), category: expect.any(String), components: expect.any(Array) };
  const walk = async (): Promise<string[]> => {
    const names: string[] = [];
    let next: string | undefined = `${loop.tincan.url}/wire/clevertap/${line.deploymentId}/templates?limit=2`;
    while (next) {
      const answer = await fetch(next, { headers: { Token: line.token } });
      expect(answer.status).toBe(200);
      const page = (await answer.json()) as { data: Record<string, unknown>[]; paging: { cursors?: { before: string; after: string }; next?: string } };
      expect(page.data.length).toBeLessThanOrEqual(2);
      for (const each of page.data) {
        expect(each).toMatchObject({ ...metaShape, status: "APPROVED" });
        names.push(String(each["name"]));
      }
      // CleverTap takes the same address with the cursor after it; the last page has nothing to go on with.
      const after: string | undefined = page.paging.next && page.paging.cursors?.after;
      expect(new URL(page.paging.next ?? answer.url).searchParams.get("after")).toBe(after ?? new URL(answer.url).searchParams.get("after"));
      next = after && `${loop.tincan.url}/wire/clevertap/${line.deploymentId}/templates?limit=2&after=${encodeURIComponent(after)}`;
    }
    return names;
  };
  await expect.poll(walk, { timeout: 20_000 }).toEqual(expect.arrayContaining(created));
  const names = await walk();
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(["hello_world", "order_ready", "spring_offer"]));
  expect(names).not.toContain("page_pending");
});

it("every callback of all this read strictly, and no step was told twice or out of order", () => {
  for (const { platform } of loop.lines) {
    expect(platform.complaints).toEqual([]);
    // The one id that several messages share says nothing about order.
    expect(orderComplaints(platform.statuses.filter((status) => status.msgId !== "0|0|0|0"))).toEqual([]);
  }
});
