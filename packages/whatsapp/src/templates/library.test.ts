import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { libraryComponents, libraryDefinition, libraryProblems, readLibraryTemplate, type LibraryInputs, type LibraryTemplate } from "./library.ts";

const listed = {
  id: 14,
  name: "repair_done",
  language: "en_US",
  category: "UTILITY",
  topic: "ORDER_MANAGEMENT",
  usecase: "ORDER_PICK_UP",
  industry: ["E_COMMERCE"],
  header: "Repaired",
  body: "Your {{1}} is repaired and waits for you until {{2}} in the shop.",
  body_params: ["kettle", "May 4"],
  body_param_types: ["TEXT", "DATE"],
  buttons: [{ type: "URL", text: "See it", url: "https://www.example.com/" }, { type: "phone_number", text: "Call us", phone_number: "+15550100" }, { type: "QUICK_REPLY", text: "Thanks" }],
  something_new: true,
};
const entry = readLibraryTemplate(listed) as LibraryTemplate;
const code = readLibraryTemplate({ name: "code", language: "en_US", category: "AUTHENTICATION", body: "{{1}} is your code.", buttons: [{ type: "OTP", text: "Copy" }] }) as LibraryTemplate;
const buttons = [{ index: 1, phoneNumber: "+15550100199" }, { index: 0, url: "https://shop.example/{{1}}", urlExample: "https://shop.example/r-1" }];
const found = (inputs: LibraryInputs, from = entry, name = "our_repair") => libraryProblems(from, name, inputs).map(({ path, rule }) => `${path} ${rule}`);

describe("reading an entry", () => {
  test("keeps what is documented, in one form, and leaves the rest", () => {
    expect(entry).toEqual({
      id: "14", name: "repair_done", language: "en_US", category: "UTILITY", topic: "ORDER_MANAGEMENT", usecase: "ORDER_PICK_UP", industry: ["E_COMMERCE"], header: "Repaired",
      body: listed.body, bodyParams: ["kettle", "May 4"], bodyParamTypes: ["TEXT", "DATE"],
      buttons: [{ type: "URL", text: "See it", url: "https://www.example.com/" }, { type: "PHONE_NUMBER", text: "Call us", phone_number: "+15550100" }, { type: "QUICK_REPLY", text: "Thanks" }],
    });
  });

  test("does without all that is not needed, and refuses what has no name, language or text", () => {
    expect(readLibraryTemplate({ name: "a", language: "en", body: "Hi", industry: "E_COMMERCE" })).toEqual({
      id: "a en", name: "a", language: "en", category: "UTILITY", industry: ["E_COMMERCE"], body: "Hi", bodyParams: [], bodyParamTypes: [], buttons: [],
    });
    for (const lacking of ["name", "language", "body"]) expect(readLibraryTemplate({ ...listed, [lacking]: undefined })).toBeUndefined();
  });

  test("never throws, and whatever it reads can be shown", () => {
    const value = fc.oneof(fc.jsonValue(), fc.record({ name: fc.string(), language: fc.string(), body: fc.string(), buttons: fc.jsonValue(), body_params: fc.jsonValue(), industry: fc.jsonValue() }));
    fc.assert(
      fc.property(value, (each) => {
        const read = readLibraryTemplate(each);
        if (read) {
          libraryComponents(read);
          libraryProblems(read, "name");
        }
      }),
    );
  });
});

describe("making a template of an entry", () => {
  test("shows it as components, with what is added in place of the samples", () => {
    expect(libraryComponents(entry, { buttons })).toEqual([
      { type: "HEADER", format: "TEXT", text: "Repaired" },
      { type: "BODY", text: listed.body, example: { body_text: [["kettle", "May 4"]] } },
      {
        type: "BUTTONS",
        buttons: [
          { type: "URL", text: "See it", url: "https://shop.example/{{1}}", example: ["https://shop.example/r-1"] },
          { type: "PHONE_NUMBER", text: "Call us", phone_number: "+15550100199" },
          { type: "QUICK_REPLY", text: "Thanks" },
        ],
      },
    ]);
  });

  test("names the entry and gives its inputs in the order of its buttons", () => {
    expect(libraryDefinition(entry, "our_repair", { buttons })).toEqual({
      name: "our_repair",
      language: "en_US",
      category: "UTILITY",
      library_template_name: "repair_done",
      library_template_button_inputs: [
        { type: "URL", url: { base_url: "https://shop.example/{{1}}", url_suffix_example: "https://shop.example/r-1" } },
        { type: "PHONE_NUMBER", phone_number: "+15550100199" },
      ],
    });
  });

  test("says what goes with a one-time code, which is copied unless told otherwise", () => {
    const body = { addSecurityRecommendation: true, codeExpirationMinutes: 5 };
    expect(libraryDefinition(code, "our_code", { body })).toMatchObject({
      category: "AUTHENTICATION",
      library_template_button_inputs: [{ type: "OTP", otp_type: "COPY_CODE" }],
      library_template_body_inputs: { add_security_recommendation: true, code_expiration_minutes: 5 },
    });
    const app = { packageName: "com.example.app", signatureHash: "K8a/AINcGX7" };
    expect(libraryDefinition(code, "our_code", { buttons: [{ index: 0, otpType: "ONE_TAP", supportedApps: [app] }] }).library_template_button_inputs).toEqual([
      { type: "OTP", otp_type: "ONE_TAP", supported_apps: [{ package_name: "com.example.app", signature_hash: "K8a/AINcGX7" }] },
    ]);
  });
});

describe("what stands against it", () => {
  test("is nothing when name, links and numbers keep the rules, whatever the entry's own words do", () => {
    expect(found({ buttons })).toEqual([]);
    expect(found({}, code)).toEqual([]);
    expect(found({}, { ...entry, body: "{{1}} {{2}}", buttons: [] })).toEqual([]);
  });

  test.each<[string, LibraryInputs, string[]]>([
    ["a link and a number left out", {}, ["buttons[0].url button.url", "buttons[1].phoneNumber button.phone"]],
    ["a link in the clear", { buttons: [buttons[0]!, { index: 0, url: "http://shop.example" }] }, ["buttons[0].url button.url_https"]],
    ["a link with a variable and no example", { buttons: [buttons[0]!, { index: 0, url: "https://shop.example/{{1}}" }] }, ["buttons[0].urlExample button.url_example"]],
    ["an input for a button that is not there", { buttons: [...buttons, { index: 3, url: "https://shop.example" }] }, ["buttons[2].index settings.button"]],
  ])("is told of %s", (_, inputs, problems) => {
    expect(found(inputs)).toEqual(problems);
  });

  test("is told of a name that Meta does not take", () => {
    expect(found({ buttons }, entry, "Our repair")).toEqual(["name name.format"]);
  });
});
