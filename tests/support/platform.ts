import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { strictReading, type ReceivedCallback } from "./strict-reading.ts";

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
  /** Requests that came, also those refused or left hanging. */
  attempts = 0;
  mode: "ok" | "refuse" | "hang" = "ok";
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.attempts++;
        if (this.mode === "hang") return;
        if (this.mode === "refuse") {
          response.writeHead(503).end('{"status":"error"}');
          return;
        }
        const { method = "", url = "", headers } = request;
        this.#take({ method, path: url, contentType: headers["content-type"] ?? "", text: Buffer.concat(chunks).toString("utf8") });
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

  #take(callback: ReceivedCallback): void {
    this.complaints.push(...strictReading(callback));
    const body = JSON.parse(callback.text) as { statuses?: Status[] };
    if (body.statuses) this.statuses.push(...body.statuses);
    else this.inbound.push(body as Record<string, unknown>);
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
