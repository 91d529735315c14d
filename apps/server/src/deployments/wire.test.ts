import { VERIFICATION_NAMESPACE } from "@tincan/clevertap";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tellOnCommit } from "../database/live.ts";
import { bodyWith, msgId, openWorld, templateRequest, textRequest, TOKEN, type World } from "./test/world.ts";

let world: World;
let id: string;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  id = (await world.addDeployment()).id;
});

const success = { status: 200, body: { status: "success" } };
const failure = (code: number, message: RegExp | string = /./) => ({
  status: 200,
  body: { status: "failure", error: { code, message: typeof message === "string" ? message : expect.stringMatching(message) } },
});

describe("a request that is right", () => {
  test("is answered success once the message is in the ledger and its lane is told", async () => {
    const request = templateRequest();
    expect(await world.post(id, request)).toEqual(success);
    const [message, ...others] = await world.messagesOf(id);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      origin_kind: "deployment", external_id: request.msgId, recipient: "+919800000001", type: "template", category: "utility", state: "queued", template: "two_values",
      content: { type: "template", name: "two_values", language: "en", body: [{ text: "Ravi" }, { text: "42" }] },
    });
    expect(JSON.parse(message!.request!)).toEqual(request);
    expect(world.stored.at(-1)).toBe(world.providerId);
  });

  test("may carry its token as a bearer token", async () => {
    expect(await world.post(id, templateRequest(), { authorization: `Bearer ${TOKEN}` })).toEqual(success);
  });

  test("is read whatever its content type says", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense", "application/json; charset=latin1"]) {
      expect(await world.post(id, templateRequest(), { token: TOKEN, "content-type": type })).toEqual(success);
    }
    expect(await world.post(id, new TextEncoder().encode(JSON.stringify(templateRequest())), { token: TOKEN })).toEqual(success);
  });
});

describe("while the provider is archived", () => {
  test("every request is refused with the reason, and taken again as soon as it is out of the archive", async () => {
    const archive = async (archived: boolean) => {
      await world.pool.query("update providers set archived_at = case when $2 then now() end where id = $1", [world.providerId, archived]);
      await tellOnCommit(world.db, world.workspaceId, "deployments");
    };
    expect(await world.post(id, templateRequest())).toEqual(success);
    await archive(true);
    await expect.poll(() => world.post(id, templateRequest()), { timeout: 2_000 }).toEqual(failure(2004, /The provider Main of this deployment is archived/));
    expect(await world.post(id, textRequest())).toEqual(failure(2004, /archived/));
    const stored = (await world.messagesOf(id)).length;
    await archive(false);
    await expect.poll(() => world.post(id, templateRequest()), { timeout: 2_000 }).toEqual(success);
    expect(await world.messagesOf(id)).toHaveLength(stored + 1);
  });
});

describe("a repeated msgId", () => {
  test("is answered success and stored once, one after the other and all at once", async () => {
    const request = templateRequest();
    expect(await world.post(id, request)).toEqual(success);
    expect(await world.post(id, request)).toEqual(success);
    const again = templateRequest();
    const answers = await Promise.all(Array.from({ length: 40 }, () => world.post(id, again)));
    expect(answers.every((answer) => answer.body.status === "success")).toBe(true);
    expect(await world.messagesOf(id)).toHaveLength(2);
  });

  test("is another message at another deployment", async () => {
    const other = await world.addDeployment();
    const request = templateRequest();
    await world.post(id, request);
    await world.post(other.id, request);
    expect(await world.messagesOf(other.id)).toHaveLength(1);
  });

  test("of 0|0|0|0 is sent each time", async () => {
    const request = templateRequest({ msgId: "0|0|0|0" });
    await world.post(id, request);
    await world.post(id, request);
    expect(await world.messagesOf(id)).toHaveLength(2);
  });

  test("comes back byte for byte, whatever it is made of", async () => {
    const odd = "  ключ|\u{1F600}|\\\"|%20\t ";
    await world.post(id, templateRequest({ msgId: odd }));
    expect((await world.messagesOf(id))[0]!.external_id).toBe(odd);
  });
});

