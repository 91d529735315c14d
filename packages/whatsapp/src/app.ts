/**
 * Client for what belongs to the app itself, called with the app's id and secret: webhook subscription of the app,
 * inspection of a token, and the code exchange that ends Embedded Signup.
 *
 * Sources: Meta, Graph API "Application subscriptions", "debug_token", WhatsApp "Embedded Signup".
 */
import type { AccessTokenAnswer, AppSubscription, TokenInfo } from "./accounts.ts";
import { callGraph, type GraphSettings } from "./graph.ts";

export interface AppApiSettings extends GraphSettings {
  appId: string;
  appSecret: string;
}

export interface WebhookTarget {
  callbackUrl: string;
  verifyToken: string;
  /** Such as `messages`, `message_template_status_update`, `user_preferences`. */
  fields: string[];
}

export type AppApi = ReturnType<typeof createAppApi>;

/** A client for one app. Throws as {@link createCloudApi} does. */
export function createAppApi(settings: AppApiSettings) {
  const appToken = `${settings.appId}|${settings.appSecret}`;
  const headers = { authorization: `Bearer ${appToken}` };
  const edge = `${settings.appId}/subscriptions`;
  return {
    /** Sets where the app's WhatsApp webhooks go. Meta calls the address for verification before it answers. */
    async subscribe({ callbackUrl, verifyToken, fields }: WebhookTarget): Promise<void> {
      const body = { object: "whatsapp_business_account", callback_url: callbackUrl, verify_token: verifyToken, fields: fields.join(",") };
      await callGraph(settings, { method: "POST", path: edge, body, headers });
    },

    async subscriptions(): Promise<AppSubscription[]> {
      // Members as in Meta's reference, all but `object` optional.
      return ((await callGraph(settings, { method: "GET", path: edge, headers })) as { data: AppSubscription[] }).data;
    },

    /** Whose token it is, whether it is valid, what it may do. */
    async debugToken(inputToken: string): Promise<TokenInfo> {
      const query = { input_token: inputToken };
      return ((await callGraph(settings, { method: "GET", path: "debug_token", query, headers })) as { data: TokenInfo }).data;
    },

    /** Exchanges the code that the login dialog of Embedded Signup gave (good for 30 seconds) for an access token. */
    async exchangeCode(code: string, redirectUri?: string): Promise<AccessTokenAnswer> {
      const query = { client_id: settings.appId, client_secret: settings.appSecret, code, redirect_uri: redirectUri };
      return (await callGraph(settings, { method: "GET", path: "oauth/access_token", query })) as AccessTokenAnswer;
    },
  };
}
