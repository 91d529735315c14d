/**
 * What a webhook delivery says, in our own shape: the same for every dialect (v23 to v26) and every identity mode.
 *
 * Source: Meta, "Webhooks" reference. Everything optional may be missing; texts that name a kind are open-ended. Times are
 * Unix milliseconds. Every item keeps the JSON it was read from in `raw`.
 */
import type { JsonObject } from "../json.ts";

/** Which account and number a delivery is about. */
export interface Origin {
  wabaId?: string;
  /** Absent on account and template fields. */
  phoneNumberId?: string;
  /** Digits without `+`. */
  displayPhoneNumber?: string;
  /** `entry.time`; only on account and template fields. */
  time?: number;
}

/** A person. At least one id is normally present; the number is missing for people with a username who do not share it. */
export interface Person {
  /** Phone number in digits. */
  waId?: string;
  /** Business-scoped user id, such as `US.77001122334455667788`. */
  userId?: string;
  /** Only for businesses enrolled in parent ids. */
  parentUserId?: string;
  name?: string;
  username?: string;
}

export interface WebhookError {
  code: number;
  title?: string;
  message?: string;
  details?: string;
  href?: string;
}

export interface Pricing {
  billable?: boolean;
  /** PMP (per message) or CBP (per conversation, before July 2025). */
  model?: string;
  /** With underscores, such as `authentication_international`. */
  category?: string;
  /** regular, free_customer_service, free_entry_point … */
  type?: string;
  subtype?: string;
}

export interface Conversation {
  id?: string;
  expiresAt?: number;
  /** With underscores. */
  origin?: string;
}

/** `sent`, `delivered`, `read`, `failed`, `played`, or something newer. Duplicates and any order are normal. */
export interface StatusUpdate {
  origin: Origin;
  /** The wamid of our message. */
  wireId: string;
  status: string;
  at?: number;
  recipient: Person;
  /** `biz_opaque_callback_data` of the send. */
  callbackData?: string;
  pricing?: Pricing;
  /** v23 always, v24 and later only within a free entry point. */
  conversation?: Conversation;
  errors: WebhookError[];
  group?: { participantId?: string; participantUserId?: string };
  raw: JsonObject;
}

export interface InboundMedia {
  id: string;
  mimeType?: string;
  /** Base64 here, hex in the media API. */
  sha256?: string;
  url?: string;
  caption?: string;
  filename?: string;
  animated?: boolean;
  voice?: boolean;
}

export interface OrderItem {
  productRetailerId?: string;
  quantity?: number;
  itemPrice?: number;
  currency?: string;
}

/** What a person sent. `unknown` covers newer types and bodies that lack what their type needs. */
export type InboundContent =
  | { type: "text"; body: string }
  | { type: "image" | "video" | "document" | "sticker" | "audio"; media: InboundMedia }
  | { type: "location"; latitude: number; longitude: number; name?: string; address?: string; url?: string }
  | { type: "contacts"; contacts: JsonObject[] }
  /** `emoji` is null when the reaction was taken back. */
  | { type: "reaction"; messageId: string; emoji: string | null }
  /** A quick reply of a template. */
  | { type: "button"; payload?: string; text: string }
  | { type: "buttonReply"; id: string; title: string }
  | { type: "listReply"; id: string; title: string; description?: string }
  /** A completed Flow; `response` is the parsed `response_json`. */
  | { type: "flowReply"; name?: string; body?: string; responseJson?: string; response?: JsonObject }
  | { type: "callPermissionReply"; reply: JsonObject }
  | { type: "order"; catalogId?: string; text?: string; items: OrderItem[] }
  | {
      type: "system";
      /** user_changed_number, user_changed_user_id, customer_identity_changed … */
      kind?: string;
      body?: string;
      newWaId?: string;
      newUserId?: string;
      previousUserId?: string;
    }
  | { type: "edit"; originalMessageId: string; message: JsonObject }
  | { type: "revoke"; originalMessageId: string }
  | { type: "unsupported"; kind?: string }
  | { type: "unknown"; wireType: string };

