/**
 * What a person does on their phone: writes, presses a button, picks from a list, sends a picture, a place, a contact,
 * a reaction. Each becomes a message on the phone and a webhook to the app, and opens the 24-hour window.
 */
import { arrayOf, isObject, memberOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { ControlError, invalidField } from "../control/control-error.ts";
import { downloadUrl, mediaLife } from "../graph/media.ts";
import { sampleOf } from "../assets/samples.ts";
import type { BusinessNumber } from "../world/account.ts";
import { parentUserIdOf, wamid } from "../world/identity.ts";
import type { World } from "../world/world.ts";
import { contactOf, modeOf } from "../webhooks/identity-members.ts";
import { metadataOf } from "../webhooks/status-update.ts";
import type { Phone, PhoneMessage } from "./phone.ts";
import { shownOf } from "./shown.ts";
import type { ShownButton } from "./shown-message.ts";

const hour = 3_600_000;
const days30 = 30 * 24 * hour;

/** What a press came to: a message, or something that stays on the phone (an opened link, a copied code, a call). */
export type ReplyResult = { message: PhoneMessage } | { opened: string } | { copied: string } | { called: string };

/** What a phone may send, and how each kind is read. */
const readers: Record<string, (input: Input) => Draft | ReplyResult> = {
  text: readText,
  button: readButton,
  list: readList,
  interactive: readInteractive,
  image: readMedia,
  video: readMedia,
  audio: readMedia,
  document: readMedia,
  sticker: readMedia,
  location: readLocation,
  contacts: readContacts,
  reaction: readReaction,
  flow: readFlow,
  raw: readRaw,
};

interface Input {
  world: World;
  phone: Phone;
  number: BusinessNumber;
  type: string;
  body: JsonObject;
}

interface Draft {
  type: string;
  content: unknown;
  replyTo?: string | undefined;
  /** More members of the webhook's message. */
  extra?: JsonObject;
}

/** Lets a phone send what the control plane's body describes. */
export function replyFrom(world: World, phone: Phone, body: JsonObject): ReplyResult {
  const type = textOf(body["type"]) || "text";
  const reader = readers[type];
  if (!reader) throw invalidField("type", `one of ${Object.keys(readers).join(", ")}`);
  const result = reader({ world, phone, number: numberOf(world, body), type, body });
  if (!("content" in result)) return result;
  return { message: arrive(world, phone, numberOf(world, body), { replyTo: replyToOf(world, body), ...result }) };
}

function numberOf(world: World, body: JsonObject): BusinessNumber {
  const id = textOf(body["phoneNumberId"]);
  const number = id ? world.account.numbers.get(id) : world.mainNumber();
  if (!number) throw invalidField("phoneNumberId", "the id of one of the account's numbers");
  return number;
}

function replyToOf(world: World, body: JsonObject): string | undefined {
  const id = body["replyTo"];
  if (id === undefined) return undefined;
  if (typeof id !== "string" || !world.phones.message(id)) throw invalidField("replyTo", "the id of a message on this phone");
  return id;
}

function readText({ body }: Input): Draft {
  const text = body["text"];
  const words = typeof text === "string" ? text : textOf(objectOf(text)["body"]);
  if (words === "") throw invalidField("text.body", "the words to send");
  return { type: "text", content: { body: words } };
}

/** The message a press or pick answers: the one named, else the latest that offers any. */
function offering(phone: Phone, body: JsonObject, offers: (message: PhoneMessage) => boolean): PhoneMessage {
  const id = textOf(body["replyTo"]);
  const found = phone.messages.findLast((message) => message.direction === "in" && (id ? message.id === id : offers(message)));
  if (!found || !offers(found)) {
    throw new ControlError(409, "nothing_to_answer", id ? `Message ${id} offers nothing of that kind.` : "No message on this phone offers anything of that kind.", { field: "replyTo" });
  }
  return found;
}

function buttonsOf(message: PhoneMessage): ShownButton[] {
  const shown = shownOf(message);
  return [...(shown.buttons ?? []), ...(shown.cards ?? []).flatMap((card) => card.buttons ?? [])];
}

function readButton(input: Input): Draft | ReplyResult {
  const { phone, body } = input;
  const wanted = objectOf(body["button"]);
  if (wanted["index"] === undefined && wanted["text"] === undefined && wanted["payload"] === undefined && wanted["id"] === undefined) {
    throw invalidField("button", "an object with index, text, payload or id of the button to press");
  }
  const message = offering(phone, body, (each) => buttonsOf(each).length > 0);
  const card = wanted["card"] === undefined ? undefined : shownOf(message).cards?.[Number(wanted["card"])];
  const buttons = card ? (card.buttons ?? []) : buttonsOf(message);
  const button = buttons.find(
    (each) =>
      (wanted["index"] === undefined || each.index === Number(wanted["index"])) &&
      (wanted["text"] === undefined || each.text === wanted["text"]) &&
      (wanted["payload"] === undefined || each.id === wanted["payload"]) &&
      (wanted["id"] === undefined || each.id === wanted["id"]),
  );
  if (!button) throw invalidField("button", `one of ${buttons.map((each) => `${each.index} "${each.text}"`).join(", ")}`);
  return press(input, message, button);
}

function press(input: Input, message: PhoneMessage, button: ShownButton): Draft | ReplyResult {
  switch (button.kind) {
    case "reply":
      return message.type === "template"
        ? { type: "button", content: { payload: button.id, text: button.text }, replyTo: message.id }
        : { type: "interactive", content: { type: "button_reply", button_reply: { id: button.id, title: button.text } }, replyTo: message.id };
    case "url":
      return { opened: button.url ?? "" };
    case "copy":
      return { copied: button.code ?? "" };
    case "call":
      return { called: button.phone ?? message.number.digits };
    case "location":
      return { ...readLocation({ ...input, body: { location: { latitude: 52.52, longitude: 13.405, name: "Here" } } }), replyTo: message.id };
    case "flow":
      return readFlow({ ...input, body: { ...input.body, flow: input.body["flow"] ?? {}, replyTo: message.id } });
    default:
      throw new ControlError(409, "not_simulated", `Pressing a button of kind ${button.kind} is not simulated.`, { field: "button" });
  }
}

function readList({ phone, body }: Input): Draft {
  const wanted = objectOf(body["list"]);
  if (wanted["id"] === undefined && wanted["title"] === undefined) throw invalidField("list", "an object with id or title of the row to pick");
  const message = offering(phone, body, (each) => shownOf(each).list !== undefined);
  const rows = shownOf(message).list?.sections.flatMap((section) => section.rows) ?? [];
  const row = rows.find((each) => (wanted["id"] === undefined || each.id === wanted["id"]) && (wanted["title"] === undefined || each.title === wanted["title"]));
  if (!row) throw invalidField("list", `one of ${rows.map((each) => `${each.id} "${each.title}"`).join(", ")}`);
  return { type: "interactive", content: { type: "list_reply", list_reply: { ...row } }, replyTo: message.id };
}

/** Meta's own form of a press or pick, taken as it is. */
function readInteractive({ body }: Input): Draft {
  const interactive = body["interactive"];
  if (!isObject(interactive) || !["button_reply", "list_reply", "nfm_reply", "call_permission_reply"].includes(textOf(interactive["type"]))) {
    throw invalidField("interactive.type", "button_reply, list_reply, nfm_reply or call_permission_reply");
  }
  return { type: "interactive", content: interactive };
}

function readFlow({ body }: Input): Draft {
  const response = objectOf(objectOf(body["flow"])["response"]);
  return {
    type: "interactive",
    content: { type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json: JSON.stringify({ flow_token: "unused", ...response }) } },
    replyTo: textOf(body["replyTo"]) || undefined,
  };
}

