/**
 * CleverTap's strictest reading of a callback: the samples of its page taken literally, every member there and of the type shown,
 * no other (CleverTap: Generic WhatsApp, delivery report and inbound message). Each difference is a sentence.
 */
import { isDeepStrictEqual } from "node:util";

/** One callback as it came over the wire. */
export interface ReceivedCallback {
  method: string;
  /** Of the address that was called, without a query. */
  path: string;
  contentType: string;
  text: string;
}

type Json = Record<string, unknown>;
type Rule = (value: unknown) => boolean;

const text: Rule = (value) => typeof value === "string" && value !== "";
const anyText: Rule = (value) => typeof value === "string";
const digits: Rule = (value) => typeof value === "string" && /^\d{7,15}$/.test(value);
const seconds: Rule = (value) => typeof value === "string" && /^\d{10}$/.test(value) && Math.abs(Number(value) - Date.now() / 1000) < 86_400;
const httpUrl: Rule = (value) => typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value);
const mimeType: Rule = (value) => typeof value === "string" && /^[a-z]+\/[\w.+-]+( *;.*)?$/.test(value);
const degrees: Rule = (value) => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value);
const code: Rule = (value) => Number.isInteger(value) && Number(value) >= 1000 && Number(value) <= 1010;
const optional = (rule: Rule): Rule => (value) => value === undefined || rule(value);
const object = (members: Record<string, Rule>): Rule => (value) => isObject(value) && misfits(value, members).length === 0;

const media = object({ mediaURL: httpUrl, mimeType, caption: optional(text) });
const contents: Record<string, Record<string, Rule>> = {
  text: { text: object({ body: text }) },
  image: { image: media },
  video: { video: media },
  audio: { audio: object({ mediaURL: httpUrl, mimeType }) },
  file: { file: media, document: media },
  location: { location: object({ latitude: degrees, longitude: degrees, name: optional(text), address: anyText, url: optional(text) }) },
  button: { button: object({ payload: text, text }) },
};

/** What does not read as the contract demands; empty when all is well. */
export function strictReading({ method, path, contentType, text: body }: ReceivedCallback): string[] {
  const complaints: string[] = [];
  if (method !== "POST") complaints.push(`${method} instead of POST`);
  if (!/^application\/json\b/.test(contentType)) complaints.push(`content type ${contentType}`);
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return [...complaints, `no JSON: ${body}`];
  }
  if (!isObject(json)) return [...complaints, `no object: ${body}`];
  if (json["payloadVersion"] !== "0.1") complaints.push(`payloadVersion is ${JSON.stringify(json["payloadVersion"])}`);
  const told = path.endsWith("/status") ? readStatuses(json) : readInbound(json);
  return [...complaints, ...told.map((complaint) => `${complaint}: ${body}`)];
}

function readStatuses(json: Json): string[] {
  const { statuses } = json;
  if (!Array.isArray(statuses) || statuses.length === 0) return ["no statuses"];
  const others = misfits(json, { payloadVersion: text, statuses: Array.isArray });
  return [...others, ...statuses.flatMap((each: unknown) => (isObject(each) ? readStatus(each) : ["a status that is no object"]))];
}

function readStatus(status: Json): string[] {
  const word = status["status"];
  const base = { msgId: text, status: text, timestamp: seconds };
  if (word === "sent" || word === "delivered" || word === "read") return misfits(status, base);
  if (word === "failed") return misfits(status, { ...base, error: object({ code, title: text }) });
  return [`status ${JSON.stringify(word)}`];
}

function readInbound(json: Json): string[] {
  const content = contents[String(json["type"])];
  if (!content) return [`type ${JSON.stringify(json["type"])}`];
  const base = { payloadVersion: text, from: digits, wabaNumber: digits, timestamp: seconds, type: text, context: optional(object({ id: text })) };
  const complaints = misfits(json, { ...base, ...content });
  if (json["type"] === "file" && !isDeepStrictEqual(json["file"], json["document"])) complaints.push("file and document differ");
  return complaints;
}

function misfits(value: Json, members: Record<string, Rule>): string[] {
  const unknown = Object.keys(value).filter((name) => !(name in members)).map((name) => `${name} is not a member the contract knows`);
  return [...unknown, ...Object.entries(members).filter(([name, rule]) => !rule(value[name])).map(([name]) => `${name} is ${JSON.stringify(value[name])}`)];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const steps = ["sent", "delivered", "read"];

/** Messages of which a step was told twice, out of order, after a failure, or with one before it missing. CleverTap counts what it is told. */
export function orderComplaints(statuses: readonly { msgId: string; status: string }[]): string[] {
  const byMessage = Map.groupBy(statuses, (status) => status.msgId);
  return [...byMessage].flatMap(([msgId, told]) => {
    const words = told.map((status) => status.status);
    const reached = words.at(-1) === "failed" ? words.slice(0, -1) : words;
    const inOrder = reached.every((word, i) => word === steps[i]) && !reached.slice(0, -1).includes("failed");
    return inOrder ? [] : [`${msgId}: ${words.join(", ")}`];
  });
}
