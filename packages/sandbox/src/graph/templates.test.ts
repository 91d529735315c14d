import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { arrayOf, objectOf, type JsonObject } from "../json.ts";
import { appId, appSecret, errorOf, hello, startClient, text, until, wabaId, type Answer, type Client } from "../testing.ts";

let client: Client;
beforeEach(async () => {
  client = await startClient({ behaviour: { templates: { reviewMs: 10_000 } } });
});
afterEach(() => client.close());

const edge = `/v26.0/${wabaId}/message_templates`;

function visit(name: string, more: JsonObject = {}): JsonObject {
  return { name, language: "en", category: "UTILITY", components: [{ type: "BODY", text: `Your visit of ${name.replaceAll("_", " ")} is booked.` }], ...more };
}

const create = (name: string, more: JsonObject = {}) => client.graph("POST", edge, visit(name, more));
const namesOf = (answer: Answer) => arrayOf(answer.body["data"]).map((each) => objectOf(each)["name"]);
const told = (event: string) => client.app.change((value, field) => field === "message_template_status_update" && value["event"] === event);

describe("creating a template", () => {
  it("answers PENDING, and APPROVED after the review, told by webhook with a numeric id", async () => {
    const { body } = await create("visit_booked");
    expect(body).toEqual({ id: expect.stringMatching(/^\d{16}$/), status: "PENDING", category: "UTILITY" });
    await client.sandbox.advance(10_000);
    expect(await told("APPROVED")).toEqual({
      event: "APPROVED",
      message_template_id: Number(body["id"]),
      message_template_name: "visit_booked",
      message_template_language: "en",
      reason: "NONE",
      message_template_category: "UTILITY",
    });
    expect((await client.graph("GET", `/v26.0/${body["id"]}`)).body["status"]).toBe("APPROVED");
    expect(client.app.received.at(-1)?.body.entry[0]?.time).toBeTypeOf("number");
  });

  it("cannot be sent before it is approved", async () => {
    await create("visit_booked");
    expect(errorOf(await client.send({ type: "template", template: { name: "visit_booked", language: { code: "en" } } }))["code"]).toBe(132001);
  });

  it("is rejected when another template says the same", async () => {
    await create("visit_one", { components: [{ type: "BODY", text: "The same words." }] });
    await client.sandbox.advance(10_000);
    await create("visit_two", { components: [{ type: "BODY", text: "The same words." }] });
    await client.sandbox.advance(10_000);
    expect((await told("REJECTED"))["reason"]).toBe("TAG_CONTENT_MISMATCH");
  });

  it.each([
    ["a name with capitals", { name: "Visit" }, 2388046],
    ["a leading variable", { components: [{ type: "BODY", text: "{{1}} is here for you today", example: { body_text: [["Ada"]] } }] }, 2388299],
    ["a variable without example", { components: [{ type: "BODY", text: "Hello {{1}}, how are you today?" }] }, 2388043],
  ])("is refused for %s with Meta's subcode", async (_case, more, subcode) => {
    const answer = await create("visit_booked", more);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ message: "Invalid parameter", code: 100, error_subcode: subcode, error_user_msg: expect.any(String) });
  });

  it("is refused when the name and language exist", async () => {
    await create("visit_booked");
    expect(errorOf(await create("visit_booked"))["error_subcode"]).toBe(2388024);
    expect((await create("visit_booked", { language: "de" })).status).toBe(200);
  });

  it("is approved at once when it comes from the library", async () => {
    const library = await client.graph("GET", "/v26.0/message_template_library?search=parcel");
    expect(namesOf(library)).toEqual(["delivery_on_the_way"]);
    const { body } = await client.graph("POST", edge, { name: "parcel", language: "en_US", category: "UTILITY", library_template_name: "delivery_on_the_way" });
    expect(body["status"]).toBe("APPROVED");
  });

  it("takes at most 100 an hour", async () => {
    for (let i = 0; i < 100; i++) await create(`visit_${i}`);
    expect(errorOf(await create("visit_100"))["code"]).toBe(80007);
    await client.sandbox.advance(3_600_000);
    expect((await create("visit_100")).status).toBe(200);
  });
});

