import { textOf, type JsonObject } from "../json.ts";
import type { World } from "../world/world.ts";
import { needAppToken } from "./access.ts";
import { parametersOf, type GraphAnswer, type GraphCall } from "./call.ts";
import { GraphError, missing } from "./graph-error.ts";

/** `GET /debug_token?input_token=`: what a token is good for. Asked with the app's own token. */
export function debugToken(call: GraphCall): GraphAnswer {
  const { world } = call;
  needAppToken(call.token);
  const input = textOf(call.query["input_token"]);
  if (!input) throw missing("input_token");
  const { account, behaviour } = world;
  const token = account.tokens.get(input);
  if (!token || (token.kind === "system" && behaviour.account.token === "invalid")) {
    return { body: { data: { error: { code: 190, message: "Invalid OAuth access token - Cannot parse access token" }, is_valid: false, scopes: [] } } };
  }
  if (token.kind === "app") {
    return { body: { data: { app_id: account.appId, type: "APP", application: account.appName, is_valid: true, scopes: [] } } };
  }
  const expired = behaviour.account.token === "expired";
  return {
    body: {
      data: {
        app_id: account.appId,
        type: "SYSTEM_USER",
        application: account.appName,
        data_access_expires_at: 0,
        expires_at: 0,
        is_valid: !expired,
        ...(expired && { error: { code: 190, message: "Error validating access token: Session has expired.", subcode: 463 } }),
        issued_at: Math.floor(token.issuedAt / 1000),
        scopes: behaviour.account.scopes,
        granular_scopes: behaviour.account.scopes.map((scope) => ({ scope, target_ids: [account.wabaId] })),
        user_id: "122100000000000001",
      },
    },
  };
}

/** `/oauth/access_token`: exchanges the code of a finished login for a token, or the app's secret for the app token. */
export function exchangeCode(world: World, call: Pick<GraphCall, "query" | "body">): GraphAnswer {
  const given = parametersOf(call as GraphCall);
  const { account, clock, random } = world;
  if (textOf(given["client_id"]) !== account.appId) throw new GraphError(101, { message: "Error validating application. Cannot get application info due to a system error.", httpStatus: 400 });
  if (textOf(given["client_secret"]) !== account.appSecret) throw new GraphError(1, { message: "Error validating client secret.", httpStatus: 400 });
  if (given["grant_type"] === "client_credentials") return { body: { access_token: `${account.appId}|${account.appSecret}`, token_type: "bearer" } };
  const code = textOf(given["code"]);
  if (!code) throw missing("code");
  const login = account.codes.get(code);
  account.codes.delete(code);
  if (!login) throw new GraphError(100, { subcode: 36009, message: "This authorization code has been used.", httpStatus: 400 });
  if (login.until < clock.now()) throw new GraphError(100, { subcode: 36007, message: "This authorization code has expired.", httpStatus: 400 });
  if (login.redirectUri !== undefined && given["redirect_uri"] !== undefined && given["redirect_uri"] !== login.redirectUri) {
    throw new GraphError(100, { subcode: 36008, message: "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request", httpStatus: 400 });
  }
  return { body: tokenAnswer(issueToken(account.tokens, `EAA${random.letters(60)}`, clock.now())) };
}

function issueToken(tokens: World["account"]["tokens"], value: string, issuedAt: number): string {
  tokens.set(value, { value, kind: "system", issuedAt });
  return value;
}

function tokenAnswer(value: string): JsonObject {
  return { access_token: value, token_type: "bearer" };
}
