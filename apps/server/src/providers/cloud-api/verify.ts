/**
 * Looks at a number before it is saved: does the address answer, may the token do what is needed, is the number the one that was
 * meant, and will webhooks come here. Each check has its own sentence and what to do about it; a failed one ends the look, since the
 * following ones would only fail for the same reason.
 *
 * The app's id is not asked for: Meta tells which apps are subscribed to the account, and only one of them has the given secret.
 *
 * Source: Meta, "Phone numbers", "debug_token", "Subscribed apps", "Application subscriptions".
 */
import type { ProviderCheck } from "@tincan/api";
import { createAppApi, createCloudApi, MetaError, type AppApi, type CloudApi, type PhoneNumber, type TokenInfo } from "@tincan/whatsapp";
import type { Dispatcher } from "undici";
import { whyNoAnswer } from "../../http/no-answer.ts";

/** What is to be looked at. */
export interface NumberToVerify {
  number: string;
  wabaId: string;
  phoneNumberId: string;
  accessToken: string;
  appSecret: string;
  baseUrl: string;
  version: string;
}

export interface VerifyOptions {
  dispatcher: Dispatcher;
  /** Where Meta is to deliver: `{PUBLIC_URL}/wire/meta/webhook`. */
  webhookUrl: string;
  /** A token that our own webhook accepts from any process, for the verification request Meta makes meanwhile. */
  verifyToken: string;
}

export interface Verification {
  checks: ProviderCheck[];
  /** The input member the first failed check is about. */
  field: "number" | "wabaId" | "phoneNumberId" | "accessToken" | "appSecret" | "baseUrl" | undefined;
  facts: PhoneNumber | undefined;
  appId: string | undefined;
}

/** Everything this release reads; Meta keeps the rest to itself. */
const webhookFields = [
  "messages", "message_template_status_update", "message_template_quality_update", "message_template_components_update", "template_category_update",
  "phone_number_quality_update", "phone_number_name_update", "business_capability_update", "account_update", "account_alerts",
  "account_review_update", "security", "user_preferences",
];

const scopes = ["whatsapp_business_messaging", "whatsapp_business_management"];

/** A check that failed; carries it up to where the list is made. */
class Failed extends Error {
  readonly check: ProviderCheck;
  readonly field: Verification["field"];

  constructor(name: ProviderCheck["name"], field: Verification["field"], message: string, fix: string) {
    super(message);
    this.check = { name, ok: false, message, fix };
    this.field = field;
  }
}

export async function verifyNumber(input: NumberToVerify, options: VerifyOptions): Promise<Verification> {
  const found: Verification = { checks: [], field: undefined, facts: undefined, appId: undefined };
  try {
    const facts = await checkNumber(input, options);
    found.facts = facts;
    found.checks.push({ name: "number", ok: true, message: `${facts.display_phone_number ?? input.number} (${facts.verified_name ?? "no name yet"}) can be read with this token.` });
    const { app, token } = await findApp(input, options);
    found.appId = app?.id;
    found.checks.push(checkToken(token));
    found.checks.push(await checkWebhooks(input, options, app?.api));
  } catch (cause) {
    const failed = cause instanceof Failed ? cause : unreachable(input, cause);
    found.checks.push(failed.check);
    found.field = failed.field;
  }
  return found;
}

/** The number as Meta shows it, once it is proven to be the one that was meant. */
async function checkNumber(input: NumberToVerify, { dispatcher }: VerifyOptions): Promise<PhoneNumber> {
  const { api, facts } = await readNumber(input, dispatcher).catch((cause: unknown) => {
    if (isWrongProof(cause)) throw wrongSecret();
    throw explain(cause, input, "phoneNumberId", `The token cannot see a number with the id ${input.phoneNumberId}.`, "Copy the phone number id from WhatsApp Manager, and give the token's system user access to the account.");
  });
  const digits = facts.display_phone_number?.replace(/\D/g, "");
  if (digits && digits !== input.number.replace(/\D/g, "")) {
    throw new Failed("number", "number", `The phone number id ${input.phoneNumberId} belongs to ${facts.display_phone_number}, not to ${input.number}.`, "Correct the number or the phone number id.");
  }
  try {
    for await (const each of api.phoneNumbers(input.wabaId)) if (each.id === input.phoneNumberId) return facts;
  } catch (cause) {
    throw explain(cause, input, "wabaId", `The token cannot see a WhatsApp Business Account with the id ${input.wabaId}.`, "Copy the account's id from WhatsApp Manager, and give the token's system user access to it.");
  }
  throw new Failed("number", "wabaId", `The account ${input.wabaId} has no number with the id ${input.phoneNumberId}.`, "Copy both ids from the same account in WhatsApp Manager.");
}

