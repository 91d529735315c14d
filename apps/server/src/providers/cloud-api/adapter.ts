import { appSecretProof, sendRequest } from "@tincan/whatsapp";
import type { LaneLimits } from "../../lanes/work.ts";
import type { Adapter } from "../adapter.ts";
import { outcomeOf } from "./answer.ts";
import { renderMessage } from "./render.ts";

/** A number on the Cloud API, as far as sending needs to know it. */
export interface CloudApiAccount {
  /** Such as `https://graph.facebook.com`; a path in it comes before the version. */
  baseUrl: string;
  /** Such as `v26.0`. */
  version: string;
  phoneNumberId: string;
  accessToken: string;
  /** With it each request proves that it comes from the app, which an app may demand (Meta: securing Graph API calls). */
  appSecret?: string | undefined;
  limits: LaneLimits;
}

export function cloudApiAdapter(account: CloudApiAccount): Adapter {
  const prefix = new URL(account.baseUrl).pathname.replace(/\/+$/, "");
  const proof = account.appSecret ? { appSecretProof: appSecretProof(account.accessToken, account.appSecret) } : {};
  const target = { version: account.version, phoneNumberId: account.phoneNumberId, accessToken: account.accessToken, ...proof };
  return {
    limits: account.limits,
    request: (message) => {
      const body = renderMessage(message);
      if (!body) return { refusal: unknownTarget };
      const request = sendRequest(target, body);
      return { method: "POST", path: prefix + request.path, headers: request.headers, body: request.body };
    },
    readAnswer: outcomeOf,
  };
}

const unknownTarget = {
  source: "tincan",
  code: 131009,
  title: "The message to react to is not known",
  details: "A reaction needs a message of this conversation that Tincan has sent or received.",
} as const;