describe("listing templates", () => {
  it("pages with cursors that lead through every template once", async () => {
    for (let i = 0; i < 5; i++) await create(`visit_${i}`);
    const names: unknown[] = [];
    let next: string | undefined = `${edge}?limit=3`;
    while (next) {
      const page: Answer = await client.graph("GET", next);
      names.push(...namesOf(page));
      const url = objectOf(page.body["paging"])["next"];
      next = typeof url === "string" ? url.slice(client.sandbox.url.length) : undefined;
    }
    expect(names).toHaveLength(8);
    expect(new Set(names).size).toBe(8);
  });

  it("refuses a cursor that is not its own", async () => {
    expect(errorOf(await client.graph("GET", `${edge}?after=x`))["message"]).toBe("(#100) Invalid cursors values");
  });

  it("filters by name, status and category", async () => {
    await create("visit_booked");
    expect(namesOf(await client.graph("GET", `${edge}?name=visit`))).toEqual(["visit_booked"]);
    expect(namesOf(await client.graph("GET", `${edge}?status=pending`))).toEqual(["visit_booked"]);
    expect(namesOf(await client.graph("GET", `${edge}?category=MARKETING`))).toEqual(["spring_offer"]);
  });

  it("shows the members asked for, always with the id, and the usual ones else", async () => {
    const [one] = arrayOf((await client.graph("GET", `${edge}?fields=name,rejected_reason,quality_score&name=hello_world`)).body["data"]);
    expect(one).toEqual({ name: "hello_world", rejected_reason: "NONE", quality_score: { score: "UNKNOWN", date: expect.any(Number) }, id: expect.any(String) });
    const [usual] = arrayOf((await client.graph("GET", `${edge}?name=hello_world`)).body["data"]);
    expect(Object.keys(objectOf(usual)).sort()).toEqual(["category", "components", "id", "language", "name", "parameter_format", "status"]);
  });

  it("shows sample media by address, which answers", async () => {
    const [template] = arrayOf((await client.graph("GET", `${edge}?name=order_ready`)).body["data"]);
    const header = objectOf(arrayOf(objectOf(template)["components"])[0]);
    const [address] = objectOf(header["example"])["header_handle"] as string[];
    expect((await fetch(address!)).headers.get("content-type")).toBe("image/png");
  });

  it("needs the management scope", async () => {
    client.sandbox.change({ account: { scopes: ["whatsapp_business_messaging"] } });
    expect(await client.graph("GET", edge)).toMatchObject({ status: 403, body: { error: { code: 200 } } });
  });
});

describe("editing and deleting", () => {
  const approved = async (name: string) => {
    const { body } = await create(name);
    await client.sandbox.advance(10_000);
    return String(body["id"]);
  };
  const body = { components: [{ type: "BODY", text: "Your visit is booked and paid." }] };

  it("sends an approved template back to review, once a day", async () => {
    const id = await approved("visit_booked");
    expect((await client.graph("POST", `/v26.0/${id}`, body)).body["success"]).toBe(true);
    expect((await client.graph("GET", `/v26.0/${id}`)).body["status"]).toBe("PENDING");
    await client.sandbox.advance(10_000);
    expect(errorOf(await client.graph("POST", `/v26.0/${id}`, body))["error_subcode"]).toBe(2388039);
    await client.sandbox.advance(86_400_000);
    expect((await client.graph("POST", `/v26.0/${id}`, body)).status).toBe(200);
  });

  it("counts no edit that it refuses", async () => {
    const id = await approved("visit_booked");
    const tooMany = { components: [{ type: "BODY", text: "{{1}} {{2}}" }] };
    expect((await client.graph("POST", `/v26.0/${id}`, tooMany)).status).toBe(400);
    expect((await client.graph("POST", `/v26.0/${id}`, body)).body["success"]).toBe(true);
  });

  it("takes another format of the variables with an edit", async () => {
    const id = await approved("visit_booked");
    const example = { body_text_named_params: [{ param_name: "day", example: "Monday" }] };
    const named = { parameter_format: "named", components: [{ type: "BODY", text: "Your visit on {{day}} is booked.", example }] };
    expect((await client.graph("POST", `/v26.0/${id}`, named)).body["success"]).toBe(true);
    expect((await client.graph("GET", `/v26.0/${id}`)).body["parameter_format"]).toBe("NAMED");
  });

  it("keeps an edited template sendable when told to", async () => {
    client.sandbox.change({ templates: { editedStaysSendable: true } });
    const id = await approved("visit_booked");
    await client.graph("POST", `/v26.0/${id}`, body);
    expect((await client.graph("GET", `/v26.0/${id}`)).body["status"]).toBe("APPROVED");
  });

  it("never changes the category of an approved template", async () => {
    const id = await approved("visit_booked");
    expect(errorOf(await client.graph("POST", `/v26.0/${id}`, { category: "MARKETING" }))["error_subcode"]).toBe(2388039);
  });

  it("locks the name of a deleted template for 30 days", async () => {
    await approved("visit_booked");
    expect((await client.graph("DELETE", `${edge}?name=visit_booked`)).body).toEqual({ success: true });
    expect(errorOf(await create("visit_booked"))["error_subcode"]).toBe(2388023);
    await client.sandbox.advance(30 * 86_400_000 + 1000);
    expect((await create("visit_booked")).status).toBe(200);
  });

  it("deletes one language by id and several by their ids, all or nothing", async () => {
    const english = await approved("visit_booked");
    const german = String((await create("visit_booked", { language: "de" })).body["id"]);
    await client.graph("DELETE", `${edge}?name=visit_booked&hsm_id=${german}`);
    expect((await client.graph("GET", `/v26.0/${german}`)).status).toBe(400);
    expect((await client.graph("DELETE", `${edge}?hsm_ids=["${english}","1"]`)).status).toBe(400);
    expect((await client.graph("GET", `/v26.0/${english}`)).status).toBe(200);
    expect((await client.graph("DELETE", `${edge}?hsm_ids=["${english}"]`)).body).toEqual({ success: true });
  });

  it("deletes no language of a name when one of them is disabled", async () => {
    const english = await approved("visit_booked");
    const german = String((await create("visit_booked", { language: "de" })).body["id"]);
    await client.control("POST", `/templates/${german}/decision`, { decision: "disable" });
    expect((await client.graph("DELETE", `${edge}?name=visit_booked`)).status).toBe(400);
    expect((await client.graph("GET", `/v26.0/${english}`)).status).toBe(200);
  });
});