/** A file: bytes in base64 under `data` with their `mime_type`, or the sandbox's own sample. */
function readMedia({ world, type, body }: Input): Draft {
  const given = objectOf(body[type]);
  const sample = sampleOf(type);
  const data = given["data"];
  if (data !== undefined && (typeof data !== "string" || !/^[A-Za-z0-9+/=\s]+$/.test(data))) throw invalidField(`${type}.data`, "the file's bytes in base64");
  if (data === undefined && !sample) throw invalidField(`${type}.data`, `the file's bytes in base64: there is no sample of type ${type}`);
  if (data !== undefined && textOf(given["mime_type"]) === "") throw invalidField(`${type}.mime_type`, "the file's type, such as image/png");
  const bytes = typeof data === "string" ? Buffer.from(data, "base64") : sample!.bytes;
  const mimeType = textOf(given["mime_type"]) || sample!.mimeType;
  const media = world.media.add(world.random.digits(16), { mimeType, bytes, expiresAt: world.clock.now() + mediaLife.received });
  const filename = textOf(given["filename"]) || (type === "document" ? (sample?.filename ?? "file") : "");
  return {
    type,
    content: {
      ...(textOf(given["caption"]) !== "" && { caption: textOf(given["caption"]) }),
      ...(filename !== "" && { filename }),
      mime_type: mimeType,
      sha256: Buffer.from(media.sha256, "hex").toString("base64"),
      id: media.id,
      url: downloadUrl(world, media),
      ...(type === "audio" && { voice: given["voice"] === true }),
      ...(type === "sticker" && { animated: given["animated"] === true }),
    },
  };
}

