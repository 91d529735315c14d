import { createCloudApi } from "@tincan/whatsapp";
import { request, type Dispatcher } from "undici";
import type { Database } from "../database/connection.ts";
import type { Secrets } from "../database/secrets.ts";
import { FileTooLarge, type FetchFile, type IncomingFile } from "../media/files.ts";
import { MOST_BYTES } from "../media/types-allowed.ts";
import { findProvider, openNumber } from "./store.ts";

const WAIT_MS = 30_000;

/**
 * Opens files that people sent to our numbers: at Meta, where a file is for 7 days after it came in, or at the address that a generic
 * provider gave with the message.
 */
export function mediaSource(deps: { db: Database; secrets: Secrets; graph: Dispatcher }): FetchFile {
  return async (workspaceId, providerId, wireMediaId) => {
    const row = await findProvider(deps.db, workspaceId, providerId);
    if (row?.kind === "generic") return openAddress(wireMediaId, deps.graph);
    const number = row && openNumber(row, deps.secrets);
    if (!number) throw new Error("The number this file was sent to is no longer connected.");
    const { baseUrl, version } = number.settings;
    const { accessToken, appSecret } = number.secrets;
    const api = createCloudApi({ baseUrl, version, accessToken, appSecret, dispatcher: deps.graph, mediaDispatcher: deps.graph });
    const file = await api.downloadMedia(wireMediaId);
    if (file.size !== undefined && file.size > MOST_BYTES) {
      file.stream.destroy();
      throw new FileTooLarge();
    }
    return { mimeType: file.mimeType, sha256: file.sha256, stream: file.stream };
  };
}

/** Without a header of ours: such an address opens by itself, and the provider's credentials are for its endpoint alone. */
async function openAddress(url: string, dispatcher: Dispatcher): Promise<IncomingFile> {
  const { statusCode, headers, body } = await request(url, { dispatcher, headersTimeout: WAIT_MS, bodyTimeout: WAIT_MS });
  const size = Number(headers["content-length"] ?? 0);
  if (statusCode !== 200 || size > MOST_BYTES) {
    body.destroy();
    if (statusCode === 200) throw new FileTooLarge();
    throw new Error(`The provider's address of the file answers HTTP ${statusCode}.`);
  }
  const type = headers["content-type"];
  return { mimeType: (Array.isArray(type) ? type[0] : type) ?? "application/octet-stream", stream: body };
}
