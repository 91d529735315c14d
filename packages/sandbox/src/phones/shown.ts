/**
 * A message as WhatsApp draws it: header, body, footer, buttons, offer, list, cards. Templates come out with their values
 * filled in. The page draws from this alone, and so can tests.
 */
import { fillVariables } from "@tincan/whatsapp";
import { arrayOf, memberOf, objectOf, textOf, type JsonObject } from "../json.ts";
import type { PhoneMessage } from "./phone.ts";
import type { Shown, ShownButton, ShownLocation, ShownMedia, ShownPart } from "./shown-message.ts";

/** The message as it is drawn, whatever its type. */
export function shownOf({ type, content, template }: Pick<PhoneMessage, "type" | "content" | "template">): Shown {
  const object = objectOf(content);
  switch (type) {
    case "text":
      return { body: textOf(object["body"]) };
    case "template":
      return template ? shownTemplate(template.components, arrayOf(object["components"])) : {};
    case "interactive":
      return shownInteractive(object);
    case "image":
    case "video":
    case "document":
    case "audio":
    case "sticker":
      return { media: shownMedia(type, object), ...(textOf(object["caption"]) !== "" && { body: textOf(object["caption"]) }) };
    case "location":
      return { location: shownLocation(object) };
    case "contacts":
      return { contacts: arrayOf(content).map((each) => ({ name: textOf(memberOf(each, "name")["formatted_name"]), phones: arrayOf(objectOf(each)["phones"]).map((phone) => textOf(objectOf(phone)["phone"])) })) };
    case "reaction":
      return { emoji: textOf(object["emoji"]) };
    case "button":
      return { body: textOf(object["text"]) };
    default:
      return { body: `(${type})` };
  }
}

function shownMedia(kind: ShownMedia["kind"], media: JsonObject): ShownMedia {
  const id = textOf(media["id"]);
  return {
    kind,
    url: textOf(media["link"]) || (id ? `/sandbox/files/${id}` : ""),
    ...(textOf(media["filename"]) !== "" && { filename: textOf(media["filename"]) }),
    ...(media["voice"] === true && { voice: true }),
  };
}

function shownLocation(location: JsonObject): ShownLocation {
  return {
    latitude: Number(location["latitude"]),
    longitude: Number(location["longitude"]),
    ...(textOf(location["name"]) !== "" && { name: textOf(location["name"]) }),
    ...(textOf(location["address"]) !== "" && { address: textOf(location["address"]) }),
  };
}

function shownInteractive(interactive: JsonObject): Shown {
  // What a phone sent: a pressed reply button or a picked row.
  for (const reply of ["button_reply", "list_reply"]) {
    const chosen = memberOf(interactive, reply);
    if (chosen["title"] !== undefined) return { body: [textOf(chosen["title"]), textOf(chosen["description"])].filter(Boolean).join("\n") };
  }
  if (interactive["type"] === "nfm_reply") return { body: textOf(memberOf(interactive, "nfm_reply")["body"]) };
  const action = memberOf(interactive, "action");
  const shown: Shown = partOf(interactive);
  if (interactive["type"] === "list") {
    shown.list = {
      button: textOf(action["button"]),
      sections: arrayOf(action["sections"]).map((section) => ({
        title: textOf(objectOf(section)["title"]),
        rows: arrayOf(objectOf(section)["rows"]).map((each) => {
          const row = objectOf(each);
          return { id: textOf(row["id"]), title: textOf(row["title"]), ...(row["description"] !== undefined && { description: textOf(row["description"]) }) };
        }),
      })),
    };
  } else if (interactive["type"] === "carousel") {
    shown.cards = arrayOf(action["cards"]).map((card) => ({ ...partOf(objectOf(card)), buttons: actionButtons(memberOf(card, "action")) }));
  } else {
    shown.buttons = actionButtons(action);
  }
  return shown;
}

function partOf(object: JsonObject): ShownPart {
  const header = memberOf(object, "header");
  const kind = textOf(header["type"]).toLowerCase();
  return {
    ...(kind === "text" && { header: { text: textOf(header["text"]) } }),
    ...((kind === "image" || kind === "video" || kind === "document") && { header: { media: shownMedia(kind, memberOf(header, kind)) } }),
    ...(object["body"] !== undefined && { body: textOf(memberOf(object, "body")["text"]) }),
    ...(object["footer"] !== undefined && { footer: textOf(memberOf(object, "footer")["text"]) }),
  };
}

function actionButtons(action: JsonObject): ShownButton[] {
  const buttons = arrayOf(action["buttons"]);
  if (buttons.length > 0) {
    return buttons.map((button, index) => {
      const reply = objectOf(objectOf(button)["reply"] ?? objectOf(button)["quick_reply"]);
      return { index, kind: "reply", text: textOf(reply["title"]), id: textOf(reply["id"]) };
    });
  }
  const parameters = memberOf(action, "parameters");
  switch (textOf(action["name"])) {
    case "cta_url":
      return [{ index: 0, kind: "url", text: textOf(parameters["display_text"]), url: textOf(parameters["url"]) }];
    case "flow":
      return [{ index: 0, kind: "flow", text: textOf(parameters["flow_cta"]) }];
    case "send_location":
      return [{ index: 0, kind: "location", text: "Send location" }];
    case "request_contact_info":
      return [{ index: 0, kind: "contact", text: "Share contact info" }];
    case "voice_call":
      return [{ index: 0, kind: "call", text: textOf(parameters["display_text"]) || "Call now" }];
    case "catalog_message":
      return [{ index: 0, kind: "catalog", text: "View catalog" }];
    case "":
      return action["catalog_id"] === undefined ? [] : [{ index: 0, kind: "catalog", text: "View" }];
    default:
      return [{ index: 0, kind: "other", text: textOf(action["name"]) }];
  }
}

