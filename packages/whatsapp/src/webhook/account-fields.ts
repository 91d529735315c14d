/**
 * Reading the webhook fields about templates and accounts.
 *
 * Source: Meta, "Webhooks" reference: message_template_status_update and its siblings, phone_number_quality_update,
 * account_update, account_alerts, security. A template's id is a JSON number here and text in the REST API.
 */
import { asId, asNumber, asObject, asObjects, asText, defined, type JsonObject } from "../json.ts";
import { readTime } from "./people.ts";
import type { AccountEvent, AccountField, Origin, TemplateUpdate } from "./types.ts";

/** The update, or undefined if the field is not about templates or lacks what it needs. */
export function readTemplateUpdate(origin: Origin, field: string, value: JsonObject): TemplateUpdate | undefined {
  const id = value["message_template_id"];
  const named = defined({
    origin,
    templateId: typeof id === "number" && !Number.isSafeInteger(id) ? undefined : asId(id),
    name: asText(value["message_template_name"]),
    language: asText(value["message_template_language"])?.replace("-", "_"),
    raw: value,
  });
  if (named.templateId === undefined && named.name === undefined) return undefined;
  switch (field) {
    case "message_template_status_update": {
      const event = asText(value["event"]);
      return event === undefined ? undefined : { ...named, kind: "status", event, ...readStatusDetails(value) };
    }
    case "message_template_quality_update": {
      const current = asText(value["new_quality_score"]);
      if (current === undefined) return undefined;
      return defined({ ...named, kind: "quality" as const, previous: asText(value["previous_quality_score"]), current });
    }
    case "message_template_components_update":
      return { ...named, kind: "components" };
    case "template_category_update":
      return defined({
        ...named,
        kind: "category" as const,
        newCategory: asText(value["new_category"]),
        previousCategory: asText(value["previous_category"]),
        correctCategory: asText(value["correct_category"]),
        at: readTime(value["category_update_timestamp"]),
      });
    case "template_correct_category_detection":
      return { ...named, kind: "correctCategory" };
    default:
      return undefined;
  }
}

function readStatusDetails(value: JsonObject) {
  const other = asObject(value["other_info"]);
  const rejection = asObject(value["rejection_info"]);
  return defined({
    reason: asText(value["reason"]),
    category: asText(value["message_template_category"]),
    disableDate: asId(asObject(value["disable_info"])?.["disable_date"]),
    other: other && defined({ title: asText(other["title"]), description: asText(other["description"]) }),
    rejection: rejection && defined({ reason: asText(rejection["reason"]), recommendation: asText(rejection["recommendation"]) }),
  });
}

const accountFields: readonly string[] = [
  "phone_number_quality_update", "phone_number_name_update", "business_capability_update", "account_update", "account_alerts",
  "account_review_update", "security",
] satisfies AccountField[];

function isAccountField(field: string): field is AccountField {
  return accountFields.includes(field);
}

/** The event, or undefined if the field is not about the account. */
export function readAccountEvent(origin: Origin, field: string, value: JsonObject): AccountEvent | undefined {
  if (!isAccountField(field)) return undefined;
  const alert = asObject(value["alert_info"]);
  const ban = asObject(value["ban_info"]);
  const restrictions = value["restriction_info"] === undefined ? undefined : asObjects(value["restriction_info"]);
  return defined({
    origin: defined({ ...origin, displayPhoneNumber: origin.displayPhoneNumber ?? asId(value["display_phone_number"]) }),
    field,
    event: asText(value["event"]) ?? asText(value["decision"]),
    messagingLimit: readMessagingLimit(value),
    verifiedName: asText(value["requested_verified_name"]),
    rejectionReason: asText(value["rejection_reason"]),
    alert:
      alert &&
      defined({
        severity: asText(alert["alert_severity"]),
        status: asText(alert["alert_status"]),
        type: asText(alert["alert_type"]),
        description: asText(alert["alert_description"]),
        entityType: asText(value["entity_type"]),
        entityId: asId(value["entity_id"]),
      }),
    violation: asText(asObject(value["violation_info"])?.["violation_type"]),
    restrictions: restrictions?.map((each) =>
      defined({ type: asText(each["restriction_type"]), expiresAt: readTime(each["expiration"]) }),
    ),
    ban: ban && defined({ state: asText(ban["waba_ban_state"]), date: asId(ban["waba_ban_date"]) }),
    raw: value,
  });
}

/** Three spellings over the years; the newest wins. */
function readMessagingLimit(value: JsonObject): string | number | undefined {
  const limit = value["max_daily_conversations_per_business"] ?? value["current_limit"] ?? value["max_daily_conversation_per_phone"];
  return asNumber(limit) ?? asText(limit);
}