/** Unsigned at first, so that a wrong token and a wrong app secret are told apart; an app may demand the signature all the same. */
async function readNumber(input: NumberToVerify, dispatcher: VerifyOptions["dispatcher"]): Promise<{ api: CloudApi; facts: PhoneNumber }> {
  const graph = { baseUrl: input.baseUrl, version: input.version, dispatcher, accessToken: input.accessToken };
  const read = async (api: CloudApi) => ({ api, facts: await api.phoneNumber(input.phoneNumberId) });
  try {
    return await read(createCloudApi(graph));
  } catch (cause) {
    if (!(cause instanceof MetaError && cause.info.code === 131005)) throw cause;
    return read(createCloudApi({ ...graph, appSecret: input.appSecret }));
  }
}

interface App {
  id: string;
  api: AppApi;
}

/** The app whose secret was given, and what it says of the token. Undefined when Meta does not show it, though the secret is right. */
async function findApp(input: NumberToVerify, { dispatcher }: VerifyOptions): Promise<{ app: App | undefined; token: TokenInfo | undefined }> {
  const graph = { baseUrl: input.baseUrl, version: input.version, dispatcher };
  const signed = createCloudApi({ ...graph, accessToken: input.accessToken, appSecret: input.appSecret });
  await signed.businessAccount(input.wabaId).catch((cause: unknown) => {
    if (isWrongProof(cause)) throw wrongSecret();
    throw explain(cause, input, "wabaId", `The token cannot read the account ${input.wabaId}.`, "Give the token's system user access to the account.");
  });
  await signed.subscribeApp(input.wabaId).catch((cause: unknown) => {
    throw explain(cause, input, "wabaId", `The app could not be subscribed to the account ${input.wabaId}: ${sentence(cause)}`, "Give the token's system user full control of the account.");
  });
  for (const { whatsapp_business_api_data: data } of await signed.subscribedApps(input.wabaId)) {
    const api = createAppApi({ ...graph, appId: data.id, appSecret: input.appSecret });
    try {
      const token = await api.debugToken(input.accessToken);
      if (token.app_id === undefined || token.app_id === data.id) return { app: { id: data.id, api }, token };
    } catch (cause) {
      if (!(cause instanceof MetaError)) throw cause;
      // Another app's id with our secret: not the one.
    }
  }
  return { app: undefined, token: undefined };
}

function isWrongProof(cause: unknown): boolean {
  return cause instanceof MetaError && cause.info.code === 100 && /appsecret_proof/i.test(cause.message);
}

function wrongSecret(): Failed {
  return new Failed("token", "appSecret", "The app secret is not that of the app the access token was made with.", "Copy the app secret from the same app: App settings, Basic.");
}

function checkToken(token: TokenInfo | undefined): ProviderCheck {
  if (!token) {
    return { name: "token", ok: true, message: "The token works. Meta did not show its scopes, so they were not looked at." };
  }
  if (!token.is_valid) throw new Failed("token", "accessToken", "Meta says the access token is no longer valid.", "Make a new token for the system user.");
  const missing = scopes.filter((scope) => token.scopes !== undefined && !token.scopes.includes(scope));
  if (missing.length > 0) {
    throw new Failed("token", "accessToken", `The token lacks ${missing.join(" and ")}.`, `Make a new token with both ${scopes.join(" and ")}.`);
  }
  const endsAt = token.expires_at ? new Date(token.expires_at * 1000) : undefined;
  if (!endsAt) return { name: "token", ok: true, message: "The token has both scopes and does not expire." };
  return {
    name: "token",
    ok: true,
    message: `The token has both scopes. It ends on ${endsAt.toISOString().slice(0, 10)}; after that nothing can be sent.`,
    fix: "Use a system user's token, which does not expire.",
  };
}

