import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { arrayOf, objectOf, type JsonObject } from "../json.ts";
import { startSandbox } from "../index.ts";
import { appId, appSecret, errorOf, hello, idOf, orderReady, phoneNumberId, startClient, text, until, wabaId, type Client } from "../testing.ts";

let client: Client;
beforeEach(async () => {
  client = await startClient();
});
afterEach(() => client.close());

const phone = "/phones/15550100123";
const messagesOf = async (path = phone) => arrayOf((await client.control("GET", `${path}/messages`)).body as unknown) as JsonObject[];
const change = (body: JsonObject) => client.control("PUT", "/behaviour", body);

const hasIpv6 = Object.values(networkInterfaces()).flat().some((each) => each?.address === "::1");

it.skipIf(!hasIpv6)("is reached where it listens, also at an IPv6 address (skipped where there is none)", async () => {
  const sandbox = await startSandbox({ port: 0, host: "::1" });
  expect(sandbox.url).toBe(`http://[::1]:${sandbox.port}`);
  expect((await fetch(`${sandbox.url}/sandbox/state`)).status).toBe(200);
  await sandbox.close();
});

describe("error rules", () => {
  it("answer with a code, for a recipient, so many times", async () => {
    await change({ errors: [{ to: ["15550100123"], code: 131000, times: 1 }] });
    expect((await client.send({ to: "+15550100145", ...hello })).status).toBe(200);
    expect(await client.send(hello)).toMatchObject({ status: 500, body: { error: { code: 131000, message: "(#131000) Something went wrong" } } });
    expect((await client.send(hello)).status).toBe(200);
  });

  it("match numbers by their end, templates by name, and begin after some", async () => {
    await change({ errors: [{ to: ["*23"], template: "hello_world", skip: 1, code: 131049, as: "status" }] });
    await client.send(hello);
    await client.send(orderReady());
    expect((await client.send(hello)).status).toBe(200);
    await until(() => client.app.statuses().some((each) => each["status"] === "failed"));
    expect(client.app.statuses().filter((each) => each["status"] === "failed")).toMatchObject([{ errors: [{ code: 131049 }] }]);
  });

  it("hit the share of requests they are told to", async () => {
    client.sandbox.change({ throughput: { messagesPerSecond: null }, pairRate: null });
    await change({ errors: [{ rate: 0.3, httpStatus: 503 }] });
    const answers = await Promise.all(Array.from({ length: 80 }, () => client.send(hello)));
    const refused = answers.filter(({ status }) => status === 503).length;
    expect(refused).toBeGreaterThan(10);
    expect(refused).toBeLessThan(45);
  });

  it("cut the connection, answer garbage or nothing in time, and may let the message out all the same", async () => {
    await change({ errors: [{ reset: true, times: 1 }] });
    await expect(client.send(hello)).rejects.toThrow("fetch failed");
    expect(await messagesOf()).toHaveLength(0);
    await change({ errors: [{ garbage: true, accept: true, times: 1 }] });
    expect(await client.send(hello)).toMatchObject({ status: 200, text: expect.stringContaining("<html>") });
    expect(await messagesOf()).toHaveLength(1);
    await change({ errors: [{ hangMs: 40, times: 1 }] });
    await expect(client.send(hello)).rejects.toThrow("fetch failed");
    await change({ errors: [{ hangMs: 40, accept: true, times: 1 }] });
    expect((await client.send(hello)).status).toBe(200);
    expect(await messagesOf()).toHaveLength(2);
  });

  it("reach media and templates when told to", async () => {
    await change({ errors: [{ on: "templates", code: 4 }] });
    expect(errorOf(await client.graph("GET", `/v26.0/${wabaId}/message_templates`))["code"]).toBe(4);
    expect((await client.send(hello)).status).toBe(200);
  });
});

