import { appSecretProof } from "@tincan/whatsapp";
import { textOf, type JsonObject } from "../json.ts";
import type { Token } from "../world/account.ts";
import type { World } from "../world/world.ts";
import { GraphError } from "./graph-error.ts";

/** The token of a call: from `Authorization: Bearer` (or `OAuth`), or from `access_token`. */
export function authenticate(world: World, authorization: unknown, parameters: JsonObject): Token {
  const value = /^(?:bearer|oauth)\s+(.+)$/i.exec(textOf(authorization))?.[1]?.trim() ?? textOf(parameters["access_token"]);
  if (!value) throw new GraphError(104, { message: "An access token is required to request this resource.", httpStatus: 401 });
  const token = world.account.tokens.get(value);
  const { behaviour } = world;
  if (!token || (token.kind === "system" && behaviour.account.token === "invalid")) {
    throw new GraphError(190, { message: "Invalid OAuth access token - Cannot parse access token", httpStatus: 401 });
  }
  if (token.kind === "system" && behaviour.account.token === "expired") {
    const at = new Date(world.clock.now() - 60_000).toUTCString();
    throw new GraphError(190, { subcode: 463, message: `Error validating access token: Session has expired on ${at}.`, httpStatus: 401 });
  }
  checkProof(world, token, parameters["appsecret_proof"]);
  return token;
}

function checkProof(world: World, token: Token, given: unknown): void {
  if (token.kind === "app") return;
  if (given === undefined) {
    if (!world.behaviour.account.requireAppSecretProof) return;
    throw new GraphError(131005, { details: "API calls from the server require an appsecret_proof argument" });
  }
  if (given !== appSecretProof(token.value, world.account.appSecret)) {
    throw new GraphError(100, { message: "Invalid appsecret_proof provided in the API argument" });
  }
}

/** Whether the token may do what the scope covers. App tokens may do nothing that needs a scope. */
export function hasScope(world: World, token: Token, scope: "whatsapp_business_messaging" | "whatsapp_business_management"): boolean {
  return token.kind === "system" && world.behaviour.account.scopes.includes(scope);
}

/** Demands the management scope; without it Graph answers with its permission error. */
export function needManagement(world: World, token: Token): void {
  if (!hasScope(world, token, "whatsapp_business_management")) throw new GraphError(200, { message: "(#200) Permissions error", httpStatus: 403 });
}

/** Calls about the app itself are made with the app's own token. */
export function needAppToken(token: Token): void {
  if (token.kind !== "app") throw new GraphError(15, { message: "(#15) This method must be called with an app access_token.", httpStatus: 400 });
}