describe("a request that is refused", () => {
  test("with a wrong, empty or missing token, or for a deployment that does not exist, gets 2000", async () => {
    expect(await world.post(id, templateRequest(), { token: "wrong" })).toEqual(failure(2000));
    expect(await world.post(id, templateRequest(), { token: "" })).toEqual(failure(2000));
    expect(await world.post(id, templateRequest(), {})).toEqual(failure(2000));
    expect(await world.post(id, templateRequest(), { authorization: `Basic ${TOKEN}` })).toEqual(failure(2000));
    expect(await world.post("00000000-0000-7000-8000-000000000000", templateRequest())).toEqual(failure(2000));
    expect(await world.post("no-such-deployment", templateRequest())).toEqual(failure(2000));
  });

  test("because it is malformed gets 2004 and the field's name", async () => {
    expect(await world.post(id, "not json")).toEqual(failure(2004, /^body: expected a JSON object/));
    expect(await world.post(id, "")).toEqual(failure(2004, /nothing/));
    expect(await world.post(id, "[]")).toEqual(failure(2004, /^body: /));
    expect(await world.post(id, new Uint8Array([0x7b, 0xff, 0x7d]))).toEqual(failure(2004, /UTF-8/));
    expect(await world.post(id, templateRequest({ msgId: undefined }))).toEqual(failure(2004, /^msgId: /));
    expect(await world.post(id, templateRequest({ isTemplate: "yes" }))).toEqual(failure(2004, /^isTemplate: /));
    expect(await world.post(id, templateRequest({ template: { namespace: "two_values" } }))).toEqual(failure(2004, /^template\.languageCode: /));
    expect(await world.post(id, textRequest({ type: "hologram" }))).toEqual(failure(2004, /^type: /));
  });

  test("because of its number gets 2002", async () => {
    for (const to of ["12345", "call me", "+99912345678", "", "+9198"]) expect(await world.post(id, templateRequest({ to }))).toEqual(failure(2002, /^to: /));
  });

  test("because of its template gets 2001 and what differs", async () => {
    const wrong = (more: Record<string, unknown>) => world.post(id, templateRequest(more));
    expect(await wrong({ template: { namespace: "no_such", languageCode: "en" } })).toEqual(failure(2001, 'There is no template "no_such" on this number.'));
    expect(await wrong({ template: { namespace: "two_values", languageCode: "fr" } })).toEqual(failure(2001, /does not exist in fr; it exists in en, en_GB/));
    expect(await wrong({ template: { namespace: "paused", languageCode: "en" } })).toEqual(failure(2001, /status at Meta is PAUSED/));
    expect(await wrong({ components: [bodyWith("Ravi")] })).toEqual(failure(2001, /body has 1 value, the template needs 2/));
    expect(await wrong({ components: [{ type: "header", header: { type: "audio", audio: { mediaURL: "https://cdn.example.com/a.mp3" } } }, bodyWith("Ravi", "42")] })).toEqual(failure(2001));
  });

  test("leaves nothing in the ledger", async () => {
    await world.post(id, templateRequest({ to: "12345" }));
    await world.post(id, templateRequest({ components: [] }));
    await world.post(id, templateRequest(), { token: "wrong" });
    expect(await world.messagesOf(id)).toEqual([]);
  });

  test("because it is longer than 3 MB is answered 413 in the contract's form", async () => {
    const answer = await world.post(id, templateRequest({ filler: "x".repeat(3.2 * 1024 * 1024) }));
    expect(answer).toEqual({ status: 413, body: { status: "failure", error: { code: 2004, message: "body: expected at most 3 MB" } } });
  });

  test("because the database is away is answered 500 in the contract's form", async () => {
    await world.post(id, templateRequest());
    await world.pool.query("alter table outbox rename to outbox_away");
    try {
      expect(await world.post(id, templateRequest())).toEqual({ status: 500, body: { status: "failure", error: { message: expect.any(String) } } });
    } finally {
      await world.pool.query("alter table outbox_away rename to outbox");
    }
  });
});