describe("the behaviour", () => {
  it("changes in part, and a single number stands for a range", async () => {
    const { body } = await change({ receipts: { deliveredAfterMs: 5 }, latencyMs: [1, 2] });
    expect(body).toMatchObject({ latencyMs: [1, 2], receipts: { deliveredAfterMs: [5, 5], sentAfterMs: [1, 1] } });
  });

  it.each([
    [{ recepits: {} }, "recepits", "is not a member that is known here"],
    [{ receipts: { duplicate: 2 } }, "receipts.duplicate", "must be <= 1"],
    [{ receipts: { sentAfterMs: "soon" } }, "receipts.sentAfterMs", "must be milliseconds, one number or [from, to]"],
    [{ errors: [{ to: ["+1555"] }] }, "errors.0.to.0", 'must match pattern "^\\*?\\d+$"'],
  ])("refuses %j and names the member", async (body, field, expected) => {
    expect(await change(body)).toMatchObject({ status: 400, body: { error: { code: "invalid_input", field, expected } } });
  });

  it("refuses what is not JSON", async () => {
    expect(await client.control("PUT", "/behaviour", "{")).toMatchObject({ status: 400, body: { error: { code: "invalid_json" } } });
  });

  it("is back at its beginning after a reset, with the webhook kept", async () => {
    await change({ seed: 9, window: { hours: 1 } });
    await client.send(hello);
    await client.control("POST", "/reset");
    expect((await client.control("GET", "/behaviour")).body).toMatchObject({ seed: 1, window: { hours: 24 } });
    expect(await messagesOf()).toEqual([]);
    expect((await client.control("GET", "/webhook")).body).toMatchObject({ url: client.app.url, subscribed: true });
  });
});

describe("phones", () => {
  it("show a template as WhatsApp does, with its values", async () => {
    const id = idOf(await client.send({ ...orderReady(), biz_opaque_callback_data: "x" }));
    const [message] = await messagesOf();
    expect(message).toMatchObject({
      id,
      direction: "in",
      type: "template",
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      bizOpaqueCallbackData: "x",
      template: { name: "order_ready" },
      shown: {
        header: { media: { kind: "image", url: "https://shop.example/a.png" } },
        body: "Hi Ada, your order *A-1042* is ready for collection. We keep it for you for seven days.",
        footer: "Open every day from 9 to 18",
        buttons: [
          { index: 0, kind: "url", text: "See order", url: "https://shop.example/orders/A-1042" },
          { index: 1, kind: "reply", text: "On my way", id: "On my way" },
        ],
      },
    });
  });

  it("show an offer with its end and its code", async () => {
    const expires = Date.now() + 3_600_000;
    await client.send({
      type: "template",
      template: {
        name: "spring_offer",
        language: { code: "en" },
        components: [
          { type: "limited_time_offer", parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: expires } }] },
          { type: "button", sub_type: "copy_code", index: "0", parameters: [{ type: "coupon_code", coupon_code: "SPRING15" }] },
        ],
      },
    });
    expect((await messagesOf())[0]).toMatchObject({ shown: { offer: { text: "Spring offer", expiresAt: expires, code: "SPRING15" } } });
    expect((await client.control("POST", `${phone}/messages`, { type: "button", button: { text: "Copy offer code" } })).body).toEqual({ copied: "SPRING15" });
  });

  it("show a carousel's cards and a contact", async () => {
    await client.control("POST", `${phone}/messages`, text("hi"));
    const card = (index: number) => ({
      card_index: index, type: "cta_url", header: { type: "image", image: { link: "https://shop.example/a.png" } }, body: { text: `Card ${index}` },
      action: { name: "cta_url", parameters: { display_text: "Open", url: `https://shop.example/${index}` } },
    });
    await client.send({ type: "interactive", interactive: { type: "carousel", body: { text: "Look" }, action: { cards: [card(0), card(1)] } } });
    await client.send({ type: "contacts", contacts: [{ name: { formatted_name: "Ada", first_name: "Ada" }, phones: [{ phone: "+1" }] }] });
    const [, carousel, contact] = await messagesOf();
    expect(carousel).toMatchObject({ shown: { body: "Look", cards: [{ body: "Card 0", buttons: [{ kind: "url" }] }, { body: "Card 1" }] } });
    expect(contact).toMatchObject({ shown: { contacts: [{ name: "Ada", phones: ["+1"] }] } });
  });

  it("are empty until somebody writes to them", async () => {
    expect(await messagesOf("/phones/15550109999")).toEqual([]);
    expect((await client.control("GET", "/phones/15550109999")).status).toBe(404);
  });

  it("are added, renamed and removed", async () => {
    expect(await client.control("POST", "/phones", { digits: "+91 80000 00002", name: "Chitra" })).toMatchObject({ status: 201, body: { digits: "918000000002", name: "Chitra", pinned: true } });
    expect((await client.control("PATCH", "/phones/918000000002", { name: "C" })).body["name"]).toBe("C");
    expect((await client.control("DELETE", "/phones/918000000002")).status).toBe(204);
    expect(arrayOf((await client.control("GET", "/phones")).body["items"])).toHaveLength(2);
  });

  it.each([
    [{ type: "dance" }, "type"],
    [{ type: "text" }, "text.body"],
    [{ type: "text", text: { body: "x" }, replyTo: "wamid.none" }, "replyTo"],
    [{ type: "button", button: { text: "Nothing" } }, "replyTo"],
    [{ type: "button" }, "button"],
    [{ type: "audio", audio: {} }, "audio.data"],
    [{ type: "location", location: { latitude: 99, longitude: 1 } }, "location.latitude"],
    [{ type: "contacts", contacts: [{}] }, "contacts"],
    [{ type: "reaction", reaction: { emoji: "👍" } }, "reaction.message_id"],
    [{ text: { body: "x" }, phoneNumberId: "1" }, "phoneNumberId"],
  ])("refuse %j and name the member", async (body, field) => {
    const answer = await client.control("POST", `${phone}/messages`, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(objectOf(answer.body["error"])["field"]).toBe(field);
  });

  it("say which buttons there are when the one named is not among them", async () => {
    await client.send(orderReady());
    expect(errorOf(await client.control("POST", `${phone}/messages`, { type: "button", button: { text: "No" } }))["expected"]).toBe('one of 0 "See order", 1 "On my way"');
  });
});

