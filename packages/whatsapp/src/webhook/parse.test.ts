import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWebhook } from "./parse.ts";

type Json = Record<string, unknown>;

const metadata = { display_phone_number: "15550100199", phone_number_id: "700800900100200" };
const origin = { wabaId: "900100200300400", phoneNumberId: "700800900100200", displayPhoneNumber: "15550100199" };
const ada = { profile: { name: "Ada P.", username: "ada.p" }, wa_id: "15550100123", user_id: "US.7700" };

function delivery(field: string, ...values: unknown[]): Json {
  return { object: "whatsapp_business_account", entry: [{ id: "900100200300400", changes: values.map((value) => ({ field, value })) }] };
}

function inbound(message: Json, contacts: unknown[] = [ada]): Json {
  return delivery("messages", {
    messaging_product: "whatsapp", metadata, contacts,
    messages: [{ from: "15550100123", from_user_id: "US.7700", id: "wamid.IN", timestamp: "1798000000", ...message }],
  });
}

function status(more: Json, contacts?: unknown[]): Json {
  const statuses = [{ id: "wamid.OUT", status: "delivered", timestamp: "1798000005", recipient_id: "15550100123", ...more }];
  return delivery("messages", { messaging_product: "whatsapp", metadata, ...(contacts ? { contacts } : {}), statuses });
}

function field(name: string, value: Json, time?: number): Json {
  return { object: "whatsapp_business_account", entry: [{ id: "900100200300400", ...(time ? { time } : {}), changes: [{ field: name, value }] }] };
}

describe("statuses", () => {
  test("a v23 status carries pricing and conversation", () => {
    const json = status({
      status: "sent",
      biz_opaque_callback_data: "m-1",
      conversation: { id: "c1", expiration_timestamp: "1798086400", origin: { type: "authentication-international" } },
      pricing: { billable: true, pricing_model: "CBP", category: "authentication-international", type: "regular" },
    });
    expect(parseWebhook(json).statuses).toEqual([
      expect.objectContaining({
        origin,
        wireId: "wamid.OUT",
        status: "sent",
        at: 1_798_000_005_000,
        recipient: { waId: "15550100123" },
        callbackData: "m-1",
        conversation: { id: "c1", expiresAt: 1_798_086_400_000, origin: "authentication_international" },
        pricing: { billable: true, model: "CBP", category: "authentication_international", type: "regular" },
        errors: [],
      }),
    ]);
  });

  test("a v26 status to a business-scoped user id has a user id and perhaps no number", () => {
    const json = status({ status: "read", recipient_id: undefined, recipient_user_id: "US.7700" }, [{ profile: { name: "Ada P.", username: "ada.p" }, user_id: "US.7700" }]);
    expect(parseWebhook(json).statuses[0]).toMatchObject({ status: "read", recipient: { userId: "US.7700", name: "Ada P.", username: "ada.p" } });
    expect(parseWebhook(json).statuses[0]!.recipient).not.toHaveProperty("waId");
  });

  test("a failure carries Meta's errors", () => {
    const json = status({ status: "failed", errors: [{ code: 131049, title: "T", message: "T", error_data: { details: "D" }, href: "/x" }] });
    expect(parseWebhook(json).statuses[0]!.errors).toEqual([{ code: 131049, title: "T", message: "T", details: "D", href: "/x" }]);
  });

  test("played, group and future statuses are kept", () => {
    expect(parseWebhook(status({ status: "played" })).statuses[0]!.status).toBe("played");
    expect(parseWebhook(status({ status: "hovered" })).statuses[0]!.status).toBe("hovered");
    const group = parseWebhook(status({ recipient_type: "group", recipient_participant_id: "15550100124", recipient_participant_user_id: "US.8" }));
    expect(group.statuses[0]!.group).toEqual({ participantId: "15550100124", participantUserId: "US.8" });
  });

  test("a batch over entries, changes and lists is read completely", () => {
    const one = status({});
    const both = { object: "x", entry: [...(one["entry"] as unknown[]), ...(inbound({ type: "text", text: { body: "a" } })["entry"] as unknown[])] };
    const content = parseWebhook(both);
    expect([content.statuses.length, content.messages.length, content.unknown.length]).toEqual([1, 1, 0]);
  });
});

