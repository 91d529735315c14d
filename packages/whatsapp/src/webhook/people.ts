/**
 * Pieces that several webhook fields share: times, people, errors.
 *
 * Source: Meta, "Webhooks" reference and "Business-scoped user ids".
 */
import { asId, asNumber, asObject, asObjects, asText, defined, type JsonObject } from "../json.ts";
import type { Person, WebhookError } from "./types.ts";

/** Unix milliseconds from seconds as text or number; a value too large for seconds is taken for milliseconds. */
export function readTime(value: unknown): number | undefined {
  const number = asNumber(value);
  if (number === undefined || number < 0) return undefined;
  return number > 100_000_000_000 ? number : number * 1000;
}

/** The contact of `value.contacts` that has one of the ids; the only one there is, if no id is known. */
export function readPerson(contacts: JsonObject[], waId: unknown, userId: unknown, parentUserId?: unknown): Person {
  const ids = { waId: asId(waId), userId: asText(userId), parentUserId: asText(parentUserId) };
  const match = contacts.find(
    (each) =>
      (ids.waId !== undefined && asId(each["wa_id"]) === ids.waId) ||
      (ids.userId !== undefined && [each["user_id"], each["parent_user_id"]].includes(ids.userId)),
  );
  const contact = match ?? (contacts.length === 1 ? contacts[0] : undefined);
  const profile = asObject(contact?.["profile"]);
  return defined({
    waId: ids.waId ?? asId(contact?.["wa_id"]),
    userId: ids.userId ?? asText(contact?.["user_id"]),
    parentUserId: ids.parentUserId ?? asText(contact?.["parent_user_id"]),
    name: asText(profile?.["name"]),
    username: asText(profile?.["username"]),
  });
}

/** Errors as they stand in statuses, messages and values; those without a code are left out. */
export function readErrors(value: unknown): WebhookError[] {
  return asObjects(value).flatMap((each) => {
    const code = asNumber(each["code"]);
    if (code === undefined) return [];
    const details = asText(asObject(each["error_data"])?.["details"]) ?? asText(each["details"]);
    return [defined({ code, title: asText(each["title"]), message: asText(each["message"]), details, href: asText(each["href"]) })];
  });
}

/** Categories come with hyphens in one place and underscores in another. */
export function underscored(value: unknown): string | undefined {
  return asText(value)?.replaceAll("-", "_");
}