describe("what was asked", () => {
  it("is kept with its answer, the token left out", async () => {
    await client.send(hello);
    const [last] = arrayOf((await client.control("GET", "/requests")).body["items"]);
    expect(last).toMatchObject({ method: "POST", url: `/v26.0/${phoneNumberId}/messages`, status: 200, headers: { authorization: "Bearer …" }, body: expect.stringContaining("hello_world"), answer: expect.stringContaining("wamid.") });
  });

  it("is told to open pages as it happens", async () => {
    const stream = await fetch(`${client.sandbox.url}/sandbox/live`);
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    await client.send(hello);
    const { value } = await reader.read();
    expect(value).toContain("event: changed");
    expect(value).toContain('"15550100123"');
    await reader.cancel();
  });

  it("is unknown under other paths", async () => {
    expect(await client.control("GET", "/nothing")).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
  });
});

describe("media and uploads", () => {
  const upload = (type: string, bytes: string) => {
    const form = new FormData();
    form.set("messaging_product", "whatsapp");
    form.set("type", type);
    form.set("file", new Blob([bytes], { type }), "file");
    return client.graph("POST", `/v26.0/${phoneNumberId}/media`, form);
  };

  it("takes a file, lets it be sent and shown, and forgets it when told to", async () => {
    const id = String((await upload("image/png", "png")).body["id"]);
    await client.control("POST", `${phone}/messages`, text("hi"));
    expect((await client.send({ type: "image", image: { id, caption: "Look" } })).status).toBe(200);
    expect((await messagesOf())[1]).toMatchObject({ shown: { media: { kind: "image", url: `/sandbox/files/${id}` }, body: "Look" } });
    expect(await (await fetch(`${client.sandbox.url}/sandbox/files/${id}`)).text()).toBe("png");
    expect((await client.graph("DELETE", `/v26.0/${id}`)).body).toEqual({ success: true });
    expect((await client.graph("GET", `/v26.0/${id}`)).status).toBe(400);
  });

  it("refuses types that WhatsApp does not take, and files that are too long", async () => {
    expect(errorOf(await upload("image/gif", "gif"))["message"]).toMatch(/^\(#100\) Param file must be a file with one of the following types: .*Received file of type 'image\/gif'\.$/);
    expect(errorOf(await upload("image/webp", "x".repeat(600_000)))["code"]).toBe(131053);
  });

  it("takes a sample in pieces and gives a handle that templates accept", async () => {
    const { body } = await client.graph("POST", `/v26.0/${appId}/uploads?file_name=a.png&file_length=6&file_type=image/png`);
    const path = `/v26.0/${String(body["id"])}`;
    const put = (bytes: string, offset: number) =>
      client.graph("POST", path, bytes, { authorization: "OAuth sandbox-token", file_offset: String(offset), "content-type": "application/octet-stream" });
    await put("abc", 0);
    expect((await client.graph("GET", path)).body).toMatchObject({ file_offset: 3 });
    const { h } = (await put("def", 3)).body;
    expect(h).toMatch(/^4::/);
    const created = await client.graph("POST", `/v26.0/${wabaId}/message_templates`, {
      name: "with_picture", language: "en", category: "UTILITY",
      components: [{ type: "HEADER", format: "IMAGE", example: { header_handle: [h] } }, { type: "BODY", text: "Here is your picture." }],
    });
    expect(created.status).toBe(200);
    const shown = JSON.stringify((await client.graph("GET", `/v26.0/${String(created.body["id"])}`)).body);
    const address = /"(http[^"]+\/sandbox\/files\/\d+)"/.exec(shown)?.[1];
    expect(await (await fetch(address!)).text()).toBe("abcdef");
  });
});