describe("inbound messages", () => {
  test.each<[string, Json, Json]>([
    ["text", { type: "text", text: { body: "yes" } }, { type: "text", body: "yes" }],
    [
      "image",
      { type: "image", image: { id: "9", mime_type: "image/jpeg", sha256: "b64=", url: "https://x.example", caption: "c" } },
      { type: "image", media: { id: "9", mimeType: "image/jpeg", sha256: "b64=", url: "https://x.example", caption: "c" } },
    ],
    ["document", { type: "document", document: { id: "9", filename: "a.pdf" } }, { type: "document", media: { id: "9", filename: "a.pdf" } }],
    ["sticker", { type: "sticker", sticker: { id: "9", animated: true } }, { type: "sticker", media: { id: "9", animated: true } }],
    ["voice note", { type: "audio", audio: { id: "9", voice: true } }, { type: "audio", media: { id: "9", voice: true } }],
    ["video", { type: "video", video: { id: "9" } }, { type: "video", media: { id: "9" } }],
    ["location", { type: "location", location: { latitude: 40.1, longitude: -3.7, name: "Depot" } }, { type: "location", latitude: 40.1, longitude: -3.7, name: "Depot" }],
    ["contacts", { type: "contacts", contacts: [{ name: { formatted_name: "B" }, origin: "other" }] }, { type: "contacts", contacts: [{ name: { formatted_name: "B" }, origin: "other" }] }],
    ["reaction", { type: "reaction", reaction: { message_id: "wamid.1", emoji: "👍" } }, { type: "reaction", messageId: "wamid.1", emoji: "👍" }],
    ["reaction taken back, v26", { type: "reaction", reaction: { message_id: "wamid.1" } }, { type: "reaction", messageId: "wamid.1", emoji: null }],
    ["reaction taken back, older", { type: "reaction", reaction: { message_id: "wamid.1", emoji: "" } }, { type: "reaction", messageId: "wamid.1", emoji: null }],
    ["template button", { type: "button", button: { payload: "STOP_PROMO", text: "Stop" } }, { type: "button", payload: "STOP_PROMO", text: "Stop" }],
    ["reply button", { type: "interactive", interactive: { type: "button_reply", button_reply: { id: "y", title: "Yes" } } }, { type: "buttonReply", id: "y", title: "Yes" }],
    ["list choice", { type: "interactive", interactive: { type: "list_reply", list_reply: { id: "s", title: "10:00", description: "Hall" } } }, { type: "listReply", id: "s", title: "10:00", description: "Hall" }],
    [
      "completed Flow",
      { type: "interactive", interactive: { type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json: '{"a":1}' } } },
      { type: "flowReply", name: "flow", body: "Sent", responseJson: '{"a":1}', response: { a: 1 } },
    ],
    [
      "Flow with a broken response",
      { type: "interactive", interactive: { type: "nfm_reply", nfm_reply: { response_json: "{" } } },
      { type: "flowReply", responseJson: "{" },
    ],
    ["call permission", { type: "interactive", interactive: { type: "call_permission_reply", call_permission_reply: { response: "accept" } } }, { type: "callPermissionReply", reply: { response: "accept" } }],
    [
      "order",
      { type: "order", order: { catalog_id: "11", text: "please", product_items: [{ product_retailer_id: "sku", quantity: 2, item_price: 9.5, currency: "USD" }] } },
      { type: "order", catalogId: "11", text: "please", items: [{ productRetailerId: "sku", quantity: 2, itemPrice: 9.5, currency: "USD" }] },
    ],
    ["edit", { type: "edit", edit: { original_message_id: "wamid.1", message: { type: "text" } } }, { type: "edit", originalMessageId: "wamid.1", message: { type: "text" } }],
    ["revoke", { type: "revoke", revoke: { original_message_id: "wamid.1" } }, { type: "revoke", originalMessageId: "wamid.1" }],
    ["unsupported", { type: "unsupported", unsupported: { type: "poll_creation" }, errors: [{ code: 131051, title: "Message type unknown" }] }, { type: "unsupported", kind: "poll_creation" }],
    ["newer type", { type: "hologram", hologram: {} }, { type: "unknown", wireType: "hologram" }],
    ["media without an id", { type: "image", image: {} }, { type: "unknown", wireType: "image" }],
  ])("a %s is read", (_name, message, content) => {
    const parsed = parseWebhook(inbound(message));
    expect(parsed.messages).toHaveLength(1);
    expect(parsed.messages[0]).toMatchObject({ origin, wireId: "wamid.IN", at: 1_798_000_000_000, raw: message });
    expect(parsed.messages[0]!.content).toEqual(content);
    expect(parsed.messages[0]!.from).toEqual({ waId: "15550100123", userId: "US.7700", name: "Ada P.", username: "ada.p" });
    expect(parsed.unknown).toEqual([]);
  });

  test("a person with a username may come without a number, and with a parent id", () => {
    const json = inbound({ type: "text", text: { body: "hi" }, from: undefined, from_parent_user_id: "US.ENT.9" }, [{ profile: { username: "ada.p" }, user_id: "US.7700" }]);
    expect(parseWebhook(json).messages[0]!.from).toEqual({ userId: "US.7700", parentUserId: "US.ENT.9", username: "ada.p" });
  });

  test("a v23 message has a number only", () => {
    const json = inbound({ type: "text", text: { body: "hi" }, from_user_id: undefined }, [{ profile: { name: "Ada" }, wa_id: "15550100123" }]);
    expect(parseWebhook(json).messages[0]!.from).toEqual({ waId: "15550100123", name: "Ada" });
  });

  test("a changed number arrives without contacts", () => {
    const system = { body: "changed", type: "user_changed_number", wa_id: "15550100177", user_id: "US.88", previous_user_id: "US.7700" };
    expect(parseWebhook(inbound({ type: "system", system }, [])).messages[0]!.content).toEqual({
      type: "system", kind: "user_changed_number", body: "changed", newWaId: "15550100177", newUserId: "US.88", previousUserId: "US.7700",
    });
  });

  test("context, advertisement and group come along", () => {
    const message = parseWebhook(
      inbound({
        type: "text",
        text: { body: "hi" },
        group_id: "G1",
        context: { from: "15550100199", id: "wamid.OUT", referred_product: { catalog_id: "11", product_retailer_id: "sku" } },
        referral: { source_url: "https://fb.example", source_type: "ad", ctwa_clid: "click", welcome_message: { text: "Hello" } },
      }),
    ).messages[0];
    expect(message).toMatchObject({
      groupId: "G1",
      context: { id: "wamid.OUT", from: "15550100199", product: { catalogId: "11", productRetailerId: "sku" } },
      referral: { sourceUrl: "https://fb.example", sourceType: "ad", clickId: "click", welcomeMessage: "Hello" },
    });
    expect(parseWebhook(inbound({ type: "text", text: { body: "hi" }, context: { frequently_forwarded: true } })).messages[0]!.context).toEqual({ frequentlyForwarded: true });
  });

  test("an error of the number itself stands apart", () => {
    const json = delivery("messages", { messaging_product: "whatsapp", metadata, errors: [{ code: 130429, title: "Rate limit hit" }] });
    expect(parseWebhook(json).errors).toEqual([{ origin, error: { code: 130429, title: "Rate limit hit" } }]);
  });
});