describe("what reviewers do", () => {
  const id = "1400200300400501";
  const decide = (body: JsonObject) => client.control("POST", `/templates/${id}/decision`, body);

  it("pauses at red quality for three hours, then six, then disables", async () => {
    for (const [hours, title] of [[3, "FIRST_PAUSE"], [6, "SECOND_PAUSE"]] as const) {
      await decide({ quality: "RED" });
      expect(errorOf(await client.send(hello))["code"]).toBe(132015);
      await client.app.change((value) => objectOf(value["other_info"])["title"] === title);
      await client.sandbox.advance(hours * 3_600_000);
      expect((await client.send(hello)).status).toBe(200);
      await decide({ quality: "GREEN" });
    }
    await decide({ quality: "RED" });
    expect(errorOf(await client.send(hello))["code"]).toBe(132016);
  });

  it("can be unpaused by call", async () => {
    await decide({ decision: "pause" });
    expect((await client.graph("POST", `/v26.0/${id}/unpause`)).body).toEqual({ success: true });
    expect((await client.send(hello)).status).toBe(200);
  });

  it("holds sends for quality assessment and lets them go when it ends well", async () => {
    await decide({ decision: "hold" });
    const answer = await client.send(hello);
    expect(answer.body["messages"]).toMatchObject([{ message_status: "held_for_quality_assessment" }]);
    await client.sandbox.advance(60_000);
    expect(client.app.statuses()).toEqual([]);
    await decide({ decision: "release" });
    expect(await until(() => client.app.statuses().some((each) => each["status"] === "delivered"))).toBe(true);
  });

  it("fails held sends with 132015 and pauses the template when it ends badly", async () => {
    await decide({ decision: "hold" });
    await client.send(hello);
    await decide({ decision: "drop" });
    await until(() => client.app.statuses().some((each) => objectOf(arrayOf(each["errors"])[0])["code"] === 132015));
    expect((await client.control("GET", `/templates/${id}/decision`)).body["status"]).toBe("PAUSED");
  });

  it("announces a category correction a day ahead", async () => {
    await decide({ category: "MARKETING" });
    const category = (wanted: string) => client.app.change((value, field) => field === "template_category_update" && value[wanted] !== undefined);
    expect(await category("correct_category")).toMatchObject({ new_category: "UTILITY", correct_category: "MARKETING" });
    await client.sandbox.advance(86_400_000);
    expect(await category("previous_category")).toMatchObject({ previous_category: "UTILITY", new_category: "MARKETING" });
    expect((await client.graph("GET", `/v26.0/${id}`)).body).toMatchObject({ category: "MARKETING", previous_category: "UTILITY" });
  });

  it("waits for a decision when the review has no delay", async () => {
    client.sandbox.change({ templates: { reviewMs: null } });
    const created = String((await create("visit_booked")).body["id"]);
    await client.sandbox.advance(86_400_000);
    expect((await client.graph("GET", `/v26.0/${created}`)).body["status"]).toBe("PENDING");
    const rejected = await client.control("POST", `/templates/${created}/decision`, { decision: "reject", reason: "SCAM" });
    expect(rejected.body).toMatchObject({ status: "REJECTED", rejected_reason: "SCAM" });
  });

  it("names what a decision may be", async () => {
    expect((await decide({ decision: "maybe" })).body).toEqual({
      error: {
        code: "invalid_input",
        message: "decision: must be one of approve, reject, pause, unpause, disable, hold, release, drop.",
        field: "decision",
        expected: "must be one of approve, reject, pause, unpause, disable, hold, release, drop",
      },
    });
    expect((await client.control("GET", "/templates/1/decision")).status).toBe(404);
  });
});

