/**
 * Meta's template library: `GET /message_template_library`, and templates that are created from it.
 *
 * Source: Meta, WhatsApp Business Platform, "Template Library". Not documented, and chosen here: that the list is paged as others are,
 * that `name` matches parts, and the words of the refusals.
 */
import { arrayOf, objectOf, parseJson, textOf, type JsonObject } from "../json.ts";
import { libraryEntries, type LibraryEntry } from "../world/template-library.ts";
import { needManagement } from "./access.ts";
import type { GraphAnswer, GraphCall } from "./call.ts";
import { GraphError, unknownObject } from "./graph-error.ts";
import { pageOf } from "./paging.ts";

/** `GET /message_template_library`: a page of the ready-made templates that match. */
export function templateLibrary(call: GraphCall): GraphAnswer {
  needManagement(call.world, call.token);
  if (call.method !== "GET") throw unknownObject(call.node, call.method);
  const { items, paging } = pageOf(call, libraryEntries.filter((entry) => matches(entry, call.query)));
  return { body: { data: items, ...paging } };
}

function matches(entry: LibraryEntry, query: JsonObject): boolean {
  const is = (name: string, ...values: (string | undefined)[]) => textOf(query[name]) === "" || values.includes(textOf(query[name]));
  const has = (name: string, text: string) => text.toLowerCase().includes(textOf(query[name]).toLowerCase());
  return (
    has("search", `${entry.name} ${entry.header ?? ""} ${entry.body}`) && has("name", entry.name) && is("topic", entry.topic) && is("usecase", entry.usecase) &&
    is("industry", ...(entry.industry ?? [])) && is("language", entry.language)
  );
}

/** The components of the entry that the body names, with the inputs it gives; the body as it is when it names none. */
export function withLibrary(body: JsonObject): JsonObject {
  const wanted = body["library_template_name"];
  if (wanted === undefined) return body;
  const named = libraryEntries.filter(({ name }) => name === wanted);
  if (named.length === 0) throw refused("Library template not found", `The library has no template ${textOf(wanted)}.`);
  const entry = named.find(({ language }) => language === body["language"]);
  if (!entry) throw refused("Language not available", `The library's template ${textOf(wanted)} is not written in ${textOf(body["language"])}.`);
  if (textOf(body["category"]).toUpperCase() !== entry.category) throw refused("Wrong category", `The library's template ${entry.name} is of the category ${entry.category}.`);
  const inputs = arrayOf(parsed(body["library_template_button_inputs"])).map(objectOf);
  return { ...body, components: componentsOf(entry, inputs, objectOf(parsed(body["library_template_body_inputs"]))) };
}

function componentsOf(entry: LibraryEntry, inputs: JsonObject[], added: JsonObject): JsonObject[] {
  const left = [...inputs];
  const buttons = entry.buttons.map((button) => {
    const place = left.findIndex(({ type }) => type === button.type);
    return withInput(button, place < 0 ? undefined : left.splice(place, 1)[0]);
  });
  const last = buttons.length > 0 ? [{ type: "BUTTONS", buttons }] : [];
  if (entry.category === "AUTHENTICATION") {
    const minutes = added["code_expiration_minutes"];
    return [
      { type: "BODY", add_security_recommendation: added["add_security_recommendation"] === true },
      ...(minutes === undefined ? [] : [{ type: "FOOTER", code_expiration_minutes: minutes }]),
      ...last,
    ];
  }
  const header = entry.header === undefined ? [] : [{ type: "HEADER", format: "TEXT", text: entry.header }];
  return [...header, { type: "BODY", text: entry.body, example: { body_text: [entry.body_params] } }, ...last];
}

/** Links and numbers are the business's own: without them there is no button. */
function withInput(button: LibraryEntry["buttons"][number], input: JsonObject | undefined): JsonObject {
  if (button.type === "URL") {
    const { base_url: url, url_suffix_example: example } = objectOf(parsed(input?.["url"]));
    if (textOf(url) === "") throw refused("Button input missing", `The button "${button.text}" needs an input of the type URL.`);
    return { ...button, url, ...(example !== undefined && { example: [example] }) };
  }
  if (button.type === "PHONE_NUMBER") {
    const phone = textOf(input?.["phone_number"]);
    if (phone === "") throw refused("Button input missing", `The button "${button.text}" needs an input of the type PHONE_NUMBER.`);
    return { ...button, phone_number: phone };
  }
  const { type: _, ...rest } = input ?? {};
  return button.type === "OTP" ? { ...button, ...rest } : { ...button };
}

/** Meta's tables call the inputs lists and objects, its examples write them as text. */
function parsed(value: unknown): unknown {
  return typeof value === "string" ? parseJson(value) : value;
}

function refused(userTitle: string, userMessage: string): GraphError {
  return new GraphError(100, { subcode: 2388043, message: "Invalid parameter", userTitle, userMessage });
}
