/**
 * Posts webhooks to the app's callback addresses.
 *
 * Updates queue per address. A free connection takes what is queued, up to a batch, so that a quiet sandbox sends each
 * update alone and at once, and a busy one sends large bodies. A body that was not answered with 200 is repeated, the same
 * bytes with the same signature: at once, then with growing gaps, for seven virtual days. While an address refuses
 * everything, new updates wait for one probe at a time instead of each starting its own series of repeats.
 */
import { createHmac } from "node:crypto";
import { signBody } from "@tincan/whatsapp";
import { Agent, request } from "undici";
import type { Behaviour } from "../world/behaviour.ts";
import type { VirtualClock } from "../world/clock.ts";
import { webhookBody, type Update } from "./update.ts";

/** Longest body Meta sends. */
const mostBytes = 3 * 1024 * 1024;
/** Updates kept for an address that takes nothing; older ones are dropped and counted. */
const mostQueued = 200_000;
/** Failures in a row after which an address is probed instead of flooded. */
const failuresUntilProbing = 3;

export interface DeliverySource {
  clock: VirtualClock;
  behaviour(): Behaviour;
  wabaId(): string;
  appSecret(): string;
  /** Tells of trouble worth a line in the log. */
  warn(message: string): void;
}

export interface DeliveryCounts {
  queued: number;
  inFlight: number;
  delivered: number;
  failedAttempts: number;
  waitingForRetry: number;
  dropped: number;
}

interface Body {
  bytes: string;
  updates: number;
  attempts: number;
  firstAt: number;
}

interface Address {
  url: string;
  queue: Update[];
  ready: Body[];
  inFlight: number;
  failures: number;
  probeAt: number;
  probing: boolean;
}

export class WebhookDelivery {
  readonly #source: DeliverySource;
  readonly #addresses = new Map<string, Address>();
  readonly #agent = new Agent({ connections: 64, keepAliveTimeout: 10_000 });
  #counts = { delivered: 0, failedAttempts: 0, waitingForRetry: 0, dropped: 0 };
  #generation = 0;

  constructor(source: DeliverySource) {
    this.#source = source;
  }

  send(url: string, update: Update): void {
    const address = this.#address(url);
    address.queue.push(update);
    if (address.queue.length > mostQueued) {
      address.queue.shift();
      this.#counts.dropped++;
    }
    this.#pump(address);
  }

