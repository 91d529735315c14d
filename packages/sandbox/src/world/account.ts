/** Ids, secrets and settings that automation and tests rely on; they are the same at every start. */
export const demo = {
  businessId: "500600700800900",
  wabaId: "900100200300400",
  phoneNumberId: "700800900100200",
  number: "+15550100199",
  appId: "300400500600700",
  accessToken: "sandbox-token",
  appSecret: "sandbox-app-secret",
  verifyToken: "sandbox-verify",
} as const;

/** A number of the business. */
export interface BusinessNumber {
  id: string;
  /** Without plus: as webhooks show it. */
  digits: string;
  verifiedName: string;
  registered: boolean;
  pin: string | undefined;
  override: Callback | undefined;
  /** WhatsApp ids this business does not want to hear from. */
  blocked: Set<string>;
  /** Virtual times of the last registrations and deregistrations. */
  registrations: number[];
  /** Free-form messages delivered in `servedMonth` ("2026-11"), for the monthly free tier. */
  served: number;
  servedMonth: string;
  username: string | undefined;
}

export interface Callback {
  url: string;
  verifyToken: string;
}

/** The app's subscription: where its webhooks go, and which fields. */
export interface Subscription extends Callback {
  fields: string[];
}

export interface Token {
  value: string;
  kind: "system" | "app";
  issuedAt: number;
}

/** One business portfolio with one WhatsApp Business account, one app and any number of phone numbers. */
export interface Account {
  businessId: string;
  wabaId: string;
  name: string;
  appId: string;
  appName: string;
  appSecret: string;
  numbers: Map<string, BusinessNumber>;
  tokens: Map<string, Token>;
  /** Login codes of Embedded Signup, each good for one exchange until the time given. */
  codes: Map<string, { until: number; redirectUri: string | undefined }>;
  subscription: Subscription | undefined;
  /** Whether the app is subscribed to the account: without it no webhook leaves. */
  subscribed: boolean;
  override: Callback | undefined;
}

/** Every webhook field an app may subscribe to. */
export const webhookFields = [
  "messages", "message_template_status_update", "message_template_quality_update", "message_template_components_update", "template_category_update",
  "phone_number_quality_update", "phone_number_name_update", "business_capability_update", "account_update", "account_alerts",
  "account_review_update", "security", "user_preferences", "flows", "calls", "history", "tracking_events", "business_username_updates",
];

export function newNumber(id: string, digits: string, verifiedName: string): BusinessNumber {
  return {
    id, digits, verifiedName, registered: true, pin: undefined, override: undefined, blocked: new Set(), registrations: [], served: 0, servedMonth: "", username: undefined,
  };
}

export function demoAccount(now: number): Account {
  const { businessId, wabaId, appId, appSecret, accessToken, phoneNumberId, number } = demo;
  return {
    businessId, wabaId, name: "Tincan Sandbox", appId, appName: "Tincan Sandbox App", appSecret,
    numbers: new Map([[phoneNumberId, newNumber(phoneNumberId, number.slice(1), "Tincan Sandbox")]]),
    tokens: new Map([
      [accessToken, { value: accessToken, kind: "system", issuedAt: now }],
      [`${appId}|${appSecret}`, { value: `${appId}|${appSecret}`, kind: "app", issuedAt: now }],
    ]),
    codes: new Map(),
    subscription: undefined,
    subscribed: false,
    override: undefined,
  };
}

/** `15550100199` → `+1 555-010-0199`; numbers outside North America are grouped plainly. */
export function displayNumber(digits: string): string {
  const us = /^1(\d{3})(\d{3})(\d{4})$/.exec(digits);
  if (us) return `+1 ${us[1]}-${us[2]}-${us[3]}`;
  return `+${digits.slice(0, 2)} ${digits.slice(2).replace(/(\d{5})(?=\d{2,})/, "$1 ")}`;
}
