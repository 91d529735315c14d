import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { arrayOf, objectOf, type JsonObject } from "../json.ts";
import { errorOf, startClient, wabaId, type Answer, type Client } from "../testing.ts";
import { libraryEntries } from "../world/template-library.ts";

let client: Client;
beforeEach(async () => {
  client = await startClient({ behaviour: { templates: { reviewMs: 10_000 } } });
});
afterEach(() => client.close());

const library = (query = "") => client.graph("GET", `/v26.0/message_template_library${query}`);
const listed = (answer: Answer) => arrayOf(answer.body["data"]).map(objectOf);
const namesOf = (answer: Answer) => [...new Set(listed(answer).map(({ name }) => name))];
const create = (entry: string, more: JsonObject = {}) =>
  client.graph("POST", `/v26.0/${wabaId}/message_templates`, { name: "ours", language: "en_US", category: "UTILITY", library_template_name: entry, ...more });
const link = { type: "URL", url: { base_url: "https://shop.example/{{1}}", url_suffix_example: "https://shop.example/a" } };

describe("the list", () => {
  it("shows entries with the members that Meta's have", async () => {
    const [entry] = listed(await library("?name=delivery_missed&language=en_US"));
    expect(entry).toEqual({
      id: expect.stringMatching(/^\d{16}$/), name: "delivery_missed", language: "en_US", category: "UTILITY", topic: "ORDER_MANAGEMENT", usecase: "DELIVERY_FAILED", industry: ["E_COMMERCE"],
      header: "We missed you", body: expect.stringContaining("{{1}}"), body_params: ["A-1042"], body_param_types: ["TEXT"],
      buttons: [{ type: "URL", text: "Choose a day", url: "https://www.example.com/" }, { type: "PHONE_NUMBER", text: "Call us", phone_number: "+15550100100" }],
    });
  });

  it("pages with cursors that lead through every entry once", async () => {
    const ids: unknown[] = [];
    let next: string | undefined = "/v26.0/message_template_library?limit=10";
    while (next) {
      const page: Answer = await client.graph("GET", next);
      ids.push(...listed(page).map(({ id }) => id));
      const url = objectOf(page.body["paging"])["next"];
      next = typeof url === "string" ? url.slice(client.sandbox.url.length) : undefined;
    }
    expect(ids).toEqual(libraryEntries.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([
    ["search=receipts", []],
    ["search=RECEIVED", ["payment_received", "return_received"]],
    ["topic=PAYMENTS", ["invoice_due", "payment_received"]],
    ["usecase=ORDER_DELAY", []],
    ["usecase=ORDER_PICK_UP", ["order_waiting"]],
    ["industry=FINANCIAL_SERVICES", ["invoice_due", "payment_received"]],
    ["language=de", ["order_confirmed", "payment_received", "sign_in_code"]],
  ])("is filtered by %s", async (query, names) => {
    expect(namesOf(await library(`?${query}`)).sort()).toEqual(names);
  });

  it("needs the management scope", async () => {
    client.sandbox.change({ account: { scopes: ["whatsapp_business_messaging"] } });
    expect(await library()).toMatchObject({ status: 403, body: { error: { code: 200 } } });
  });
});

describe("a template made from an entry", () => {
  it("is approved at once, for every entry in every language", async () => {
    const inputs = [link, link, { type: "PHONE_NUMBER", phone_number: "+15550100199" }, { type: "OTP", otp_type: "COPY_CODE" }];
    for (const { name, language, category } of libraryEntries) {
      const { body } = await create(name, { name: `our_${name}`, language, category, library_template_button_inputs: inputs });
      expect(body, `${name} in ${language}`).toEqual({ id: expect.any(String), status: "APPROVED", category });
    }
  });

  it("has the entry's words with the links and numbers that were given, also when they are written as text", async () => {
    const inputs = JSON.stringify([link, { type: "PHONE_NUMBER", phone_number: "+15550100199" }]);
    const { body } = await create("delivery_missed", { library_template_button_inputs: inputs });
    const template = (await client.graph("GET", `/v26.0/${String(body["id"])}?fields=components,library_template_name`)).body;
    expect(template["library_template_name"]).toBe("delivery_missed");
    expect(arrayOf(template["components"]).at(-1)).toEqual({
      type: "BUTTONS",
      buttons: [
        { type: "URL", text: "Choose a day", url: "https://shop.example/{{1}}", example: ["https://shop.example/a"] },
        { type: "PHONE_NUMBER", text: "Call us", phone_number: "+15550100199" },
      ],
    });
  });

  it("says with a one-time code what was asked for", async () => {
    const more = { category: "AUTHENTICATION", library_template_button_inputs: [{ type: "OTP", otp_type: "COPY_CODE" }], library_template_body_inputs: { add_security_recommendation: true, code_expiration_minutes: 5 } };
    const { body } = await create("sign_in_code", more);
    const { components } = (await client.graph("GET", `/v26.0/${String(body["id"])}?fields=components`)).body;
    expect(components).toMatchObject([{ text: expect.stringContaining("do not share") }, { text: "This code expires in 5 minutes." }, { buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] }]);
  });

  it.each<[string, string, JsonObject]>([
    ["that the library does not have", "no_such_thing", {}],
    ["that is not written in the language", "invoice_due", { language: "de" }],
    ["of another category", "invoice_due", { category: "MARKETING" }],
    ["without the link it needs", "order_confirmed", {}],
    ["without the number it needs", "delivery_missed", { library_template_button_inputs: [link] }],
  ])("is refused for an entry %s", async (_case, entry, more) => {
    const answer = await create(entry, more);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 100, error_subcode: 2388043, error_user_msg: expect.any(String) });
  });
});