function shownTemplate(components: readonly unknown[], sent: unknown[]): Shown {
  const shown: Shown = templatePart(components, sent);
  const offer = memberOf(ofType(components, "LIMITED_TIME_OFFER"), "limited_time_offer");
  if (offer["text"] !== undefined) {
    const expires = memberOf(firstParameter(sent, "LIMITED_TIME_OFFER"), "limited_time_offer")["expiration_time_ms"];
    const code = shown.buttons?.find((button) => button.kind === "copy")?.code;
    shown.offer = { text: textOf(offer["text"]), ...(expires !== undefined && { expiresAt: Number(expires) }), ...(code !== undefined && { code }) };
  }
  const cards = arrayOf(ofType(components, "CAROUSEL")["cards"]);
  const sentCards = arrayOf(ofType(sent, "CAROUSEL")["cards"]);
  if (cards.length > 0) shown.cards = cards.map((card, index) => templatePart(arrayOf(objectOf(card)["components"]), arrayOf(objectOf(cardAt(sentCards, index))["components"])));
  return shown;
}

function cardAt(cards: unknown[], index: number): unknown {
  return cards.find((card) => Number(objectOf(card)["card_index"]) === index) ?? cards[index];
}

function templatePart(components: readonly unknown[], sent: unknown[]): ShownPart {
  const header = ofType(components, "HEADER");
  const body = ofType(components, "BODY");
  const footer = ofType(components, "FOOTER");
  const format = textOf(header["format"]).toUpperCase();
  const given = firstParameter(sent, "HEADER");
  const part: ShownPart = {};
  if (header["text"] !== undefined) part.header = { text: filled(textOf(header["text"]), parameters(sent, "HEADER")) };
  else if (format === "LOCATION") part.header = { location: shownLocation(memberOf(given, "location")) };
  else if (format === "IMAGE" || format === "VIDEO" || format === "DOCUMENT") {
    const kind = format.toLowerCase() as "image" | "video" | "document";
    part.header = { media: shownMedia(kind, memberOf(given, kind)) };
  }
  if (body["text"] !== undefined) part.body = filled(textOf(body["text"]), parameters(sent, "BODY"));
  if (footer["text"] !== undefined) part.footer = textOf(footer["text"]);
  const buttons = arrayOf(ofType(components, "BUTTONS")["buttons"]);
  if (buttons.length > 0) part.buttons = buttons.map((button, index) => templateButton(objectOf(button), index, sent));
  return part;
}

function templateButton(button: JsonObject, index: number, sent: unknown[]): ShownButton {
  const component = sent.map(objectOf).find((each) => textOf(each["type"]).toLowerCase() === "button" && Number(each["index"]) === index);
  const value = objectOf(arrayOf(component?.["parameters"])[0]);
  const text = textOf(button["text"]);
  switch (textOf(button["type"]).toUpperCase()) {
    case "QUICK_REPLY":
      return { index, kind: "reply", text, id: textOf(value["payload"]) || text };
    case "URL":
      return { index, kind: "url", text, url: textOf(button["url"]).replace(/\{\{[^}]*\}\}/, textOf(value["text"])) };
    case "PHONE_NUMBER":
      return { index, kind: "call", text, phone: textOf(button["phone_number"]) };
    case "COPY_CODE":
      return { index, kind: "copy", text: "Copy offer code", code: textOf(value["coupon_code"]) };
    case "OTP":
      return { index, kind: "copy", text: text || "Copy code", code: textOf(value["text"]) };
    case "FLOW":
      return { index, kind: "flow", text };
    case "VOICE_CALL":
      return { index, kind: "call", text };
    case "CATALOG":
    case "MPM":
    case "SPM":
      return { index, kind: "catalog", text: text || "View catalog" };
    case "REQUEST_CONTACT_INFO":
      return { index, kind: "contact", text: "Share contact info" };
    default:
      return { index, kind: "other", text };
  }
}

function ofType(components: readonly unknown[], type: string): JsonObject {
  return components.map(objectOf).find((each) => textOf(each["type"]).toUpperCase() === type) ?? {};
}

function parameters(sent: unknown[], type: string): JsonObject[] {
  return arrayOf(ofType(sent, type)["parameters"]).map(objectOf);
}

function firstParameter(sent: unknown[], type: string): JsonObject {
  return parameters(sent, type)[0] ?? {};
}

/** A template's text with its variables replaced: by name where the values have names, else by place. */
function filled(text: string, values: JsonObject[]): string {
  return fillVariables(text, (name) => {
    const value = values.find((each) => each["parameter_name"] === name) ?? values[Number(name) - 1];
    if (!value) return undefined;
    const kind = textOf(value["type"]).toLowerCase();
    return kind === "text" ? textOf(value["text"]) : textOf(memberOf(value, kind)["fallback_value"]);
  });
}
