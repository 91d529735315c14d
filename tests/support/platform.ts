import { once } from "node:events";
import { createServer, type Server } from "node:http";

interface Status {
  msgId: string;
  status: string;
  timestamp: string | number;
  error?: { code: number; title: string };
}

/** CleverTap's end of the string: takes callbacks and keeps what they say. `mode` makes it misbehave. */
export class Platform {
  readonly statuses: Status[] = [];
  readonly inbound: Record<string, unknown>[] = [];
  /** What did not read as the contract demands. */
  readonly complaints: string[] = [];
  mode: "ok" | "refuse" | "hang" = "ok";
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (this.mode === "hang") return;
        if (this.mode === "refuse") {
          response.writeHead(503).end('{"status":"error"}');
          return;
        }
        this.#take(Buffer.concat(chunks).toString("utf8"));
        response.writeHead(200, { "content-type": "application/json" }).end('{"status":"success"}');
      });
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (typeof address === "object" && address) this.#port = address.port;
  }

  get webhooks(): { status: string; inbound: string } {
    return { status: `http://127.0.0.1:${this.#port}/status`, inbound: `http://127.0.0.1:${this.#port}/inbound` };
  }

  /** The words said about one message, in the order they came. */
  said(msgId: string): string[] {
    return this.statuses.filter((s) => s.msgId === msgId).map((s) => s.status);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #take(text: string): void {
    const body = JSON.parse(text) as { payloadVersion?: unknown; statuses?: Status[]; from?: string };
    if (body.payloadVersion !== "0.1") this.complaints.push(`payloadVersion is ${JSON.stringify(body.payloadVersion)}`);
    if (!body.statuses) {
      this.inbound.push(body as Record<string, unknown>);
      return;
    }
    for (const status of body.statuses) {
      if (!["sent", "delivered", "read", "failed", "clicked"].includes(status.status)) this.complaints.push(`status ${status.status}`);
      if (!/^\d{10}$/.test(String(status.timestamp))) this.complaints.push(`timestamp ${status.timestamp}`);
      if (status.status === "failed" && !Number.isInteger(status.error?.code)) this.complaints.push(`failed without an integer code: ${text}`);
      this.statuses.push(status);
    }
  }
}

/** A template request of the demo template `order_ready`, as CleverTap posts it. */
export function templateRequest(msgId: string, to = "+15550100123", values: [string, string] = ["Ravi", "42"]): object {
  return {
    payloadVersion: 0.1,
    to,
    wabaNumber: "+15550100199",
    isTemplate: true,
    msgId,
    template: { namespace: "hello_world", languageCode: "en_US" },
    components: [{ type: "body", body: { text: values.join(" ") } }],
  };
}