describe("template fields", () => {
  const named = { message_template_id: 1400200300400500, message_template_name: "order_ready", message_template_language: "en-US" };

  test("a status change has the id as text and the language with an underscore", () => {
    const value = { ...named, event: "PAUSED", reason: "NONE", message_template_category: "UTILITY", other_info: { title: "FIRST_PAUSE", description: "x" }, rejection_info: { reason: "r", recommendation: "do" }, disable_info: { disable_date: "2026-12-01" } };
    const [update] = parseWebhook(field("message_template_status_update", value, 1_798_000_000)).templateUpdates;
    expect(update).toMatchObject({
      kind: "status", event: "PAUSED", templateId: "1400200300400500", name: "order_ready", language: "en_US", reason: "NONE", category: "UTILITY",
      other: { title: "FIRST_PAUSE" }, rejection: { recommendation: "do" }, disableDate: "2026-12-01", origin: { wabaId: "900100200300400", time: 1_798_000_000_000 },
    });
  });

  test("a reason of null and an id as text are understood", () => {
    const [update] = parseWebhook(field("message_template_status_update", { ...named, message_template_id: "14", event: "APPROVED", reason: null })).templateUpdates;
    expect(update).toMatchObject({ templateId: "14", event: "APPROVED" });
    expect(update).not.toHaveProperty("reason");
  });

  test("an id that JSON numbers cannot carry exactly is left out", () => {
    const [update] = parseWebhook(field("message_template_status_update", { ...named, message_template_id: 2 ** 60, event: "APPROVED" })).templateUpdates;
    expect(update).not.toHaveProperty("templateId");
    expect(update).toMatchObject({ name: "order_ready", language: "en_US" });
  });

  test("quality, category, components and category detection are told apart", () => {
    const read = (name: string, value: Json) => parseWebhook(field(name, { ...named, ...value })).templateUpdates[0];
    expect(read("message_template_quality_update", { previous_quality_score: "GREEN", new_quality_score: "YELLOW" })).toMatchObject({ kind: "quality", previous: "GREEN", current: "YELLOW" });
    expect(read("template_category_update", { new_category: "UTILITY", correct_category: "MARKETING", category_update_timestamp: 1_798_000_000 })).toMatchObject({ kind: "category", correctCategory: "MARKETING", at: 1_798_000_000_000 });
    expect(read("template_category_update", { previous_category: "UTILITY", new_category: "MARKETING" })).toMatchObject({ previousCategory: "UTILITY", newCategory: "MARKETING" });
    expect(read("message_template_components_update", { message_template_element: "x" })).toMatchObject({ kind: "components" });
    expect(read("template_correct_category_detection", { category: "x" })).toMatchObject({ kind: "correctCategory" });
  });
});

