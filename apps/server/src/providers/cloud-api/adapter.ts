import { sendRequest } from "@tincan/whatsapp";
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
  limits: LaneLimits;
}

export function cloudApiAdapter(account: CloudApiAccount): Adapter {
  const prefix = new URL(account.baseUrl).pathname.replace(/\/+$/, "");
  return {
    limits: account.limits,
    request: (message) => {
      const body = renderMessage(message);
      if (!body) return { refusal: unknownTarget };
      const request = sendRequest(account, body);
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
