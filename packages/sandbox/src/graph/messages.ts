/**
 * `POST /{phone number id}/messages` and `/marketing_messages`: a send, or a read mark with typing indicator.
 *
 * A send passes these gates in Meta's order; the first that refuses answers: required members → number → sender is not
 * recipient → number registered → allow-list → account state → throughput → pair rate → values → template and its
 * parameters → error rules. Behind them it has its id, and everything else is told by webhook.
 */
import { checkSend } from "@tincan/whatsapp";
import { isObject, memberOf, objectOf, textOf, type JsonObject } from "../json.ts";
import type { Phone, PhoneMessage } from "../phones/phone.ts";
import { deliver, fail } from "../webhooks/receipts.ts";
import type { BusinessNumber } from "../world/account.ts";
import { digitsOf, wamid, waIdOf } from "../world/identity.ts";
import { TokenBucket } from "../world/token-bucket.ts";
import type { World } from "../world/world.ts";
import { success, type GraphAnswer, type GraphCall } from "./call.ts";
import { checkContent, typeOf } from "./content-rules.ts";
import { errorOf, faultOf, hitRule } from "./error-rules.ts";
import { GraphError, missing, notValid } from "./graph-error.ts";
import { checkUploadedMedia, linksOf, unreachableLink } from "./media-links.ts";
import { outcomeOf, pricingOf } from "./outcome.ts";
import type { StoredTemplate } from "./template-store.ts";

export function sendMessage(call: GraphCall, number: BusinessNumber, marketingApi: boolean): GraphAnswer {
  const { world } = call;
  const body = call.body;
  if (!isObject(body)) throw new GraphError(100, { message: "(#100) Invalid parameter", details: "The request body must be a JSON object." });
  const product = body["messaging_product"];
  if (product === undefined) throw missing("messaging_product");
  if (product !== "whatsapp") throw new GraphError(100, { message: `(#100) Param messaging_product must be one of {WHATSAPP} - got "${textOf(product)}".` });
  if (body["status"] !== undefined) return markRead(world, number, body);
  if (textOf(body["to"]) === "" && textOf(body["recipient"]) === "") throw missing("to");
  const type = typeOf(body);
  if (marketingApi && type !== "template") throw new GraphError(134100, { details: "Only template messages can be sent here." });
  const badValue = requiredMembers(type, body);
  const phone = recipientOf(world, number, body);
  checkSender(world, number, phone);
  if (badValue) throw badValue;
  checkUploadedMedia(world, { [type]: body[type] });
  const template = type === "template" ? templateOf(world, body, marketingApi) : undefined;
  return accept(world, number, phone, { type, body, template, marketingApi });
}

/** Checks the content. Missing members are refused at once; the answer is a wrong value, which is refused later. */
function requiredMembers(type: string, body: JsonObject): GraphError | undefined {
  const opaque = body["biz_opaque_callback_data"];
  try {
    checkContent(type, body);
    if (opaque !== undefined && (typeof opaque !== "string" || opaque.length > 512)) {
      throw new GraphError(100, { message: "(#100) Param biz_opaque_callback_data must be at most 512 characters long." });
    }
  } catch (error) {
    if (error instanceof GraphError && error.info.code === 131009) return error;
    throw error;
  }
  return undefined;
}

function recipientOf(world: World, number: BusinessNumber, body: JsonObject): Phone {
  const to = textOf(body["to"]);
  if (body["recipient_type"] === "group") throw notValid("Groups are not simulated: recipient_type must be individual.");
  if (to !== "") {
    const digits = digitsOf(to);
    if (!digits) throw notValid(`Param to must be a phone number with country code - got "${to}".`);
    if (waIdOf(digits) === number.digits) throw new GraphError(131021, { details: "Recipient phone number cannot be the sender." });
    return world.phones.phone(digits);
  }
  const phone = world.phones.findByUserId(textOf(body["recipient"]));
  if (!phone) throw notValid("Param recipient must be the business-scoped user id of somebody this business knows.");
  return phone;
}

