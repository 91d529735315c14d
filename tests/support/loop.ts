/**
 * The whole loop on loopback, as its outside sees it: platforms that post and are called back, a server in a process of its own,
 * and a local WhatsApp with its phones in this process.
 */
import { randomUUID } from "node:crypto";
import type { LaneStatus, List, Message, MessageSummary } from "@tincan/api";
import { sandboxAccount, startSandbox, type BehaviourChange, type Sandbox } from "@tincan/sandbox";
import { createTestDatabase } from "./database.ts";
import { Platform } from "./platform.ts";
import { Tincan } from "./tincan.ts";
import { Visitor } from "./visitor.ts";

const API_KEY = "tc_loop_test_key_with_entropy_0001";

/** A number without limits whose receipts come at once; what the app does not take is repeated soon. */
const quick: BehaviourChange = {
  throughput: { messagesPerSecond: null },
  pairRate: null,
  receipts: { sentAfterMs: [1, 10], deliveredAfterMs: [5, 50] },
  webhooks: { retry: { firstMs: 200, factor: 1.5, mostMs: 1000, forMs: 3_600_000 } },
  templates: { reviewMs: 10 },
};

/** What a platform is answered. */
export interface WireAnswer {
  status: number;
  body: { status?: string; error?: { code?: number; message?: string } };
}

/** One platform deployment and the platform at its end. */
export class Line {
  readonly deploymentId = randomUUID();
  readonly token = `token-${randomUUID()}`;
  readonly platform = new Platform();
  readonly #origin: () => string;

  constructor(origin: () => string) {
    this.#origin = origin;
  }

  get callbackUrl(): string {
    return `${this.#origin()}/wire/clevertap/${this.deploymentId}/messages`;
  }

  /** Posts to the Callback URL as CleverTap does; anything but text is made JSON. Throws when no answer comes. */
  async post(body: unknown, headers: Record<string, string> = {}): Promise<WireAnswer> {
    const answer = await fetch(this.callbackUrl, {
      method: "POST",
      headers: { Token: this.token, "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as WireAnswer["body"] };
  }
}

/** Somebody's phone in the local WhatsApp. */
export class Phone {
  readonly digits: string;
  readonly #url: string;

  constructor(sandboxUrl: string, digits: string) {
    this.digits = digits;
    this.#url = `${sandboxUrl}/sandbox/phones/${digits}`;
  }

  /** As CleverTap writes it. */
  get number(): string {
    return `+${this.digits}`;
  }

  /** What it got, oldest first. */
  async received(): Promise<PhoneMessage[]> {
    const all = (await (await fetch(`${this.#url}/messages`)).json()) as PhoneMessage[];
    return all.filter((message) => message.direction === "in");
  }

  /** Writes something, in the control plane's words; answers the message as the phone shows it. */
  writes(message: object): Promise<PhoneMessage> {
    return this.#does("messages", message);
  }

  /** Reads everything. */
  async reads(): Promise<void> {
    await this.#does("read", {});
  }

  async stopsMarketing(): Promise<void> {
    await this.#does("opt-out", {});
  }

  async #does(what: string, body: object): Promise<PhoneMessage> {
    const answer = await fetch(`${this.#url}/${what}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`The phone refused: ${await answer.text()}`);
    return (await answer.json()) as PhoneMessage;
  }
}

export interface PhoneMessage {
  id: string;
  direction: "in" | "out";
  type: string;
  status: string;
  shown: {
    header?: { text?: string; media?: { kind: string; url: string } };
    body?: string;
    footer?: string;
    media?: { kind: string; url: string };
    buttons?: { kind: string; text: string; url?: string; code?: string }[];
    offer?: { text: string; expiresAt?: number; code?: string };
  };
}

export class Loop {
  readonly sandbox: Sandbox;
  readonly tincan: Tincan;
  readonly lines: readonly Line[];
  readonly admin: Visitor;
  #people = 0;

  private constructor(sandbox: Sandbox, tincan: Tincan, lines: readonly Line[]) {
    this.sandbox = sandbox;
    this.tincan = tincan;
    this.lines = lines;
    this.admin = new Visitor(tincan.url, { authorization: `Bearer ${API_KEY}` });
  }

  /** Starts all of it and waits until the server is ready; with a database server of its own only where a test asks for that. */
  static async start(options: { lines?: number; behaviour?: BehaviourChange; ownDatabase?: boolean } = {}): Promise<Loop> {
    const sandbox = await startSandbox({ port: 0, behaviour: quick });
    sandbox.change(options.behaviour ?? {});
    let origin = "";
    const lines = Array.from({ length: options.lines ?? 1 }, () => new Line(() => origin));
    await Promise.all(lines.map((line) => line.platform.listen()));
    const tincan = await Tincan.prepare({
      ...(options.ownDatabase ? {} : { database: await createTestDatabase({ connections: 1 }) }),
      provision: {
        workspace: { name: "Loop" },
        admin: { email: "admin@example.com", password: "correct horse battery" },
        apiKeys: [{ name: "test", key: API_KEY, role: "admin" }],
        providers: [
          {
            kind: "cloud-api", nickname: "Main", number: "+15550100199", baseUrl: sandbox.url, maxConcurrency: 200, default: true,
            wabaId: sandboxAccount.wabaId, phoneNumberId: sandboxAccount.phoneNumberId,
            accessToken: "sandbox-token", appSecret: "sandbox-app-secret", verifyToken: "sandbox-verify",
          },
        ],
        deployments: lines.map(({ deploymentId, token, platform }, i) => ({
          id: deploymentId, token, platform: "clevertap", name: `CleverTap ${i + 1}`, provider: "Main", webhooks: platform.webhooks,
        })),
      },
    });
    origin = tincan.url;
    sandbox.subscribe(`${tincan.url}/wire/meta/webhook`);
    await tincan.start();
    return new Loop(sandbox, tincan, lines);
  }

  get line(): Line {
    return this.lines[0]!;
  }

  /** Somebody nobody has written to yet. */
  person(): Phone {
    return this.phone(`1555${String(2_000_000 + ++this.#people)}`);
  }

  phone(digits: string): Phone {
    return new Phone(this.sandbox.url, digits);
  }

  /** The stored message of a msgId, with its error and times; undefined when there is none. */
  async message(msgId: string): Promise<Message | undefined> {
    const found = await this.admin.get<List<MessageSummary>>(`/api/v1/messages?q=${encodeURIComponent(msgId)}`);
    const summary = found.body.items.find((message) => message.msgId === msgId);
    return summary && (await this.admin.get<Message>(`/api/v1/messages/${summary.id}`)).body;
  }

  /** Every message there is, oldest last. */
  async messages(): Promise<MessageSummary[]> {
    const all: MessageSummary[] = [];
    for (let after = ""; ; ) {
      const { body } = await this.admin.get<List<MessageSummary>>(`/api/v1/messages?limit=200${after && `&after=${after}`}`);
      all.push(...body.items);
      if (body.next === null) return all;
      after = body.next;
    }
  }

  /** The lane of the number. */
  async providerLane(): Promise<LaneStatus> {
    const { body } = await this.admin.get<List<LaneStatus>>("/api/v1/lanes");
    return body.items.find((lane) => lane.kind === "provider")!;
  }

  async stop(): Promise<void> {
    await this.tincan.remove();
    await Promise.all(this.lines.map((line) => line.platform.close()));
    await this.sandbox.close();
  }
}
