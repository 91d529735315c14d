/**
 * Message templates as they are created, edited and listed.
 *
 * Source: Meta, WhatsApp Business Management API, "Templates", "Template components". Member names are Meta's; component,
 * format and button types are upper case, as Meta lists them (creation accepts either case).
 */

export type TemplateCategory = "MARKETING" | "UTILITY" | "AUTHENTICATION";

export type ParameterFormat = "positional" | "named" | "POSITIONAL" | "NAMED";

export interface NamedExample {
  param_name: string;
  example: string;
}

export type MediaHeaderFormat = "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF";

export type TemplateHeader =
  | {
      type: "HEADER";
      format: "TEXT";
      /** At most 60 characters and one variable. */
      text: string;
      example?: { header_text?: string[]; header_text_named_params?: NamedExample[] };
    }
  /** `header_handle` is the `h` of a resumable upload when creating, an https address when listed. */
  | { type: "HEADER"; format: MediaHeaderFormat; example?: { header_handle?: string[] } }
  | { type: "HEADER"; format: "LOCATION" }
  | { type: "HEADER"; format: "PRODUCT" };

/** Authentication templates have no `text` when created; Meta fills it in when they are read. */
export interface TemplateBody {
  type: "BODY";
  text?: string;
  example?: { body_text?: string[][] | string[]; body_text_named_params?: NamedExample[] };
  add_security_recommendation?: boolean;
}

/** `code_expiration_minutes` (1 to 90) for authentication templates, `text` for all others. */
export interface TemplateFooter {
  type: "FOOTER";
  text?: string;
  code_expiration_minutes?: number;
}

export interface TemplateOffer {
  type: "LIMITED_TIME_OFFER";
  /** `text` at most 16 characters. With `has_expiration` each send says when the offer ends. */
  limited_time_offer: { text: string; has_expiration?: boolean };
}

export interface SupportedApp {
  package_name: string;
  signature_hash: string;
}

export type TemplateButton =
  | { type: "QUICK_REPLY"; text: string }
  | { type: "URL"; text: string; url: string; example?: string[] | string; app_deep_link?: Record<string, unknown> }
  | { type: "PHONE_NUMBER"; text: string; phone_number: string }
  | { type: "COPY_CODE"; text?: string; example?: string | string[] }
  | {
      type: "OTP";
      otp_type: "COPY_CODE" | "ONE_TAP" | "ZERO_TAP";
      text?: string;
      autofill_text?: string;
      supported_apps?: SupportedApp[];
      zero_tap_terms_accepted?: boolean;
    }
  | {
      type: "FLOW";
      text: string;
      flow_id?: string;
      flow_name?: string;
      flow_json?: string;
      flow_action?: "navigate" | "data_exchange";
      navigate_screen?: string;
    }
  | { type: "CATALOG"; text?: string }
  | { type: "MPM"; text?: string }
  | { type: "SPM"; text?: string }
  | { type: "VOICE_CALL"; text: string }
  | { type: "REQUEST_CONTACT_INFO"; text?: string }
  | { type: "APP"; text: string; url?: string; app_deep_link?: Record<string, unknown> };

export type TemplateButtonType = TemplateButton["type"];

export interface TemplateButtons {
  type: "BUTTONS";
  buttons: TemplateButton[];
}

export interface TemplateCard {
  components: (TemplateHeader | TemplateBody | TemplateButtons)[];
}

export interface TemplateCarousel {
  type: "CAROUSEL";
  cards: TemplateCard[];
}

export type TemplateComponent =
  | TemplateHeader
  | TemplateBody
  | TemplateFooter
  | TemplateOffer
  | TemplateButtons
  | TemplateCarousel
  | { type: "CALL_PERMISSION_REQUEST" };

/** What a template is made of; the body of `POST /{WABA id}/message_templates`. */
export interface TemplateDefinition {
  /** Lowercase letters, digits and underscores, at most 512; unique with the language within the account. */
  name: string;
  /** Such as `en` or `en_US`. */
  language: string;
  category: TemplateCategory;
  parameter_format?: ParameterFormat;
  components: TemplateComponent[];
  /** Seconds; -1 means 30 days. */
  message_send_ttl_seconds?: number;
  cta_url_link_tracking_opted_out?: boolean;
  sub_category?: string;
  display_format?: string;
  allow_category_change?: boolean;
  is_primary_device_delivery_only?: boolean;
}

/** A template from Meta's library: its components are Meta's own. Inputs are lists and objects by Meta's tables, JSON as text in its examples. */
export interface LibraryTemplateDefinition extends Omit<TemplateDefinition, "components"> {
  library_template_name: string;
  library_template_button_inputs?: unknown[];
  library_template_body_inputs?: Record<string, unknown>;
}

/** Body of `POST /{template id}`. `components` replaces all of them; name and language never change. */
export type TemplateEdit = Partial<
  Pick<TemplateDefinition, "components" | "category" | "message_send_ttl_seconds" | "parameter_format" | "cta_url_link_tracking_opted_out">
>;

/** The usual values; Meta adds more, so both fields are read as text. */
export type TemplateStatus =
  | "APPROVED" | "PENDING" | "REJECTED" | "PAUSED" | "DISABLED" | "IN_APPEAL" | "LIMIT_EXCEEDED" | "PENDING_DELETION" | "DELETED" | "ARCHIVED";

export type TemplateQuality = "GREEN" | "YELLOW" | "RED" | "UNKNOWN";

/** A template as Meta lists it. Members after `components` come only when asked for or when set. */
export interface ListedTemplate {
  id: string;
  name: string;
  language: string;
  /** One of {@link TemplateStatus}, or something newer. */
  status: string;
  category: string;
  parameter_format?: string;
  components: TemplateComponent[];
  sub_category?: string;
  previous_category?: string;
  correct_category?: string;
  rejected_reason?: string;
  /** `score` is one of {@link TemplateQuality}; `date` in Unix seconds. */
  quality_score?: { score: string; date?: number };
  message_send_ttl_seconds?: number;
  last_updated_time?: string;
}

/** Language codes Meta documents. Newer regional variants exist: do not refuse another `xx` or `xx_YY`. */
export const templateLanguages: readonly string[] = (
  "af sq ar ar_EG ar_AE ar_LB ar_MA ar_QA ar_SA az bn bg ca zh_CN zh_HK zh_TW hr cs da nl en en_GB en_US en_AU en_CA en_IN et fil fi fr fr_CA " +
  "fr_BE ka de el gu ha he hi hu id ga it ja kn kk rw_RW ko ky_KG lo lv lt mk ms ml mr nb fa pl pt_BR pt_PT pa ro ru sr sk sl es es_AR es_ES " +
  "es_MX es_CL es_CO es_PE es_VE sw sv ta te th tr uk ur uz vi zu"
).split(" ");