function checkSender(world: World, number: BusinessNumber, phone: Phone): void {
  const { behaviour, clock } = world;
  if (!number.registered) throw new GraphError(133010, { details: "The account is not registered." });
  if (behaviour.allowedRecipients && !behaviour.allowedRecipients.includes(phone.digits)) {
    throw new GraphError(131030, { subcode: 2655007, details: "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again." });
  }
  if (behaviour.account.state === "blocked") throw new GraphError(368);
  if (behaviour.account.state === "locked") throw new GraphError(131031);
  if (behaviour.account.state === "payment_issue") throw new GraphError(131042);
  if (number.blocked.has(phone.digits)) throw new GraphError(130403, { details: "The business has blocked this user." });
  const throttled = { httpStatus: behaviour.throttleHttpStatus };
  if (!world.takeThroughput(number)) {
    throw new GraphError(130429, { ...throttled, details: "Message failed to send because there were too many messages sent from this phone number in a short period of time." });
  }
  if (!behaviour.pairRate) return;
  let pair = phone.pairs.get(number.id);
  if (!pair) {
    pair = new TokenBucket(behaviour.pairRate.burst, 1 / (behaviour.pairRate.secondsPerMessage * 1000), clock.now());
    phone.pairs.set(number.id, pair);
  }
  if (!pair.take(clock.now())) {
    throw new GraphError(131056, {
      ...throttled,
      details: "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.",
    });
  }
}

function templateOf(world: World, body: JsonObject, marketingApi: boolean): StoredTemplate {
  const sent = objectOf(body["template"]);
  const [name, language] = [textOf(sent["name"]), textOf(memberOf(sent, "language")["code"])];
  const template = world.templates.find(name, language);
  if (!template || !["APPROVED", "PAUSED", "DISABLED", "FLAGGED"].includes(template.status)) {
    throw new GraphError(132001, { details: `template name (${name}) does not exist in ${language}` });
  }
  if (template.status === "PAUSED") throw new GraphError(132015, { details: `Template ${name} is paused because of low quality.` });
  if (template.status === "DISABLED") throw new GraphError(132016, { details: `Template ${name} is disabled for good because of low quality.` });
  if (marketingApi && template.category !== "MARKETING") throw new GraphError(134100, { details: "Only marketing templates can be sent here." });
  if (textOf(body["to"]) === "" && template.category === "AUTHENTICATION") throw new GraphError(131062);
  const refusal = checkSend({ ...template, components: [...template.components], parameter_format: template.parameterFormat }, sent["components"]);
  if (refusal) throw new GraphError(refusal.code, refusal);
  return template;
}

interface Send {
  type: string;
  body: JsonObject;
  template: StoredTemplate | undefined;
  marketingApi: boolean;
}

function accept(world: World, number: BusinessNumber, phone: Phone, send: Send): GraphAnswer {
  const rule = hitRule(world, { on: "messages", to: phone.digits, template: send.template?.name });
  const outcome = rule?.as === "status" && rule.code !== undefined ? { code: rule.code, details: rule.details } : outcomeOf(world, number, phone, send);
  if (outcome?.code === 131047 && world.behaviour.window.failAs === "answer") throw new GraphError(131047, { details: outcome.details ?? "" });
  if (!rule || rule.as === "status") return { body: answerOf(send, phone, goOut(world, number, phone, send, outcome)) };
  const accepted = rule.accept ? goOut(world, number, phone, send, outcome) : undefined;
  const fault = faultOf(rule);
  if (!fault) throw errorOf(rule);
  return { body: accepted ? answerOf(send, phone, accepted) : {}, fault };
}

