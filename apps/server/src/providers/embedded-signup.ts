/**
 * Log in with Facebook (Embedded Signup): the dialog gives a code, the code an access token, the token its account and number;
 * from there on it is the same as pasting them.
 *
 * Source: Meta, "Embedded Signup", "Onboarding customers as a Tech Provider".
 */
import { randomInt } from "node:crypto";
import type { EmbeddedSignupConfig, EmbeddedSignupInput } from "@tincan/api";
import { createAppApi, createCloudApi, MetaError, MetaUnreachable, type CloudApi, type PhoneNumber } from "@tincan/whatsapp";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { whyNoAnswer } from "../http/no-answer.ts";
import { connectNumber, META_VERSION, type ConnectDeps } from "./connect.ts";
import { findProviderByNickname, type CloudApiNumber } from "./store.ts";

/** The Facebook app whose login people go through. */
export interface SignupApp {
  appId: string;
  appSecret: string;
  /** Of the app's Facebook Login for Business; the sandbox's dialog needs none. */
  configId?: string | undefined;
  /** Of the Graph API the app lives on. */
  baseUrl: string;
  /** The login dialog, without its query. */
  dialogUrl: string;
}

/** The page of the dashboard that the dialog returns to. */
const RETURN_PATH = "/channels/whatsapp/facebook";

export function signupConfig({ publicUrl, verifyTokens }: ConnectDeps, app: SignupApp | null, actor: Actor): EmbeddedSignupConfig {
  if (!app) return { dialogUrl: null, redirectUri: null, reason: "No Facebook app is set up on this server. Paste the number's ids and token instead." };
  const redirectUri = publicUrl + RETURN_PATH;
  const url = new URL(app.dialogUrl);
  url.search = new URLSearchParams({
    client_id: app.appId,
    ...(app.configId !== undefined && { config_id: app.configId }),
    redirect_uri: redirectUri,
    response_type: "code",
    override_default_response_type: "true",
    state: verifyTokens.issue(stateOf(actor)),
    extras: JSON.stringify({ setup: {}, sessionInfoVersion: "3" }),
  }).toString();
  return { dialogUrl: url.href, redirectUri, reason: null };
}

/** The person who opened the dialog is the one who may finish it. */
function stateOf(actor: Actor): string {
  return `signup ${actor.workspaceId} ${actor.userId ?? actor.apiKeyId}`;
}

/** Trades the dialog's code for a connected, verified and saved number. */
export async function finishSignup(deps: ConnectDeps, app: SignupApp | null, actor: Actor, input: EmbeddedSignupInput): Promise<CloudApiNumber> {
  if (!app) throw new ApiError("signup_not_set_up");
  // Without this a link made by somebody else could have a signed-in person connect a stranger's number. A script has no links to click.
  if (actor.userId !== undefined && !deps.verifyTokens.isOurs(input.state ?? "", stateOf(actor))) {
    throw new ApiError("signup_refused", { field: "state", detail: "The answer does not belong to a login that you opened here within the last minutes." });
  }
  const graph = { baseUrl: app.baseUrl, version: META_VERSION, dispatcher: deps.graph };
  const found = await readSignup(graph, app, input).catch((cause: unknown) => {
    if (cause instanceof MetaError) throw new ApiError("signup_refused", { detail: cause.message }, { cause });
    if (cause instanceof MetaUnreachable) throw new ApiError("provider_unreachable", { detail: `${whyNoAnswer(cause)}.` }, { cause });
    throw cause;
  });
  const { facts } = found;
  return connectNumber(
    deps,
    actor,
    {
      kind: "cloud-api",
      nickname: input.nickname ?? (await freeNickname(deps, actor.workspaceId, facts)),
      number: facts.display_phone_number ?? "",
      wabaId: found.wabaId,
      phoneNumberId: facts.id,
      accessToken: found.accessToken,
      appSecret: app.appSecret,
      baseUrl: app.baseUrl,
    },
    found.pin,
  );
}

interface Found {
  accessToken: string;
  wabaId: string;
  facts: PhoneNumber;
  /** Set when the number was new and has been registered. */
  pin: string | undefined;
}

async function readSignup(graph: Pick<Parameters<typeof createCloudApi>[0], "baseUrl" | "version" | "dispatcher">, app: SignupApp, input: EmbeddedSignupInput): Promise<Found> {
  const appApi = createAppApi({ ...graph, appId: app.appId, appSecret: app.appSecret });
  const { access_token: accessToken } = await appApi.exchangeCode(input.code, input.redirectUri);
  const api = createCloudApi({ ...graph, accessToken, appSecret: app.appSecret });
  const wabaId = input.wabaId ?? grantedAccount(await appApi.debugToken(accessToken));
  if (wabaId === undefined) throw new ApiError("signup_refused", { detail: "The login gave access to no WhatsApp Business Account." });
  const facts = await chosenNumber(api, wabaId, input.phoneNumberId);
  if (!facts) throw new ApiError("signup_refused", { detail: `The account ${wabaId} has no number${input.phoneNumberId ? ` with the id ${input.phoneNumberId}` : ""}.` });
  return { accessToken, wabaId, facts, pin: await registerIfNew(api, facts) };
}

function grantedAccount(token: { granular_scopes?: { scope: string; target_ids?: string[] }[] }): string | undefined {
  return token.granular_scopes?.find((each) => each.scope === "whatsapp_business_management")?.target_ids?.[0];
}

async function chosenNumber(api: CloudApi, wabaId: string, phoneNumberId: string | undefined): Promise<PhoneNumber | undefined> {
  for await (const each of api.phoneNumbers(wabaId)) if (phoneNumberId === undefined || each.id === phoneNumberId) return each;
  return undefined;
}

/** A number that has just been added in the dialog cannot send before it is registered; its PIN is ours to choose then. */
async function registerIfNew(api: CloudApi, facts: PhoneNumber): Promise<string | undefined> {
  if (facts.status !== "PENDING" && facts.status !== "DISCONNECTED") return undefined;
  const pin = String(randomInt(1_000_000)).padStart(6, "0");
  await api.register(facts.id, pin);
  return pin;
}

async function freeNickname(deps: ConnectDeps, workspaceId: string, facts: PhoneNumber): Promise<string> {
  const name = (facts.verified_name ?? facts.display_phone_number ?? facts.id).slice(0, 60);
  return (await findProviderByNickname(deps.database.db, workspaceId, name)) ? `${name} ${facts.id.slice(-4)}` : name;
}
