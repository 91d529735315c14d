import type { Update } from "../webhooks/update.ts";
import { WebhookDelivery } from "../webhooks/delivery.ts";
import { PhoneBook, type Keep } from "../phones/phone-book.ts";
import { TemplateStore, type StoredTemplate } from "../graph/template-store.ts";
import { demo, demoAccount, webhookFields, type Account, type BusinessNumber } from "./account.ts";
import { defaultBehaviour, changeBehaviour, type Behaviour, type BehaviourChange } from "./behaviour.ts";
import { VirtualClock } from "./clock.ts";
import { demoTemplates } from "./demo-templates.ts";
import { Live } from "./live.ts";
import { MediaStore } from "./media-store.ts";
import { Random } from "./random.ts";
import { RequestLog } from "./request-log.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface WorldOptions {
  behaviour: BehaviourChange;
  keep: Keep;
  warn(message: string): void;
}

/** A part sent of a file that goes up in pieces, until it is complete. */
export interface Upload {
  filename: string;
  mimeType: string;
  length: number;
  bytes: Buffer;
}

/** Phones every sandbox starts with, so that its page is not empty. */
const demoPhones = [["15550100123", "Ada"], ["15550100145", "Ben"]] as const;

/** Everything the sandbox knows and does; one per running sandbox, nothing of it outlives the process. */
export class World {
  readonly clock = new VirtualClock();
  readonly live = new Live();
  readonly media = new MediaStore();
  readonly requests = new RequestLog();
  readonly uploads = new Map<string, Upload>();
  readonly delivery: WebhookDelivery;
  behaviour!: Behaviour;
  random!: Random;
  account!: Account;
  phones!: PhoneBook;
  templates!: TemplateStore;
  /** Where this sandbox is reached; known once it listens. */
  address = "http://127.0.0.1";
  /** Held sends by template id, waiting for the end of its quality assessment. */
  readonly held = new Map<string, { release: () => void; drop: () => void }[]>();
  /** How often each error rule was met, by its place in the list. */
  ruleHits: { matched: number; applied: number }[] = [];
  readonly #options: WorldOptions;
  #throughput = new Map<string, TokenBucket>();

  constructor(options: WorldOptions) {
    this.#options = options;
    this.delivery = new WebhookDelivery({
      clock: this.clock,
      behaviour: () => this.behaviour,
      wabaId: () => this.account.wabaId,
      appSecret: () => this.account.appSecret,
      warn: options.warn,
    });
    this.#begin();
  }

  /** Back to the first moment: account, templates, phones, behaviour, time. The app's webhook subscription stays. */
  reset(): void {
    const { subscription, subscribed } = this.account;
    this.clock.reset();
    this.delivery.reset();
    this.requests.clear();
    this.uploads.clear();
    this.held.clear();
    this.#begin();
    this.account.subscription = subscription;
    this.account.subscribed = subscribed;
    for (const topic of ["behaviour", "templates", "webhook", "phones"] as const) this.live.changed(topic);
  }

  change(change: BehaviourChange): void {
    const seeded = change.seed !== undefined && change.seed !== this.behaviour.seed;
    this.behaviour = changeBehaviour(this.behaviour, change);
    if (seeded) this.random = new Random(this.behaviour.seed);
    if (change.errors) this.ruleHits = [];
    if (change.throughput) this.#throughput.clear();
    if (change.pairRate !== undefined) for (const phone of this.phones.list(Infinity)) phone.pairs.clear();
    this.live.changed("behaviour");
  }

  /** Points the app's webhooks somewhere and subscribes it to every field. */
  subscribe(url: string, verifyToken: string): void {
    this.account.subscription = { url, verifyToken, fields: [...webhookFields] };
    this.account.subscribed = true;
    this.live.changed("webhook");
  }

  /** Tells the app something, where and if it wants to hear it. A number's own address beats the account's, that the app's. */
  notify(update: Update, number?: BusinessNumber): void {
    const { account } = this;
    if (!account.subscribed) return;
    const override = update.field === "messages" ? (number?.override ?? account.override) : undefined;
    if (!override && !account.subscription?.fields.includes(update.field)) return;
    const url = override?.url ?? account.subscription?.url;
    if (url) this.delivery.send(url, update);
  }

  /** Runs at once when there is nothing to wait for, else after so many virtual milliseconds. */
  after(ms: number, run: () => void): void {
    if (ms > 0) this.clock.after(ms, run);
    else run();
  }

  /** One message's share of a number's throughput; false when it is used up. */
  takeThroughput(number: BusinessNumber): boolean {
    const { messagesPerSecond } = this.behaviour.throughput;
    if (messagesPerSecond === null) return true;
    let bucket = this.#throughput.get(number.id);
    if (!bucket) {
      bucket = new TokenBucket(messagesPerSecond, messagesPerSecond / 1000, this.clock.now());
      this.#throughput.set(number.id, bucket);
    }
    return bucket.take(this.clock.now());
  }

  /** The first number of the account: the one a phone writes to when nothing else is said. */
  mainNumber(): BusinessNumber {
    return this.account.numbers.get(demo.phoneNumberId) ?? this.account.numbers.values().next().value!;
  }

  async close(): Promise<void> {
    this.clock.close();
    this.live.close();
    await this.delivery.close();
  }

  #begin(): void {
    const now = this.clock.now();
    this.behaviour = changeBehaviour(defaultBehaviour(), this.#options.behaviour);
    this.random = new Random(this.behaviour.seed);
    this.ruleHits = [];
    this.#throughput.clear();
    this.account = demoAccount(now);
    this.phones = new PhoneBook(this.account.businessId, this.#options.keep);
    this.templates = new TemplateStore();
    for (const template of demoTemplates()) this.templates.add(approvedTemplate(template, now));
    for (const [digits, name] of demoPhones) {
      const phone = this.phones.phone(digits);
      phone.name = name;
      phone.pinned = true;
    }
  }
}

/** A template that has passed review, with nothing in its past. */
export function approvedTemplate(given: Pick<StoredTemplate, "id" | "name" | "language" | "category" | "components">, now: number): StoredTemplate {
  return {
    ...given,
    status: "APPROVED",
    parameterFormat: "POSITIONAL",
    rejectedReason: "NONE",
    quality: { score: "UNKNOWN", at: now },
    previousCategory: undefined,
    correctCategory: undefined,
    ttlSeconds: undefined,
    createdAt: now,
    updatedAt: now,
    edits: [],
    pauses: 0,
    held: false,
    extra: {},
  };
}