/** The message is on its way: it appears on the phone and its receipts are planned. */
function goOut(world: World, number: BusinessNumber, phone: Phone, send: Send, outcome: { code: number; details: string | undefined } | undefined): PhoneMessage {
  const { type, body, template, marketingApi } = send;
  const now = world.clock.now();
  const content = body[type];
  const message: PhoneMessage = {
    id: wamid(phone.digits, "outbound", world.random.hex(18)),
    direction: "in",
    type,
    at: now,
    number,
    content,
    template: template && { id: template.id, name: template.name, language: template.language, category: template.category, components: template.components },
    replyTo: textOf(memberOf(body, "context")["message_id"]) || undefined,
    opaque: typeof body["biz_opaque_callback_data"] === "string" ? body["biz_opaque_callback_data"] : undefined,
    byUserId: textOf(body["to"]) === "",
    pricing: pricingOf(number, template, marketingApi, now),
    status: template?.held ? "held" : "accepted",
    times: { accepted: now },
    error: undefined,
    reactions: {},
    voice: type === "audio" && memberOf(body, "audio")["voice"] === true,
  };
  phone.typingUntil = 0;
  world.phones.add(phone, message);
  world.live.phoneChanged(phone.digits);
  if (outcome) fail(world, phone, message, outcome.code, outcome.details);
  else if (type === "reaction") react(world, phone, message, objectOf(content));
  else if (template?.held) hold(world, template, phone, message);
  else void deliverWithMedia(world, phone, message);
  return message;
}

async function deliverWithMedia(world: World, phone: Phone, message: PhoneMessage): Promise<void> {
  const links = world.behaviour.fetchLocalMedia ? linksOf({ [message.type]: message.content }) : [];
  const bad = links.length > 0 ? await unreachableLink(links) : undefined;
  if (bad) fail(world, phone, message, 131053, bad);
  else deliver(world, phone, message);
}

function react(world: World, phone: Phone, message: PhoneMessage, reaction: JsonObject): void {
  const target = world.phones.message(textOf(reaction["message_id"]));
  const tooOld = target && world.clock.now() - target.message.at > 30 * 86_400_000;
  if (!target || target.phone !== phone || target.message.type === "reaction" || tooOld) {
    fail(world, phone, message, 131009, "Reaction target must be a message of this conversation, not older than 30 days, and no reaction itself.");
    return;
  }
  const emoji = textOf(reaction["emoji"]);
  if (emoji) target.message.reactions.business = emoji;
  else delete target.message.reactions.business;
  deliver(world, phone, message);
}

function hold(world: World, template: StoredTemplate, phone: Phone, message: PhoneMessage): void {
  const waiting = world.held.get(template.id) ?? [];
  waiting.push({
    release: () => {
      message.status = "accepted";
      deliver(world, phone, message);
    },
    drop: () => {
      message.status = "accepted";
      fail(world, phone, message, 132015, "The template was paused while the message was held for quality assessment.");
    },
  });
  world.held.set(template.id, waiting);
}

function answerOf({ body, template }: Send, phone: Phone, message: PhoneMessage): JsonObject {
  const to = textOf(body["to"]);
  const contact = to ? { input: to, wa_id: phone.digits } : { input: body["recipient"], user_id: phone.userId };
  const status = template && { message_status: template.held ? "held_for_quality_assessment" : "accepted" };
  return { messaging_product: "whatsapp", contacts: [contact], messages: [{ id: message.id, ...status }] };
}

/** Blue ticks for everything the phone wrote up to this message, and perhaps "typing…" for 25 seconds. */
function markRead(world: World, number: BusinessNumber, body: JsonObject): GraphAnswer {
  if (body["status"] !== "read") throw new GraphError(100, { message: `(#100) Param status must be one of {READ} - got "${textOf(body["status"])}".` });
  const id = textOf(body["message_id"]);
  if (!id) throw missing("message_id");
  const found = world.phones.message(id);
  const now = world.clock.now();
  if (!found || found.message.direction !== "out" || found.message.number !== number || now - found.message.at > 30 * 86_400_000) {
    throw notValid("message_id must be the id of a message received in the last 30 days.");
  }
  const { phone, message } = found;
  for (const each of phone.messages) {
    if (each.direction === "out" && each.number === number && each.at <= message.at) each.status = "read";
  }
  const typing = body["typing_indicator"];
  if (typing !== undefined) {
    if (memberOf(body, "typing_indicator")["type"] !== "text") throw notValid("typing_indicator['type'] must be text.");
    phone.typingUntil = now + 25_000;
    world.clock.after(25_000, () => world.live.phoneChanged(phone.digits));
  }
  world.live.phoneChanged(phone.digits);
  return success;
}