export interface MessageContext {
  /** Wamid of the message replied to. */
  id?: string;
  from?: string;
  forwarded?: boolean;
  frequentlyForwarded?: boolean;
  product?: { catalogId?: string; productRetailerId?: string };
}

/** The advertisement or post a conversation began from. */
export interface Referral {
  sourceUrl?: string;
  sourceId?: string;
  sourceType?: string;
  headline?: string;
  body?: string;
  mediaType?: string;
  imageUrl?: string;
  videoUrl?: string;
  thumbnailUrl?: string;
  clickId?: string;
  welcomeMessage?: string;
}

export interface InboundMessage {
  origin: Origin;
  wireId: string;
  at?: number;
  from: Person;
  groupId?: string;
  context?: MessageContext;
  referral?: Referral;
  content: InboundContent;
  errors: WebhookError[];
  raw: JsonObject;
}

/** Which template; the id is left out when JSON could not carry it exactly, name and language then identify it. */
interface TemplateNamed {
  origin: Origin;
  templateId?: string;
  name?: string;
  /** Always with an underscore, such as `en_US`. */
  language?: string;
  raw: JsonObject;
}

export type TemplateUpdate = TemplateNamed &
  (
    | {
        kind: "status";
        /** APPROVED, REJECTED, PENDING, PAUSED, DISABLED, FLAGGED, REINSTATED … */
        event: string;
        reason?: string;
        category?: string;
        disableDate?: string;
        /** `title`: FIRST_PAUSE, SECOND_PAUSE, RATE_LIMITING_PAUSE, UNPAUSE, DISABLED. */
        other?: { title?: string; description?: string };
        rejection?: { reason?: string; recommendation?: string };
      }
    | { kind: "quality"; previous?: string; current: string }
    | { kind: "components" }
    /** With `correctCategory` the change is announced for `at`; with `previousCategory` it is done. */
    | { kind: "category"; newCategory?: string; previousCategory?: string; correctCategory?: string; at?: number }
    | { kind: "correctCategory" }
  );

export interface AccountEvent {
  origin: Origin;
  /** Name of the webhook field. */
  field: AccountField;
  /** `event`, or `decision` where the field has that. */
  event?: string;
  /** phone_number_quality_update, business_capability_update: people per 24 hours, -1 = unlimited, or TIER_2K and the like. */
  messagingLimit?: string | number;
  /** phone_number_name_update */
  verifiedName?: string;
  rejectionReason?: string;
  /** account_alerts */
  alert?: { severity?: string; status?: string; type?: string; description?: string; entityType?: string; entityId?: string };
  /** account_update */
  violation?: string;
  restrictions?: { type?: string; expiresAt?: number }[];
  ban?: { state?: string; date?: string };
  /** The whole value: what else the event carries. */
  raw: JsonObject;
}

export type AccountField =
  | "phone_number_quality_update" | "phone_number_name_update" | "business_capability_update" | "account_update" | "account_alerts"
  | "account_review_update" | "security";

/** A person stopped or resumed marketing messages. */
export interface PreferenceChange {
  origin: Origin;
  person: Person;
  /** `marketing_messages` */
  category?: string;
  /** `stop`, `resume`, `signup` or something newer. */
  value: string;
  detail?: string;
  at?: number;
  raw: JsonObject;
}

/** An error of the number itself, not of a message. */
export interface NumberError {
  origin: Origin;
  error: WebhookError;
}

/** Kept as it came: a field or shape this parser does not know. */
export interface UnknownItem {
  origin: Origin;
  field?: string;
  value: unknown;
}

export interface WebhookContent {
  statuses: StatusUpdate[];
  messages: InboundMessage[];
  templateUpdates: TemplateUpdate[];
  accountEvents: AccountEvent[];
  preferences: PreferenceChange[];
  errors: NumberError[];
  unknown: UnknownItem[];
}