  counts(): DeliveryCounts {
    const addresses = [...this.#addresses.values()];
    return {
      queued: addresses.reduce((sum, { queue }) => sum + queue.length, 0),
      inFlight: addresses.reduce((sum, { inFlight }) => sum + inFlight, 0),
      ...this.#counts,
    };
  }

  /** Waits until nothing is on its way, at most two real seconds: a receiver that hangs must not stop the clock. */
  async settled(): Promise<void> {
    const until = Date.now() + 2000;
    while (this.#busy() && Date.now() < until) await new Promise((done) => setTimeout(done, 2));
  }

  /** Forgets everything queued and every repeat. */
  reset(): void {
    this.#generation++;
    this.#addresses.clear();
    this.#counts = { delivered: 0, failedAttempts: 0, waitingForRetry: 0, dropped: 0 };
  }

  async close(): Promise<void> {
    this.reset();
    await this.#agent.destroy();
  }

  /**
   * Asks an address to prove itself with `hub.challenge`, as Meta does before it saves one.
   * @returns what was wrong, or `undefined`.
   */
  async verify(url: string, verifyToken: string, challenge: string): Promise<string | undefined> {
    const target = new URL(url);
    target.searchParams.set("hub.mode", "subscribe");
    target.searchParams.set("hub.challenge", challenge);
    target.searchParams.set("hub.verify_token", verifyToken);
    try {
      const { statusCode, body } = await request(target, { dispatcher: this.#agent, headersTimeout: 10_000, bodyTimeout: 10_000 });
      const text = await body.text();
      if (statusCode !== 200) return `HTTP Status Code = ${statusCode}; HTTP Message = the address did not answer 200`;
      if (text.trim() !== challenge) return "The URL couldn't be validated. Response does not match challenge";
      return undefined;
    } catch (error) {
      return `The address could not be reached: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #address(url: string): Address {
    let address = this.#addresses.get(url);
    if (!address) {
      address = { url, queue: [], ready: [], inFlight: 0, failures: 0, probeAt: 0, probing: false };
      this.#addresses.set(url, address);
    }
    return address;
  }

  #busy(): boolean {
    return [...this.#addresses.values()].some((a) => a.inFlight > 0 || a.ready.length > 0 || (a.queue.length > 0 && a.failures < failuresUntilProbing));
  }

  #pump(address: Address): void {
    const { webhooks } = this.#source.behaviour();
    while (address.inFlight < webhooks.concurrency) {
      const repeated = address.ready.shift();
      if (!repeated && !this.#mayStart(address)) return;
      const body = repeated ?? this.#nextBody(address, webhooks);
      void this.#post(address, body);
    }
  }

  #mayStart(address: Address): boolean {
    if (address.queue.length === 0) return false;
    if (address.failures < failuresUntilProbing) return true;
    const wait = address.probeAt - this.#source.clock.now();
    if (wait <= 0) return address.inFlight === 0;
    if (!address.probing) {
      address.probing = true;
      this.#source.clock.after(wait, () => {
        address.probing = false;
        this.#pump(address);
      });
    }
    return false;
  }

  #nextBody(address: Address, webhooks: Behaviour["webhooks"]): Body {
    let count = Math.min(address.queue.length, webhooks.maxBatch);
    for (;;) {
      const bytes = webhookBody(this.#source.wabaId(), address.queue.slice(0, count), webhooks.batchShape);
      if (bytes.length <= mostBytes || count === 1) {
        address.queue.splice(0, count);
        return { bytes, updates: count, attempts: 0, firstAt: this.#source.clock.now() };
      }
      count = Math.ceil(count / 2);
    }
  }

  async #post(address: Address, body: Body): Promise<void> {
    const generation = this.#generation;
    address.inFlight++;
    body.attempts++;
    const accepted = await this.#attempt(address.url, body.bytes);
    address.inFlight--;
    if (generation !== this.#generation) return;
    if (accepted) {
      address.failures = 0;
      this.#counts.delivered += body.updates;
    } else {
      this.#counts.failedAttempts++;
      address.failures++;
      this.#repeatLater(address, body);
    }
    this.#pump(address);
  }

  async #attempt(url: string, bytes: string): Promise<boolean> {
    const secret = this.#source.appSecret();
    const { timeoutMs } = this.#source.behaviour().webhooks;
    try {
      const { statusCode, body } = await request(url, {
        method: "POST",
        dispatcher: this.#agent,
        headers: {
          "content-type": "application/json",
          "user-agent": "facebookexternalua",
          "x-hub-signature": `sha1=${createHmac("sha1", secret).update(bytes).digest("hex")}`,
          "x-hub-signature-256": signBody(bytes, secret),
        },
        body: bytes,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  }

  #repeatLater(address: Address, body: Body): void {
    const { retry } = this.#source.behaviour().webhooks;
    const now = this.#source.clock.now();
    if (now - body.firstAt >= retry.forMs) {
      this.#counts.dropped += body.updates;
      this.#source.warn(`A webhook to ${address.url} was given up after ${body.attempts} attempts`);
      return;
    }
    const gap = body.attempts === 1 ? 0 : Math.min(retry.mostMs, retry.firstMs * retry.factor ** (body.attempts - 2));
    address.probeAt = Math.max(address.probeAt, now + Math.max(gap, retry.firstMs));
    const generation = this.#generation;
    this.#counts.waitingForRetry++;
    this.#source.clock.after(gap, () => {
      if (generation !== this.#generation) return;
      this.#counts.waitingForRetry--;
      address.ready.push(body);
      this.#pump(address);
    });
  }
}
