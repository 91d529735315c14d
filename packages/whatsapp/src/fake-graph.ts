/** A small HTTP server on loopback that records what the client sends and answers what the test says. For tests only. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface RecordedRequest {
  method: string;
  /** Path without query. */
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface PreparedAnswer {
  status?: number;
  json?: unknown;
  bytes?: Uint8Array;
  headers?: Record<string, string>;
  /** Closes the connection instead of answering. */
  hangUp?: boolean;
  /** Never answers. */
  silent?: boolean;
}

export type FakeGraph = Awaited<ReturnType<typeof startFakeGraph>>;

export async function startFakeGraph(answer: (request: RecordedRequest, base: string) => PreparedAnswer = () => ({ json: { success: true } })) {
  const requests: RecordedRequest[] = [];
  let respond = answer;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const url = new URL(incoming.url ?? "/", baseUrl);
      const request: RecordedRequest = {
        method: incoming.method ?? "",
        path: decodeURIComponent(url.pathname),
        query: Object.fromEntries(url.searchParams),
        headers: incoming.headers,
        body: Buffer.concat(chunks),
      };
      requests.push(request);
      const { status = 200, json, bytes, headers = {}, hangUp, silent } = respond(request, baseUrl);
      if (hangUp) incoming.socket.destroy();
      else if (!silent) outgoing.writeHead(status, { "content-type": "application/json", ...headers }).end(bytes ?? JSON.stringify(json ?? {}));
    });
  });
  // A connection that waits is not closed while the client, held up by a busy machine, takes it for its next request.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    baseUrl,
    requests,
    last: () => requests.at(-1)!,
    answerWith(next: typeof answer) {
      respond = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
