/**
 * The bodies of `POST /{version}/{phone number id}/messages` and their answers.
 *
 * Source: Meta, WhatsApp Cloud API, "Messages" reference (v23 to v26). Member names are Meta's.
 */

/** Members every send request has. One of `to` and `recipient` is required; `to` wins when both are present. */
export interface SendCommon {
  messaging_product: "whatsapp";
  recipient_type?: "individual" | "group";
  /** Phone number with `+` and country code, or a group id. Without `+` Meta may put the business's own country code before it. */
  to?: string;
  /** Business-scoped user id or parent id (July 2026 and later). */
  recipient?: string;
  /** Quotes an earlier message. Not for reactions. */
  context?: { message_id: string };
  /** At most 512 characters, echoed in every status webhook of the message. */
  biz_opaque_callback_data?: string;
  /** v24 and later: overrides the account's setting for one marketing template. */
  message_activity_sharing?: boolean;
  /** Refuses the send with 137000 when the recipient's identity changed. */
  recipient_identity_key_hash?: string;
  /** Needed only when the token reaches more than one messaging account of the number. */
  messaging_account_id?: string;
}

/** A media object named by exactly one of the id of an upload and a public link. */
export type MediaReference = { id: string; link?: never } | { link: string; id?: never };

export type CaptionedMedia = MediaReference & { caption?: string };
export type DocumentMedia = MediaReference & { caption?: string; filename?: string };
/** `voice: true` shows a voice note; the file must then be OGG with the OPUS codec. */
export type AudioMedia = MediaReference & { voice?: boolean };

/** Degrees; strings and numbers are both accepted by Meta. */
export interface Location {
  latitude: string | number;
  longitude: string | number;
  name?: string;
  address?: string;
}

/** A contact card. `name` needs `formatted_name` and at least one other part. */
export interface ContactCard {
  name: { formatted_name: string; first_name?: string; last_name?: string; middle_name?: string; prefix?: string; suffix?: string };
  phones?: { phone: string; type?: string; wa_id?: string }[];
  emails?: { email: string; type?: string }[];
  addresses?: { street?: string; city?: string; state?: string; zip?: string; country?: string; country_code?: string; type?: string }[];
  org?: { company?: string; department?: string; title?: string };
  urls?: { url: string; type?: string }[];
  /** YYYY-MM-DD */
  birthday?: string;
}

export type InteractiveHeader =
  | { type: "text"; text: string }
  | { type: "image"; image: MediaReference }
  | { type: "video"; video: MediaReference }
  | { type: "document"; document: MediaReference & { filename?: string } };

interface InteractiveFrame {
  header?: InteractiveHeader;
  /** At most 1024 characters, 4096 for a list. */
  body?: { text: string };
  /** At most 60 characters. */
  footer?: { text: string };
}

export interface ReplyButton {
  type: "reply";
  /** `id` at most 256 characters, `title` at most 20; both unique within the message. */
  reply: { id: string; title: string };
}

export interface ListSection {
  /** At most 24 characters; required when there is more than one section. */
  title?: string;
  rows: { id: string; title: string; description?: string }[];
}

export interface ProductSection {
  title?: string;
  product_items: { product_retailer_id: string }[];
}

export interface UrlAction {
  name: "cta_url";
  parameters: { display_text: string; url: string };
}

export interface FlowParameters {
  flow_message_version: string;
  /** Exactly one of `flow_id` and `flow_name`. */
  flow_id?: string;
  flow_name?: string;
  flow_cta: string;
  mode?: "published" | "draft";
  flow_token?: string;
  flow_action?: "navigate" | "data_exchange";
  flow_action_payload?: { screen?: string; data?: Record<string, unknown> };
}

/** One card of a free-form carousel: a URL button, quick replies, or a product. */
export interface InteractiveCard {
  card_index: number;
  type: "cta_url" | "button" | "product";
  header?: InteractiveHeader;
  body?: { text: string };
  action: UrlAction | { buttons: unknown[] } | { catalog_id: string; product_retailer_id: string };
}

/** All interactive kinds except the payment ones (`order_details`, `order_status`). */
export type Interactive = InteractiveFrame &
  (
    | { type: "button"; action: { buttons: ReplyButton[] } }
    | { type: "list"; action: { button: string; sections: ListSection[] } }
    | { type: "cta_url"; action: UrlAction }
    | { type: "flow"; action: { name: "flow"; parameters: FlowParameters } }
    | { type: "location_request_message"; action: { name: "send_location" } }
    | { type: "request_contact_info"; action: { name: "request_contact_info" } }
    | { type: "address_message"; action: { name: "address_message"; parameters: { country: string } & Record<string, unknown> } }
    | { type: "voice_call"; action: { name: "voice_call"; parameters?: { display_text?: string; ttl_minutes?: number } } }
    | { type: "call_permission_request"; action: { name: "call_permission_request" } }
    | { type: "catalog_message"; action: { name: "catalog_message"; parameters?: { thumbnail_product_retailer_id?: string } } }
    | { type: "product"; action: { catalog_id: string; product_retailer_id: string } }
    | { type: "product_list"; action: { catalog_id: string; sections: ProductSection[] } }
    | { type: "carousel"; action: { cards: InteractiveCard[] } }
  );

