/**
 * What Meta demands of a free-form message: each rule throws the error Meta answers.
 * Limits: Meta, "Messages" reference and the pages of each interactive type.
 */
import { arrayOf, isObject, memberOf, objectOf, textOf, type JsonObject } from "../json.ts";
import { GraphError, lacking, missing, notValid } from "./graph-error.ts";
import { checkInteractive } from "./interactive-rules.ts";
import { checkMedia } from "./media-rules.ts";

const types = ["audio", "contacts", "document", "image", "interactive", "location", "reaction", "sticker", "template", "text", "video"];

/** The message's type, `text` when left out. */
export function typeOf(body: JsonObject): string {
  const type = body["type"] ?? "text";
  if (typeof type === "string" && types.includes(type.toLowerCase())) return type.toLowerCase();
  throw new GraphError(100, { message: `(#100) Param type must be one of {${types.join(", ").toUpperCase()}} - got "${textOf(type)}".` });
}

/** Checks the member that belongs to the type. `template` is checked against the stored template elsewhere. */
export function checkContent(type: string, body: JsonObject): void {
  const content = body[type];
  if (content === undefined || content === null) throw missing(type);
  if (type === "contacts") {
    if (!Array.isArray(content) || content.length === 0) throw notValid("contacts must be a list of at least one contact.");
    for (const contact of content) checkContact(contact);
    return;
  }
  if (!isObject(content)) throw new GraphError(100, { message: `(#100) Param ${type} must be a JSON object.` });
  rules[type]?.(content);
}

const rules: Record<string, (content: JsonObject) => void> = {
  text: (text) => {
    const body = text["body"];
    if (typeof body !== "string" || body.trim() === "") throw missing("text['body']");
    if (body.length > 4096) throw new GraphError(100, { message: "(#100) Param text['body'] must be at most 4096 characters long." });
  },
  image: (image) => checkMedia("image", image, { caption: true }),
  video: (video) => checkMedia("video", video, { caption: true }),
  document: (document) => checkMedia("document", document, { caption: true }),
  audio: (audio) => checkMedia("audio", audio, { caption: false }),
  sticker: (sticker) => checkMedia("sticker", sticker, { caption: false }),
  location: (location) => {
    for (const [name, most] of [["latitude", 90], ["longitude", 180]] as const) {
      const value = location[name];
      if (value === undefined || value === null || value === "") throw missing(`location['${name}']`);
      if (!(Math.abs(Number(value)) <= most)) throw notValid(`location['${name}'] must lie between -${most} and ${most}.`);
    }
  },
  reaction: (reaction) => {
    if (textOf(reaction["message_id"]) === "") throw missing("reaction['message_id']");
    if (reaction["emoji"] !== undefined && typeof reaction["emoji"] !== "string") throw notValid("reaction['emoji'] must be an emoji, or empty to take it back.");
  },
  interactive: checkInteractive,
  template: (template) => {
    if (textOf(template["name"]) === "") throw missing("template['name']");
    if (textOf(memberOf(template, "language")["code"]) === "") throw missing("template['language']['code']");
  },
};

function checkContact(contact: unknown): void {
  const name = memberOf(contact, "name");
  if (textOf(name["formatted_name"]) === "") throw missing("contacts['name']['formatted_name']");
  const others = ["first_name", "last_name", "middle_name", "prefix", "suffix"];
  if (!others.some((part) => textOf(name[part]) !== "")) throw lacking("contacts['name'] needs formatted_name and at least one other part of the name.");
  for (const phone of arrayOf(objectOf(contact)["phones"])) if (!isObject(phone)) throw notValid("contacts['phones'] must be a list of objects.");
}