describe("account fields and preferences", () => {
  test.each<[string, Json, Json]>([
    ["phone_number_quality_update", { display_phone_number: "15550100199", event: "THROUGHPUT_UPGRADE", max_daily_conversations_per_business: "TIER_2K" }, { event: "THROUGHPUT_UPGRADE", messagingLimit: "TIER_2K" }],
    ["phone_number_quality_update", { event: "DOWNGRADE", current_limit: "TIER_250", old_limit: "TIER_2K" }, { event: "DOWNGRADE", messagingLimit: "TIER_250" }],
    ["phone_number_name_update", { decision: "APPROVED", requested_verified_name: "Pruett", rejection_reason: null }, { event: "APPROVED", verifiedName: "Pruett" }],
    ["business_capability_update", { max_daily_conversations_per_business: -1 }, { messagingLimit: -1 }],
    ["business_capability_update", { max_daily_conversation_per_phone: 1000 }, { messagingLimit: 1000 }],
    ["account_update", { event: "ACCOUNT_VIOLATION", violation_info: { violation_type: "SCAM" } }, { event: "ACCOUNT_VIOLATION", violation: "SCAM" }],
    ["account_update", { event: "ACCOUNT_RESTRICTION", restriction_info: [{ restriction_type: "R", expiration: 1_798_000_000 }] }, { restrictions: [{ type: "R", expiresAt: 1_798_000_000_000 }] }],
    ["account_update", { event: "DISABLED_UPDATE", ban_info: { waba_ban_state: "DISABLE", waba_ban_date: "now" } }, { ban: { state: "DISABLE", date: "now" } }],
    ["account_alerts", { entity_type: "WABA", entity_id: 12, alert_info: { alert_severity: "HIGH", alert_type: "T" } }, { alert: { severity: "HIGH", type: "T", entityType: "WABA", entityId: "12" } }],
    ["account_review_update", { decision: "APPROVED" }, { event: "APPROVED" }],
    ["security", { event: "PIN_CHANGED", requester: "5" }, { event: "PIN_CHANGED" }],
  ])("%s is read", (name, value, expected) => {
    expect(parseWebhook(field(name, value)).accountEvents).toEqual([expect.objectContaining({ field: name, raw: value, ...expected })]);
  });

  test("a person who stops marketing messages is named by number or by user id", () => {
    const preference = { user_id: "US.7700", detail: "User requested to stop marketing messages", category: "marketing_messages", value: "stop", timestamp: 1798000000 };
    const json = (more: Json) => delivery("user_preferences", { metadata, contacts: [], user_preferences: [{ ...preference, ...more }] });
    expect(parseWebhook(json({ wa_id: "15550100123" })).preferences).toEqual([
      expect.objectContaining({ person: { waId: "15550100123", userId: "US.7700" }, value: "stop", category: "marketing_messages", at: 1_798_000_000_000 }),
    ]);
    expect(parseWebhook(json({ value: "resume" })).preferences[0]).toMatchObject({ person: { userId: "US.7700" }, value: "resume" });
  });

  test("fields this parser does not know are kept as they came", () => {
    const value = { smb_message_echoes: [1] };
    expect(parseWebhook(field("smb_message_echoes", value)).unknown).toEqual([{ origin: { wabaId: "900100200300400" }, field: "smb_message_echoes", value }]);
  });
});

