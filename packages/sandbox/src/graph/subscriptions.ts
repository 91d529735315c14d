/** Where webhooks go: the app's subscription, the account's, and the addresses that override it. */
import { textOf } from "../json.ts";
import { webhookFields, type Callback } from "../world/account.ts";
import { needAppToken, needManagement } from "./access.ts";
import { parametersOf, pickFields, success, type GraphAnswer, type GraphCall } from "./call.ts";
import { GraphError, missing, unknownObject } from "./graph-error.ts";

/** `GET`, `POST` and `DELETE /{app id}/subscriptions`, with the app's own token */
export async function appSubscriptions(call: GraphCall): Promise<GraphAnswer> {
  needAppToken(call.token);
  const { account, behaviour } = call.world;
  if (call.method === "GET") {
    const { subscription } = account;
    if (!subscription) return { body: { data: [] } };
    const fields = subscription.fields.map((name) => ({ name, version: behaviour.webhooks.version }));
    return { body: { data: [{ object: "whatsapp_business_account", callback_url: subscription.url, active: true, fields }] } };
  }
  if (call.method === "DELETE") {
    account.subscription = undefined;
    return success;
  }
  const given = parametersOf(call);
  if (given["object"] !== "whatsapp_business_account") throw new GraphError(100, { message: `(#100) Param object must be one of {whatsapp_business_account} - got "${textOf(given["object"])}".` });
  for (const name of ["callback_url", "verify_token"]) if (textOf(given[name]) === "") throw missing(name);
  const fields = fieldsOf(given["fields"]);
  const callback = await verifiedCallback(call, textOf(given["callback_url"]), textOf(given["verify_token"]));
  const kept = account.subscription?.url === callback.url ? account.subscription.fields : [];
  account.subscription = { ...callback, fields: [...new Set([...kept, ...fields])] };
  call.world.live.changed("webhook");
  return success;
}

function fieldsOf(given: unknown): string[] {
  const names = (Array.isArray(given) ? given.map((each) => textOf(typeof each === "object" && each !== null && "name" in each ? each.name : each)) : textOf(given).split(","))
    .map((name) => name.trim().replace(/^\[?"?|"?\]?$/g, ""))
    .filter((name) => name !== "");
  const unknown = names.find((name) => !webhookFields.includes(name));
  if (unknown !== undefined) throw new GraphError(100, { message: `(#100) Param fields[0] must be one of {${webhookFields.join(", ")}} - got "${unknown}".` });
  return names.length > 0 ? names : ["messages"];
}

/** `GET`, `POST` and `DELETE /{account id}/subscribed_apps`; `POST` may carry an address that overrides the app's. */
export async function subscribedApps(call: GraphCall): Promise<GraphAnswer> {
  const { world } = call;
  needManagement(world, call.token);
  const { account } = world;
  if (call.method === "GET") {
    const app = { link: `https://www.facebook.com/games/?app_id=${account.appId}`, name: account.appName, id: account.appId };
    const data = account.subscribed ? [{ whatsapp_business_api_data: app, ...(account.override && { override_callback_uri: account.override.url }) }] : [];
    return { body: { data } };
  }
  if (call.method === "DELETE") {
    account.subscribed = false;
    account.override = undefined;
    world.live.changed("webhook");
    return success;
  }
  const url = textOf(parametersOf(call)["override_callback_uri"]);
  account.override = url ? await verifiedCallback(call, url, textOf(parametersOf(call)["verify_token"])) : undefined;
  account.subscribed = true;
  world.live.changed("webhook");
  return success;
}

/** The address, once it has answered the verification. */
export async function verifiedCallback(call: GraphCall, url: string, verifyToken: string): Promise<Callback> {
  const { world } = call;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new GraphError(100, { message: "(#100) The callback address must be an http or https address." });
  const trouble = await world.delivery.verify(url, verifyToken, world.random.digits(10));
  if (trouble) throw new GraphError(2200, { message: `(#2200) Callback verification failed with the following errors: ${trouble}`, httpStatus: 400 });
  return { url, verifyToken };
}

/** `GET /{account id}` */
export function accountNode(call: GraphCall): GraphAnswer {
  needManagement(call.world, call.token);
  if (call.method !== "GET") throw unknownObject(call.node, call.method);
  const { account, behaviour } = call.world;
  const all = {
    id: account.wabaId,
    name: account.name,
    currency: "USD",
    timezone_id: "1",
    country: "US",
    message_template_namespace: "9f1c2d3e_4b5a_6978_8765_4a3b2c1d0e9f",
    account_review_status: "APPROVED",
    business_verification_status: "VERIFIED",
    status: behaviour.account.state === "active" ? "ACTIVE" : "RESTRICTED",
    ownership_type: "SELF",
    owner_business_info: { id: account.businessId, name: account.name },
    whatsapp_business_manager_messaging_limit: behaviour.account.messagingLimit,
  };
  return { body: pickFields(all, call.query["fields"], ["name", "timezone_id", "currency", "message_template_namespace"]) };
}
