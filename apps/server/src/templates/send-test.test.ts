import type { ErrorBody, List, Message, MessageSummary, Template, TestResult, Trace } from "@tincan/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { upsertContacts } from "../contacts/upsert.ts";
import { body, plain, refusal, startTemplateWorld, type TemplateWorld } from "./test/world.ts";

let world: TemplateWorld;

beforeAll(async () => {
  world = await startTemplateWorld();
  world.sandbox.change({ templates: { reviewMs: 0 } });
});
afterAll(() => world.stop());

let people = 0;
const somebody = () => `+1555010${String(1000 + ++people)}`;

async function approved(input: Parameters<TemplateWorld["create"]>[0]): Promise<Template> {
  const answer = await world.create({ ...input, submit: true });
  expect(answer).toMatchObject({ status: 201 });
  return world.becomes(answer.body.id, "APPROVED");
}

const sendTest = (template: Template, input: object) => world.api.post<TestResult>(`/api/v1/templates/${template.id}/test`, input);
const message = async (id: string) => (await world.api.get<Message>(`/api/v1/messages/${id}`)).body;
const steps = async (id: string) => (await world.api.get<Trace>(`/api/v1/messages/${id}/trace`)).body.steps;

async function delivered(id: string): Promise<void> {
  await expect.poll(async () => (await message(id)).state, { timeout: 5000 }).toBe("delivered");
}

async function shown(phone: string): Promise<{ body?: string; header?: { text?: string; media?: object }; buttons?: object[] }[]> {
  const response = await fetch(`${world.sandbox.url}/sandbox/phones/${phone.slice(1)}/messages`);
  return ((await response.json()) as { direction: string; shown: object }[]).filter(({ direction }) => direction === "in").map((each) => each.shown);
}

