import type { LaneLimits } from "../../lanes/work.ts";
import type { Adapter } from "../adapter.ts";
import type { GenericSecrets, GenericSettings } from "../tables.ts";
import { outcomeOf } from "./answer.ts";
import { requestHeaders } from "./headers.ts";
import { renderMessage, type FindComponents } from "./render.ts";

/** A provider of the open contract, as far as sending needs to know it. */
export interface GenericAccount {
  settings: Pick<GenericSettings, "endpoint" | "wabaNumber" | "customKeys">;
  secrets: GenericSecrets;
  limits: LaneLimits;
  /** Templates of the provider as they are now. */
  find: FindComponents;
}

/** CleverTap: Generic WhatsApp. Our message id is the msgId, which delivery reports and replies then name. */
export function genericAdapter({ settings, secrets, limits, find }: GenericAccount): Adapter {
  const { pathname, search } = new URL(settings.endpoint);
  const headers = requestHeaders(secrets);
  return {
    limits,
    request: (message) => {
      const rendered = renderMessage(message, settings, find);
      return "refusal" in rendered ? rendered : { method: "POST", path: pathname + search, headers, body: JSON.stringify(rendered.body) };
    },
    readAnswer: outcomeOf,
  };
}
