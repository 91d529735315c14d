/** The account's phone numbers: reads, registration, webhook override, block list. */
import { arrayOf, isObject, objectOf, textOf, type JsonObject } from "../json.ts";
import { displayNumber, type BusinessNumber } from "../world/account.ts";
import { digitsOf, waIdOf } from "../world/identity.ts";
import type { World } from "../world/world.ts";
import { needManagement } from "./access.ts";
import { parametersOf, pickFields, success, type GraphAnswer, type GraphCall } from "./call.ts";
import { GraphError, lacking, missing, unknownObject } from "./graph-error.ts";
import { verifiedCallback } from "./subscriptions.ts";

const shownByDefault = ["verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type", "throughput", "id"];
const registrationsPer72Hours = 10;
const blockedAtOnce = 1000;

/** `GET /{account id}/phone_numbers` */
export function phoneNumbers(call: GraphCall): GraphAnswer {
  needManagement(call.world, call.token);
  const numbers = [...call.world.account.numbers.values()];
  const fields = call.query["fields"] ?? [...shownByDefault, "status"].join(",");
  const data = numbers.map((number) => pickFields(viewOf(call.world, number), fields, shownByDefault));
  const cursor = (number: BusinessNumber | undefined) => `QVFIUn${Buffer.from(number?.id ?? "").toString("base64url")}`;
  return { body: { data, paging: { cursors: { before: cursor(numbers[0]), after: cursor(numbers.at(-1)) } } } };
}

/** `GET /{number id}` and `POST /{number id}` (webhook override) */
export async function numberNode(call: GraphCall, number: BusinessNumber): Promise<GraphAnswer> {
  needManagement(call.world, call.token);
  if (call.method === "GET") return { body: pickFields(viewOf(call.world, number), call.query["fields"], shownByDefault) };
  if (call.method !== "POST") throw unknownObject(call.node, call.method);
  const configuration = parametersOf(call)["webhook_configuration"];
  if (configuration !== undefined) {
    const url = textOf(objectOf(configuration)["override_callback_uri"]);
    number.override = url ? await verifiedCallback(call, url, textOf(objectOf(configuration)["verify_token"])) : undefined;
  }
  return success;
}

function viewOf(world: World, number: BusinessNumber): JsonObject {
  const { account, behaviour } = world;
  const sendable = number.registered && behaviour.account.state === "active";
  const entity = (entity_type: string, id: string) => ({ entity_type, id, can_send_message: "AVAILABLE" });
  const mps = behaviour.throughput.messagesPerSecond;
  return {
    id: number.id,
    display_phone_number: displayNumber(number.digits),
    verified_name: number.verifiedName,
    quality_rating: behaviour.account.qualityRating,
    code_verification_status: "VERIFIED",
    name_status: "APPROVED",
    status: number.registered ? "CONNECTED" : "DISCONNECTED",
    platform_type: "CLOUD_API",
    account_mode: "LIVE",
    is_official_business_account: false,
    throughput: { level: mps === null || mps >= 1000 ? "HIGH" : "STANDARD" },
    messaging_limit_tier: behaviour.account.messagingLimit,
    whatsapp_business_manager_messaging_limit: behaviour.account.messagingLimit,
    health_status: {
      can_send_message: sendable ? "AVAILABLE" : "BLOCKED",
      entities: [
        sendable
          ? entity("PHONE_NUMBER", number.id)
          : {
              entity_type: "PHONE_NUMBER", id: number.id, can_send_message: "BLOCKED",
              errors: [{ error_code: 141000, error_description: "The number cannot send messages at the moment.", possible_solution: "Register the number and settle the account's state." }],
            },
        entity("WABA", account.wabaId),
        entity("BUSINESS", account.businessId),
        entity("APP", account.appId),
      ],
    },
    webhook_configuration: {
      ...(account.subscription && { application: account.subscription.url }),
      ...(account.override && { whatsapp_business_account: account.override.url }),
      ...(number.override && { phone_number: number.override.url }),
    },
  };
}

/** `POST /{number id}/register` and `/deregister` */
export function registerNumber(call: GraphCall, number: BusinessNumber, register: boolean): GraphAnswer {
  const { world } = call;
  needManagement(world, call.token);
  const now = world.clock.now();
  number.registrations = number.registrations.filter((at) => now - at < 72 * 3_600_000);
  if (number.registrations.length >= registrationsPer72Hours) throw new GraphError(133016, { details: "The number was registered or deregistered too often: 10 times in 72 hours are allowed." });
  if (register) {
    const given = parametersOf(call);
    if (given["messaging_product"] !== "whatsapp") throw missing("messaging_product");
    const pin = textOf(given["pin"]);
    if (!/^\d{6}$/.test(pin)) throw new GraphError(100, { message: "(#100) Param pin must be six digits." });
    if (number.pin !== undefined && number.pin !== pin) throw new GraphError(133005, { details: "The two-step verification PIN is not the one of this number." });
    number.pin = pin;
  }
  number.registrations.push(now);
  number.registered = register;
  return success;
}

/** `GET`, `POST` and `DELETE /{number id}/block_users` */
export function blockUsers(call: GraphCall, number: BusinessNumber): GraphAnswer {
  if (call.method === "GET") return { body: { data: [...number.blocked].map((wa_id) => ({ messaging_product: "whatsapp", wa_id })), paging: { cursors: { before: "", after: "" } } } };
  const given = parametersOf(call);
  if (given["messaging_product"] !== "whatsapp") throw missing("messaging_product");
  const users = arrayOf(given["block_users"]);
  if (users.length === 0 || users.length > blockedAtOnce || !users.every(isObject)) throw lacking("block_users must be a list of 1 to 1000 objects with the member user.");
  const changed = users.map((each) => {
    const input = textOf(objectOf(each)["user"]);
    const digits = digitsOf(input);
    if (!digits) throw new GraphError(139100, { details: `"${input}" is no phone number.` });
    const wa_id = waIdOf(digits);
    if (call.method === "POST") number.blocked.add(wa_id);
    else number.blocked.delete(wa_id);
    return { input, wa_id };
  });
  return { body: { messaging_product: "whatsapp", block_users: call.method === "POST" ? { added_users: changed } : { removed_users: changed } } };
}
