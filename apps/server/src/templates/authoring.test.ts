import type { ErrorBody, List, MediaSample, Template } from "@tincan/api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { body, plain, refusal, startTemplateWorld, type TemplateWorld } from "./test/world.ts";

let world: TemplateWorld;

beforeAll(async () => {
  world = await startTemplateWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.sandbox.change({ templates: { reviewMs: null, editedStaysSendable: false } }));

const at = (id: string, step = "") => `/api/v1/templates/${id}${step}`;
let names = 0;
const fresh = (prefix: string) => `${prefix}_${++names}`;

async function submitted(name: string): Promise<Template> {
  const answer = await world.create({ ...plain(name), submit: true });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function approved(name: string): Promise<Template> {
  const template = await submitted(name);
  await world.decide(template, { decision: "approve" });
  return world.becomes(template.id, "APPROVED");
}

describe("a draft", () => {
  test("may be unfinished, and says what still stands against submitting it", async () => {
    const { status, body: draft } = await world.create({ name: fresh("draft"), components: [] });
    expect(status).toBe(201);
    expect(draft).toMatchObject({ status: "DRAFT", externalId: null, provider: { kind: "cloud-api", nickname: "Main" } });
    expect(draft.problems.map(({ path, rule }) => [path, rule])).toEqual([["components", "components.list"]]);
    expect(refusal(await world.api.post(at(draft.id, "/submit")))).toEqual({ status: 422, code: "template_invalid", field: "components", expected: "components.list" });
    const { body: finished } = await world.api.patch<Template>(at(draft.id), { components: plain("parcel").components });
    expect(finished.problems).toEqual([]);
  });

  test("changes its name and language, but not to a template that is there", async () => {
    const { body: first } = await world.create({ name: fresh("taken") });
    const { body: second } = await world.create({ name: fresh("free") });
    expect(refusal(await world.api.patch(at(second.id), { name: first.name }))).toMatchObject({ status: 409, code: "template_exists", field: "name" });
    const { body: moved } = await world.api.patch<Template>(at(second.id), { name: first.name, language: "de" });
    expect(moved).toMatchObject({ name: first.name, language: "de" });
    expect(refusal(await world.create({ name: first.name }))).toMatchObject({ status: 409, code: "template_exists" });
  });

  test("is deleted without a trace", async () => {
    const { body: draft } = await world.create({ name: fresh("gone") });
    expect((await world.api.delete(at(draft.id))).status).toBe(204);
    expect((await world.api.get(at(draft.id))).status).toBe(404);
  });

  test("keeps samples and what is kept about its buttons", async () => {
    const name = fresh("kept");
    const buttons = { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Stop promotions" }] };
    const settings = [{ index: 0, payload: "STOP", optOut: true }];
    const samples = { body: [{ text: "Ada" }] };
    const { body: draft } = await world.create({ name, category: "MARKETING", components: [body("Hi {{1}}, our spring sale has begun today.", "Ada"), buttons], buttonSettings: settings, samples });
    expect(draft).toMatchObject({ buttonSettings: settings, samples, problems: [] });
  });

  test("nobody who only reads may write one", async () => {
    const member = await world.script("member");
    expect((await member.post("/api/v1/templates", { ...plain("no"), provider: world.provider.id })).status).toBe(403);
  });
});

describe("review", () => {
  test("a submitted template is pending until Meta's verdict comes by webhook", async () => {
    const template = await submitted(fresh("order"));
    expect(template).toMatchObject({ status: "PENDING", externalId: expect.stringMatching(/^\d+$/) });
    await world.decide(template, { decision: "approve" });
    expect(await world.becomes(template.id, "APPROVED")).toMatchObject({ rejectedReason: null });
    expect(refusal(await world.api.post(at(template.id, "/submit")))).toMatchObject({ status: 409, code: "template_submitted_already" });
  });

  test("a rejection is shown with its reason, and an edit sends it to review again", async () => {
    const template = await submitted(fresh("scam"));
    await world.decide(template, { decision: "reject", reason: "PROMOTIONAL" });
    expect((await world.becomes(template.id, "REJECTED")).rejectedReason).toBe("PROMOTIONAL");
    const { status, body: edited } = await world.api.patch<Template>(at(template.id), { components: [body("Your parcel waits at the counter for you.")] });
    expect([status, edited.status]).toEqual([200, "PENDING"]);
    await world.decide(template, { decision: "approve" });
    expect(await world.becomes(template.id, "APPROVED")).toMatchObject({ rejectedReason: null, components: [{ text: "Your parcel waits at the counter for you." }] });
  });

  test("a verdict that comes before Meta's own answer is stored stays", async () => {
    world.sandbox.change({ templates: { reviewMs: 0 } });
    const template = await submitted(fresh("quick"));
    await world.becomes(template.id, "APPROVED");
  });

  test("what Meta refuses on creation leaves nothing behind, and says why", async () => {
    const name = "hello_world";
    const answer = await world.create({ ...plain(name), language: "de", submit: true });
    expect(refusal(answer)).toMatchObject({ status: 422, code: "template_refused" });
    expect((answer.body as unknown as ErrorBody).error.message).toContain("sample template");
    const { body: list } = await world.api.get<List<Template>>("/api/v1/templates?language=de&q=hello_world");
    expect(list.items).toEqual([]);
    const { body: log } = await world.api.get<List<{ action: string; target: { name: string } }>>("/api/v1/audit?action=template");
    expect(log.items.filter(({ target }) => target.name === "hello_world (de)").map(({ action }) => action)).toEqual(["template.deleted", "template.created"]);
  });

  test("two people who submit at once submit it once", async () => {
    const { body: draft } = await world.create({ name: fresh("race") });
    const answers = await Promise.all([1, 2, 3].map(() => world.api.post<Template>(at(draft.id, "/submit"))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await world.template(draft.id)).status).toBe("PENDING");
  });

  test("a submission that a crash cut off is taken up again after two minutes, not before", async () => {
    const { body: draft } = await world.create({ name: fresh("cut_off") });
    const left = (minutes: number) => world.database.pool.query(`update templates set status = 'PENDING', updated_at = now() - $1 * interval '1 minute' where id = $2`, [minutes, draft.id]);
    await left(1);
    expect(refusal(await world.api.post(at(draft.id, "/submit")))).toMatchObject({ status: 409, code: "template_busy" });
    await left(3);
    expect((await world.api.post<Template>(at(draft.id, "/submit"))).body).toMatchObject({ status: "PENDING", externalId: expect.any(String) });
  });

  test("a template that Meta took although its answer was lost is recognised", async () => {
    const { body: draft } = await world.create({ name: fresh("lost") });
    await fetch(`${world.sandbox.url}/v26.0/900100200300400/message_templates`, {
      method: "POST", headers: { authorization: "Bearer sandbox-token", "content-type": "application/json" },
      body: JSON.stringify({ name: draft.name, language: "en", category: "UTILITY", components: draft.components }),
    });
    world.sandbox.change({ errors: [{ on: "templates", times: 1, httpStatus: 500 }] });
    const { body: after } = await world.api.post<Template>(at(draft.id, "/submit"));
    expect(after).toMatchObject({ status: "PENDING", externalId: expect.any(String) });
  });
});

describe("a pause", () => {
  test("is ended at Meta, and the template can be sent again", async () => {
    const template = await approved(fresh("paused"));
    expect(refusal(await world.api.post(at(template.id, "/unpause")))).toMatchObject({ status: 409, code: "template_not_paused" });
    await world.decide(template, { decision: "pause" });
    await world.becomes(template.id, "PAUSED");
    expect((await world.api.post<Template>(at(template.id, "/unpause"))).body.status).toBe("APPROVED");
  });
});

describe("Meta's rules for editing and deleting", () => {
  test("an approved template is edited once a day", async () => {
    world.sandbox.change({ templates: { editedStaysSendable: true } });
    const template = await approved(fresh("daily"));
    const first = await world.api.patch<Template>(at(template.id), { components: [body("Your parcel waits at the counter of our shop.")] });
    expect([first.status, first.body.status]).toEqual([200, "APPROVED"]);
    const second = await world.api.patch(at(template.id), { components: [body("Your parcel waits for you in the shop.")] });
    expect(refusal(second)).toMatchObject({ status: 409, code: "template_edit_limit" });
    expect((second.body as ErrorBody).error.message).toMatch(/again from \d{4}-\d\d-\d\d/);
  });

  test("samples and button settings change as often as one likes, and never leave Tincan", async () => {
    const template = await approved(fresh("local"));
    for (const text of ["Ada", "Bo", "Cy"]) {
      const answer = await world.api.patch<Template>(at(template.id), { samples: { body: [{ text }] } });
      expect([answer.status, answer.body.status]).toEqual([200, "APPROVED"]);
    }
    expect(refusal(await world.api.patch(at(template.id), { buttonSettings: [{ index: 3, payload: "x" }] }))).toMatchObject({ status: 422, expected: "settings.button" });
  });

  test("a template under review is not edited", async () => {
    const template = await submitted(fresh("waiting"));
    expect(refusal(await world.api.patch(at(template.id), { components: [body("Another text for the same parcel.")] }))).toMatchObject({ status: 409, code: "template_not_editable" });
  });

  test("the category of an approved template, and anybody's name and language, are fixed", async () => {
    const template = await approved(fresh("fixed"));
    expect(refusal(await world.api.patch(at(template.id), { category: "MARKETING" }))).toMatchObject({ code: "template_not_editable", field: "category" });
    expect(refusal(await world.api.patch(at(template.id), { name: "other" }))).toMatchObject({ code: "template_not_editable", field: "name" });
    expect(refusal(await world.api.patch(at(template.id), { language: "de" }))).toMatchObject({ code: "template_not_editable", field: "language" });
  });

  test("an edit that Meta refuses leaves the template as it was", async () => {
    const template = await approved(fresh("stays"));
    world.sandbox.change({ templates: { editedStaysSendable: true } });
    await fetch(`${world.sandbox.url}/v26.0/${template.externalId}`, {
      method: "POST", headers: { authorization: "Bearer sandbox-token", "content-type": "application/json" }, body: JSON.stringify({ components: template.components }),
    });
    expect(refusal(await world.api.patch(at(template.id), { components: [body("Somebody edited it at Meta today already.")] }))).toMatchObject({ status: 409, code: "template_not_editable" });
    expect(await world.template(template.id)).toMatchObject({ status: "APPROVED", components: template.components });
  });

  test("a deleted template's name is locked for 30 days", async () => {
    const template = await approved(fresh("locked"));
    expect((await world.api.delete(at(template.id))).status).toBe(204);
    expect((await world.template(template.id)).status).toBe("DELETED");
    const again = await world.create({ ...plain(template.name), submit: true });
    expect(refusal(again)).toMatchObject({ status: 409, code: "template_name_locked", field: "name" });
    expect((again.body as unknown as ErrorBody).error.message).toMatch(/free again from \d{4}/);
    // A draft of that name may wait; a refused submission has not forgotten the lock.
    const { body: draft } = await world.create(plain(template.name));
    expect(refusal(await world.api.post(at(draft.id, "/submit")))).toMatchObject({ code: "template_name_locked" });
  });

  test("a disabled template is archived, not deleted", async () => {
    const template = await approved(fresh("disabled"));
    await world.decide(template, { decision: "disable" });
    await world.becomes(template.id, "DISABLED");
    expect(refusal(await world.api.delete(at(template.id)))).toMatchObject({ status: 409, code: "template_not_deletable" });
    expect((await world.api.post<Template>(at(template.id, "/archive"))).body.archivedAt).not.toBeNull();
  });
});

describe("many templates", () => {
  test("a clone is a draft with everything but the name", async () => {
    const template = await approved(fresh("mother"));
    const { status, body: copy } = await world.api.post<Template>(at(template.id, "/clone"));
    expect(status).toBe(201);
    expect(copy).toMatchObject({ name: `${template.name}_copy`, status: "DRAFT", externalId: null, components: template.components, category: "UTILITY" });
    const { body: german } = await world.api.post<Template>(at(template.id, "/clone"), { language: "de" });
    expect(german).toMatchObject({ name: template.name, language: "de" });
    const { body: languages } = await world.api.get<List<Template>>(at(template.id, "/languages"));
    expect(languages.items.map(({ language, status: state }) => [language, state])).toEqual([["de", "DRAFT"], ["en", "APPROVED"]]);
  });

  test("an archived template is listed only when asked for", async () => {
    const { body: draft } = await world.create({ name: fresh("old") });
    await world.api.post(at(draft.id, "/archive"));
    const listed = async (more: string) => (await world.api.get<List<Template>>(`/api/v1/templates?q=${draft.name}${more}`)).body.items.length;
    expect([await listed(""), await listed("&archived=true")]).toEqual([0, 1]);
    await world.api.post(at(draft.id, "/unarchive"));
    expect([await listed(""), await listed("&archived=true")]).toEqual([1, 0]);
  });

  test("every change is in the audit log", async () => {
    const { body: draft } = await world.create({ name: fresh("audited") });
    await world.api.patch(at(draft.id), { samples: {} });
    await world.api.delete(at(draft.id));
    const { body: log } = await world.api.get<List<{ action: string; target: { id: string } }>>("/api/v1/audit?action=template");
    expect(log.items.filter(({ target }) => target.id === draft.id).map(({ action }) => action)).toEqual(["template.deleted", "template.changed", "template.created"]);
  });
});

describe("the sample of a media header", () => {
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  const image = { type: "HEADER", format: "IMAGE" };

  async function upload(id: string, type: string, bytes: Uint8Array<ArrayBuffer>, query = "") {
    const form = new FormData();
    form.set("file", new File([bytes], "sample.png", { type }));
    const response = await fetch(`${world.url}${at(id, `/media-sample${query}`)}`, { method: "POST", headers: world.api.headers, body: form });
    return { status: response.status, headers: response.headers, body: (await response.json()) as MediaSample };
  }

  test("is uploaded to Meta, and its handle makes the draft complete", async () => {
    const { body: draft } = await world.create({ name: fresh("picture"), components: [image, body("Look at our new things in the shop.")] });
    expect(draft.problems.map(({ rule }) => rule)).toEqual(["header.handle"]);
    const { status, body: answer } = await upload(draft.id, "image/png", png);
    expect(status).toBe(201);
    expect(answer.handle).toMatch(/^4::/);
    expect(answer.template).toMatchObject({ problems: [], components: [{ type: "HEADER", example: { header_handle: [answer.handle] } }, {}] });
    const { body: pending } = await world.api.post<Template>(at(draft.id, "/submit"));
    expect(pending.status).toBe("PENDING");
  });

  test("goes into the header of the card that is named", async () => {
    const card = { components: [image, body("One of our new things.")] };
    const { body: draft } = await world.create({ name: fresh("cards"), category: "MARKETING", components: [body("Look at our new things."), { type: "CAROUSEL", cards: [card, card] }] });
    for (const index of [0, 1]) expect((await upload(draft.id, "image/png", png, `?card=${index}`)).status).toBe(201);
    expect((await world.template(draft.id)).problems).toEqual([]);
  });

  test("must be of the header's kind, and there must be a header", async () => {
    const { body: draft } = await world.create({ name: fresh("wrong"), components: [image, body("Look at our new things in the shop.")] });
    expect(refusal(await upload(draft.id, "video/mp4", png))).toMatchObject({ status: 422, code: "sample_not_taken", expected: "image/jpeg or image/png" });
    expect(refusal(await upload(draft.id, "image/png", Buffer.alloc(5 * 1024 * 1024 + 1)))).toMatchObject({ status: 422, code: "sample_not_taken", expected: "at most 5 MB" });
    expect(refusal(await upload(draft.id, "image/png", Buffer.alloc(17 * 1024 * 1024)))).toMatchObject({ status: 413 });
    const { body: bare } = await world.create({ name: fresh("bare") });
    expect(refusal(await upload(bare.id, "image/png", png))).toMatchObject({ status: 409, code: "template_without_media_header" });
  });
});
