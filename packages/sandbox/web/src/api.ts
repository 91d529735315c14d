import type { Shown } from "../../src/phones/shown-message.ts";

/** A message as the control plane shows it. `in` came from the business. */
export interface Message {
  id: string;
  direction: "in" | "out";
  type: string;
  at: string;
  status: "accepted" | "held" | "sent" | "delivered" | "read" | "played" | "failed";
  replyTo?: string;
  error?: { code: number; title: string; details?: string };
  reactions?: { business?: string; phone?: string };
  shown: Shown;
}

export interface PhoneInfo {
  digits: string;
  name: string;
  pinned: boolean;
  reachable: boolean;
  onWhatsApp: boolean;
  stopped: string[];
  windows: { [numberId: string]: string };
  typing: boolean;
  unread: number;
  last?: { direction: "in" | "out"; text: string };
}

export interface State {
  address: string;
  wabaId: string;
  numbers: { id: string; number: string; shown: string; verifiedName: string }[];
  phones: number;
  messages: number;
  webhook: { url: string | null; subscribed: boolean; queued: number; delivered: number; waitingForRetry: number; failedAttempts: number };
  clock: { now: string; aheadMs: number };
}

type Span = number | [number, number];

/** The part of the behaviour that the panel shows. */
export interface Behaviour {
  errors: { code?: number; httpStatus?: number; hangMs?: number; as?: "answer" | "status"; times?: number }[];
  receipts: { deliveredAfterMs: Span; readAfterMs: Span | null; reorder: number; duplicate: number; dropDelivered: number };
  throughput: { messagesPerSecond: number | null };
  window: { enforced: boolean };
  webhooks: { version: string; identity: "phone" | "username" | "parent" };
}

export interface RecordedRequest {
  at: string;
  method: string;
  url: string;
  body: string;
  status: number;
  answer: string;
  ms: number;
}

/** Calls the control plane; a refusal becomes an error with its sentence. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const sent = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/sandbox${path}`, { method, ...sent }).catch(() => {
    throw new Error("The sandbox does not answer. Try again when it is back.");
  });
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error((answer as { error?: { message?: string } }).error?.message ?? `The sandbox answered ${response.status}.`);
  return answer as T;
}

/** What a reply came to when no message was sent: a link to open, a code to copy, a number to call. */
export type Pressed = { opened?: string; copied?: string; called?: string };

export interface Changed {
  phones: string[];
  topics: string[];
}

type Listener = (changed: Changed) => void;
const listeners = new Set<Listener>();
let source: EventSource | undefined;

/** One stream for the whole page. After a broken connection everything is looked at again. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  if (!source) {
    source = new EventSource("/sandbox/live");
    let opened = false;
    const tell = (changed: Changed) => {
      for (const each of listeners) each(changed);
    };
    source.addEventListener("changed", (event: MessageEvent<string>) => tell(JSON.parse(event.data) as Changed));
    source.addEventListener("open", () => {
      if (opened) tell({ phones: [], topics: ["all"] });
      opened = true;
    });
  }
  return () => listeners.delete(listener);
}
