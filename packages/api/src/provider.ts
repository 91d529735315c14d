import Type, { type Static } from "typebox";
import { ListQuery, Maybe, MaybeTimestamp, Timestamp } from "./list.ts";
import { Name } from "./name.ts";
import { SetAsideDraft } from "./template.ts";

const Nickname = Name(80);
/** International form with a plus sign, e.g. `+15550100199`. */
const PhoneNumber = Type.String({ minLength: 6, maxLength: 24 });
const GraphId = Type.String({ minLength: 1, maxLength: 40, pattern: "^[0-9]+$" });
const Secret = Type.String({ minLength: 1, maxLength: 2000 });
const HttpUrl = Type.String({ minLength: 1, maxLength: 2000, pattern: "^https?://" });
/** Requests that may be under way at once; CleverTap's own field allows 30 to 1,000. */
const MaxConcurrency = Type.Integer({ minimum: 30, maximum: 1000 });
/** Messages that may leave in a second, where that is less than Meta's level of the number allows; null leaves it to the level. */
const MaxPerSecond = Maybe(Type.Integer({ minimum: 1, maximum: 1000 }));

/** A number on Meta's Cloud API, connected by pasting ids and a token. It is verified at Meta before it is saved. */
export const CloudApiProviderInput = Type.Object({
  kind: Type.Literal("cloud-api"),
  nickname: Nickname,
  number: PhoneNumber,
  wabaId: GraphId,
  phoneNumberId: GraphId,
  accessToken: Secret,
  appSecret: Secret,
  verifyToken: Type.Optional(Secret),
  baseUrl: Type.Optional(HttpUrl),
  maxConcurrency: Type.Optional(MaxConcurrency),
  maxPerSecond: Type.Optional(MaxPerSecond),
  default: Type.Optional(Type.Boolean()),
});
export type CloudApiProviderInput = Static<typeof CloudApiProviderInput>;

/** A name and its value. A value beginning with `••••`, as answers show them, leaves the stored value of that name as it is. */
const Header = Type.Object({ key: Type.String({ minLength: 1, maxLength: 200 }), value: Type.String({ maxLength: 2000 }) });
/** Sent as the header `Authorization: Basic …`. */
const BasicAuth = Type.Object({ kind: Type.Literal("basic"), username: Type.String({ minLength: 1, maxLength: 200 }), password: Type.String({ maxLength: 2000 }) });
/** Something the provider wants to have in each request; it travels in `customProps` and is no secret. */
const CustomKey = Type.Object({ key: Type.String({ minLength: 1, maxLength: 120 }), value: Type.String({ maxLength: 512 }) });
/** What people who are no contacts are answered, once in 24 hours. */
const AutoReply = Type.Object({ enabled: Type.Boolean(), text: Type.String({ maxLength: 4096 }) });
/** Where the provider lists its templates; asked with the provider's own headers. `limit`: templates per page. */
const TemplateImport = Type.Object({ url: HttpUrl, limit: Type.Integer({ minimum: 50, maximum: 500 }) });
const TemplateImportInput = Type.Object({ url: HttpUrl, limit: Type.Optional(Type.Integer({ minimum: 50, maximum: 500, default: 100 })) });

const genericSettings = {
  headers: Type.Optional(Type.Array(Header, { maxItems: 20 })),
  auth: Type.Optional(Maybe(BasicAuth)),
  customKeys: Type.Optional(Type.Array(CustomKey, { maxItems: 20 })),
  autoReply: Type.Optional(AutoReply),
  templateImport: Type.Optional(Maybe(TemplateImportInput)),
  repeatIsHarmless: Type.Optional(Type.Boolean()),
};

/**
 * CleverTap's "Other (Generic)": any endpoint that speaks the open contract. Saving it asks the endpoint to confirm, within one second.
 * `repeatIsHarmless`: the provider ignores a `msgId` it has seen before, so that a request whose answer was lost is simply sent again.
 */
export const GenericProviderInput = Type.Object({
  kind: Type.Literal("generic"),
  nickname: Nickname,
  number: PhoneNumber,
  endpoint: HttpUrl,
  ...genericSettings,
  maxConcurrency: Type.Optional(MaxConcurrency),
  default: Type.Optional(Type.Boolean()),
});
export type GenericProviderInput = Static<typeof GenericProviderInput>;

/** `POST /providers`; `kind` decides which of the two it is. */
export const ProviderInput = Type.Union([CloudApiProviderInput, GenericProviderInput]);
export type ProviderInput = Static<typeof ProviderInput>;

