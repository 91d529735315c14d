/** From and to, both included: milliseconds everywhere it is used. */
export type Range = readonly [from: number, to: number];

export type IdentityMode = "phone" | "username" | "parent";

/** What a matching rule does to a request. Exactly one of `code`, `httpStatus` alone, `hangMs`, `garbage`, `reset` decides. */
export interface ErrorRule {
  /** Which calls: sends (default), media, templates, or every Graph call. */
  on?: "messages" | "media" | "templates" | "any";
  /** Only sends to these numbers (digits); `*7` matches every number that ends in 7. */
  to?: string[];
  /** Only sends of this template. */
  template?: string;
  /** Share of the matching requests, 0 to 1; 1 when left out. */
  rate?: number;
  /** How many more times the rule applies; for ever when left out. */
  times?: number;
  /** How many matching requests pass before it begins. */
  skip?: number;
  /** One of Meta's error codes. */
  code?: number;
  /** The code as the call's answer (default), or as a `failed` status after a 200. */
  as?: "answer" | "status";
  details?: string;
  httpStatus?: number;
  /** Holds the answer back so many real milliseconds, then answers as usual (or never, when the caller has gone). */
  hangMs?: number;
  /** Answers 200 with text that is not JSON. */
  garbage?: boolean;
  /** Cuts the connection without an answer. */
  reset?: boolean;
  /** The message goes out although the caller sees a failure: what makes a send ambiguous. */
  accept?: boolean;
}

export interface Behaviour {
  /** Start of the pseudo-random sequence for ids, jitter and chances. */
  seed: number;
  /** Added to every Graph answer, real milliseconds. */
  latencyMs: Range;
  errors: ErrorRule[];
  receipts: {
    sentAfterMs: Range;
    deliveredAfterMs: Range;
    /** `null`: a phone reads when it is told to. */
    readAfterMs: Range | null;
    /** Shares, 0 to 1. */
    reorder: number;
    duplicate: number;
    dropDelivered: number;
    pricingOn: "sent" | "delivered";
  };
  webhooks: {
    /** The version the app's fields are subscribed with: v23.0 and lower carry `conversation`. */
    version: string;
    identity: IdentityMode;
    /** Most updates in one body; Meta's own most is 1,000. */
    maxBatch: number;
    /** Where a batch's updates sit: in one `statuses` list, in several `changes`, or in several `entry`. */
    batchShape: "values" | "changes" | "entries";
    concurrency: number;
    timeoutMs: number;
    retry: { firstMs: number; factor: number; mostMs: number; forMs: number };
  };
  throughput: { messagesPerSecond: number | null };
  pairRate: { burst: number; secondsPerMessage: number } | null;
  window: { enforced: boolean; hours: number; failAs: "answer" | "status" };
  templates: {
    /** `null`: a review waits for a decision through the control plane. */
    reviewMs: number | null;
    editedStaysSendable: boolean;
    pauseMs: [first: number, second: number];
    marketingToUs: boolean;
  };
  /** Fetch a media link on this machine before accepting it, as Meta does; other links are taken on trust. */
  fetchLocalMedia: boolean;
  /** Numbers a test number may write to; `null` when the number is no test number. */
  allowedRecipients: string[] | null;
  throttleHttpStatus: number;
  account: {
    state: "active" | "blocked" | "locked" | "payment_issue";
    token: "valid" | "expired" | "invalid";
    scopes: string[];
    requireAppSecretProof: boolean;
    qualityRating: string;
    messagingLimit: string;
  };
}

const hour = 3_600_000;

export function defaultBehaviour(): Behaviour {
  return {
    seed: 1,
    latencyMs: [0, 0],
    errors: [],
    receipts: { sentAfterMs: [80, 250], deliveredAfterMs: [300, 900], readAfterMs: null, reorder: 0, duplicate: 0, dropDelivered: 0, pricingOn: "sent" },
    webhooks: {
      version: "v26.0",
      identity: "phone",
      maxBatch: 1000,
      batchShape: "changes",
      concurrency: 16,
      timeoutMs: 10_000,
      retry: { firstMs: 1000, factor: 2, mostMs: hour, forMs: 7 * 24 * hour },
    },
    throughput: { messagesPerSecond: 80 },
    pairRate: { burst: 45, secondsPerMessage: 6 },
    window: { enforced: true, hours: 24, failAs: "status" },
    templates: { reviewMs: 3000, editedStaysSendable: false, pauseMs: [3 * hour, 6 * hour], marketingToUs: true },
    fetchLocalMedia: true,
    allowedRecipients: null,
    throttleHttpStatus: 400,
    account: {
      state: "active",
      token: "valid",
      scopes: ["whatsapp_business_messaging", "whatsapp_business_management"],
      requireAppSecretProof: false,
      qualityRating: "GREEN",
      messagingLimit: "TIER_2K",
    },
  };
}

type Partially<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Partially<T[K]> } : T;

/** A part of the behaviour, as `PUT /sandbox/behaviour` takes it: members given replace, members left out stay. */
export type BehaviourChange = Partially<Behaviour>;

/** Lays a change over a behaviour; lists are replaced as a whole. The change has been validated before. */
export function changeBehaviour(current: Behaviour, change: BehaviourChange): Behaviour {
  return merge(current, change) as Behaviour;
}

function merge(base: unknown, change: unknown): unknown {
  if (change === undefined) return base;
  if (!isPlain(base) || !isPlain(change)) return change;
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(change)) merged[name] = merge(merged[name], value);
  return merged;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
