import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** One request as it came. */
export interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

type Behaviour = (request: IncomingMessage, response: ServerResponse, asked: Asked) => void;

/** What it answers to a GET, wherever. */
export const PICTURE = "a picture";
const VERIFICATION = "whatsapp:hsm:technology:generic:verify";

const json = (status: number, body: unknown, contentType = "application/json"): Behaviour => (_request, response) => {
  response.writeHead(status, { "content-type": contentType }).end(typeof body === "string" ? body : JSON.stringify(body));
};

/** Ways in which a provider of the contract may behave. */
export const behaviours = {
  accept: json(200, { status: "success" }),
  refuse: (code: number, message = "no"): Behaviour => json(200, { status: "failure", error: { code, message } }),
  /** Success, said under a wrong content type. */
  acceptAsHtml: json(200, { status: "success" }, "text/html"),
  /** A page, said to be JSON. */
  pageAsJson: json(200, "<html>Welcome</html>", "application/json"),
  empty: json(200, ""),
  busy: json(429, { message: "slow down" }),
  denied: json(403, { message: "who are you" }),
  fault: json(500, { status: "failure", error: { message: "oh" } }),
  redirect: json(302, ""),
  hang: () => {},
  cut: (request: IncomingMessage) => request.socket.destroy(),
} satisfies Record<string, Behaviour | ((...args: never[]) => Behaviour)>;

/** A provider that speaks the contract, as Haptik does: one endpoint, and a will of its own. */
export class Haptik {
  /** Everything it was asked but verifications. */
  readonly asked: Asked[] = [];
  readonly verifications: Asked[] = [];
  behaviour: Behaviour = behaviours.accept;
  /** Verifications are answered like this instead, if set. */
  verification: Behaviour | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (request.method === "GET") {
          response.writeHead(200, { "content-type": "image/png" }).end(PICTURE);
          return;
        }
        const asked: Asked = { path: request.url ?? "", headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown> };
        const verifying = JSON.stringify(asked.body).includes(VERIFICATION);
        (verifying ? this.verifications : this.asked).push(asked);
        const behaviour = verifying ? (this.verification ?? this.behaviour) : this.behaviour;
        behaviour(request, response, asked);
      });
    });
  }

  static async start(): Promise<Haptik> {
    const haptik = new Haptik();
    haptik.#server.listen(0, "127.0.0.1");
    await once(haptik.#server, "listening");
    return haptik;
  }

  get endpoint(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/whatsapp/send?account=7`;
  }

  /** Ready for another test. */
  reset(): void {
    this.asked.length = 0;
    this.verifications.length = 0;
    this.behaviour = behaviours.accept;
    this.verification = undefined;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
