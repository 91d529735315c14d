import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAppApi } from "./app.ts";
import { createCloudApi, type CloudApiSettings } from "./client.ts";
import { errorBody, MetaError, metaError } from "./errors.ts";
import { startFakeGraph, type FakeGraph } from "./fake-graph.ts";
import { classifyNetworkError, MetaUnreachable } from "./network.ts";
import { appSecretProof } from "./signature.ts";

const number = "700800900100200";
const waba = "900100200300400";
const file = { bytes: Buffer.from("OggS-bytes"), mimeType: "audio/ogg; codecs=opus", filename: "note.ogg" };

let graph: FakeGraph;
let dispatcher: Agent;

beforeEach(async () => {
  graph = await startFakeGraph();
  dispatcher = new Agent();
});

afterEach(async () => {
  await dispatcher.destroy();
  await graph.close();
});

function api(more: Partial<CloudApiSettings> = {}) {
  return createCloudApi({ baseUrl: graph.baseUrl, version: "v26.0", accessToken: "EAAtoken", dispatcher, ...more });
}

function sentJson(): unknown {
  return JSON.parse(graph.last().body.toString());
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("sending", () => {
  test("a message is posted with the token and its wamid comes back", async () => {
    graph.answerWith(() => ({ json: { messaging_product: "whatsapp", contacts: [{ input: "+1", wa_id: "1" }], messages: [{ id: "wamid.A", message_status: "accepted" }] } }));
    const sent = await api().send(number, { messaging_product: "whatsapp", to: "+15550100123", type: "text", text: { body: "café 🎉" } });
    expect(sent).toMatchObject({ kind: "submitted", status: 200, wireId: "wamid.A", messageStatus: "accepted", waId: "1" });
    expect(graph.last()).toMatchObject({ method: "POST", path: `/v26.0/${number}/messages`, query: {}, headers: { authorization: "Bearer EAAtoken" } });
    expect(sentJson()).toMatchObject({ text: { body: "café 🎉" } });
  });

  test("a refusal is thrown with code, details, trace and retry class", async () => {
    const refusal = { ...metaError(131056, { details: "Too fast", subcode: 7 }), isTransient: true, fbtraceId: "Trace9" };
    graph.answerWith(() => ({ status: 400, json: errorBody(refusal) }));
    const error = await failureOf(api().send(number, { messaging_product: "whatsapp", to: "+1", type: "text", text: { body: "Hi" } }));
    expect(error).toBeInstanceOf(MetaError);
    expect(error).toMatchObject({ info: refusal, retry: "pairBackOff", explanation: { who: "developer", clevertapCode: 1004 } });
  });

  test("marking as read can show typing", async () => {
    await api().markRead(number, "wamid.IN", { typing: true });
    expect(sentJson()).toEqual({ messaging_product: "whatsapp", status: "read", message_id: "wamid.IN", typing_indicator: { type: "text" } });
  });

  test("with an app secret every call carries its proof", async () => {
    await api({ appSecret: "s3cret" }).phoneNumber(number);
    expect(graph.last().query["appsecret_proof"]).toBe(appSecretProof("EAAtoken", "s3cret"));
  });
});

describe("no answer", () => {
  const text = { messaging_product: "whatsapp", to: "+1", type: "text", text: { body: "Hi" } } as const;

  test("a refused connection is safe to repeat", async () => {
    const closed = await startFakeGraph();
    await closed.close();
    const error = await failureOf(api({ baseUrl: closed.baseUrl }).send(number, text));
    expect(error).toBeInstanceOf(MetaUnreachable);
    expect(error).toMatchObject({ failure: { reason: "connect", outcome: "notSent" } });
  });

  test("an unknown host is safe to repeat", async () => {
    const error = await failureOf(api({ baseUrl: "http://host.invalid" }).send(number, text));
    expect(error).toMatchObject({ failure: { reason: "connect", outcome: "notSent" } });
  });

  test("a connection that ends after the request leaves open whether it was sent", async () => {
    graph.answerWith(() => ({ hangUp: true }));
    expect(await failureOf(api().send(number, text))).toMatchObject({ failure: { reason: "broken", outcome: "ambiguous" } });
  });

  test("a time-out leaves open whether it was sent", async () => {
    graph.answerWith(() => ({ silent: true }));
    expect(await failureOf(api({ timeoutMs: 50 }).send(number, text))).toMatchObject({ failure: { reason: "timeout", outcome: "ambiguous" } });
  });

  test("anything unrecognised leaves open whether it was sent", () => {
    expect(classifyNetworkError(new Error("what"))).toEqual({ reason: "broken", outcome: "ambiguous" });
    expect(classifyNetworkError("text")).toEqual({ reason: "broken", outcome: "ambiguous" });
    expect(classifyNetworkError(AbortSignal.abort().reason)).toEqual({ reason: "aborted", outcome: "ambiguous" });
  });

  test("a page of a gateway in place of JSON is an error without a code", async () => {
    graph.answerWith(() => ({ status: 502, bytes: Buffer.from("<html>"), headers: { "content-type": "text/html" } }));
    expect(await failureOf(api().businessAccount(waba))).toMatchObject({ info: { httpStatus: 502, code: -1 }, retry: "ambiguous" });
  });

  test("an answer without end is given up", async () => {
    graph.answerWith(() => ({ bytes: Buffer.alloc(21_000_000, " ") }));
    const failure = await failureOf(api().businessAccount(waba));
    expect(failure).toBeInstanceOf(MetaUnreachable);
    expect(String(failure)).toContain("the answer has more than 20 MB");
  });
});

describe("media", () => {
  test("an upload is a multipart form with the bare type", async () => {
    graph.answerWith(() => ({ json: { id: "3300112233" } }));
    expect(await api().uploadMedia(number, file)).toBe("3300112233");
    const { headers, body } = graph.last();
    const form = await new Response(Uint8Array.from(body), { headers: { "content-type": headers["content-type"]! } }).formData();
    const part = form.get("file") as File;
    expect([form.get("messaging_product"), form.get("type"), part.type, part.name]).toEqual(["whatsapp", "audio/ogg", "audio/ogg", "note.ogg"]);
    expect(await part.text()).toBe("OggS-bytes");
  });

  test("a download goes to the address of the media id with the token", async () => {
    graph.answerWith((request, base) =>
      request.path === "/file/1"
        ? { bytes: Buffer.from("png"), headers: { "content-type": "image/png" } }
        : { json: { id: "77", url: `${base}/file/1`, mime_type: "image/png", file_size: "3" } },
    );
    const media = await api().downloadMedia("77");
    expect(media.mimeType).toBe("image/png");
    expect(await media.stream.toArray()).toEqual([Buffer.from("png")]);
    expect(graph.requests.map((request) => [request.path, request.headers.authorization])).toEqual([
      ["/v26.0/77", "Bearer EAAtoken"],
      ["/file/1", "Bearer EAAtoken"],
    ]);
  });

  test.each([
    ["hex", "2BD806C97F0E00AF1A1FC3328FA763A9269723C8DB8FAC4F93AF71DB186D6E90", "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90"],
    ["base64", "K9gGyX8OAK8aH8Myj6djqSaXI8jbj6xPk69x2xhtbpA=", "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90"],
    ["words of its own", "unknown", undefined],
  ])("a download says what the bytes should hash to when Meta says so in %s", async (_, told, sha256) => {
    graph.answerWith((request, base) =>
      request.path === "/file/1" ? { bytes: Buffer.from("a") } : { json: { id: "77", url: `${base}/file/1`, mime_type: "image/png", sha256: told } },
    );
    const media = await api().downloadMedia("77");
    await media.stream.toArray();
    expect(media.sha256).toBe(sha256);
  });

  test("an expired address from a webhook is replaced by a new one", async () => {
    graph.answerWith((request, base) => {
      if (request.path === "/old") return { status: 404, json: {} };
      if (request.path === "/new") return { bytes: Buffer.from("x"), headers: { "content-type": "image/png" } };
      return { json: { id: "77", url: `${base}/new`, mime_type: "image/png" } };
    });
    const media = await api().downloadMedia("77", `${graph.baseUrl}/old`);
    expect(await media.stream.toArray()).toEqual([Buffer.from("x")]);
  });

  test("the token is not handed to a foreign host", async () => {
    graph.answerWith(() => ({ json: { id: "77", url: "https://elsewhere.example/x", mime_type: "image/png" } }));
    expect(await failureOf(api().downloadMedia("77"))).toMatchObject({ message: expect.stringContaining("elsewhere.example") });
  });

  test("an interrupted sample upload goes on where it stopped", async () => {
    let broken = false;
    graph.answerWith((request) => {
      if (request.path.endsWith("/uploads")) return { json: { id: "upload:abc?sig=1" } };
      if (request.method === "GET") return { json: { id: "upload:abc?sig=1", file_offset: 4 } };
      if (broken) return { json: { h: "4::handle" } };
      broken = true;
      return { hangUp: true };
    });
    expect(await api().uploadSample("300400500600700", file)).toBe("4::handle");
    expect(graph.requests[0]).toMatchObject({ query: { file_name: "note.ogg", file_length: "10", file_type: "audio/ogg" } });
    expect(graph.last()).toMatchObject({ path: "/v26.0/upload:abc", query: { sig: "1" }, headers: { authorization: "OAuth EAAtoken", file_offset: "4" } });
    expect(graph.last().body.toString()).toBe("-bytes");
  });
});

describe("templates", () => {
  test("a list is read page after page, over an empty page, until there is no next", async () => {
    const page = (names: string[], after?: string) => ({
      data: names.map((name) => ({ id: name, name })),
      paging: after ? { cursors: { before: "b", after }, next: `https://elsewhere.example/?after=${after}` } : { cursors: { before: "b", after: "z" } },
    });
    graph.answerWith(({ query }) => ({ json: query["after"] === undefined ? page(["a", "b"], "1") : query["after"] === "1" ? page([], "2") : page(["c"]) }));
    const names: string[] = [];
    for await (const template of api().listTemplates(waba, { limit: 2, status: "approved" })) names.push(template.name);
    expect(names).toEqual(["a", "b", "c"]);
    expect(graph.requests.map((request) => [request.query["after"], request.query["limit"], request.query["status"]])).toEqual([
      [undefined, "2", "approved"],
      ["1", "2", "approved"],
      ["2", "2", "approved"],
    ]);
  });

  test("the library is asked for without an account, a page at a time, and what cannot be read is left out", async () => {
    const entry = { id: "1", name: "parcel", language: "en_US", body: "It is here." };
    graph.answerWith(() => ({ json: { data: [entry, { id: "2" }], paging: { cursors: { after: "c" }, next: "https://elsewhere.example/?after=c" } } }));
    expect(await api().templateLibrary({ search: "parcel", topic: undefined, limit: 20, after: "b" })).toMatchObject({ items: [{ name: "parcel", buttons: [] }], next: "c" });
    expect(graph.last()).toMatchObject({ path: "/v26.0/message_template_library", query: { search: "parcel", limit: "20", after: "b" } });
    expect(graph.last().query["topic"]).toBeUndefined();
    graph.answerWith(() => ({ json: { data: [entry], paging: { cursors: { after: "c" } } } }));
    expect((await api().templateLibrary()).next).toBeUndefined();
  });

  test("a cursor that repeats ends the list", async () => {
    graph.answerWith(() => ({ json: { data: [{ id: "1" }], paging: { cursors: { after: "same" }, next: "https://x.example/" } } }));
    const found: string[] = [];
    for await (const each of api().phoneNumbers(waba)) found.push(each.id);
    expect(found).toEqual(["1", "1"]);
  });

  test("one, all translations, or several by id are deleted", async () => {
    await api().deleteTemplate(waba, { name: "order_ready" });
    expect(graph.last()).toMatchObject({ method: "DELETE", query: { name: "order_ready" } });
    await api().deleteTemplate(waba, { name: "order_ready", id: "14" });
    expect(graph.last().query).toEqual({ name: "order_ready", hsm_id: "14" });
    await api().deleteTemplate(waba, { ids: ["14", "15"] });
    expect(graph.last().query).toEqual({ hsm_ids: '["14","15"]' });
  });

  test("create answers the category Meta assigned", async () => {
    graph.answerWith(() => ({ json: { id: "14", status: "PENDING", category: "MARKETING" } }));
    const created = await api().createTemplate(waba, { name: "a", language: "en", category: "UTILITY", components: [{ type: "BODY", text: "Hi" }] });
    expect(created.category).toBe("MARKETING");
    expect(sentJson()).toMatchObject({ name: "a", components: [{ type: "BODY", text: "Hi" }] });
  });
});

describe("accounts and apps", () => {
  test("an app is subscribed to an account, with or without an address of its own", async () => {
    await api().subscribeApp(waba);
    expect(graph.last()).toMatchObject({ method: "POST", path: `/v26.0/${waba}/subscribed_apps`, body: Buffer.alloc(0) });
    await api().subscribeApp(waba, { callbackUrl: "https://t.example/hook", verifyToken: "v" });
    expect(sentJson()).toEqual({ override_callback_uri: "https://t.example/hook", verify_token: "v" });
    await api().unsubscribeApp(waba);
    expect(graph.last().method).toBe("DELETE");
  });

  test("registering sends the PIN", async () => {
    await api().register(number, "123456");
    expect(graph.last().path).toBe(`/v26.0/${number}/register`);
    expect(sentJson()).toEqual({ messaging_product: "whatsapp", pin: "123456" });
  });

  test("the app's own calls use the app token, the code exchange its secret", async () => {
    const app = createAppApi({ baseUrl: graph.baseUrl, version: "v26.0", appId: "300400500600700", appSecret: "s3cret", dispatcher });
    await app.subscribe({ callbackUrl: "https://t.example/hook", verifyToken: "v", fields: ["messages", "user_preferences"] });
    expect(graph.last()).toMatchObject({ path: "/v26.0/300400500600700/subscriptions", headers: { authorization: "Bearer 300400500600700|s3cret" } });
    expect(sentJson()).toMatchObject({ object: "whatsapp_business_account", fields: "messages,user_preferences" });

    graph.answerWith(() => ({ json: { data: { is_valid: true, scopes: ["whatsapp_business_messaging"] } } }));
    expect(await app.debugToken("EAAtoken")).toEqual({ is_valid: true, scopes: ["whatsapp_business_messaging"] });

    graph.answerWith(() => ({ json: { access_token: "EAAnew", token_type: "bearer" } }));
    expect((await app.exchangeCode("AQcode")).access_token).toBe("EAAnew");
    expect(graph.last()).toMatchObject({ path: "/v26.0/oauth/access_token", query: { client_id: "300400500600700", client_secret: "s3cret", code: "AQcode" } });
  });
});
