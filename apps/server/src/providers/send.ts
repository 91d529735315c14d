/**
 * The way from a message to its outcome over HTTP: one pool of kept-alive connections per provider.
 *
 * What matters is to know whether a request has left. undici tells it: `onRequestStart` comes immediately before a request
 * is written to its connection. A failure before that moment is certain (nothing was sent: the endpoint is down), one after it
 * is not (the request, or its answer, may have been lost on the way), and only the message's receipt can tell.
 */
import { Pool, type buildConnector, type Dispatcher } from "undici";
import { whyNoAnswer } from "../http/no-answer.ts";
import type { Outcome } from "../lanes/work.ts";
import type { OutboundMessage } from "../ledger/claim.ts";
import type { WireError } from "../ledger/types.ts";
import { ANSWER_LENGTH, type Adapter } from "./adapter.ts";

/** Longer answers are not read to the end: no provider has that much to say about one message. */
const MOST_ANSWER_BYTES = 256 * 1024;
/** A server that does not say how long it keeps a connection closes it, at the earliest, after some 5 s (Node's own default). */
const KEEP_ALIVE_MS = 4_000;

export interface Sender {
  /**
   * Sends one message. Never throws: whatever the wire does is an outcome. When `signal` fires, a request that has not left
   * stays behind for another turn, and the answer of one that has is no longer waited for.
   */
  send(message: OutboundMessage, signal: AbortSignal): Promise<Outcome>;
  /** Waits for answers under way, then frees the connections. */
  close(): Promise<void>;
}

export interface SenderOptions {
  baseUrl: string;
  /** The connector that refuses addresses no provider may have. */
  connect: buildConnector.connector;
}

export function openSender(adapter: Adapter, options: SenderOptions): Sender {
  const { concurrency, timeoutMs } = adapter.limits;
  const pool = new Pool(new URL(options.baseUrl).origin, {
    connections: concurrency,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: MOST_ANSWER_BYTES,
    connect: options.connect,
  });
  const aborts = new Aborts();
  return {
    send: (message, signal) => {
      const request = adapter.request(message);
      if ("refusal" in request) return Promise.resolve({ kind: "refused", error: request.refusal });
      if (signal.aborted) return Promise.resolve({ kind: "turn", afterMs: 0 });
      return new Promise((resolve) => {
        const exchange = new Exchange(adapter, aborts.of(signal), resolve, message.keepAnswer === true);
        try {
          pool.dispatch(request, exchange);
        } catch (cause) {
          exchange.onResponseError(undefined, cause);
        }
      });
    },
    close: () => pool.close(),
  };
}

/** Requests under way by the signal that can stop them; one listener per signal, however many requests share it. */
class Aborts {
  readonly #bySignal = new WeakMap<AbortSignal, Set<Exchange>>();

  of(signal: AbortSignal): Set<Exchange> {
    let set = this.#bySignal.get(signal);
    if (!set) {
      const exchanges = new Set<Exchange>();
      signal.addEventListener("abort", () => {
        for (const exchange of exchanges) exchange.abort();
      });
      this.#bySignal.set(signal, (set = exchanges));
    }
    return set;
  }
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #adapter: Adapter;
  readonly #together: Set<Exchange>;
  readonly #resolve: (outcome: Outcome) => void;
  readonly #keepAnswer: boolean;
  #controller: Dispatcher.DispatchController | undefined;
  #stopped = false;
  #status = 0;
  #body: Buffer | Buffer[] | undefined;

  constructor(adapter: Adapter, together: Set<Exchange>, resolve: (outcome: Outcome) => void, keepAnswer: boolean) {
    this.#adapter = adapter;
    this.#keepAnswer = keepAnswer;
    this.#together = together;
    this.#resolve = resolve;
    together.add(this);
  }

  /** Before the request has left, it stays behind; after that, its answer is no longer waited for. */
  abort(): void {
    this.#stopped = true;
    if (this.#controller) this.#controller.abort(new Error("Tincan stopped waiting for the answer"));
    else this.#settle({ kind: "turn", afterMs: 0 });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#stopped) return controller.abort(new Error("stopped before it left"));
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number): void {
    this.#status = statusCode;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#body) this.#body = chunk;
    else if (Array.isArray(this.#body)) this.#body.push(chunk);
    else this.#body = [this.#body, chunk];
  }

  onResponseEnd(): void {
    const text = this.#text();
    const outcome = this.#adapter.readAnswer(this.#status, text);
    this.#settle(this.#keepAnswer && outcome.kind === "submitted" ? { ...outcome, answer: text.slice(0, ANSWER_LENGTH).replaceAll("\0", "") } : outcome);
  }

  onResponseError(_controller: unknown, cause: unknown): void {
    const error: WireError = { source: "tincan", code: 0, title: whyNoAnswer(cause, "the provider's") };
    if (!this.#controller) return this.#settle({ kind: "laneDown", cause: "endpoint", error });
    const answer = this.#status === 0 ? {} : { httpStatus: this.#status, answer: this.#text().slice(0, ANSWER_LENGTH) };
    this.#settle({ kind: "ambiguous", error, ...answer });
  }

  #text(): string {
    if (!this.#body) return "";
    return Array.isArray(this.#body) ? Buffer.concat(this.#body).toString("utf8") : this.#body.toString("utf8");
  }

  #settle(outcome: Outcome): void {
    this.#together.delete(this);
    this.#resolve(outcome);
  }
}