async function checkWebhooks(input: NumberToVerify, options: VerifyOptions, app: AppApi | undefined): Promise<ProviderCheck> {
  const { webhookUrl, verifyToken } = options;
  if (isMeta(input.baseUrl) && !isPublicHttps(webhookUrl)) {
    throw new Failed(
      "webhooks", undefined, `Meta delivers webhooks only to a public https address, and this server's is ${webhookUrl}.`,
      "Set PUBLIC_URL to the https address at which Meta can reach this server, and start it again.",
    );
  }
  if (!app) {
    return {
      name: "webhooks", ok: true, message: "The app is subscribed to the account. Its webhook address could not be set from here.",
      fix: `In the app's dashboard, under WhatsApp, Configuration, enter ${webhookUrl} and this provider's verify token.`,
    };
  }
  const current = (await app.subscriptions()).find((each) => each.object === "whatsapp_business_account" && each.callback_url !== undefined);
  if (current?.callback_url !== undefined && !current.callback_url.endsWith(new URL(webhookUrl).pathname)) return takeMessagesOnly(input, options, current.callback_url);
  await app.subscribe({ callbackUrl: webhookUrl, verifyToken, fields: webhookFields }).catch((cause: unknown) => {
    throw notDelivered(webhookUrl, cause);
  });
  return { name: "webhooks", ok: true, message: `Meta has called ${webhookUrl} and delivers there.` };
}

/** The app serves another system too. Its address stays; only this account's messages and receipts come here. */
async function takeMessagesOnly(input: NumberToVerify, options: VerifyOptions, elsewhere: string): Promise<ProviderCheck> {
  const { dispatcher, webhookUrl, verifyToken } = options;
  const api = createCloudApi({ baseUrl: input.baseUrl, version: input.version, dispatcher, accessToken: input.accessToken, appSecret: input.appSecret });
  await api.subscribeApp(input.wabaId, { callbackUrl: webhookUrl, verifyToken }).catch((cause: unknown) => {
    throw notDelivered(webhookUrl, cause);
  });
  return {
    name: "webhooks", ok: true,
    message: `This account's messages and receipts are delivered here. The app's own webhook address is ${elsewhere}, so news about templates and the account still go there.`,
    fix: `To get those too, change the app's webhook address to ${webhookUrl}.`,
  };
}

function notDelivered(webhookUrl: string, cause: unknown): unknown {
  if (!(cause instanceof MetaError)) return cause;
  return new Failed("webhooks", undefined, `Meta could not verify ${webhookUrl}: ${sentence(cause)}`, "Make sure that PUBLIC_URL is reachable from the internet with a valid certificate.");
}

/** What a refused read means: the token, the id that was asked for, or nothing we know. */
function explain(cause: unknown, input: NumberToVerify, field: "phoneNumberId" | "wabaId", unseen: string, fix: string): unknown {
  if (!(cause instanceof MetaError)) return cause;
  const { code, subcode } = cause.info;
  if (code === 190 || code === 104 || code === 0) {
    return new Failed("token", "accessToken", `Meta does not accept the access token: ${sentence(cause)}`, "Copy the whole token again, or make a new one for the system user.");
  }
  if (code === 131005) return new Failed("token", "accessToken", `The token may not do this, also with a signed request: ${sentence(cause)}`, "Look at the token's permissions, and at the app's advanced settings.");
  if (code === 3 || code === 10 || (code >= 200 && code <= 299)) {
    return new Failed("token", "accessToken", `The token may not read the account: ${sentence(cause)}`, `Make a new token with both ${scopes.join(" and ")}.`);
  }
  if ((code === 100 && subcode === 33) || code === 803 || code === 33) return new Failed("number", field, unseen, fix);
  return new Failed("endpoint", "baseUrl", `Meta's API at ${input.baseUrl} refused the look: ${sentence(cause)}`, "Try again in a few minutes.");
}

function unreachable(input: NumberToVerify, cause: unknown): Failed {
  return new Failed("endpoint", "baseUrl", `Meta's API at ${input.baseUrl} did not answer as expected. ${whyNoAnswer(cause)}.`, "Look at the address and at this server's way to the internet, and try again.");
}

function sentence(cause: unknown): string {
  return cause instanceof MetaError ? cause.message : String(cause);
}

/** Whether an address is Meta's own; anything else is a stand-in, such as the sandbox. */
function isMeta(baseUrl: string): boolean {
  return /(^|\.)facebook\.com$/.test(new URL(baseUrl).hostname);
}

function isPublicHttps(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" && !/^(localhost|127\.|10\.|192\.168\.|\[)/.test(hostname);
}
