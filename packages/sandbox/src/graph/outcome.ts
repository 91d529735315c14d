import type { JsonObject } from "../json.ts";
import type { Phone } from "../phones/phone.ts";
import type { BusinessNumber } from "../world/account.ts";
import type { World } from "../world/world.ts";
import type { StoredTemplate } from "./template-store.ts";

/** Free-form messages delivered per number and calendar month before they cost something. */
const freeServicePerMonth = 1000;

/** Why an accepted message will fail, or `undefined` when it will arrive. */
export function outcomeOf(
  world: World,
  number: BusinessNumber,
  phone: Phone,
  { type, template }: { type: string; template: StoredTemplate | undefined },
): { code: number; details: string | undefined } | undefined {
  const { behaviour, clock } = world;
  if (!phone.onWhatsApp) return { code: 131026, details: "Message Undeliverable." };
  const open = (phone.windows.get(number.id) ?? 0) > clock.now();
  if (type !== "template") {
    if (open || !behaviour.window.enforced) return undefined;
    return { code: 131047, details: "Message failed to send because more than 24 hours have passed since the customer last replied to this number." };
  }
  if (template?.category !== "MARKETING") return undefined;
  if (phone.stopped.has(number.id)) return { code: 131050, details: "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business." };
  if (!behaviour.templates.marketingToUs && phone.digits.startsWith("1")) {
    return { code: 131049, details: "This message was not delivered to maintain healthy ecosystem engagement." };
  }
  return undefined;
}

/** What the message costs, as its status webhook says it (prices per delivered message, since July 2025). */
export function pricingOf(number: BusinessNumber, template: StoredTemplate | undefined, marketingApi: boolean, now: number): JsonObject {
  const category = marketingApi ? "marketing_lite" : (template?.category.toLowerCase() ?? "service");
  const free = category === "service" && (number.served < freeServicePerMonth || number.servedMonth !== new Date(now).toISOString().slice(0, 7));
  return { billable: !free, pricing_model: "PMP", type: free ? "free_customer_service" : "regular", category };
}
