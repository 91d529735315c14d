/**
 * Files to and from Meta: upload for sending, resumable upload of template samples, download of what came in.
 *
 * Sources: Meta, Cloud API "Media" and Graph API "Resumable Upload".
 */
import type { Readable } from "node:stream";
import { FormData, request, type Dispatcher } from "undici";
import { MetaError, readError } from "./errors.ts";
import { readText, type GraphCall, type GraphSettings } from "./graph.ts";
import { asNumber, defined } from "./json.ts";
import { MetaUnreachable } from "./network.ts";

export interface MediaSettings extends GraphSettings {
  /** Connections for downloads from other hosts than that of `baseUrl`. Undici's global ones when absent. */
  mediaDispatcher?: Dispatcher;
  /** Hosts (with port), besides that of `baseUrl` and Meta's own, that may be given the access token. */
  mediaHosts?: string[];
}

export interface FileToUpload {
  bytes: Uint8Array;
  /** Parameters such as `; codecs=opus` are cut off: Meta refuses them. */
  mimeType: string;
  filename: string;
}

export interface DownloadedMedia {
  mimeType: string;
  /** Bytes, when the server says. */
  size?: number;
  /** Lowercase hex, when Meta says what the bytes should be. */
  sha256?: string;
  /** Must be read to its end or destroyed. */
  stream: Readable;
}

const attempts = 3;
const metaHosts = /(^|\.)(fbsbx\.com|facebook\.com|fbcdn\.net|whatsapp\.net|whatsapp\.com)$/;

/** The multipart form of a media upload. */
export function mediaForm(file: FileToUpload): FormData {
  const type = bareType(file.mimeType);
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("type", type);
  form.set("file", new File([Uint8Array.from(file.bytes)], file.filename, { type }));
  return form;
}

function bareType(mimeType: string): string {
  return mimeType.split(";", 1)[0]!.trim().toLowerCase();
}

/**
 * Uploads in one session and answers the handle. After a broken connection or a transient refusal it asks how far the
 * session got and goes on from there.
 */
export async function uploadSample(
  call: <Answer>(each: GraphCall) => Promise<Answer>,
  accessToken: string,
  appId: string,
  file: FileToUpload,
): Promise<string> {
  const query = { file_name: file.filename, file_length: file.bytes.length, file_type: bareType(file.mimeType) };
  const session = await call<{ id: string }>({ method: "POST", path: `${appId}/uploads`, query });
  const headers = { authorization: `OAuth ${accessToken}` };
  let offset = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await call<{ h: string }>({
        method: "POST",
        path: session.id,
        body: file.bytes.subarray(offset),
        headers: { ...headers, file_offset: String(offset), "content-type": "application/octet-stream" },
      });
      return answer.h;
    } catch (error) {
      const mayGoOn = error instanceof MetaUnreachable || (error instanceof MetaError && error.retry === "ambiguous");
      if (!mayGoOn || attempt === attempts) throw error;
      const { file_offset: reached } = await call<{ file_offset?: unknown }>({ method: "GET", path: session.id, headers });
      offset = Math.min(asNumber(reached) ?? 0, file.bytes.length);
    }
  }
}

/** A SHA-256 as Meta writes it, which is hex here and base64 there, in lowercase hex; undefined for what is neither. */
export function digestInHex(told: string | undefined): string | undefined {
  if (told === undefined) return undefined;
  if (/^[0-9a-f]{64}$/i.test(told)) return told.toLowerCase();
  const bytes = Buffer.from(told, "base64");
  return /^[\w+/-]{43}=?$/.test(told) && bytes.length === 32 ? bytes.toString("hex") : undefined;
}

/** Downloads with the access token, but hands the token to Meta, the configured base address or a listed host only. */
export async function downloadFrom(settings: MediaSettings, authorization: string, address: string): Promise<DownloadedMedia> {
  const url = URL.parse(address);
  const base = new URL(settings.baseUrl);
  const own = url?.host === base.host || settings.mediaHosts?.includes(url?.host ?? "") === true;
  if (!url || !(own || (url.protocol === "https:" && metaHosts.test(url.hostname)))) {
    throw new Error(`The media address ${url?.host ?? address} is not Meta's, so the access token is not sent there.`);
  }
  const dispatcher = url.origin === base.origin ? settings.dispatcher : settings.mediaDispatcher;
  const answer = await request(url, { headers: { authorization }, ...(dispatcher ? { dispatcher } : {}) }).catch((error: unknown) => {
    throw new MetaUnreachable(error);
  });
  if (answer.statusCode !== 200) throw new MetaError(readError(answer.statusCode, await readText(answer.body)));
  const type = answer.headers["content-type"];
  const size = asNumber(answer.headers["content-length"]);
  const mimeType = bareType(typeof type === "string" ? type : "application/octet-stream");
  return defined({ mimeType, size, stream: answer.body });
}
