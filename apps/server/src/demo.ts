/**
 * The demo workspace: both cans and the string between them, each connected as a real one would be.
 *
 *   "Haptik-style" ──► deployment "Tincan (demo)" ──► "Sandbox number" ──► the local WhatsApp
 *        ▲                       │
 *        └── its callback URLs ──┘        and "CleverTap (demo)", a deployment to try requests on
 *
 * The upper line is the engagement side sending through a provider of the open contract, over real HTTP; that this provider is the
 * WhatsApp side of the same server is nothing either of them knows.
 */
import type { DeploymentWebhooks, GenericProviderInput } from "@tincan/api";
import type { sandboxAccount } from "@tincan/sandbox";
import { rememberDemoItems } from "./accounts/demo-items.ts";
import type { Actor } from "./http/actor.ts";
import { connectNumber, type ConnectDeps } from "./providers/connect.ts";
import { callbackSecretsOf, callbackUrls } from "./providers/generic/callback-urls.ts";
import { connectGeneric } from "./providers/generic/connect.ts";
import { findProviderByNickname } from "./providers/store.ts";

const NUMBER = "Sandbox number";
const CLEVERTAP = "CleverTap (demo)";
const OURSELVES = "Tincan (demo)";
const HAPTIK = "Haptik-style";
/** A number of nobody (NANP: 555-01xx); a provider has one of its own, though the messages come from the sandbox's. */
const HAPTIK_NUMBER = "+15550100198";

/** Where a deployment is called, and with what. */
export interface DemoDeployment {
  callbackUrl: string;
  templateImportUrl: string;
  token: string;
}

export interface DemoOptions {
  actor: Actor;
  sandboxUrl: string;
  account: typeof sandboxAccount;
  /** This server's own address, as it reaches itself. */
  ownOrigin: string;
  /** Makes a deployment on a provider, or changes the one of this name. */
  deploy(name: string, providerId: string, webhooks?: DeploymentWebhooks): Promise<DemoDeployment>;
  /** Takes over the templates of a provider's template import URL. */
  importTemplates(providerId: string): Promise<void>;
}

/** Fills the demo workspace. Call it when this server and the sandbox listen; what a call that was cut short has left is taken up by the next. Answers the id of its number. */
export async function seedDemo(deps: ConnectDeps, options: DemoOptions): Promise<string> {
  const { actor } = options;
  const { db } = deps.database;
  const numberId = await numberOf(deps, options);
  await rememberDemoItems(db, actor.workspaceId, "provider", [numberId]);
  await options.deploy(CLEVERTAP, numberId);
  const ourselves = await options.deploy(OURSELVES, numberId);
  const haptikId = await haptikOf(deps, actor, ourselves);
  await rememberDemoItems(db, actor.workspaceId, "provider", [haptikId]);
  const secret = (await callbackSecretsOf(db, deps.secrets, actor.workspaceId, [haptikId])).get(haptikId)!.current;
  await options.deploy(OURSELVES, numberId, callbackUrls(options.ownOrigin, secret));
  await options.importTemplates(haptikId);
  return numberId;
}

async function numberOf(deps: ConnectDeps, { actor, sandboxUrl, account }: DemoOptions): Promise<string> {
  const known = await findProviderByNickname(deps.database.db, actor.workspaceId, NUMBER);
  if (known) return known.id;
  const { number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken } = account;
  const made = await connectNumber(deps, actor, {
    kind: "cloud-api", nickname: NUMBER, baseUrl: sandboxUrl, default: true, number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken,
  });
  return made.id;
}

/** Saving it asks this server's own Callback URL to confirm. */
async function haptikOf(deps: ConnectDeps, actor: Actor, { callbackUrl, templateImportUrl, token }: DemoDeployment): Promise<string> {
  const known = await findProviderByNickname(deps.database.db, actor.workspaceId, HAPTIK);
  if (known) return known.id;
  const input: GenericProviderInput = {
    kind: "generic", nickname: HAPTIK, number: HAPTIK_NUMBER, endpoint: callbackUrl, headers: [{ key: "Token", value: token }],
    templateImport: { url: templateImportUrl },
    // A deployment of ours ignores a msgId it has seen before.
    repeatIsHarmless: true,
  };
  return (await connectGeneric(deps, actor, input)).id;
}
