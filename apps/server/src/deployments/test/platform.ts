/** Plays the platform's callback URLs over HTTP, and reads what arrives as strictly as the contract can be read. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedStatus {
  msgId: string;
  status: string;
  timestamp: string;
  error?: { code: number; title: string };
}

type Answer = (path: string, body: unknown, response: ServerResponse) => void;

export async function openPlatform() {
  const requests: { path: string; body: unknown }[] = [];
  const complaints: string[] = [];
  let answer: Answer = (_path, _body, response) => void response.end('{"status":"success"}');

  const server = createServer((request, response) => {
    void read(request).then((text) => {
      const body: unknown = JSON.parse(text);
      const path = request.url ?? "";
      if (request.method !== "POST") complaints.push(`method ${request.method}`);
      if (request.headers["content-type"] !== "application/json") complaints.push(`content type ${request.headers["content-type"]}`);
      complaints.push(...complaintsAbout(body));
      requests.push({ path, body });
      answer(path, body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    requests,
    complaints,
    status: `${origin}/dlr?account=1`,
    inbound: `${origin}/imo?account=1`,
    /** Every status received, in order. */
    statuses: (): ReceivedStatus[] => requests.flatMap(({ body }) => (hasStatuses(body) ? body.statuses : [])),
    answers(next: Answer) {
      answer = next;
    },
    forget() {
      requests.length = 0;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function hasStatuses(body: unknown): body is { statuses: ReceivedStatus[] } {
  return typeof body === "object" && body !== null && "statuses" in body;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

type Shape = (value: unknown) => boolean;
const text: Shape = (value) => typeof value === "string" && value !== "";
const anyText: Shape = (value) => typeof value === "string";
const is = (...allowed: unknown[]): Shape => (value) => allowed.includes(value);
const like = (pattern: RegExp): Shape => (value) => typeof value === "string" && pattern.test(value);
/** An object with exactly these members; a name that ends in "?" may be missing. */
const exactly = (members: Record<string, Shape>): Shape => (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const known = new Map(Object.entries(members).map(([name, shape]) => [name.replace("?", ""), shape]));
  const required = Object.keys(members).filter((name) => !name.endsWith("?"));
  return required.every((name) => name in value) && Object.entries(value).every(([name, member]) => known.get(name)?.(member) === true);
};

const seconds = like(/^\d{10}$/);
const digits = like(/^[1-9]\d{6,14}$/);
const url = like(/^https?:\/\/(?!media\.invalid)/);
const status = exactly({ msgId: text, status: is("sent", "delivered", "read"), timestamp: seconds });
const failure = exactly({
  msgId: text, status: is("failed"), timestamp: seconds,
  error: exactly({ code: (code) => Number.isInteger(code) && Number(code) >= 1000 && Number(code) <= 1010, title: text }),
});
const click = exactly({ msgId: text, status: is("clicked"), timestamp: Number.isInteger, ts: Number.isInteger, url: text, shortUrl: text, "userAgent?": text });
const media = exactly({ mediaURL: url, "mimeType?": text, "caption?": text });
const message = { payloadVersion: is("0.1"), from: digits, wabaNumber: digits, timestamp: seconds, "context?": exactly({ id: text }) };
const inbound: Shape[] = [
  exactly({ ...message, type: is("text"), text: exactly({ body: text }) }),
  exactly({ ...message, type: is("button"), button: exactly({ payload: text, text }) }),
  exactly({ ...message, type: is("image"), image: media }),
  exactly({ ...message, type: is("video"), video: media }),
  exactly({ ...message, type: is("audio"), audio: exactly({ mediaURL: url, "mimeType?": text }) }),
  exactly({ ...message, type: is("file"), file: media, document: media }),
  exactly({ ...message, type: is("location"), location: exactly({ latitude: text, longitude: text, address: anyText, "name?": text, "url?": text }) }),
];

/** What a strict reader would find wrong with a callback's body. */
function complaintsAbout(body: unknown): string[] {
  if (!hasStatuses(body)) return inbound.some((shape) => shape(body)) ? [] : [`inbound ${JSON.stringify(body)}`];
  const envelope = exactly({ payloadVersion: is("0.1"), statuses: (list) => Array.isArray(list) && list.length > 0 });
  if (!envelope(body)) return [`envelope ${JSON.stringify(body)}`];
  return body.statuses.filter((each) => !status(each) && !failure(each) && !click(each)).map((each) => `status ${JSON.stringify(each)}`);
}