export type InteractiveType = Interactive["type"];

/** A value for one variable of a text header, a body or a URL button. `parameter_name` only for templates with named variables. */
export interface TextParameter {
  type: "text";
  text: string;
  parameter_name?: string;
}

export type BodyParameter =
  | TextParameter
  | { type: "currency"; currency: { fallback_value: string; code: string; amount_1000: number }; parameter_name?: string }
  | { type: "date_time"; date_time: { fallback_value: string } & Record<string, unknown>; parameter_name?: string };

export type HeaderParameter =
  | TextParameter
  | { type: "image"; image: MediaReference }
  | { type: "video"; video: MediaReference }
  | { type: "gif"; gif: MediaReference }
  | { type: "document"; document: MediaReference & { filename?: string } }
  | { type: "location"; location: Location }
  | { type: "product"; product: { catalog_id: string; product_retailer_id: string } };

/** A value for one button; `index` is its zero-based position among all buttons of the template (send it as a string). */
export type ButtonComponent = { type: "button"; index: string | number } & (
  | { sub_type: "quick_reply"; parameters: { type: "payload"; payload: string }[] }
  | { sub_type: "url"; parameters: TextParameter[] }
  | { sub_type: "copy_code"; parameters: { type: "coupon_code"; coupon_code: string }[] }
  | { sub_type: "flow"; parameters?: { type: "action"; action: { flow_token?: string; flow_action_data?: Record<string, unknown> } }[] }
  | { sub_type: "catalog"; parameters?: { type: "action"; action: { thumbnail_product_retailer_id?: string } }[] }
  | {
      sub_type: "mpm";
      parameters: { type: "action"; action: { thumbnail_product_retailer_id: string; sections: ProductSection[] } }[];
    }
);

export type ButtonSubType = ButtonComponent["sub_type"];

export interface SendCard {
  card_index: number;
  components: (
    | { type: "header"; parameters: HeaderParameter[] }
    | { type: "body"; parameters: BodyParameter[] }
    | ButtonComponent
  )[];
}

/** A component of a template send. Only those with variables, media or a location are sent. */
export type SendComponent =
  | { type: "header"; parameters: HeaderParameter[] }
  | { type: "body"; parameters: BodyParameter[] }
  | ButtonComponent
  | { type: "carousel"; cards: SendCard[] }
  | {
      type: "limited_time_offer";
      /** Unix milliseconds. */
      parameters: { type: "limited_time_offer"; limited_time_offer: { expiration_time_ms: number } }[];
    }
  | {
      type: "tap_target_configuration";
      parameters: { type: "tap_target_configuration"; tap_target_configuration: { url: string; title: string }[] }[];
    };

export interface TemplateSend {
  name: string;
  /** `code` equals the stored language exactly. */
  language: { code: string; policy?: "deterministic" };
  components?: SendComponent[];
}

/** The part of a send request that depends on its type. */
export type SendContent =
  | { type: "text"; text: { body: string; preview_url?: boolean } }
  | { type: "image"; image: CaptionedMedia }
  | { type: "video"; video: CaptionedMedia }
  | { type: "audio"; audio: AudioMedia }
  | { type: "document"; document: DocumentMedia }
  | { type: "sticker"; sticker: MediaReference }
  | { type: "location"; location: Location }
  | { type: "contacts"; contacts: ContactCard[] }
  /** An empty `emoji` takes the reaction back. */
  | { type: "reaction"; reaction: { message_id: string; emoji: string } }
  | { type: "interactive"; interactive: Interactive }
  | { type: "template"; template: TemplateSend };

export type SendType = SendContent["type"];

/** A whole send request. */
export type SendBody = SendCommon & SendContent;

/** Body of `POST /{phone number id}/marketing_messages` (Marketing Messages API): marketing templates only. */
export type MarketingSendBody = SendCommon & {
  type: "template";
  template: TemplateSend;
  product_policy?: "CLOUD_API_FALLBACK" | "STRICT";
};

/** Marks an inbound message, and all before it, as read; optionally shows "typing" for at most 25 seconds. */
export interface MarkReadBody {
  messaging_product: "whatsapp";
  status: "read";
  message_id: string;
  typing_indicator?: { type: "text" };
}

/** Only on template sends. Read open-ended: Meta adds values. */
export type MessageStatus = "accepted" | "held_for_quality_assessment" | "paused";

/** The 200 answer to a send. Accepted is not delivered; correlate by `messages[0].id`, never by number. */
export interface SendAnswer {
  messaging_product: "whatsapp";
  contacts: { input: string; wa_id?: string; user_id?: string }[];
  messages: { id: string; message_status?: string; group_id?: string }[];
}