describe("the simulated Facebook login", () => {
  const dialog = (query: string) => fetch(`${client.sandbox.url}/dialog/oauth?${query}`);
  const finish = async (body: JsonObject) =>
    (await fetch(`${client.sandbox.url}/dialog/oauth/finish`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json() as Promise<{ code: string; data: JsonObject }>;
  const exchange = (code: string, secret: string = appSecret) => client.graph("GET", `/v26.0/oauth/access_token?client_id=${appId}&client_secret=${secret}&code=${code}`, undefined, {});

  it("offers the account and its numbers, and escapes what it was given", async () => {
    const page = await (await dialog(`client_id=${appId}&redirect_uri=https://x.example/&state=%3C/script%3E`)).text();
    expect(page).toContain("+1 555-010-0199");
    expect(page).toContain(wabaId);
    expect(page).not.toContain('"state":"</script>"');
    expect((await dialog("client_id=1")).status).toBe(400);
  });

  it("gives a code that is exchanged once for a token that works", async () => {
    const { code, data } = await finish({ phoneNumberId });
    expect(data).toEqual({ phone_number_id: phoneNumberId, waba_id: wabaId, business_id: "500600700800900" });
    expect(errorOf(await exchange("x", "wrong"))["message"]).toBe("Error validating client secret.");
    const { access_token: token } = (await exchange(code)).body;
    expect((await client.graph("GET", `/v26.0/${phoneNumberId}`, undefined, { authorization: `Bearer ${String(token)}` })).status).toBe(200);
    expect(errorOf(await exchange(code))["message"]).toBe("This authorization code has been used.");
  });

  it("lets a code expire", async () => {
    const { code } = await finish({ phoneNumberId });
    await client.sandbox.advance(31_000);
    expect(errorOf(await exchange(code))["message"]).toBe("This authorization code has expired.");
  });

  it("adds a number, which sends once it is registered", async () => {
    const { data } = await finish({ newNumber: "+1 555 010 0177", verifiedName: "Second" });
    const path = `/v26.0/${String(data["phone_number_id"])}`;
    expect((await client.graph("GET", `${path}?fields=status,verified_name`)).body).toMatchObject({ status: "DISCONNECTED", verified_name: "Second" });
    const send = () => client.graph("POST", `${path}/messages`, { messaging_product: "whatsapp", to: "+15550100123", ...hello });
    expect(errorOf(await send())["code"]).toBe(133010);
    await client.graph("POST", `${path}/register`, { messaging_product: "whatsapp", pin: "123456" });
    expect((await send()).status).toBe(200);
  });
});

it("a sandbox tells when its port is taken", async () => {
  await expect(startSandbox({ port: client.sandbox.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});
