/**
 * What Meta tells about numbers, accounts, apps, tokens and media.
 *
 * Sources: Meta, "Phone numbers", "WhatsApp Business Account", "Media", "debug_token", "Embedded Signup". All fields that
 * name a state are read as text: Meta adds values.
 */

export interface HealthEntity {
  /** PHONE_NUMBER, WABA, BUSINESS, APP, MESSAGE_TEMPLATE. */
  entity_type: string;
  id: string;
  /** AVAILABLE, LIMITED or BLOCKED. */
  can_send_message: string;
  additional_info?: string[];
  errors?: { error_code: number; error_description?: string; possible_solution?: string }[];
}

export interface PhoneNumber {
  id: string;
  display_phone_number?: string;
  verified_name?: string;
  /** GREEN, YELLOW, RED, NA or UNKNOWN. */
  quality_rating?: string;
  code_verification_status?: string;
  name_status?: string;
  /** CONNECTED, PENDING, DISCONNECTED, BANNED, FLAGGED, RATE_LIMITED, RESTRICTED … */
  status?: string;
  /** STANDARD (80 messages/s), HIGH (1,000 messages/s), NOT_APPLICABLE. */
  throughput?: { level: string };
  /** TIER_250, TIER_2K, TIER_10K, TIER_100K, TIER_UNLIMITED: people reached outside a window in 24 hours, per portfolio. */
  whatsapp_business_manager_messaging_limit?: string;
  health_status?: { can_send_message: string; entities?: HealthEntity[] };
  webhook_configuration?: Record<string, string>;
}

export interface BusinessAccount {
  id: string;
  name?: string;
  currency?: string;
  timezone_id?: string;
  account_review_status?: string;
  business_verification_status?: string;
}

export interface MediaInfo {
  id: string;
  /** Valid for 5 minutes; needs the access token. */
  url: string;
  mime_type: string;
  /** Hex here, base64 in webhooks. */
  sha256?: string;
  /** Bytes; text in Meta's documentation, a number in live answers. */
  file_size?: string | number;
}

export interface SubscribedApp {
  whatsapp_business_api_data: { id: string; name?: string; link?: string };
  override_callback_uri?: string;
}

export interface TokenInfo {
  app_id?: string;
  /** USER, SYSTEM_USER … */
  type?: string;
  is_valid: boolean;
  /** Unix seconds; 0 = never. */
  expires_at?: number;
  scopes?: string[];
  granular_scopes?: { scope: string; target_ids?: string[] }[];
}

export interface AppSubscription {
  /** `whatsapp_business_account` */
  object: string;
  callback_url?: string;
  active?: boolean;
  /** The version decides the dialect of the webhooks, not the version of the API calls. */
  fields?: { name: string; version: string }[];
}

/** Answer of the Embedded Signup code exchange. `expires_in` in seconds; absent for tokens that do not expire. */
export interface AccessTokenAnswer {
  access_token: string;
  token_type?: string;
  expires_in?: number;
}

/** Answer to creating a template; `category` is the one Meta actually assigned. */
export interface CreatedTemplate {
  id: string;
  status: string;
  category: string;
}
