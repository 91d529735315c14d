import { createCloudApi } from "@tincan/whatsapp";
import type { Dispatcher } from "undici";
import type { Database } from "../database/connection.ts";
import type { Secrets } from "../database/secrets.ts";
import { FileTooLarge, type FetchFile } from "../media/files.ts";
import { MOST_BYTES } from "../media/types-allowed.ts";
import { findProvider, openNumber } from "./store.ts";

/** Opens files that people sent to our numbers, at Meta. A file is there for 7 days after it came in. */
export function mediaSource(deps: { db: Database; secrets: Secrets; graph: Dispatcher }): FetchFile {
  return async (workspaceId, providerId, wireMediaId) => {
    const row = await findProvider(deps.db, workspaceId, providerId);
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
    return { mimeType: file.mimeType, stream: file.stream };
  };
}
