/** For the sandbox's own tests: a sandbox on a free port, the app at the other end of its webhooks, short ways to call both. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { objectOf, type JsonObject } from "./json.ts";
import { sandboxAccount, startSandbox, type Sandbox, type SandboxOptions } from "./index.ts";

export interface Received {
  raw: string;
  headers: IncomingHttpHeaders;
  body: { entry: { id: string; time?: number; changes: { field: string; value: JsonObject }[] }[] };
}

/** The app that receives webhooks. `answer` decides each POST's status. */
export interface App {
  url: string;
  received: Received[];
  verifications: URLSearchParams[];
  answer: () => number;
  /** Waits until a webhook, or one change of it, satisfies the test. */
  change(matching: (value: JsonObject, field: string) => boolean): Promise<JsonObject>;
  statuses(): JsonObject[];
  close(): void;
}

export async function startApp(): Promise<App> {
  const server = createServer((request, response) => {
    let raw = "";
    request.on("data", (part) => (raw += part));
    request.on("end", () => {
      if (request.method === "GET") {
        const query = new URL(request.url ?? "/", "http://app").searchParams;
        app.verifications.push(query);
        response.statusCode = query.get("hub.verify_token") === "wrong" ? 403 : 200;
        response.end(query.get("hub.challenge"));
        return;
      }
      response.statusCode = app.answer();
      app.received.push({ raw, headers: request.headers, body: JSON.parse(raw) });
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const app: App = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    received: [],
    verifications: [],
    answer: () => 200,
    change: (matching) => until(() => changesOf(app).find(({ value, field }) => matching(value, field))?.value),
    statuses: () => changesOf(app).flatMap(({ value }) => (value["statuses"] ?? []) as JsonObject[]),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return app;
}

function changesOf(app: App): { field: string; value: JsonObject }[] {
  return app.received.flatMap(({ body }) => body.entry.flatMap(({ changes }) => changes));
}

/** Waits, at most three seconds, until there is a value. */
export async function until<T>(look: () => T | undefined | false): Promise<T> {
  const end = Date.now() + 3000;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error("What the test waits for did not happen within three seconds.");
    await new Promise((done) => setTimeout(done, 5));
  }
}

export interface Answer {
  status: number;
  headers: Headers;
  body: JsonObject;
  text: string;
}

export interface Client {
  sandbox: Sandbox;
  app: App;
  /** A call of the Graph, with the sandbox's token. */
  graph(method: string, path: string, body?: unknown, headers?: { [name: string]: string }): Promise<Answer>;
  /** A send to `+15550100123`, or as told. */
  send(message: JsonObject): Promise<Answer>;
  control(method: string, path: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export const { phoneNumberId, wabaId, appId, appSecret } = sandboxAccount;

/** A sandbox that answers at once, with fast receipts and an app that listens. */
export async function startClient(options: Partial<SandboxOptions> = {}): Promise<Client> {
  const app = await startApp();
  const sandbox = await startSandbox({
    port: 0,
    webhook: { url: app.url },
    ...options,
    behaviour: { receipts: { sentAfterMs: [1, 1], deliveredAfterMs: [1, 1] }, fetchLocalMedia: false, ...options.behaviour },
  });
  const call = async (method: string, path: string, body: unknown, headers: { [name: string]: string }): Promise<Answer> => {
    const sent = body === undefined ? {} : { body: typeof body === "string" || body instanceof FormData ? body : JSON.stringify(body) };
    const typed = body === undefined || body instanceof FormData ? {} : { "content-type": "application/json" };
    const response = await fetch(sandbox.url + path, { method, headers: { ...typed, ...headers }, ...sent });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: text.startsWith("{") || text.startsWith("[") ? (JSON.parse(text) as JsonObject) : {} };
  };
  const client: Client = {
    sandbox,
    app,
    graph: (method, path, body, headers = { authorization: "Bearer sandbox-token" }) => call(method, path, body, headers),
    send: (message) => client.graph("POST", `/v26.0/${phoneNumberId}/messages`, { messaging_product: "whatsapp", to: "+15550100123", ...message }),
    control: (method, path, body) => call(method, `/sandbox${path}`, body, {}),
    close: async () => {
      await sandbox.close();
      app.close();
    },
  };
  return client;
}

export const text = (body: string): JsonObject => ({ type: "text", text: { body } });

/** A send of `hello_world`, which has no variables. */
export const hello: JsonObject = { type: "template", template: { name: "hello_world", language: { code: "en_US" } } };

/** A send of `order_ready`. */
export function orderReady(values = ["Ada", "A-1042"], link = "https://shop.example/a.png"): JsonObject {
  return {
    type: "template",
    template: {
      name: "order_ready",
      language: { code: "en" },
      components: [
        { type: "header", parameters: [{ type: "image", image: { link } }] },
        { type: "body", parameters: values.map((value) => ({ type: "text", text: value })) },
        { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "A-1042" }] },
      ],
    },
  };
}

/** The `error` member of an answer. */
export function errorOf(answer: Answer): JsonObject {
  return objectOf(answer.body["error"]);
}

/** The id that a send was answered with. */
export function idOf(answer: Answer): string {
  return String(objectOf((answer.body["messages"] as unknown[])[0])["id"]);
}