/** `PATCH /providers/:id`: only what is given changes. A secret that is left out stays as it is. */
export const ProviderPatch = Type.Object({
  nickname: Type.Optional(Nickname),
  number: Type.Optional(PhoneNumber),
  wabaId: Type.Optional(GraphId),
  phoneNumberId: Type.Optional(GraphId),
  accessToken: Type.Optional(Secret),
  appSecret: Type.Optional(Secret),
  verifyToken: Type.Optional(Secret),
  baseUrl: Type.Optional(HttpUrl),
  maxPerSecond: Type.Optional(MaxPerSecond),
  endpoint: Type.Optional(HttpUrl),
  ...genericSettings,
  maxConcurrency: Type.Optional(MaxConcurrency),
  default: Type.Optional(Type.Boolean()),
});
export type ProviderPatch = Static<typeof ProviderPatch>;

/** One thing looked at while a provider was verified, in words a person can act on. */
export const ProviderCheck = Type.Object({
  name: Type.Enum(["number", "token", "webhooks", "endpoint"]),
  ok: Type.Boolean(),
  message: Type.String(),
  fix: Type.Optional(Type.String()),
});
export type ProviderCheck = Static<typeof ProviderCheck>;

/**
 * How the way back from a generic provider is doing. `received` and `refused` count callback requests of the last 24 hours, `errorRate` is
 * their share of refused ones (0 to 1). `warning` is a sentence when something is wrong, such as no delivery report for 24 hours
 * although messages were sent.
 */
export const ProviderCallbackHealth = Type.Object({
  lastStatusAt: MaybeTimestamp,
  lastInboundAt: MaybeTimestamp,
  received: Type.Integer(),
  refused: Type.Integer(),
  errorRate: Type.Number(),
  lastRefusal: Maybe(Type.String()),
  warning: Maybe(Type.String()),
});
export type ProviderCallbackHealth = Static<typeof ProviderCallbackHealth>;

/**
 * `GET /providers/:id/health` and the answer of `POST /providers/:id/verify`. `status` is our summary: `ok` sends, `degraded` sends with
 * a limit or a warning, `down` does not send, `unknown` has not been looked at. The rest are Meta's own words: quality GREEN YELLOW RED
 * UNKNOWN, tier TIER_250 … TIER_UNLIMITED, throughput STANDARD (80/s) or HIGH (1,000/s), whatever `maxPerSecond` says; null where a provider does not tell.
 * `callbacks` is null for a Cloud API number, which has Meta's webhook instead.
 */
export const ProviderHealth = Type.Object({
  status: Type.Enum(["ok", "degraded", "down", "unknown"]),
  reason: Maybe(Type.String()),
  checkedAt: MaybeTimestamp,
  verifiedName: Maybe(Type.String()),
  numberStatus: Maybe(Type.String()),
  quality: Maybe(Type.String()),
  tier: Maybe(Type.String()),
  throughput: Maybe(Type.Object({ level: Type.String(), perSecond: Type.Integer() })),
  canSend: Maybe(Type.String()),
  lastWebhookAt: MaybeTimestamp,
  templatesSyncedAt: MaybeTimestamp,
  checks: Type.Array(ProviderCheck),
  callbacks: Maybe(ProviderCallbackHealth),
});
export type ProviderHealth = Static<typeof ProviderHealth>;

const saved = {
  id: Type.String(),
  nickname: Type.String(),
  number: Type.String(),
  maxConcurrency: Type.Integer(),
  default: Type.Boolean(),
  laneId: Type.String(),
  health: ProviderHealth,
  /** Set while the provider is archived: it sends nothing, and what waits for it goes on waiting. */
  archivedAt: MaybeTimestamp,
  createdAt: Timestamp,
  updatedAt: Timestamp,
};

/**
 * A saved Cloud API number. `accessToken` and `appSecret` are masked (`••••` and the last four characters); `verifyToken` is readable by
 * those who may change providers and masked for others. `webhookUrl` is what Meta has to be told.
 */
export const CloudApiProvider = Type.Object({
  ...saved,
  kind: Type.Literal("cloud-api"),
  wabaId: Type.String(),
  phoneNumberId: Type.String(),
  accessToken: Type.String(),
  appSecret: Type.String(),
  verifyToken: Type.String(),
  baseUrl: Type.String(),
  maxPerSecond: MaxPerSecond,
  webhookUrl: Type.String(),
});
export type CloudApiProvider = Static<typeof CloudApiProvider>;

const CallbackUrls = Type.Object({ status: Type.String(), inbound: Type.String() });

