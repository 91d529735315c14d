/** The demo workspace's number: the sandbox's, connected as a real one would be. */
import type { sandboxAccount } from "@tincan/sandbox";
import { rememberDemoItems } from "./accounts/demo-items.ts";
import type { Actor } from "./http/actor.ts";
import { connectNumber, type ConnectDeps } from "./providers/connect.ts";
import { findProviderByNickname } from "./providers/store.ts";

const NICKNAME = "Sandbox number";

/**
 * Fills the demo workspace: a verified provider with its templates, and a deployment on it. Call it when this server and the sandbox
 * listen; what a call that was cut short has left is taken up by the next. `makeDeployment` makes a deployment named by itself, once.
 */
export async function seedDemo(
  deps: ConnectDeps,
  options: { actor: Actor; sandboxUrl: string; account: typeof sandboxAccount; makeDeployment: (providerId: string) => Promise<void> },
): Promise<void> {
  const { actor, sandboxUrl, account } = options;
  const { number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken } = account;
  const known = await findProviderByNickname(deps.database.db, actor.workspaceId, NICKNAME);
  const provider = known ?? (await connectNumber(deps, actor, {
    kind: "cloud-api", nickname: NICKNAME, baseUrl: sandboxUrl, default: true, number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken,
  }));
  await rememberDemoItems(deps.database.db, actor.workspaceId, "provider", [provider.id]);
  await options.makeDeployment(provider.id);
}
