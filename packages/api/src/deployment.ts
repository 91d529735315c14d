import Type, { type Static } from "typebox";
import { ListQuery, Maybe, MaybeTimestamp, Timestamp } from "./list.ts";
import { Name } from "./name.ts";

const Platform = Type.Literal("clevertap");
const HttpUrl = Type.String({ minLength: 1, maxLength: 2000, pattern: "^https?://" });

/** Where the platform wants to hear back. If only one is given, both kinds of callback go there. */
export const DeploymentWebhooks = Type.Object({
  status: Type.Optional(Maybe(HttpUrl)),
  inbound: Type.Optional(Maybe(HttpUrl)),
});
export type DeploymentWebhooks = Static<typeof DeploymentWebhooks>;

/**
 * `trialPolicy`: what to do with a `0|0|0|0` request whose values are a trial's placeholders: `check` it against the templates and answer,
 * or `send` it like any other. `callbackBatchSize`: statuses in one callback, at most. `othersAsText`: what people send that has no form
 * of its own in the contract (reactions, contact cards, orders) is told as text; otherwise it stays here.
 */
export const DeploymentSettings = Type.Object({
  trialPolicy: Type.Enum(["check", "send"]),
  callbackBatchSize: Type.Integer({ minimum: 1, maximum: 1000 }),
  othersAsText: Type.Boolean(),
});
export type DeploymentSettings = Static<typeof DeploymentSettings>;

/** `POST /deployments`. `provider` is a provider's nickname or id. `id` and `token` are taken only from provisioning. */
export const DeploymentInput = Type.Object({
  platform: Platform,
  name: Name(80),
  provider: Type.String({ minLength: 1, maxLength: 80 }),
  webhooks: Type.Optional(DeploymentWebhooks),
  settings: Type.Optional(Type.Partial(DeploymentSettings)),
});
export type DeploymentInput = Static<typeof DeploymentInput>;

export const DeploymentPatch = Type.Object({
  name: Type.Optional(Name(80)),
  provider: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  webhooks: Type.Optional(DeploymentWebhooks),
  settings: Type.Optional(Type.Partial(DeploymentSettings)),
});
export type DeploymentPatch = Static<typeof DeploymentPatch>;

/** How the way back to the platform is doing. Counts are callbacks of this moment; `deliveredLastHour` those the platform took. */
export const CallbackHealth = Type.Object({
  laneId: Type.String(),
  status: Type.Enum(["ok", "retrying", "parked", "unset"]),
  reason: Maybe(Type.String()),
  waiting: Type.Integer(),
  retrying: Type.Integer(),
  parked: Type.Integer(),
  deliveredLastHour: Type.Integer(),
  lastDeliveredAt: MaybeTimestamp,
  lastFailedAt: MaybeTimestamp,
});
export type CallbackHealth = Static<typeof CallbackHealth>;

/** A saved deployment. `token` is readable by admins and masked (`••••` and the last four characters) for others. */
export const Deployment = Type.Object({
  id: Type.String(),
  platform: Platform,
  name: Type.String(),
  provider: Type.Object({ id: Type.String(), nickname: Type.String(), number: Type.String() }),
  webhooks: Type.Object({ status: Maybe(Type.String()), inbound: Maybe(Type.String()) }),
  settings: DeploymentSettings,
  callbackUrl: Type.String(),
  token: Type.String(),
  templateImportUrl: Type.String(),
  callbacks: CallbackHealth,
  lastRequestAt: MaybeTimestamp,
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Deployment = Static<typeof Deployment>;

export const DeploymentQuery = Type.Interface([ListQuery], { provider: Type.Optional(Type.String({ maxLength: 80 })) });
export type DeploymentQuery = Static<typeof DeploymentQuery>;

/**
 * `POST /deployments/:id/test-request`: posts a request, exact to the contract, to the deployment's own Callback URL. `probe` is the check
 * a platform makes when its form is saved; it is answered and never sent. `values` fill the body's variables in order (the template's
 * examples stand in when left out); `text` is the message of kind `text`.
 */
export const TestRequestInput = Type.Object({
  to: Type.String({ minLength: 5, maxLength: 24 }),
  kind: Type.Enum(["template", "text", "probe"]),
  template: Type.Optional(Type.String({ maxLength: 512 })),
  language: Type.Optional(Type.String({ maxLength: 20 })),
  values: Type.Optional(Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 100 })),
  text: Type.Optional(Type.String({ minLength: 1, maxLength: 4096 })),
});
export type TestRequestInput = Static<typeof TestRequestInput>;

/** `ms` is the time until the whole answer was read. `messageId` is ours, null when nothing was stored (a probe, a refusal). */
export const TestRequestResult = Type.Object({
  request: Type.Object({
    method: Type.String(),
    url: Type.String(),
    headers: Type.Record(Type.String(), Type.String()),
    body: Type.Unknown(),
  }),
  response: Type.Object({ status: Type.Integer(), body: Type.Unknown(), ms: Type.Number() }),
  messageId: Maybe(Type.String()),
});
export type TestRequestResult = Static<typeof TestRequestResult>;

export const CallbackState = Type.Enum(["waiting", "retrying", "delivered", "parked"]);
export type CallbackState = Static<typeof CallbackState>;

/** One thing told, or to be told, to the platform. `receipt` is the status it carries, null for an inbound message. */
export const Callback = Type.Object({
  id: Type.String(),
  kind: Type.Enum(["status", "inbound"]),
  state: CallbackState,
  receipt: Maybe(Type.String()),
  messageId: Maybe(Type.String()),
  msgId: Maybe(Type.String()),
  url: Type.String(),
  attempts: Type.Integer(),
  lastAttemptAt: MaybeTimestamp,
  lastError: Maybe(Type.String()),
  nextAttemptAt: MaybeTimestamp,
  createdAt: Timestamp,
  body: Type.Unknown(),
});
export type Callback = Static<typeof Callback>;

export const CallbackQuery = Type.Interface([ListQuery], { state: Type.Optional(CallbackState) });
export type CallbackQuery = Static<typeof CallbackQuery>;

/** `POST /deployments/:id/callbacks/replay`: parked callbacks go back to the queue, those named or all of them. */
export const CallbackReplayInput = Type.Object({
  ids: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 1000 })),
  all: Type.Optional(Type.Literal(true)),
});
export type CallbackReplayInput = Static<typeof CallbackReplayInput>;

export const CallbackReplayResult = Type.Object({ replayed: Type.Integer() });
export type CallbackReplayResult = Static<typeof CallbackReplayResult>;