/**
 * A saved generic provider. Header values and the password are masked; who may not change providers sees of `endpoint` and the URL of
 * `templateImport` the host alone. `callbackUrls` are what the provider has to be told, their
 * addresses being the secret; null for those who may not change providers. `previousCallbackUrls` are those before the last rotation,
 * which work as well until `until`.
 */
export const GenericProvider = Type.Object({
  ...saved,
  kind: Type.Literal("generic"),
  endpoint: Type.String(),
  headers: Type.Array(Header),
  auth: Maybe(BasicAuth),
  customKeys: Type.Array(CustomKey),
  autoReply: AutoReply,
  templateImport: Maybe(TemplateImport),
  repeatIsHarmless: Type.Boolean(),
  callbackUrls: Maybe(CallbackUrls),
  previousCallbackUrls: Maybe(Type.Object({ ...CallbackUrls.properties, until: Timestamp })),
});
export type GenericProvider = Static<typeof GenericProvider>;

export const Provider = Type.Union([CloudApiProvider, GenericProvider]);
export type Provider = Static<typeof Provider>;

export const ProviderQuery = Type.Interface([ListQuery], { kind: Type.Optional(Type.Enum(["cloud-api", "generic"])) });
export type ProviderQuery = Static<typeof ProviderQuery>;

/** `POST /providers/:id/rotate-callback-urls`: how long the addresses given out before go on working, in hours; 0 ends them at once. */
export const RotateCallbackUrlsInput = Type.Object({ overlapHours: Type.Integer({ minimum: 0, maximum: 720 }) });
export type RotateCallbackUrlsInput = Static<typeof RotateCallbackUrlsInput>;

/**
 * `GET /providers/:id/uses`: what archiving or deleting the provider would affect. `waiting` messages have not been sent, `underWay` are at
 * the provider right now.
 */
export const ProviderUses = Type.Object({
  deployments: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  campaigns: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  templates: Type.Integer(),
  waiting: Type.Integer(),
  underWay: Type.Integer(),
});
export type ProviderUses = Static<typeof ProviderUses>;

/**
 * Query of `DELETE /providers/:id`. Without `confirm` a provider is kept that deployments, or campaigns under way or yet to come, use, and the error
 * names them; with `cascade` the deployments are deleted with it, and the campaigns fail. When it goes, its templates go, and messages that wait for it fail.
 */
export const ProviderRemoval = Type.Object({ confirm: Type.Optional(Type.Literal("cascade")) });
export type ProviderRemoval = Static<typeof ProviderRemoval>;

/** One thing a provider needs before it can be used. `link` is the dashboard's page where it is done. */
export const ReadinessStep = Type.Object({
  key: Type.Enum(["number", "credentials", "callbacks", "template"]),
  done: Type.Boolean(),
  title: Type.String(),
  detail: Type.String(),
  link: Maybe(Type.String()),
});
export type ReadinessStep = Static<typeof ReadinessStep>;

/** `GET /providers/:id/readiness`, in the order in which the steps are taken. */
export const ProviderReadiness = Type.Object({ steps: Type.Array(ReadinessStep) });
export type ProviderReadiness = Static<typeof ProviderReadiness>;

/** `POST /providers/:id/sync-templates`. */
export const TemplateSyncResult = Type.Object({
  added: Type.Integer(),
  updated: Type.Integer(),
  removed: Type.Integer(),
  total: Type.Integer(),
  drafts: Type.Array(SetAsideDraft),
  syncedAt: Timestamp,
});
export type TemplateSyncResult = Static<typeof TemplateSyncResult>;

/**
 * `GET /providers/embedded-signup/config`. `dialogUrl` is the complete address to open, its redirect leading back to `redirectUri`;
 * the dialog ends there with `?code=…&state=…` (and `waba_id`, `phone_number_id` where known) or posts the same to its opener.
 * Null with a `reason` when no Facebook app is set up.
 */
export const EmbeddedSignupConfig = Type.Object({
  dialogUrl: Maybe(Type.String()),
  redirectUri: Maybe(Type.String()),
  reason: Maybe(Type.String()),
});
export type EmbeddedSignupConfig = Static<typeof EmbeddedSignupConfig>;

/** `POST /providers/embedded-signup`: trades the dialog's code for a token, verifies and saves; answers the `Provider`. */
export const EmbeddedSignupInput = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 2000 }),
  wabaId: Type.Optional(GraphId),
  phoneNumberId: Type.Optional(GraphId),
  nickname: Type.Optional(Nickname),
  redirectUri: Type.Optional(Type.String({ maxLength: 2000 })),
  state: Type.Optional(Type.String({ maxLength: 500 })),
});
export type EmbeddedSignupInput = Static<typeof EmbeddedSignupInput>;
