/** Limits of interactive messages (Meta: interactive buttons, lists, call-to-action URL, flows, products, carousels). */
import { arrayOf, isObject, memberOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { GraphError, lacking, missing, notValid } from "./graph-error.ts";
import { checkMedia } from "./media-rules.ts";

const paths = { button: "interactive['action']['buttons']", list: "interactive['action']['sections']" };

const actions: Record<string, (action: JsonObject, interactive: JsonObject) => void> = {
  button: checkButtons,
  list: checkList,
  cta_url: (action) => checkUrlAction(action, "interactive['action']"),
  flow: checkFlow,
  location_request_message: (action) => named(action, "send_location"),
  request_contact_info: (action) => named(action, "request_contact_info"),
  address_message: (action) => named(action, "address_message"),
  voice_call: (action) => named(action, "voice_call"),
  call_permission_request: (action) => named(action, "call_permission_request"),
  catalog_message: (action) => named(action, "catalog_message"),
  product: (action) => {
    if (!textOf(action["catalog_id"])) throw missing("interactive['action']['catalog_id']");
    if (!textOf(action["product_retailer_id"])) throw missing("interactive['action']['product_retailer_id']");
  },
  product_list: checkProductList,
  carousel: checkCarousel,
  order_details: (action) => named(action, "review_and_pay"),
  order_status: (action) => named(action, "review_order"),
};

/** Types whose body may be left out. */
const bodyOptional = ["product"];
const headerAllowed: Record<string, string[]> = {
  button: ["text", "image", "video", "document"],
  cta_url: ["text", "image", "video", "document"],
  list: ["text"],
  flow: ["text", "image", "video", "document"],
  product_list: ["text"],
  order_details: ["text", "image", "document"],
};

export function checkInteractive(interactive: JsonObject): void {
  const type = textOf(interactive["type"]).toLowerCase();
  if (!type) throw missing("interactive['type']");
  const rule = actions[type];
  if (!rule) {
    throw new GraphError(100, { message: `(#100) Param interactive['type'] must be one of {${Object.keys(actions).join(", ").toUpperCase()}} - got "${type}".` });
  }
  checkHeader(type, interactive["header"]);
  checkText(interactive, "body", type === "list" ? 4096 : 1024, !bodyOptional.includes(type));
  checkText(interactive, "footer", 60, false);
  if (!isObject(interactive["action"])) throw missing("interactive['action']");
  rule(interactive["action"], interactive);
}

function checkHeader(type: string, header: unknown): void {
  if (header === undefined) {
    if (type === "product_list") throw missing("interactive['header']");
    return;
  }
  const kind = textOf(objectOf(header)["type"]).toLowerCase();
  if (!(headerAllowed[type] ?? []).includes(kind)) throw notValid(`interactive['header']['type'] "${kind}" is not allowed for type ${type}.`);
  if (kind !== "text") {
    checkMedia(`interactive['header']['${kind}']`, memberOf(header, kind), { caption: false });
    return;
  }
  const text = textOf(objectOf(header)["text"]);
  if (!text) throw missing("interactive['header']['text']");
  if (text.length > 60) throw notValid("interactive['header']['text'] must be at most 60 characters long.");
}

function checkText(interactive: JsonObject, part: "body" | "footer", most: number, required: boolean): void {
  if (interactive[part] === undefined && !required) return;
  const text = textOf(memberOf(interactive, part)["text"]);
  if (!text && (required || interactive[part] !== undefined)) throw missing(`interactive['${part}']['text']`);
  if (text.length > most) throw notValid(`interactive['${part}']['text'] must be at most ${most} characters long.`);
}

function named(action: JsonObject, name: string): void {
  if (action["name"] === undefined) throw missing("interactive['action']['name']");
  if (action["name"] !== name) throw notValid(`interactive['action']['name'] must be "${name}".`);
}

function within(value: unknown, path: string, most: number): string {
  const text = textOf(value);
  if (!text) throw missing(path);
  if (text.length > most) throw notValid(`${path} must be at most ${most} characters long.`);
  return text;
}

function unique(values: string[], path: string): void {
  if (new Set(values).size !== values.length) throw notValid(`${path} must be unique within the message.`);
}

function checkButtons(action: JsonObject): void {
  const buttons = arrayOf(action["buttons"]);
  if (buttons.length < 1 || buttons.length > 3) throw notValid(`${paths.button} must have 1 to 3 buttons.`);
  const replies = buttons.map((button) => memberOf(button, "reply"));
  for (const button of buttons) if (objectOf(button)["type"] !== "reply") throw notValid(`${paths.button}['type'] must be "reply".`);
  unique(replies.map((reply) => within(reply["id"], `${paths.button}['reply']['id']`, 256)), "Button ids");
  unique(replies.map((reply) => within(reply["title"], `${paths.button}['reply']['title']`, 20)), "Button titles");
}

function checkList(action: JsonObject): void {
  within(action["button"], "interactive['action']['button']", 20);
  const sections = arrayOf(action["sections"]).map(objectOf);
  if (sections.length < 1 || sections.length > 10) throw notValid(`${paths.list} must have 1 to 10 sections.`);
  const rows = sections.flatMap((section) => arrayOf(section["rows"]).map(objectOf));
  if (rows.length < 1 || rows.length > 10) throw notValid("A list must have 1 to 10 rows, counted over all sections.");
  for (const section of sections) {
    if (arrayOf(section["rows"]).length === 0) throw notValid(`${paths.list}['rows'] must not be empty.`);
    if (sections.length > 1 || section["title"] !== undefined) within(section["title"], `${paths.list}['title']`, 24);
  }
  unique(rows.map((row) => within(row["id"], `${paths.list}['rows']['id']`, 200)), "Row ids");
  for (const row of rows) {
    within(row["title"], `${paths.list}['rows']['title']`, 24);
    if (row["description"] !== undefined && textOf(row["description"]).length > 72) {
      throw notValid(`${paths.list}['rows']['description'] must be at most 72 characters long.`);
    }
  }
}

function checkUrlAction(action: JsonObject, path: string): void {
  named(action, "cta_url");
  const parameters = memberOf(action, "parameters");
  within(parameters["display_text"], `${path}['parameters']['display_text']`, 20);
  if (!/^https?:\/\/\S+$/i.test(within(parameters["url"], `${path}['parameters']['url']`, 2000))) throw notValid(`${path}['parameters']['url'] must be an http or https address.`);
}

function checkFlow(action: JsonObject): void {
  named(action, "flow");
  const parameters = memberOf(action, "parameters");
  const path = "interactive['action']['parameters']";
  if (!textOf(parameters["flow_message_version"])) throw missing(`${path}['flow_message_version']`);
  const ids = [parameters["flow_id"], parameters["flow_name"]].filter((id) => textOf(id) !== "");
  if (ids.length === 0) throw lacking(`${path}: one of flow_id and flow_name is required.`);
  if (ids.length > 1) throw notValid(`${path}: only one of flow_id and flow_name may be given.`);
  within(parameters["flow_cta"], `${path}['flow_cta']`, 30);
}

function checkProductList(action: JsonObject): void {
  if (!textOf(action["catalog_id"])) throw missing("interactive['action']['catalog_id']");
  const sections = arrayOf(action["sections"]);
  const items = sections.flatMap((section) => arrayOf(objectOf(section)["product_items"]));
  if (sections.length < 1 || sections.length > 10) throw notValid(`${paths.list} must have 1 to 10 sections.`);
  if (items.length < 1 || items.length > 30) throw notValid("A product list must have 1 to 30 products, counted over all sections.");
}

function checkCarousel(action: JsonObject): void {
  const cards = arrayOf(action["cards"]).map(objectOf);
  const path = "interactive['action']['cards']";
  if (cards.length < 2 || cards.length > 10) throw notValid(`${path} must have 2 to 10 cards.`);
  if (new Set(cards.map((card) => textOf(card["type"]))).size > 1) throw notValid("All cards of a carousel must have the same type.");
  for (const card of cards) {
    if (card["type"] === "cta_url") checkUrlAction(memberOf(card, "action"), `${path}['action']`);
    const header = memberOf(card, "header");
    const kind = textOf(header["type"]);
    if (kind === "image" || kind === "video") checkMedia(`${path}['header']['${kind}']`, memberOf(header, kind), { caption: false });
  }
}