function readLocation({ body }: Pick<Input, "body">): Draft {
  const given = objectOf(body["location"]);
  for (const [name, most] of [["latitude", 90], ["longitude", 180]] as const) {
    const value = given[name];
    if (value === undefined || value === "" || !(Math.abs(Number(value)) <= most)) throw invalidField(`location.${name}`, `a number between -${most} and ${most}`);
  }
  return { type: "location", content: { ...given, latitude: Number(given["latitude"]), longitude: Number(given["longitude"]) } };
}

function readContacts({ body }: Input): Draft {
  const contacts = arrayOf(body["contacts"]);
  if (contacts.length === 0 || contacts.some((each) => textOf(memberOf(each, "name")["formatted_name"]) === "")) {
    throw invalidField("contacts", "a list of contacts, each with name.formatted_name");
  }
  return { type: "contacts", content: contacts };
}

/** An empty or missing emoji takes the reaction back; the webhook then has no `emoji`. */
function readReaction({ world, phone, body }: Input): Draft {
  const given = objectOf(body["reaction"]);
  const id = textOf(given["message_id"]) || textOf(body["replyTo"]);
  const target = world.phones.message(id);
  if (!target || target.phone !== phone) throw invalidField("reaction.message_id", "the id of a message on this phone");
  const emoji = textOf(given["emoji"]);
  if (emoji) target.message.reactions.phone = emoji;
  else delete target.message.reactions.phone;
  return { type: "reaction", content: { message_id: id, ...(emoji && { emoji }) } };
}

/** Any `messages[]` element: its type and members as they are, for kinds that have no reader of their own. */
function readRaw({ body }: Input): Draft {
  const raw = objectOf(body["raw"]);
  const type = textOf(raw["type"]);
  if (type === "") throw invalidField("raw.type", "the type of the webhook's message");
  const { type: _type, [type]: content, ...extra } = raw;
  return { type, content, extra };
}

function arrive(world: World, phone: Phone, number: BusinessNumber, { type, content, replyTo, extra }: Draft): PhoneMessage {
  const now = world.clock.now();
  const number30 = phone.messages.some((each) => each.direction === "in" && each.number === number && !each.byUserId && now - each.at < days30);
  const message: PhoneMessage = {
    id: wamid(phone.digits, "inbound", world.random.hex(20)),
    direction: "out", type, at: now, number, content, template: undefined, replyTo: type === "reaction" ? undefined : replyTo,
    opaque: undefined, byUserId: false, pricing: undefined, status: "sent", times: { sent: now }, error: undefined, reactions: {}, voice: false,
  };
  world.phones.add(phone, message);
  world.live.phoneChanged(phone.digits);
  if (number.blocked.has(phone.digits)) return message;
  phone.windows.set(number.id, now + world.behaviour.window.hours * hour);
  message.status = "delivered";
  world.notify({ field: "messages", value: inboundValue(world, phone, message, number30, extra) }, number);
  return message;
}

/** The number is shown to a user's business only when the mode is not `username`, or when both have talked by number before. */
function inboundValue(world: World, phone: Phone, message: PhoneMessage, knownByNumber: boolean, extra: JsonObject | undefined): JsonObject {
  const mode = modeOf(phone, world.behaviour.webhooks.identity);
  const number = mode !== "username" || knownByNumber;
  const quoted = message.replyTo === undefined ? undefined : world.phones.message(message.replyTo)?.message;
  const quotedFrom = quoted?.direction === "out" ? phone.digits : message.number.digits;
  const item: JsonObject = {
    ...(message.replyTo !== undefined && { context: { from: quotedFrom, id: message.replyTo } }),
    ...(number && { from: phone.digits }),
    from_user_id: phone.userId,
    ...(mode === "parent" && { from_parent_user_id: parentUserIdOf(phone.digits) }),
    id: message.id,
    timestamp: String(Math.floor(message.at / 1000)),
    type: message.type,
    ...(message.content !== undefined && { [message.type]: message.content }),
    ...extra,
  };
  const contacts = message.type === "system" ? {} : { contacts: [contactOf(phone, mode, { number, username: true })] };
  return { messaging_product: "whatsapp", metadata: metadataOf(message.number), ...contacts, messages: [item] };
}