describe("anything else", () => {
  test.each([[null], [7], ["text"], [[]], [{}], [{ entry: {} }], [{ entry: [null] }], [{ entry: [{ changes: [null, { field: "messages" }] }] }]])("%j is kept as unknown", (json) => {
    expect(parseWebhook(json).unknown.length).toBeGreaterThan(0);
  });

  test("a broken status does not hurt its neighbours", () => {
    const json = delivery("messages", { metadata, statuses: [{ id: 5 }, { id: "wamid.OUT", status: "read" }, null] });
    const content = parseWebhook(json);
    expect([content.statuses.length, content.unknown.length]).toEqual([1, 2]);
  });

  test("a messages value of a wrong shape is kept as unknown", () => {
    expect(parseWebhook(delivery("messages", { metadata, statuses: "all" })).unknown).toHaveLength(1);
  });

  test("bodies with any part replaced by any JSON are read without an exception", () => {
    const seeds = [
      status({ pricing: { category: "x" }, conversation: { origin: { type: "x" } }, errors: [{ code: 1, error_data: { details: "d" } }] }, [ada]),
      inbound({ type: "interactive", interactive: { type: "nfm_reply", nfm_reply: { response_json: "{}" } }, context: { id: "1" }, referral: { welcome_message: {} } }),
      inbound({ type: "order", order: { product_items: [{ quantity: 1 }] } }),
      field("message_template_status_update", { message_template_id: 1, event: "APPROVED", other_info: { title: "x" } }),
      field("account_update", { event: "x", restriction_info: [{ expiration: 1 }], ban_info: { waba_ban_state: "x" } }),
      delivery("user_preferences", { metadata, user_preferences: [{ wa_id: "1", value: "stop" }] }),
    ];
    const places = (json: unknown, path: (string | number)[] = []): (string | number)[][] =>
      typeof json === "object" && json !== null ? [path, ...Object.entries(json).flatMap(([key, each]) => places(each, [...path, key]))] : [path];
    const replaced = (json: unknown, path: (string | number)[], by: unknown): unknown => {
      const [key, ...rest] = path;
      if (key === undefined) return by;
      const copy = structuredClone(json) as Json;
      copy[key] = replaced(copy[key], rest, by);
      return copy;
    };
    const mutated = fc.constantFrom(...seeds).chain((seed) => fc.tuple(fc.constantFrom(...places(seed)), fc.jsonValue()).map(([path, by]) => replaced(seed, path, by)));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.jsonValue()), (json) => {
        expect(Object.values(parseWebhook(json)).every(Array.isArray)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