describe("requests that no campaign makes", () => {
  const probe = {
    payloadVersion: 0.1, to: "+910000000000", wabaNumber: "15550100199", isTemplate: true, msgId: "0|0|0|0",
    template: { namespace: VERIFICATION_NAMESPACE, languageCode: "en" }, components: [bodyWith("a", "b", "c")],
  };

  test("the probe of a provider being saved is answered, wrapped or not, and never stored", async () => {
    expect(await world.post(id, probe)).toEqual(success);
    expect(await world.post(id, { body: probe })).toEqual(success);
    expect(await world.messagesOf(id)).toEqual([]);
  });

  test("a trial with placeholder values is checked against the template and not sent", async () => {
    const trial = (...values: string[]) => templateRequest({ msgId: "0|0|0|0", to: "0", components: [bodyWith(...values)] });
    expect(await world.post(id, trial("0", "1"))).toEqual(success);
    expect(await world.post(id, trial("0", "1", "2"))).toEqual(failure(2001, /body has 3 values, the template needs 2/));
    expect(await world.messagesOf(id)).toEqual([]);
  });

  test("a trial is sent like any other request when the deployment says so", async () => {
    const { id } = await world.addDeployment({ settings: { trialPolicy: "send", callbackBatchSize: 100, othersAsText: false } });
    await world.post(id, templateRequest({ msgId: "0|0|0|0", components: [bodyWith("0", "1")] }));
    expect(await world.messagesOf(id)).toHaveLength(1);
  });

  test("a 0|0|0|0 request with real values is sent", async () => {
    await world.post(id, templateRequest({ msgId: "0|0|0|0" }));
    expect(await world.messagesOf(id)).toMatchObject([{ external_id: "0|0|0|0", state: "queued" }]);
  });
});

describe("messages that may not be sent", () => {
  test("free-form outside the 24-hour window is taken, fails at once and is called back as 1008", async () => {
    const { id } = await world.addDeployment({ webhooks: { status: "https://platform.example/status", inbound: null } });
    await world.openWindow("+919800000071", new Date(Date.now() - 25 * 3600_000));
    for (const to of ["919800000070", "919800000071"]) expect(await world.post(id, textRequest({ to }))).toEqual(success);
    expect(await world.messagesOf(id)).toMatchObject([{ state: "failed" }, { state: "failed" }]);
    const callbacks = await world.callbacksOf(id);
    expect(callbacks.map((callback) => callback.body)).toEqual(
      Array.from({ length: 2 }, () => ({ msgId: expect.any(String), status: "failed", timestamp: expect.stringMatching(/^\d{10}$/), error: { code: 1008, title: expect.any(String) } })),
    );
    expect((await world.pool.query("select from outbox where origin_id = $1", [id])).rowCount).toBe(0);
  });

  test("free-form inside the window is queued ahead of campaigns", async () => {
    await world.openWindow("+919800000072");
    expect(await world.post(id, textRequest({ to: "919800000072" }))).toEqual(success);
    expect(await world.messagesOf(id)).toMatchObject([{ state: "queued", category: "service", content: { type: "text", text: "Thanks, noted" } }]);
  });

  test("marketing to a person who opted out fails with 1006, utility does not", async () => {
    const { id } = await world.addDeployment({ webhooks: { status: null, inbound: "https://platform.example/inbound" } });
    await world.pool.query("insert into marketing_opt_outs (workspace_id, provider_id, phone, source, at) values ($1, $2, '+919800000073', 'test', now())", [world.workspaceId, world.providerId]);
    await world.post(id, templateRequest({ to: "919800000073", template: { namespace: "news", languageCode: "en" }, components: [bodyWith("Ravi")] }));
    await world.post(id, templateRequest({ to: "919800000073" }));
    expect((await world.messagesOf(id)).map((m) => m.state)).toEqual(["failed", "queued"]);
    expect((await world.callbacksOf(id)).map((callback) => callback.body)).toMatchObject([{ status: "failed", error: { code: 1006 } }]);
  });
});