describe("a test of a template", () => {
  test("arrives with the samples, and its trace shows the request, the raw answer and the receipts", async () => {
    const template = await approved({
      name: "tested", category: "MARKETING",
      components: [
        { type: "HEADER", format: "TEXT", text: "Hello {{1}} from us", example: { header_text: ["Ada"] } },
        body("Your order {{1}} is ready and waits at {{2}} for you.", "A-1", "counter 2"),
        { type: "BUTTONS", buttons: [{ type: "URL", text: "Track", url: "https://shop.example/t/{{1}}", example: ["https://shop.example/t/81"] }, { type: "QUICK_REPLY", text: "Stop" }] },
      ],
      buttonSettings: [{ index: 1, payload: "STOP_PROMO", optOut: true }],
      samples: { body: [{ text: "B-2" }, { text: "the door" }] },
    });
    const to = somebody();
    const answer = await sendTest(template, { to: [to] });
    expect(answer).toMatchObject({ status: 202, body: { tests: [{ to, messageId: expect.any(String) }] } });
    const { messageId } = answer.body.tests[0]!;
    await delivered(messageId);
    expect(await shown(to)).toMatchObject([{ header: { text: "Hello Ada from us" }, body: "Your order B-2 is ready and waits at the door for you." }]);

    const trace = await steps(messageId);
    expect(trace.map(({ kind }) => kind)).toEqual(["stored", "request", "answer", "receipt", "receipt"]);
    expect(trace[1]).toMatchObject({ body: { to, type: "template", template: { name: "tested" } } });
    expect(JSON.stringify(trace[1]!.body)).toContain("STOP_PROMO");
    expect(trace[2]).toMatchObject({ title: "The provider took it (HTTP 200)", status: "ok", body: { messaging_product: "whatsapp", messages: [{ message_status: "accepted" }] } });
    expect((await message(messageId)).origin).toEqual({ kind: "test", id: template.id, name: "tested (en)" });
  });

  test("with a picture takes the sample that was reviewed, when no other is given", async () => {
    const image = { type: "HEADER", format: "IMAGE" };
    const { body: draft } = await world.create({ name: "pictured", components: [image, body("Look at what came into our shop.")] });
    const form = new FormData();
    form.set("file", new File([Buffer.from("89504e470d0a1a0a", "hex")], "sample.png", { type: "image/png" }));
    expect((await fetch(`${world.url}/api/v1/templates/${draft.id}/media-sample`, { method: "POST", headers: world.api.headers, body: form })).status).toBe(201);
    await world.api.post(`/api/v1/templates/${draft.id}/submit`);
    const template = await world.becomes(draft.id, "APPROVED");
    await world.api.post(`/api/v1/providers/${world.provider.id}/sync-templates`);
    const to = somebody();
    const { body: result } = await sendTest(template, { to: [to] });
    await delivered(result.tests[0]!.messageId);
    expect(await shown(to)).toMatchObject([{ header: { media: { kind: "image", url: expect.stringContaining("/sandbox/files/") } } }]);
  });

  test("takes values, and several numbers at once", async () => {
    const template = await approved({ name: "valued", components: [body("Hello {{1}}, welcome to our shop.", "Ada")] });
    const [one, two] = [somebody(), somebody()];
    const { body: result } = await sendTest(template, { to: [one, two, one], values: { body: [{ text: "Bo" }] } });
    expect(result.tests.map(({ to }) => to)).toEqual([one, two]);
    await Promise.all(result.tests.map(({ messageId }) => delivered(messageId)));
    for (const phone of [one, two]) expect(await shown(phone)).toMatchObject([{ body: "Hello Bo, welcome to our shop." }]);
  });

  test("with values that do not fit is refused before anything is sent", async () => {
    const template = await approved({ name: "misfit", components: [body("Hello {{1}}, welcome to our store.", "Ada")] });
    for (const values of [{ body: [] }, { body: [{ text: "a" }, { text: "b" }] }, { body: [{ text: "a\nb" }] }, { header: { kind: "text", text: "x" } }, { buttons: [{ kind: "url", index: 0, suffix: "x" }] }]) {
      expect(refusal(await sendTest(template, { to: [somebody()], values })), JSON.stringify(values)).toEqual({ status: 422, code: "template_values_invalid", field: "values" });
    }
    const { body: list } = await world.api.get<List<MessageSummary>>("/api/v1/messages?origin=test&q=misfit");
    expect(list.items).toEqual([]);
  });

  test("is for approved templates, and needs somebody to go to", async () => {
    const { body: draft } = await world.create(plain("unsent"));
    expect(refusal(await sendTest(draft, { to: [somebody()] }))).toMatchObject({ status: 409, code: "template_not_sendable" });
    const template = await approved({ name: "lonely", components: [body("Nobody reads this text of ours.")] });
    expect(refusal(await sendTest(template, {}))).toMatchObject({ status: 422, code: "no_test_recipient", field: "to" });
    expect(refusal(await sendTest(template, { contactIds: ["nobody"] }))).toMatchObject({ status: 422, code: "no_test_recipient", field: "contactIds" });
    expect(refusal(await sendTest(template, { to: Array.from({ length: 11 }, somebody) }))).toMatchObject({ status: 400, code: "invalid_input" });
    const member = await world.script("member");
    expect((await member.post(`/api/v1/templates/${template.id}/test`, { to: [somebody()] })).status).toBe(403);
  });

  test("reaches a contact at its number", async () => {
    const phone = somebody();
    const workspace = await world.database.db.selectFrom("workspaces").select("id").executeTakeFirstOrThrow();
    const { ids } = await world.database.db.transaction().execute((tx) => upsertContacts(tx, workspace.id, [{ phone }], { source: "form" }));
    const template = await approved({ name: "contacted", components: [body("A contact reads this text of ours.")] });
    const { body: result } = await sendTest(template, { contactIds: ids });
    expect(result.tests).toMatchObject([{ to: phone }]);
  });

  test("of marketing does not reach who stopped marketing", async () => {
    const template = await approved({ name: "stopped", category: "MARKETING", components: [body("Our spring sale begins today in town.")] });
    const to = somebody();
    const { body: first } = await sendTest(template, { to: [to] });
    await delivered(first.tests[0]!.messageId);
    await fetch(`${world.sandbox.url}/sandbox/phones/${to.slice(1)}/opt-out`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    await expect
      .poll(async () => {
        const { body: again } = await sendTest(template, { to: [to] });
        return (await message(again.tests[0]!.messageId)).error?.code;
      }, { timeout: 5000 })
      .toBe("1006");
  });

  test("that Meta refuses shows Meta's raw answer", async () => {
    const template = await approved({ name: "refused", components: [body("This text will be refused by Meta.")] });
    world.sandbox.change({ errors: [{ template: "refused", code: 132016 }] });
    const { body: result } = await sendTest(template, { to: [somebody()] });
    const { messageId } = result.tests[0]!;
    await expect.poll(async () => (await message(messageId)).state).toBe("failed");
    const answer = (await steps(messageId)).find(({ kind }) => kind === "answer");
    expect(answer).toMatchObject({ title: "The provider refused it (HTTP 400)", body: { error: { code: 132016 } } });
    world.sandbox.change({ errors: [] });
  });
});

test("a test text through a provider arrives inside the 24-hour window", async () => {
  const to = somebody();
  await fetch(`${world.sandbox.url}/sandbox/phones/${to.slice(1)}/messages`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ type: "text", text: { body: "hi" } }) });
  const answer = await world.api.post<TestResult>(`/api/v1/providers/${world.provider.id}/test`, { to: [to], text: "A test of ours" });
  expect(answer.status).toBe(202);
  await delivered(answer.body.tests[0]!.messageId);
  expect(await shown(to)).toMatchObject([{ body: "A test of ours" }]);
  expect(refusal(await world.api.post(`/api/v1/providers/${world.provider.id}/test`, { to: ["123"], text: "x" }))).toMatchObject({ status: 400, code: "invalid_input" });
});

test("an archived provider sends no test", async () => {
  const template = await approved({ name: "archived", components: [body("An archived number sends this text.")] });
  await world.api.post(`/api/v1/providers/${world.provider.id}/archive`);
  expect(refusal(await sendTest(template, { to: [somebody()] }))).toMatchObject({ status: 409, code: "provider_archived" });
  await world.api.post(`/api/v1/providers/${world.provider.id}/unarchive`);
});

test("what is wrong with values is said in words", async () => {
  const template = await approved({ name: "worded", components: [body("Hello {{1}}, this is a word from us.", "Ada")] });
  const answer = await sendTest(template, { to: [somebody()], values: { body: [] } });
  expect((answer.body as unknown as ErrorBody).error.message).toContain("body");
});
