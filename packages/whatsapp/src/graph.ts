/**
 * One JSON exchange with Meta's Graph API, and paging over lists.
 *
 * Answers that refuse become {@link MetaError}; no answer becomes {@link MetaUnreachable}.
 */
import { request, type Dispatcher, type FormData } from "undici";
import { MetaError, readError } from "./errors.ts";
import { asList, asObject, asText, type JsonObject } from "./json.ts";
import { MetaUnreachable } from "./network.ts";

export interface GraphSettings {
  /** Without a trailing slash, such as `https://graph.facebook.com`. */
  baseUrl: string;
  /** Such as `v26.0`. */
  version: string;
  /** Connections to `baseUrl`: a Pool or Agent. Undici's global one when absent. */
  dispatcher?: Dispatcher;
  /** Milliseconds from request to headers, and between parts of a body. */
  timeoutMs?: number;
}

export type Query = Record<string, string | number | boolean | string[] | undefined>;

export interface GraphCall {
  method: "GET" | "POST" | "DELETE";
  /** Node and edge, such as `900100200300400/message_templates`. */
  path: string;
  query?: Query;
  /** Written as JSON, sent as it is when it is bytes or a form. */
  body?: object | Uint8Array | FormData;
  headers?: Record<string, string>;
}

const defaultTimeoutMs = 30_000;
/** A page of 1,000 templates at their longest stays below. */
const mostAnswerBytes = 20_000_000;

/** Sends one call and reads its JSON answer. */
export async function callGraph(settings: GraphSettings, call: GraphCall): Promise<unknown> {
  const { status, text } = await exchange(settings, call);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = text;
  }
  if (status < 200 || status >= 300 || typeof answer === "string" || asObject(asObject(answer)?.["error"])) {
    throw new MetaError(readError(status, answer));
  }
  return answer;
}

/** Sends one call and answers status and text, whatever they are. */
export async function exchange(settings: GraphSettings, call: GraphCall): Promise<{ status: number; text: string }> {
  const raw = call.body instanceof Uint8Array || isForm(call.body);
  const timeout = settings.timeoutMs ?? defaultTimeoutMs;
  try {
    const answer = await request(`${settings.baseUrl}/${settings.version}/${call.path}${queryText(call.path, call.query)}`, {
      method: call.method,
      headers: { accept: "application/json", ...(call.body && !raw ? { "content-type": "application/json" } : {}), ...call.headers },
      body: raw ? (call.body as Uint8Array | FormData) : call.body && JSON.stringify(call.body),
      headersTimeout: timeout,
      bodyTimeout: timeout,
      ...(settings.dispatcher ? { dispatcher: settings.dispatcher } : {}),
    });
    return { status: answer.statusCode, text: await readText(answer.body) };
  } catch (error) {
    throw new MetaUnreachable(error);
  }
}

/** An answer's text. Throws when it is longer than anything Meta says, so that an address that never stops takes no memory. */
export async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostAnswerBytes) throw new Error(`the answer has more than ${mostAnswerBytes / 1_000_000} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function isForm(body: unknown): boolean {
  return typeof body === "object" && body !== null && Symbol.toStringTag in body && body[Symbol.toStringTag] === "FormData";
}

/** Lists are joined by commas. Ids of upload sessions already hold a query. */
function queryText(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  const pairs = given.map(([name, value]): [string, string] => [name, Array.isArray(value) ? value.join(",") : String(value)]);
  const text = new URLSearchParams(pairs);
  return `${path.includes("?") ? "&" : "?"}${text}`;
}

/**
 * All items of a paged list, page after page. Goes on while there is a `paging.next`, also over empty pages; the next page
 * is asked for by its cursor at our own base address, so that a token is never sent to an address out of an answer.
 */
export async function* pages<Item>(fetchPage: (after: string | undefined) => Promise<unknown>): AsyncGenerator<Item> {
  const seen = new Set<string>();
  let after: string | undefined;
  for (;;) {
    const page = asObject(await fetchPage(after));
    // Items are Meta's; their members are all read as optional or open-ended by the types of this package.
    yield* asList(page?.["data"]) as Item[];
    after = nextCursor(page);
    if (after === undefined || seen.has(after)) return;
    seen.add(after);
  }
}

/** Where a page says that the next one begins; undefined when it is the last. */
export function nextCursor(page: JsonObject | undefined): string | undefined {
  const paging = asObject(page?.["paging"]);
  const next = asText(paging?.["next"]);
  return next === undefined ? undefined : (asText(asObject(paging?.["cursors"])?.["after"]) ?? cursorIn(next));
}

function cursorIn(next: string): string | undefined {
  return URL.parse(next)?.searchParams.get("after") ?? undefined;
}