describe("the contract's contradictions are all taken", () => {
  test("msg_id, a wrapped body, footertext, a text payloadVersion, snake case sub-types, odd indexes, stray custom props, plain numbers", async () => {
    await world.openWindow("+919800000081");
    const full = (buttons: unknown[], more: Record<string, unknown> = {}) =>
      templateRequest({
        template: { namespace: "order_ready", languageCode: "en" },
        components: [
          { type: "header", header: { type: "image", image: { mediaURL: "https://cdn.example.com/a.jpg" } } },
          bodyWith("Ravi", "42"),
          { type: "footer", footertext: "Open from 9 to 18" },
          { customProps: [{ cost_centre: "A7" }] },
          { type: "hologram", hologram: {} },
          ...buttons,
        ],
        ...more,
      });
    const track = (text: string, more: Record<string, unknown> = {}) => ({ type: "button", index: 0, subType: "dynamicUrl", buttonText: "Track", parameters: [{ type: "text", text }], ...more });
    const call = { type: "button", index: 1, subType: "call_phone", buttonText: "Call", parameters: [{ type: "text", text: "+918000000002" }] };
    const fine = { type: "button", index: 2, subType: "Quickreply", buttonText: "Fine", parameters: [{ type: "payload", payload: "ok-42" }] };
    const requests = [
      full([track("t/42"), call, fine]),
      full([track("https://shop.example/orders/t/42"), call, fine]),
      full([track("t/42", { subType: "dynamic_url", index: 0 }), { ...call, index: 0 }, { ...fine, index: 0 }]),
      full([track("t/42", { index: 1 }), { ...call, index: 2 }, { ...fine, index: 3 }]),
      full([fine, call, track("t/42")].map((button) => ({ ...button, index: undefined }))),
      { body: full([track("t/42"), call, fine]) },
      full([track("t/42"), call, fine], { payloadVersion: "0.1", customProps: [{ team: "growth" }], to: "919800000001", wabaNumber: "+15550100199" }),
    ];
    for (const request of requests) expect(await world.post(id, request)).toEqual(success);
    const contents = (await world.messagesOf(id)).map((message) => message.content);
    for (const content of contents) {
      expect(content).toEqual({
        type: "template", name: "order_ready", language: "en",
        header: { kind: "image", media: { link: "https://cdn.example.com/a.jpg" } },
        body: [{ text: "Ravi" }, { text: "42" }],
        buttons: [{ kind: "url", index: 0, suffix: "t/42" }, { kind: "quickReply", index: 2, payload: "ok-42" }],
      });
    }
    expect(contents).toHaveLength(requests.length);
    const { msgId: id2, ...rest } = textRequest({ to: "919800000081" });
    expect(await world.post(id, { ...rest, msg_id: id2 })).toEqual(success);
    expect(await world.post(id, templateRequest({ template: { namespace: "two_values", languageCode: "en(uk)" } }))).toEqual(success);
    expect((await world.messagesOf(id)).slice(-2)).toMatchObject([{ external_id: id2 }, { content: { language: "en_GB" } }]);
  });
});

describe("under pressure", () => {
  test("a thousand concurrent requests are all stored, in few transactions", async () => {
    const requests = Array.from({ length: 1_000 }, (_, i) => templateRequest({ to: `9198${String(10_000_000 + i)}`, msgId: msgId() }));
    const answers = await Promise.all(requests.map((request) => world.post(id, request)));
    expect(answers.filter((answer) => answer.body.status !== "success")).toEqual([]);
    expect(await world.messagesOf(id)).toHaveLength(1_000);
  });

  test("two thousand damaged bodies get an answer of the contract each, and never a server error", async () => {
    const good = JSON.stringify(templateRequest({ template: { namespace: "order_ready", languageCode: "en" } }));
    const random = seeded(7);
    const bodies = Array.from({ length: 2_000 }, () => damage(Buffer.from(good), random));
    for (let i = 0; i < bodies.length; i += 50) {
      const answers = await Promise.all(bodies.slice(i, i + 50).map((body) => world.post(id, body)));
      const [taken, refused] = [answers.filter(isTaken), answers.filter((answer) => !isTaken(answer))];
      expect(taken).toEqual(taken.map(() => success));
      expect(refused).toEqual(refused.map(() => ({ status: 200, body: { status: "failure", error: { code: expect.any(Number), message: expect.any(String) } } })));
    }
  });
});

function isTaken(answer: { body: { status?: string } }): boolean {
  return answer.body.status === "success";
}

/** Flips, drops, doubles and swaps bytes; sometimes replaces a value by something of another kind. */
function damage(bytes: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * bytes.length);
  const to = Math.min(bytes.length, at + 1 + Math.floor(random() * 12));
  const values = ["null", "[]", "{}", "1e999", "-1", '"\\u0000"', '"\\ud800"', "true", '"\u{1F600}"', "[[[[]]]]"];
  switch (Math.floor(random() * 5)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), Buffer.of(Math.floor(random() * 256)), bytes.subarray(at + 1)]);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    case 3:
      return bytes.subarray(0, at);
    default: {
      const text = bytes.toString("utf8");
      const literals = [...text.matchAll(/"[^"]*"(?!:)|\d+(\.\d+)?|true/g)];
      const chosen = literals[Math.floor(random() * literals.length)]!;
      const value = values[Math.floor(random() * values.length)]!;
      return Buffer.from(text.slice(0, chosen.index) + value + text.slice(chosen.index + chosen[0].length));
    }
  }
}

/** The same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
