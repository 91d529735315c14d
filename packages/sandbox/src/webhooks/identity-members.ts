import type { JsonObject } from "../json.ts";
import type { Phone } from "../phones/phone.ts";
import { parentUserIdOf } from "../world/identity.ts";
import type { IdentityMode } from "../world/behaviour.ts";

/** How a webhook names a user: by number and business-scoped id, by username without number, or with the parent id too. */
export function contactOf(phone: Phone, mode: IdentityMode, show: { number: boolean; username: boolean }): JsonObject {
  return {
    profile: { name: phone.name, ...(show.username && usernameOf(phone, mode)) },
    ...(show.number && { wa_id: phone.digits }),
    user_id: phone.userId,
    ...(mode === "parent" && { parent_user_id: parentUserIdOf(phone.digits) }),
  };
}

export function modeOf(phone: Phone, fallback: IdentityMode): IdentityMode {
  return phone.identity ?? fallback;
}

function usernameOf(phone: Phone, mode: IdentityMode): JsonObject {
  const username = phone.username ?? (mode === "username" ? `user.${phone.digits.slice(-6)}` : undefined);
  return username === undefined ? {} : { username };
}