describe("other Graph nodes", () => {
  it("shows the number with the members asked for", async () => {
    const { body } = await client.graph("GET", "/v26.0/700800900100200?fields=id,display_phone_number,throughput,status,whatsapp_business_manager_messaging_limit");
    expect(body).toEqual({
      id: "700800900100200",
      display_phone_number: "+1 555-010-0199",
      throughput: { level: "STANDARD" },
      status: "CONNECTED",
      whatsapp_business_manager_messaging_limit: "TIER_2K",
    });
    client.sandbox.change({ throughput: { messagesPerSecond: 1000 } });
    expect((await client.graph("GET", "/v26.0/700800900100200?fields=throughput")).body["throughput"]).toEqual({ level: "HIGH" });
  });

  it("answers every living version, an expired one by the oldest alive, and none by the newest", async () => {
    const versionOf = async (path: string) => (await client.graph("GET", path)).headers.get("facebook-api-version");
    expect(await versionOf("/v21.0/700800900100200")).toBe("v21.0");
    expect(await versionOf("/v17.0/700800900100200")).toBe("v21.0");
    expect(await versionOf("/700800900100200")).toBe("v26.0");
    expect(errorOf(await client.graph("GET", "/v99.0/700800900100200"))["code"]).toBe(2500);
  });

  it("registers with a six-digit PIN, remembers it, and at most ten times in 72 hours", async () => {
    const register = (pin: string) => client.graph("POST", "/v26.0/700800900100200/register", { messaging_product: "whatsapp", pin });
    expect(errorOf(await register("1"))["code"]).toBe(100);
    expect((await register("123456")).body).toEqual({ success: true });
    expect(errorOf(await register("654321"))["code"]).toBe(133005);
    for (let i = 0; i < 9; i++) await register("123456");
    expect(errorOf(await register("123456"))["code"]).toBe(133016);
  });

  it("tells what a token is good for, to the app's own token only", async () => {
    const path = "/v26.0/debug_token?input_token=sandbox-token";
    expect(errorOf(await client.graph("GET", path))["code"]).toBe(15);
    const { body } = await client.graph("GET", path, undefined, { authorization: `Bearer ${appId}|${appSecret}` });
    expect(body["data"]).toMatchObject({ app_id: appId, is_valid: true, scopes: ["whatsapp_business_messaging", "whatsapp_business_management"] });
  });

  it("refuses an expired token with its subcode", async () => {
    client.sandbox.change({ account: { token: "expired" } });
    expect(await client.send(hello)).toMatchObject({ status: 401, body: { error: { code: 190, error_subcode: 463 } } });
  });

  it("blocks users: nothing reaches them, nothing comes from them", async () => {
    const path = "/v26.0/700800900100200/block_users";
    const users = { messaging_product: "whatsapp", block_users: [{ user: "+15550100123" }] };
    expect((await client.graph("POST", path, users)).body["block_users"]).toEqual({ added_users: [{ input: "+15550100123", wa_id: "15550100123" }] });
    expect(errorOf(await client.send(hello))["code"]).toBe(130403);
    await client.control("POST", "/phones/15550100123/messages", text("anybody there?"));
    await client.graph("DELETE", path, users);
    expect((await client.send(hello)).status).toBe(200);
    await until(() => client.app.statuses().length > 0);
    expect(client.app.received.some(({ raw }) => raw.includes("anybody"))).toBe(false);
  });
});
